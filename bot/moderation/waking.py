"""The clock's part in what was put off: at its hour a fresh card comes to the end of the moderators' chat."""

from datetime import datetime

from bot.intake.submit import show_card
from bot.moderation import snooze
from bot.ports import Clock
from bot.render.style import clean
from store import bulletins, items, outbox
from store.database import Store, Tx
from store.records import Bulletin, Item

FOLDED = "folded"
"""The kind of the row that makes one line of a card which another one has taken the place of."""

TITLE_LENGTH = 100


class Waking:
    """Brings back what was put off."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def step(self) -> int:
        """Bring back the items whose hour has come; returns how many there were."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            if not await items.put_off_until(tx, now):
                return 0
        async with self._store.transaction() as tx:
            woken = await snooze.wake_due(tx, now)
            for item in woken:
                await bring_down(tx, await bulletins.get(tx, item.bulletin_id), item, now)
        return len(woken)


async def bring_down(tx: Tx, bulletin: Bulletin, item: Item, now: datetime, *, brought: bool = False) -> None:
    """Queue a fresh card of an item at the end of the moderators' chat, and one line in place of the one before.

    Both go through the outbox, so that no drawing of before that is under way comes after them. A card that is
    `brought` was asked for, and comes in a rush as well.
    """
    chat = bulletin.moderators_chat
    old = await outbox.card(tx, "card", item.id, chat) if chat is not None else None
    if chat is not None and old is not None:
        payload = {"message": old, "title": clean(item.title)[:TITLE_LENGTH]}
        await outbox.put_at_desk(tx, bulletin, now=now, kind=FOLDED, payload=payload, subject_id=item.id)
        await outbox.forget_card(tx, "card", item.id, chat)
    await show_card(tx, bulletin, item.id, now, brought=brought)
