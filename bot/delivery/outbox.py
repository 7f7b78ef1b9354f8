"""Drains the outbox: what must still be said, each chat at its own pace, one message under way per chat."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import healing
from bot.delivery.crowd import Crowds
from bot.delivery.pace import Kind, Pace
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Courier
from bot.wake import Rush
from store import outbox
from store.database import Store, Tx
from store.messages import Card, Text
from store.outbox import Waiting

AT_ONCE = 8
RETRY_SECONDS = (2, 5, 15, 60, 300, 900)
DOUBT_SECONDS = 10
CHAT_GONE_SECONDS = 900.0
RECORD_SECONDS = 5.0
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
log = logger("outbox")


Document = Callable[[], Awaitable[tuple[str, bytes]]]  # makes a file, its name and content, once it is to be sent


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row drawn for sending: where to, what, and whether a message of before is changed instead.

    `before` are messages that go ahead of it; with a `document` it is the caption of a file. `remember` are the places
    (kind, subject, chat) under which the message's id is kept for the next drawing; `known` says that they name the
    message that is changed already, so that one which is given up meanwhile stays so. `along` are further rows that the
    same message says. A `last` change of a message is let be where that is gone.
    """

    chat: int
    card: Card
    thread: int | None = None
    silent: bool = True
    edits: int | None = None
    remember: tuple[tuple[str, int, int], ...] = ()
    before: tuple[Text, ...] = ()
    along: tuple[Waiting, ...] = ()
    reply_to: int | None = None
    known: bool = False
    last: bool = False
    document: Document | None = None


Draw = Callable[[Tx, Waiting, datetime], Awaitable[Drawn | None]]
Target = Callable[[Tx, Waiting], Awaitable[int | None]]
Settle = Callable[[Tx, Waiting, datetime, int | None], Awaitable[bool]]
"""What is done in the transaction that forgets a row, given the message's id if there is one; was something erased?"""


class OutboxDrain:
    """Sends what waits. A row leaves the outbox only after Telegram took it; a doubt is sent once more."""

    def __init__(
        self,
        store: Store,
        courier: Courier,
        pace: Pace,
        clock: Clock,
        rush: Rush,
        draw: Draw,
        target: Target,
        settle: Settle,
    ) -> None:
        self._store = store
        self._courier = courier
        self._pace = pace
        self._clock = clock
        self._rush = rush
        self._drawing = asyncio.Lock()
        self._draw = draw
        self._target = target
        self._settle = settle
        self.held_back = False
        self._erased = False
        self._kinds: dict[int, Kind] = {}
        self._crowds = Crowds(store)

    async def step(self) -> int:
        """Send the first row of each chat that may be written to now; returns how many were dealt with."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            first: dict[int | None, Waiting] = {}
            unknown: list[tuple[Waiting, Exception]] = []
            crowded, held = await self._crowds.held(tx, now)
            for row in await outbox.due(tx, now, held):
                try:
                    first.setdefault(await self._target(tx, row), row)
                except Exception as error:  # noqa: BLE001  # a contact that does not open must not block the others
                    unknown.append((row, error))
        for row, trouble in unknown:
            await self._failed(row, trouble)
        self._kinds = {row.id: kind for row in first.values() if (kind := self._kinds.get(row.id)) is not None}
        ready = [row for chat, row in first.items() if chat is None or self._may_write(chat, self._kinds_of(row), now)]
        self.held_back = len(ready) < len(first)
        dealt = await asyncio.gather(*(self._deal_with(row) for row in ready[:AT_ONCE]), return_exceptions=True)
        for result in dealt:
            if isinstance(result, BaseException):
                log.error("the outbox", exc_info=result)
        said = sum(result is True for result in dealt)
        told = await self._crowds.tell(crowded, now)
        self.held_back = self.held_back or told or said < len(ready)
        if self._erased:
            await self._store.checkpoint()
            self._erased = False
        return said

    def _kinds_of(self, row: Waiting) -> tuple[Kind, ...]:
        """Return what a row may be; drawing it anew only to see that its turn has not come would cost most of all."""
        known = self._kinds.get(row.id)
        return ("send", "edit") if known is None else (known,)

    def _may_write(self, chat: int, kinds: tuple[Kind, ...], now: datetime) -> bool:
        return min(self._pace.ready_at(chat, now, kind) for kind in kinds) <= now

    async def _deal_with(self, row: Waiting) -> bool:
        """Say one row; False when its turn has not come after all."""
        now = self._clock.now()
        drawn: Drawn | None = None
        try:
            async with self._drawing:  # one after the other, so that presses come in between
                await self._rush.over()
                async with self._store.reading() as tx:
                    drawn = await self._draw(tx, row, now)
            if drawn is not None:
                kind: Kind = "edit" if drawn.edits is not None else "send"
                if not self._may_write(drawn.chat, (kind,), now):
                    self._kinds[row.id] = kind
                    return False
                if row.kind == "outcome" and not await self._begun(_rows(row, drawn)):
                    return True
            message_id = None if drawn is None else await self._hand_over(drawn)
        except Exception as error:  # noqa: BLE001  # one row that fails must not keep the others from being said
            for each in _rows(row, drawn):
                await self._failed(each, error)
            return True
        await self._record(row, drawn, message_id)
        return True

    async def _begun(self, rows: tuple[Waiting, ...]) -> bool:
        """Note that rows are being said, so that none can be taken back any more; False when one was just now."""
        try:
            async with self._store.transaction() as tx:
                for row in rows:
                    if not await outbox.begin(tx, row):
                        raise _TakenBack
        except _TakenBack:
            return False
        return True

    async def _record(self, row: Waiting, drawn: Drawn | None, message_id: int | None) -> None:
        """Forget what was said, however often it takes: said again it would be doubled."""
        while True:
            try:
                async with self._store.transaction() as tx:
                    for each in _rows(row, drawn):
                        await self._forget(tx, each, message_id)
                    for place in _places(drawn, message_id):
                        await outbox.remember_card(tx, *place, message_id or 0)
                return
            except Exception:
                log.exception("what was said cannot be recorded; is the disk full?")
                await self._clock.sleep(RECORD_SECONDS)

    async def _forget(self, tx: Tx, row: Waiting, message_id: int | None = None) -> None:
        now = self._clock.now()
        if not await outbox.done(tx, row) and row.kind == "card" and not await outbox.waits(tx, row.merge_key or ""):
            # It was spared while it was on its way, so it stands there as it was drawn: it is drawn once more.
            await outbox.again(tx, row, now)
        self._erased = await self._settle(tx, row, now, message_id) or self._erased

    async def _hand_over(self, drawn: Drawn) -> int:
        card = drawn.card
        if drawn.edits is not None:
            try:
                await self._courier.edit(drawn.chat, drawn.edits, card.text, card.buttons)
                return drawn.edits
            except NotSent as error:
                if not any(sign in error.reason.lower() for sign in _GONE):
                    raise
                if drawn.last:
                    return drawn.edits
                log.info("a message is gone and is posted again", reason=error.reason)
        if drawn.document is not None:
            return await self._courier.send_file(drawn.chat, *await drawn.document(), card.text.text)
        for text in drawn.before:
            await self._courier.send(drawn.chat, text, thread=drawn.thread, silent=True)
        return await self._courier.send(
            drawn.chat,
            card.text,
            card.buttons,
            thread=drawn.thread,
            silent=drawn.silent,
            ask=card.ask,
            reply_to=drawn.reply_to,
        )

    async def _failed(self, row: Waiting, error: Exception) -> None:
        now = self._clock.now()
        wait = float(RETRY_SECONDS[min(row.attempt, len(RETRY_SECONDS) - 1)])
        async with self._store.transaction() as tx:
            if isinstance(error, ChatMoved) and row.chat_id is not None:
                await healing.follow(tx, row.chat_id, error.chat, now)
                return
            if isinstance(error, NotSent) and await healing.topic_lost(tx, row, error, now):
                return
            if isinstance(error, ChatGone) and row.chat_id is not None:
                wait = CHAT_GONE_SECONDS  # the desk's rows wait until the bot is in the group again
            elif isinstance(error, NotSent) and error.permanent and error.whose == "target":
                log.warning("a message cannot be delivered and is left out", kind=row.kind, reason=error.reason)
                await self._forget(tx, row)
                return
            elif isinstance(error, PerhapsSent) and row.attempt > 0:
                log.warning("a message was perhaps sent twice and is not sent again", kind=row.kind)
                await self._forget(tx, row)
                return
            elif isinstance(error, NotSent) and error.retry_after is not None:
                wait = error.retry_after
            elif isinstance(error, PerhapsSent):
                wait = DOUBT_SECONDS
            elif not isinstance(error, NotSent):
                log.error("a message could not be drawn", kind=row.kind, exc_info=error)
            await outbox.later(tx, row, now + timedelta(seconds=wait))


class _TakenBack(Exception):
    """A row was taken back, or replaced, between drawing and saying it."""


def _places(drawn: Drawn | None, message_id: int | None) -> tuple[tuple[str, int, int], ...]:
    """Return the places under which a message's id is to be kept."""
    if drawn is None or message_id is None or (drawn.known and message_id == drawn.edits):
        return ()
    return drawn.remember


def _rows(row: Waiting, drawn: Drawn | None) -> tuple[Waiting, ...]:
    """Return all rows that one message says."""
    return (row, *drawn.along) if drawn is not None else (row,)
