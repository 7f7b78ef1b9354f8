"""Forgets what letters held when nobody has said a word on them for long."""

from datetime import timedelta

from bot.ports import Clock
from bot.post import human, strangers
from store import bulletins, desk_letters, senders
from store.database import Store

KEPT_DAYS = 30


class Tidying:
    """Looks now and then for letters whose time is over, and for those that nobody could be shown."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def step(self) -> int:
        """Forget the letters of 30 days ago, and strangers' after as long as they may confirm; returns how many."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            gone = await desk_letters.forget(tx, now - timedelta(days=KEPT_DAYS))
            unconfirmed = now - timedelta(days=strangers.CONFIRM_DAYS)
            gone += await desk_letters.forget(tx, unconfirmed, strangers.WAITING)
            first = await bulletins.first(tx)
            to_show = [letter_id for letter_id, kind in gone if kind == human.CARD]
            to_show += await desk_letters.unshown(tx, human.CARD)  # they came before there was a desk
            if first is not None:
                for letter_id in to_show:
                    await human.show(tx, first, letter_id, now)
            erased = await senders.forget_addresses(tx) or bool(gone)
        if erased:
            await self._store.checkpoint()
        return len(gone)
