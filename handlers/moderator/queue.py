"""The queue: what waits, and what is approved for the next issue."""

from contextlib import suppress

from bot import desk
from bot.errors import NotSent, PerhapsSent
from bot.services import Services
from handlers.visit import Answer, Later, Visit
from store import items, outbox
from store.messages import Card, Text
from store.states import ItemState

QUEUE_LENGTH = 15


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
