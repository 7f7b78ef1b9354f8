"""The moderators' doors: deciding on cards, the queue, invitations, and posts that were perhaps sent."""

from contextlib import suppress
from functools import reduce

from bot import desk, gate, moderation, people
from bot.delivery import settle
from bot.errors import NotSent, PerhapsSent
from bot.intake.address import archives
from bot.render.card import reasons_keyboard
from bot.services import Services
from handlers.visit import Answer, Asked, Later, Visit, words
from store import items, outbox
from store.messages import Card, Text
from store.states import ItemState, Role

REASONS = ("reason-off-topic", "reason-known", "reason-unreliable", "reason-too-old", "reason-unreadable")
QUEUE_LENGTH = 15


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


async def queue(visit: Visit) -> Answer:
    """Show what waits, and what is approved for the next issue; the cards come down to the end of the chat."""
    counts = await items.counts(visit.tx, visit.here.id)
    waiting = await items.in_states(visit.tx, visit.here.id, ItemState.PENDING)
    lines = [
        Text(visit.say("queue-waiting", n=len(waiting))),
        Text(visit.say("queue-approved", n=counts.get(ItemState.APPROVED, 0))),
    ]
    titles = [
        Text.link(item.title[:100], item.citations[0].url if item.citations else None)
        for item in waiting[:QUEUE_LENGTH]
    ]
    lines += [Text("· ") + title for title in titles]
    if len(waiting) > QUEUE_LENGTH:
        lines.append(Text(visit.say("queue-more", n=len(waiting) - QUEUE_LENGTH)))
    old: list[tuple[int, Text]] = []
    for item, title in zip(waiting, titles, strict=False) if visit.at_desk else ():
        place = await outbox.card(visit.tx, "card", item.id, visit.chat)
        old += [(place, title)] if place is not None else []
        await desk.bring_card(visit.tx, visit.here, item.id, visit.now)
    return Answer(cards=(Card(Text.join("\n", lines)),), then=fold(visit.chat, old) if old else None)


def fold(chat: int, old: list[tuple[int, Text]]) -> Later:
    """Return what makes one line of cards that were brought down, so that no item has two cards with buttons."""

    async def fold(services: Services) -> None:
        for message, title in old:
            with suppress(NotSent, PerhapsSent):
                await services.courier.edit(chat, message, Text("↓ ") + title)

    return fold


async def invite(visit: Visit) -> Answer:
    """Make a one-time link: for a contributor by any moderator, for other roles by the owner."""
    role = Role(visit.words) if visit.words in set(Role) else Role.CONTRIBUTOR
    if visit.words and visit.words not in set(Role):
        return words(visit.say("invite-which", roles=", ".join(list(Role)[:3])))
    if role != Role.CONTRIBUTOR and visit.who.role != Role.OWNER:
        return words(visit.say("invite-owner-only"))
    token = await people.invite(visit.tx, visit.services.sealer, visit.actor, role, visit.now)
    link = f"https://t.me/{visit.services.bot_username}?start={token}"
    return words(visit.say("invite-link", link=link, role=visit.say(f"role-{role}"), n=people.INVITATION_HOURS))


async def it_is_there(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent: somebody sees it in the channel."""
    await settle.it_is_there(visit.tx, visit.pressed.subject, None, visit.actor, visit.now)
    return await _settled(visit)


async def send_again(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent: it is not there, so it goes out once more."""
    await settle.send_again(visit.tx, visit.pressed.subject, visit.actor, visit.now)
    return await _settled(visit)


async def leave_out(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent: this channel goes without it."""
    await settle.leave_out(visit.tx, visit.pressed.subject, visit.actor, visit.now)
    return await _settled(visit)


async def _settled(visit: Visit) -> Answer:
    await desk.redraw_doubt(visit.tx, visit.here, visit.pressed.subject, visit.now)
    return Answer(toast=visit.say("settled"))


async def _redrawn(visit: Visit) -> Answer:
    await desk.bring_card(visit.tx, visit.here, visit.pressed.subject, visit.now, again=True)
    return Answer()


async def said(visit: Visit, verdict: moderation.Verdict) -> Answer:
    """Answer a press with what it did, and draw the preview of a waiting issue again."""
    if verdict.done:
        await gate.refresh(visit.tx, visit.here, visit.now)
    return Answer(toast=visit.say(verdict.key, **verdict.values), alert=not verdict.done)
