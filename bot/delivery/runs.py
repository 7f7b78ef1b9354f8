"""What the runs of one kind of row have in common: one under way in each chat, in its turn, always written down."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import ClassVar, Generic, TypeVar

from bot.delivery.pace import Kind, Pace
from bot.logs import logger
from bot.ports import Clock, Courier
from bot.seal import Sealer
from store.database import Store, Tx

RECORD_AGAIN_SECONDS = 1.0
LOOK_ROWS = 100
"""Chats that are looked at, more than can have had a post within the second until each may have its next."""
Claimed = TypeVar("Claimed")
Result = TypeVar("Result")

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with; `wake` is called whenever a row is settled."""

    store: Store
    courier: Courier
    sealer: Sealer
    pace: Pace
    clock: Clock
    random: Random
    wake: Callable[[], None]


class Run(ABC, Generic[Claimed, Result]):
    """Does what the ledger and the pace allow of one kind of row: claims each in a commit, tries it, and records it.

    `name` is what the log calls a row, `act` what is done in its chat. `most` are under way at once: as many are in
    doubt at most when the machine dies; without it every chat may have one.
    """

    name: ClassVar[str]
    act: ClassVar[Kind]
    most: ClassVar[int | None] = None

    def __init__(self, means: Means) -> None:
        self._means = means
        self._store = means.store
        self._courier = means.courier
        self._clock = means.clock
        self._random = means.random
        self._busy: dict[int, asyncio.Task[None]] = {}

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What is under way."""
        return list(self._busy.values())

    async def step(self) -> datetime | None:
        """Begin what may be begun now; returns when the pace allows more, if it is known."""
        if self._is_full:
            return None
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting = await self._waiting(tx, now)
        return self._begin(waiting, now)

    @abstractmethod
    async def _waiting(self, tx: Tx, now: datetime) -> Iterable[tuple[int, int]]:
        """Return the rows that wait, each with its chat, first the one whose turn it is."""

    @abstractmethod
    async def _claim(self, delivery_id: int, chat: int) -> Claimed | None:
        """Commit the intent; None when there is nothing to do any more, or not in this chat."""

    @abstractmethod
    async def _try(self, claimed: Claimed) -> Result:
        """Do it, and return what came of it."""

    @abstractmethod
    async def _record(self, tx: Tx, claimed: Claimed, result: Result) -> None:
        """Write down what came of it."""

    @property
    def _is_full(self) -> bool:
        return self.most is not None and len(self._busy) >= self.most

    def _begin(self, waiting: Iterable[tuple[int, int]], now: datetime) -> datetime | None:
        later: list[datetime] = []
        for row, chat in waiting:
            if self._is_full:
                break
            if chat in self._busy:
                continue
            ready = self._means.pace.ready_at(chat, now, self.act)
            if ready > now:
                later.append(ready)
            else:
                task = asyncio.ensure_future(self._carry_out(row, chat))
                task.set_name(f"{self.name} {row}")
                self._busy[chat] = task
                task.add_done_callback(partial(self._ended, chat))
        return min(later, default=None)

    async def _carry_out(self, row: int, chat: int) -> None:
        """Claim a row, try it, and write down what came of it for as long as that takes."""
        try:
            claimed = await self._claim(row, chat)
        except Exception:
            log.exception("claim", row=row)
            await self._clock.sleep(RECORD_AGAIN_SECONDS)
            return
        if claimed is None:
            return
        result = await self._try(claimed)
        while True:
            try:
                async with self._store.transaction() as tx:
                    await self._record(tx, claimed, result)
            except Exception:
                # What happened must not be lost while the disk is full: nobody else will find it out.
                log.exception("record", row=row)
                await self._clock.sleep(RECORD_AGAIN_SECONDS)
            else:
                return

    def _ended(self, chat: int, task: asyncio.Task[None]) -> None:
        del self._busy[chat]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error(self.name, error=repr(error))
        self._means.wake()
