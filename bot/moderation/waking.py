"""The clock's part in what was put off: at its hour a fresh card comes to the end of the moderators' chat."""

from contextlib import suppress

from bot.errors import ChatMoved, NotSent, PerhapsSent
from bot.intake.submit import show_card
from bot.moderation import snooze
from bot.ports import Clock, Courier
from bot.render.style import clean
from store import bulletins, items, outbox
from store.database import Store
from store.messages import Text
from store.records import Item

TITLE_LENGTH = 100


class Waking:
    """Brings back what was put off, and makes one line of the card that it had before."""

    def __init__(self, store: Store, courier: Courier, clock: Clock) -> None:
        self._store = store
        self._courier = courier
        self._clock = clock

    async def step(self) -> int:
        """Bring back the items whose hour has come; returns how many there were."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            if not await items.put_off_until(tx, now):
                return 0
        old: list[tuple[int, int, Item]] = []
        async with self._store.transaction() as tx:
            woken = await snooze.wake_due(tx, now)
            for item in woken:
                bulletin = await bulletins.get(tx, item.bulletin_id)
                chat = bulletin.moderators_chat
                place = await outbox.card(tx, "card", item.id, chat) if chat is not None else None
                if chat is not None and place is not None:
                    old.append((chat, place, item))
                    await outbox.forget_card(tx, "card", item.id, chat)
                await show_card(tx, bulletin, item.id, now)
        for chat, message, item in old:
            with suppress(NotSent, PerhapsSent, ChatMoved):
                await self._courier.edit(chat, message, Text("↓ ") + clean(item.title)[:TITLE_LENGTH])
        return len(woken)
