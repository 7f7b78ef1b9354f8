"""The bot's own webhook door for a newsroom on paper: every hand that presses has its own connection, kept open."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from telegram import Update
from telegram.ext import ApplicationBuilder, TypeHandler

from bot import front
from bot.delivery.telegram import make_bot
from bot.sandbox.telegram import TelegramWorld
from bot.tokens import webhook_secret
from handlers import web
from handlers.door import AnyApplication, install
from tests.flows.paper import Newsroom
from tests.flows.test_races import Trace

ANSWER_SECONDS = 20
TRIES = 2
"""A connection that was closed while nothing came over it is opened once more, as Telegram does."""


@dataclass(slots=True)
class Line:
    """A connection to the door."""

    port: int
    secret: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def bring(self, update: dict[str, Any]) -> int:
        """Bring an update as Telegram does, and return the status of the answer."""
        body = json.dumps(update).encode()
        head = (
            f"POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Telegram-Bot-Api-Secret-Token: {self.secret}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        for tried in range(1, TRIES + 1):
            try:
                reader, writer = await self.opened()
                writer.write(head.encode() + body)
                return await asyncio.wait_for(_status(reader), ANSWER_SECONDS)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()
                if tried == TRIES:
                    raise
        raise AssertionError("never reached")

    async def opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.reader is None or self.writer is None or self.reader.at_eof():
            self.close()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self.reader, self.writer

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


async def _status(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split()[1])


@dataclass(slots=True)
class WebhookDoor:
    """The door of a newsroom, open until it is closed, with what was seen of the updates that came through it."""

    newsroom: Newsroom
    trace: Trace = field(default_factory=Trace)
    port: int = 0
    lines: list[Line] = field(default_factory=list)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def open(self) -> "WebhookDoor":
        self.newsroom.run(self._open())
        return self

    async def _open(self) -> None:
        application = await self.stack.enter_async_context(await self._application())
        for group, mark in ((-1, self.trace.come), (1, self.trace.go)):
            application.add_handler(TypeHandler(Update, mark), group)
        install(application, self.newsroom.keeper)
        app = web.build(self.newsroom.services, application, self.newsroom.keeper)
        self.port = await self.stack.enter_async_context(front.serving(app, "127.0.0.1:0"))

    async def _application(self) -> AnyApplication:
        """Return an application that has asked Telegram for its name, which is all that it asks."""
        telegram = await self.stack.enter_async_context(TelegramWorld())
        own = {"telegram_token": SecretStr(telegram.token), "telegram_api_url": telegram.api_url}
        settings = self.newsroom.settings.model_copy(update=own)
        return ApplicationBuilder().bot(make_bot(settings)).updater(None).build()

    def close(self) -> None:
        for line in self.lines:
            line.close()
        self.newsroom.run(self.stack.aclose())

    def bring_together(self, updates: Sequence[dict[str, Any]]) -> list[int]:
        """Let each of these updates come over a connection of its own at the same time, and what they begin end.

        Returns the places of the updates in the order in which the bot began with them.
        """
        return self.newsroom.run(self._bring(updates))

    async def _bring(self, updates: Sequence[dict[str, Any]]) -> list[int]:
        self.trace.begin()
        secret = webhook_secret(self.newsroom.sealer)
        self.lines += [Line(self.port, secret) for _ in updates[len(self.lines) :]]
        lines = self.lines[: len(updates)]
        await asyncio.gather(*(line.opened() for line in lines))
        statuses = await asyncio.gather(*(line.bring(one) for line, one in zip(lines, updates, strict=True)))
        await self.newsroom.speech.finish(5)
        assert set(statuses) == {200}, f"an update failed: {statuses}"
        numbers = [update["update_id"] for update in updates]
        return [numbers.index(number) for number in self.trace.came]
