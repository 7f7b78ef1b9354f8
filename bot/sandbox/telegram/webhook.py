"""Delivery of updates to the bot's webhook: several at once, in no certain order, until it says yes."""

import asyncio
import json
from contextlib import closing
from dataclasses import dataclass, field
from http.client import responses

from bot.sandbox.clock import Clock
from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.poster import Poster
from bot.sandbox.telegram.updates import Updates

_FIRST_RETRY_SECONDS = 0.1
_LONGEST_RETRY_SECONDS = 3.0
_ANSWER_SECONDS = 60.0
_CONNECTIONS = 40


@dataclass(slots=True)
class Webhook:
    """Where the updates go; `copies` is how often each is delivered, which Telegram does not promise to be once."""

    updates: Updates
    clock: Clock
    copies: int = 1
    url: str = ""
    secret: str = field(default="", repr=False)
    connections: int = _CONNECTIONS
    last_error: Json = field(default_factory=dict)
    busiest: int = 0
    _underway: set[int] = field(default_factory=set)
    _open: int = 0
    _task: "asyncio.Task[None] | None" = None

    def info(self) -> Json:
        """The WebhookInfo object."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.waiting),
        }
        if self.url:
            info |= {"max_connections": self.connections, **self.last_error}
        if self.updates.allowed:
            info["allowed_updates"] = self.updates.allowed
        return info

    async def set(self, url: str, secret: str, connections: int | None) -> None:
        """Begin to deliver to another address; an empty one ends it."""
        await self.stop()
        self.url, self.secret, self.connections = url, secret, connections or _CONNECTIONS
        self.last_error = {}
        if url:
            self.updates.interrupt()
            self._task = asyncio.create_task(self._dispatch())

    async def stop(self) -> None:
        """Deliver no more."""
        self.url = ""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._underway.clear()

    async def _dispatch(self) -> None:
        room = asyncio.Semaphore(self.connections)
        with closing(Poster(self.url)) as poster:
            async with asyncio.TaskGroup() as tasks:
                await self._hand_out(poster, tasks, room)

    async def _hand_out(self, poster: Poster, tasks: asyncio.TaskGroup, room: asyncio.Semaphore) -> None:
        while True:
            while fresh := [one for one in self.updates.waiting if one["update_id"] not in self._underway]:
                await room.acquire()
                self._underway.add(fresh[0]["update_id"])
                tasks.create_task(self._deliver(poster, fresh[0], room))
            await self.updates.arrival()

    async def _deliver(self, poster: Poster, update: Json, room: asyncio.Semaphore) -> None:
        try:
            await asyncio.gather(*(self._insist(poster, update) for _ in range(self.copies)))
            self.updates.drop(update["update_id"])
        finally:
            self._underway.discard(update["update_id"])
            room.release()

    async def _insist(self, poster: Poster, update: Json) -> None:
        pause = _FIRST_RETRY_SECONDS
        while not await self._offer(poster, update):
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_RETRY_SECONDS)

    async def _offer(self, poster: Poster, update: Json) -> bool:
        self._open += 1
        self.busiest = max(self.busiest, self._open)
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        body = json.dumps(update, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                status = await poster.post(body, headers)
        except (OSError, ValueError) as error:  # a timeout is an OSError
            self._fail(f"Connection failed: {error or type(error).__name__}")
            return False
        finally:
            self._open -= 1
        if not 200 <= status < 300:
            self._fail(f"Wrong response from the webhook: {status} {responses.get(status, '')}")
            return False
        return True

    def _fail(self, message: str) -> None:
        now = int(self.clock.now().timestamp())
        self.last_error = {"last_error_date": now, "last_error_message": message}
