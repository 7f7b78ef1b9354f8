"""The bot's updates: numbered, kept until confirmed, and handed out to whoever polls."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.errors import ApiError

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_MOST_AT_ONCE = 100
_LONGEST_POLL_SECONDS = 50
_BY_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
_BY_WEBHOOK = "terminated by setWebhook request"


@dataclass(slots=True)
class Updates:
    """The queue of updates that the bot has not confirmed."""

    next_id: int = 700_000_001
    waiting: deque[Json] = field(default_factory=deque)
    allowed: list[str] = field(default_factory=list)
    _poll: "asyncio.Future[str] | None" = None
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, kind: str, content: Json) -> Json | None:
        """Queue an update, unless the bot does not want this kind."""
        if kind not in self.allowed if self.allowed else kind in _NOT_BY_DEFAULT:
            return None
        update = {"update_id": self.next_id, kind: content}
        self.next_id += 1
        self.waiting.append(update)
        self._arrived.set()
        return update

    def confirm(self, offset: int) -> None:
        """Forget all updates before this id; a negative offset keeps that many from the end."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
        while offset > 0 and self.waiting and self.waiting[0]["update_id"] < offset:
            self.waiting.popleft()

    def drop(self, update_id: int) -> None:
        """Forget one update, which a webhook has taken."""
        self.waiting = deque(update for update in self.waiting if update["update_id"] != update_id)

    async def arrival(self) -> None:
        """Return after the next update was queued."""
        self._arrived.clear()
        await self._arrived.wait()

    def interrupt(self, reason: str = _BY_WEBHOOK) -> None:
        """End a running long poll with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)

    async def poll(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """The unconfirmed updates, waited for if there are none; ApiError 409 when another poll comes."""
        self.interrupt(_BY_POLL)
        self.confirm(offset)
        limit = min(max(limit, 1), _MOST_AT_ONCE)
        if not self.waiting and seconds > 0:
            await self._wait(min(seconds, _LONGEST_POLL_SECONDS))
        return list(self.waiting)[:limit]

    async def _wait(self, seconds: int) -> None:
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = mine
        self._arrived.clear()
        arrival = asyncio.ensure_future(self._arrived.wait())
        try:
            waited: set[asyncio.Future[Any]] = {mine, arrival}
            await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
            if self._poll is mine:
                self._poll = None
        if mine.done():
            raise ApiError(409, f"Conflict: {mine.result()}")
