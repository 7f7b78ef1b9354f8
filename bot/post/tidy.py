"""Forgets what letters held when nobody has said a word on them for long."""

from datetime import datetime, timedelta

from bot.ports import Clock
from bot.post import desk, kept, strangers, submissions
from bot.seal import Sealer
from store import bulletins, desk_letters, letter_line, letters, people, senders
from store.database import Store, Tx

KEPT_DAYS = 30


class Tidying:
    """Looks now and then for letters whose time is over, and for those that nobody could be shown."""

    def __init__(self, store: Store, clock: Clock, sealer: Sealer) -> None:
        self._store = store
        self._clock = clock
        self._sealer = sealer

    async def step(self) -> int:
        """Forget the letters of 30 days ago, and strangers' after as long as they may confirm; returns how many."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            gone = await desk_letters.forget(tx, now - timedelta(days=KEPT_DAYS))
            unconfirmed = now - timedelta(days=strangers.CONFIRM_DAYS)
            gone += await desk_letters.forget(tx, unconfirmed, strangers.WAITING)
            revoked = await self._of_nobody(tx)
            old = {letter_id: bulletin_id for letter_id, kind, bulletin_id in gone if kind == desk_letters.CARD}
            await self._show(tx, old, now)
            erased = await senders.forget_addresses(tx) or bool(gone) or bool(revoked)
        if erased:
            await self._store.checkpoint()
        return len(gone) + revoked

    async def _of_nobody(self, tx: Tx) -> int:
        """Forget the letters that wait for the word of somebody whose role was taken away; returns how many."""
        count = 0
        for letter in await letters.waiting(tx, submissions.CARD):
            asked = 0 if letter.content is None else kept.unseal(self._sealer, letter.content).person
            if asked and (await people.get(tx, asked)).revoked:
                count += await letters.finish(tx, letter.id)
        return count

    async def _show(self, tx: Tx, old: dict[int, int | None], now: datetime) -> None:
        """Let the cards of letters say that they were forgotten, and show those that came before there was a desk."""
        for bulletin in await bulletins.every(tx):
            theirs = [letter_id for letter_id, bulletin_id in old.items() if bulletin_id == bulletin.id]
            for letter_id in theirs:
                await desk.draw(tx, bulletin, letter_id, now)
            if theirs:
                await letter_line.refresh(tx, bulletin, now)
            await desk.show_all(tx, bulletin, now)
