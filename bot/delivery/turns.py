"""Rows for chats on their way: one under way in each chat, begun in its turn, written down whatever happens."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.delivery.pace import Kind, Pace
from bot.logs import logger
from bot.ports import Clock
from store.database import Store, Tx

RECORD_AGAIN_SECONDS = 1.0
LOOK_ROWS = 100
"""Chats that are looked at, more than can have had a post within the second until each may have its next."""
Claimed = TypeVar("Claimed")
Result = TypeVar("Result")

log = logger("delivery")


class Turns:
    """What is under way of one kind of row, `name` in the log; `wake` is called after each."""

    def __init__(self, store: Store, pace: Pace, clock: Clock, wake: Callable[[], None], *, name: str, kind: Kind):
        self._store = store
        self._pace = pace
        self._clock = clock
        self._wake = wake
        self._name = name
        self._kind: Kind = kind
        self._busy: dict[int, asyncio.Task[None]] = {}

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        return list(self._busy.values())

    def begin(
        self, waiting: Iterable[tuple[int, int]], work: Callable[[int, int], Awaitable[None]], now: datetime, most: int
    ) -> datetime | None:
        """Begin to work on the rows, each with its chat, whose turn it is; returns when the pace allows another.

        `most` are under way at once: as many are in doubt at most when the machine dies.
        """
        later: list[datetime] = []
        for row, chat in waiting:
            if len(self._busy) >= most:
                break
            ready = self._pace.ready_at(chat, now, self._kind)
            if chat in self._busy:
                continue
            if ready > now:
                later.append(ready)
            else:
                task = asyncio.ensure_future(work(row, chat))
                task.set_name(f"{self._name} {row}")
                self._busy[chat] = task
                task.add_done_callback(partial(self._ended, chat))
        return min(later, default=None)

    async def carry_out(
        self,
        row: int,
        claim: Awaitable[Claimed | None],
        attempt: Callable[[Claimed], Awaitable[Result]],
        record: Callable[[Tx, Claimed, Result], Awaitable[None]],
    ) -> None:
        """Claim a row, try it, and write down what came of it for as long as that takes."""
        try:
            claimed = await claim
        except Exception:
            log.exception("claim", row=row)
            await self._clock.sleep(RECORD_AGAIN_SECONDS)
            return
        if claimed is None:
            return
        result = await attempt(claimed)
        while True:
            try:
                async with self._store.transaction() as tx:
                    await record(tx, claimed, result)
            except Exception:
                # What happened must not be lost while the disk is full: nobody else will find it out.
                log.exception("record", row=row)
                await self._clock.sleep(RECORD_AGAIN_SECONDS)
            else:
                return

    def _ended(self, chat: int, task: asyncio.Task[None]) -> None:
        del self._busy[chat]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(self._name, error=repr(error))
        self._wake()
