"""The doors of a card: approve, reject with a reason, undo, edit, keep an archived copy."""

from functools import reduce

from bot import desk, gate, moderation
from bot.intake.address import archives
from bot.render.card import reasons_keyboard
from handlers.visit import Answer, Asked, Visit, words
from store import items
from store.messages import Card
from store.states import ItemState

REASONS = ("reason-off-topic", "reason-known", "reason-unreliable", "reason-too-old", "reason-unreadable")


async def into(visit: Visit) -> Answer:
    """Approve an item into the section of the button."""
    press = visit.pressed
    section = int(press.argument) if press.argument.isdigit() else 0
    verdict = await moderation.approve(
        visit.tx, visit.here, visit.who, press.subject, press.revision, section, visit.now
    )
    return await said(visit, verdict)


async def ask_reason(visit: Visit) -> Answer:
    """Show the reasons for a rejection in place of the sections."""
    item = await items.get(visit.tx, visit.pressed.subject)
    if item is None or item.state != ItemState.PENDING or item.revision != visit.pressed.revision:
        return await _redrawn(visit)
    drawn = await desk.item_card(visit.tx, visit.here, item)
    return Answer(redraw=Card(drawn.text, reasons_keyboard(item, visit.here.language, REASONS)))


async def because(visit: Visit) -> Answer:
    """Reject an item for the reason of the button."""
    press = visit.pressed
    place = int(press.argument) if press.argument.isdigit() else 0
    reason = REASONS[min(place, len(REASONS) - 1)]
    verdict = await moderation.reject(visit.tx, visit.here, visit.who, press.subject, press.revision, reason, visit.now)
    return await said(visit, verdict)


async def undo(visit: Visit) -> Answer:
    """Take a decision back."""
    press = visit.pressed
    verdict = await moderation.undo(visit.tx, visit.here, visit.who, press.subject, press.revision, visit.now)
    return await said(visit, verdict)


async def draw_again(visit: Visit) -> Answer:
    """Draw a card as it stands now."""
    return await _redrawn(visit)


async def start_edit(visit: Visit) -> Answer:
    """Claim an item and ask for its line as it should print."""
    item = await moderation.start_edit(visit.tx, visit.who, visit.pressed.subject, visit.now)
    line = desk.printed_line(item, visit.here, visit.today)
    return Answer(asked=Asked("edit", visit.say("edit-ask", line=line), item.id))


async def edit(visit: Visit) -> Answer:
    """Take the reply to the question of `start_edit`."""
    note = visit.message.note if visit.message.links else visit.message.text
    found = archives.taken_out(visit.message.text, visit.message.links)
    if found.copy is not None:
        note = reduce(lambda text, link: text.replace(link, " "), found.links, found.text)
    item = await moderation.edit(
        visit.tx, visit.here, visit.who, visit.subject, note, found.links, visit.today, visit.now, copy=found.copy
    )
    return words(visit.say("edit-done", line=desk.printed_line(item, visit.here, visit.today)))


async def keep_copy(visit: Visit) -> Answer:
    """Keep the archived copy that a reply to a card names."""
    copy = archives.taken_out(visit.message.text, visit.message.links).copy
    if copy is None:
        return Answer()
    item = await moderation.keep_copy(visit.tx, visit.here, visit.who, visit.subject, copy, visit.now)
    return words(visit.say("archive-kept", title=item.title[:100]))


async def _redrawn(visit: Visit) -> Answer:
    await desk.bring_card(visit.tx, visit.here, visit.pressed.subject, visit.now, again=True)
    return Answer()


async def said(visit: Visit, verdict: moderation.Verdict) -> Answer:
    """Answer a press with what it did, and draw the preview of a waiting issue again."""
    if verdict.done:
        await gate.refresh(visit.tx, visit.here, visit.now)
    return Answer(toast=visit.say(verdict.key, **verdict.values), alert=not verdict.done)
