"""Drains the outbox: what must still be said, each chat at its own pace, one message under way per chat."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.pace import Kind, Pace
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Courier
from store import bulletins, outbox
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row drawn for sending: where to, what, and whether a message of before is changed instead.

    `before` are messages that go ahead of it. `remember` is the place (kind, subject, chat) under which the message's
    id is kept for the next drawing.
    """

    chat: int
    card: Card
    thread: int | None = None
    silent: bool = True
    edits: int | None = None
    remember: tuple[str, int, int] | None = None
    before: tuple[Text, ...] = ()


Draw = Callable[[Tx, Waiting, datetime], Awaitable[Drawn | None]]
Target = Callable[[Tx, Waiting], Awaitable[int | None]]


class OutboxDrain:
    """Sends what waits. A row leaves the outbox only after Telegram took it; a doubt is sent once more."""

    def __init__(self, store: Store, courier: Courier, pace: Pace, clock: Clock, draw: Draw, target: Target) -> None:
        self._store = store
        self._courier = courier
        self._pace = pace
        self._clock = clock
        self._draw = draw
        self._target = target
        self.held_back = False

    async def step(self) -> int:
        """Send the first row of each chat that may be written to now; returns how many were dealt with."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            first: dict[int | None, Waiting] = {}
            unknown: list[tuple[Waiting, Exception]] = []
            for row in await outbox.due(tx, now):
                try:
                    first.setdefault(await self._target(tx, row), row)
                except Exception as error:  # noqa: BLE001  # a contact that does not open must not block the others
                    unknown.append((row, error))
        for row, trouble in unknown:
            await self._failed(row, trouble)
        ready = [row for chat, row in first.items() if chat is None or self._may_write(chat, ("send", "edit"), now)]
        self.held_back = len(ready) < len(first)
        dealt = await asyncio.gather(*(self._deal_with(row) for row in ready[:AT_ONCE]), return_exceptions=True)
        for result in dealt:
            if isinstance(result, BaseException):
                log.error("the outbox", exc_info=result)
        said = sum(result is True for result in dealt)
        self.held_back = self.held_back or said < len(ready)
        return said

    def _may_write(self, chat: int, kinds: tuple[Kind, ...], now: datetime) -> bool:
        return min(self._pace.ready_at(chat, now, kind) for kind in kinds) <= now

    async def _deal_with(self, row: Waiting) -> bool:
        """Say one row; False when its turn has not come after all."""
        now = self._clock.now()
        try:
            async with self._store.reading() as tx:
                drawn = await self._draw(tx, row, now)
            if drawn is not None:
                if not self._may_write(drawn.chat, ("edit" if drawn.edits is not None else "send",), now):
                    return False
                if row.kind == "outcome" and not await self._begun(row):
                    return True
            message_id = None if drawn is None else await self._hand_over(drawn)
        except Exception as error:  # noqa: BLE001  # one row that fails must not keep the others from being said
            await self._failed(row, error)
            return True
        await self._record(row, drawn, message_id)
        return True

    async def _begun(self, row: Waiting) -> bool:
        """Note that a row is being said, so that it cannot be taken back any more; False when it was just now."""
        async with self._store.transaction() as tx:
            return await outbox.begin(tx, row)

    async def _record(self, row: Waiting, drawn: Drawn | None, message_id: int | None) -> None:
        """Forget what was said, however often it takes: said again it would be doubled."""
        while True:
            try:
                async with self._store.transaction() as tx:
                    await outbox.done(tx, row)
                    if drawn is not None and drawn.remember is not None and message_id is not None:
                        await outbox.remember_card(tx, *drawn.remember, message_id)
                return
            except Exception:
                log.exception("what was said cannot be recorded; is the disk full?")
                await self._clock.sleep(RECORD_SECONDS)

    async def _hand_over(self, drawn: Drawn) -> int:
        card = drawn.card
        if drawn.edits is not None:
            try:
                await self._courier.edit(drawn.chat, drawn.edits, card.text, card.buttons)
                return drawn.edits
            except NotSent as error:
                if not any(sign in error.reason.lower() for sign in _GONE):
                    raise
                log.info("a message is gone and is posted again", reason=error.reason)
        for text in drawn.before:
            await self._courier.send(drawn.chat, text, thread=drawn.thread, silent=True)
        return await self._courier.send(
            drawn.chat, card.text, card.buttons, thread=drawn.thread, silent=drawn.silent, ask=card.ask
        )

    async def _failed(self, row: Waiting, error: Exception) -> None:
        now = self._clock.now()
        wait = float(RETRY_SECONDS[min(row.attempt, len(RETRY_SECONDS) - 1)])
        async with self._store.transaction() as tx:
            if isinstance(error, ChatMoved) and row.chat_id is not None:
                await bulletins.move_chat(tx, row.chat_id, error.chat)
                return
            if isinstance(error, ChatGone) and row.chat_id is not None:
                wait = CHAT_GONE_SECONDS  # the desk's rows wait until the bot is in the group again
            elif isinstance(error, NotSent) and error.permanent and error.whose == "target":
                log.warning("a message cannot be delivered and is left out", kind=row.kind, reason=error.reason)
                await outbox.done(tx, row)
                return
            elif isinstance(error, PerhapsSent) and row.attempt > 0:
                log.warning("a message was perhaps sent twice and is not sent again", kind=row.kind)
                await outbox.done(tx, row)
                return
            elif isinstance(error, NotSent) and error.retry_after is not None:
                wait = error.retry_after
            elif isinstance(error, PerhapsSent):
                wait = DOUBT_SECONDS
            elif not isinstance(error, NotSent):
                log.error("a message could not be drawn", kind=row.kind, exc_info=error)
            await outbox.later(tx, row, now + timedelta(seconds=wait))
