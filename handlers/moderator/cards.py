"""The doors of a card: approve, reject with a reason, put off, undo, keep an archived copy."""

from bot import desk, gate, moderation
from bot.intake.address import archives
from bot.moderation import values
from bot.moderation.snooze import Until
from bot.render import edit_menu, reasons
from handlers.visit import Answer, Asked, Visit, words
from store import items
from store.messages import Buttons, Card
from store.records import Item
from store.states import ItemState

TITLE_LENGTH = 100


async def into(visit: Visit) -> Answer:
    """Approve an item into the section of the button, or vote for that."""
    press = visit.pressed
    section = int(press.argument) if press.argument.isdecimal() and len(press.argument) < 10 else 0
    verdict = await moderation.approve(
        visit.tx, visit.here, visit.who, press.subject, press.revision, section, visit.now
    )
    return await said(visit, verdict)


async def ask_reason(visit: Visit) -> Answer:
    """Show the reasons for a rejection in place of the sections."""
    item = await as_pressed(visit)
    return (
        await _redrawn(visit) if item is None else await menu(visit, item, reasons.reasons_keyboard(item, visit.here))
    )


async def because(visit: Visit) -> Answer:
    """Reject an item for the reason of the button, or vote for that."""
    press = visit.pressed
    reason = reasons.marked(visit.here, press.argument)
    if reason is None:
        await _redrawn(visit)
        return Answer(toast=visit.say("desk-no-reason"), alert=True)
    verdict = await moderation.reject(visit.tx, visit.here, visit.who, press.subject, press.revision, reason, visit.now)
    return await said(visit, verdict)


async def ask_why(visit: Visit) -> Answer:
    """Ask for a reason of one's own."""
    item = await as_pressed(visit)
    if item is None:
        await _redrawn(visit)
        return Answer(toast=visit.say("desk-changed"), alert=True)
    question = visit.say_here("why-ask", title=edit_menu.short(item.title, TITLE_LENGTH))
    return Answer(asked=Asked("why", question, item.id))


async def why(visit: Visit) -> Answer:
    """Reject an item for the reason that was typed; when it is decided meanwhile, say so."""
    reason = values.reason(visit.message.text)
    item = await items.get(visit.tx, visit.subject)
    revision = item.revision if item is not None else 0
    verdict = await moderation.reject(visit.tx, visit.here, visit.who, visit.subject, revision, reason, visit.now)
    if verdict.done:
        await gate.refresh(visit.tx, visit.here, visit.now)
    return words(visit.say_here(verdict.key, **verdict.values))


async def later(visit: Visit) -> Answer:
    """Ask until when an item is put off, then put it off."""
    press = visit.pressed
    if press.argument not in set(Until):
        item = await as_pressed(visit)
        if item is None:
            return await _redrawn(visit)
        return await menu(visit, item, edit_menu.put_off(item, visit.here.language))
    until = Until(press.argument)
    verdict = await moderation.put_off(visit.tx, visit.here, visit.who, press.subject, press.revision, until, visit.now)
    return await said(visit, verdict)


async def wake(visit: Visit) -> Answer:
    """Let an item that was put off wait for a decision again."""
    press = visit.pressed
    return await said(
        visit, await moderation.wake(visit.tx, visit.here, visit.who, press.subject, press.revision, visit.now)
    )


async def undo(visit: Visit) -> Answer:
    """Take a decision back."""
    press = visit.pressed
    verdict = await moderation.undo(visit.tx, visit.here, visit.who, press.subject, press.revision, visit.now)
    return await said(visit, verdict)


async def draw_again(visit: Visit) -> Answer:
    """Draw a card as it stands now."""
    return await _redrawn(visit)


async def keep_copy(visit: Visit) -> Answer:
    """Keep the archived copy that a reply to a card names."""
    copy = archives.taken_out(visit.message.text, visit.message.links).copy
    if copy is None:
        return Answer()
    item = await moderation.keep_copy(visit.tx, visit.here, visit.who, visit.subject, copy, visit.now)
    return words(visit.say_here("archive-kept", title=item.title[:TITLE_LENGTH]))


async def menu(visit: Visit, item: Item, buttons: Buttons) -> Answer:
    """Show other buttons under an item's card."""
    drawn = await desk.item_card(visit.tx, visit.here, item, visit.now)
    return Answer(redraw=Card(drawn.text, buttons))


async def as_pressed(visit: Visit) -> Item | None:
    """Return the pending item of a button, None when it has changed since."""
    press = visit.pressed
    item = await items.get(visit.tx, press.subject)
    if item is None or item.bulletin_id != visit.here.id or item.revision != press.revision:
        return None
    return item if item.state == ItemState.PENDING else None


async def _redrawn(visit: Visit) -> Answer:
    await desk.bring_card(visit.tx, visit.here, visit.pressed.subject, visit.now, again=True)
    return Answer()


async def said(visit: Visit, verdict: moderation.Verdict) -> Answer:
    """Answer a press with what it did, and draw the preview of a waiting issue again."""
    if verdict.done:
        await gate.refresh(visit.tx, visit.here, visit.now)
    return Answer(toast=visit.say(verdict.key, **verdict.values), alert=not verdict.done)
