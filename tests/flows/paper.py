"""A newsroom on paper: the real store, doors and outbox, with a Telegram that is a list of messages in memory.

Thousands of steps take seconds, since no socket is opened; what sockets do is tried in the flows beside this.
"""

import asyncio
import sqlite3
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from telegram import Update

from bot import gate, issues, people
from bot.delivery import plan
from bot.delivery.outbox import OutboxDrain
from bot.delivery.pace import Pace
from bot.drawing import Drawing
from bot.errors import Refused, Unreadable
from bot.intake.allowance import quotas_of
from bot.intake.page.metadata import PageReader
from bot.intake.reading import Reading
from bot.ports import ChatFacts, Page
from bot.render.editions import Press
from bot.seal import Sealer
from bot.services import Services
from bot.settings import Settings
from handlers.door import Doorkeeper
from handlers.speech import Speech
from store import bulletins, deliveries
from store import issues as records
from store import people as people_records
from store.messages import Buttons, Text
from store.records import FrozenIssue
from store.states import DeliveryState, IssueState, Role
from tests.empty_store import empty_store

T = TypeVar("T")
START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
DESK, CHANNEL = -1001, -1002
OLENA, CLARA, CHRIS, BORIS, BELLA, ANA, EVE, REX = range(11, 19)
ROLES = {
    OLENA: Role.OWNER,
    CLARA: Role.EDITOR,
    CHRIS: Role.EDITOR,
    BORIS: Role.MODERATOR,
    BELLA: Role.MODERATOR,
    ANA: Role.CONTRIBUTOR,
    REX: Role.MODERATOR,
}
SECTIONS = [("News", "News"), ("Analysis and comment", "Analysis"), ("Solidarity", "Solidarity")]
DRAIN_STEPS = 12
MEMORY = Path("/dev/shm")
"""Where a file is in memory, so that no try waits for a disk."""
KEY = "a key that is long enough for a test of everything"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot."""

    chat: int
    message: int
    text: str
    data: tuple[str, ...]
    ask: bool


@dataclass(slots=True)
class Paper:
    """What Telegram would show; a courier that never fails."""

    said: dict[tuple[int, int], Said] = field(default_factory=dict)
    every: list[tuple[int, str]] = field(default_factory=list)
    pressable: list[tuple[int, int, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    last: int = 0

    def copy(self) -> "Paper":
        """Return what is shown now; what was said is never changed, so that it need not be copied."""
        return Paper(dict(self.said), list(self.every), list(self.pressable), list(self.answers), self.last)

    async def send(self, chat: int, text: Text, buttons: Buttons = (), *, ask: bool = False, **_more: Any) -> int:
        self.last += 1
        self._show(Said(chat, self.last, text.text, _data(buttons), ask))
        return self.last

    async def edit(self, chat: int, message: int, text: Text, buttons: Buttons = ()) -> None:
        self._show(Said(chat, message, text.text, _data(buttons), ask=False))

    async def send_file(self, chat: int, name: str, content: bytes, caption: str = "", **_more: Any) -> int:
        return await self.send(chat, Text(f"{name}: {len(content)} bytes {caption}"))

    async def send_photo(self, chat: int, name: str, content: bytes, caption: str = "", **_more: Any) -> int:
        return await self.send(chat, Text(f"{name}: {len(content)} bytes {caption}"))

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        raise Refused("file-too-large", n=limit_bytes)

    async def answer(self, query: str, text: str = "", *, alert: bool = False) -> None:
        self.answers.append(text)

    async def facts(self, chat: int | str) -> ChatFacts:
        return ChatFacts(int(chat), "channel", "News", can_post=True, can_edit=True, can_pin=True)

    def _show(self, said: Said) -> None:
        self.said[said.chat, said.message] = said
        self.every.append((said.chat, said.text))
        self.pressable += [(said.chat, said.message, data) for data in said.data]


def _data(buttons: Buttons) -> tuple[str, ...]:
    return tuple(button.data for row in buttons for button in row if button.data)


@dataclass(slots=True)
class Watch:
    """A clock that goes when it is told to."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class NoPages:
    """A web without a single page."""

    async def fetch(self, url: str) -> Page:
        raise Unreadable("intake-unreachable")


class WithoutPdf(Press):
    """A press that draws no PDF: that takes its time and no part in this."""

    def pdf(self, issue: FrozenIssue) -> bytes:
        return issue.slug.encode()


class Newsroom:
    """One bulletin with a desk, a channel and everybody in their role, opened once and emptied for each try."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.file = Path(self.folder.name) / "bulletin.db"
        self.store = self.run(empty_store(self.file))
        self.seen = sqlite3.connect(self.file, isolation_level=None)
        self.seen.execute("PRAGMA synchronous=OFF")
        tables = self.seen.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.tables = [name for (name,) in tables if name != "alembic_version"]
        self.sealer = Sealer(KEY.encode())
        self.settings = Settings(_env_file=None, data_dir=Path(self.folder.name), secret_key=KEY)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def begin(self, seed: int = 0) -> None:
        """Empty everything, and let everybody in."""
        for table in self.tables:
            self.seen.execute(f"DELETE FROM {table}")
        self.clock, self.paper, self.update = Watch(), Paper(), 0
        self.services = Services(
            store=self.store,
            clock=self.clock,
            random=Random(seed),
            sealer=self.sealer,
            courier=self.paper,
            fetcher=NoPages(),
            postman=None,
            settings=self.settings,
            press=WithoutPdf(),
        )
        self.speech = Speech(self.services)
        self.keeper = Doorkeeper(self.services, self.speech, set())
        drawing = Drawing(self.store, self.sealer, self.services.press, quotas_of(self.settings))
        self.outbox = OutboxDrain(
            self.store, self.paper, Pace(), self.clock, self.services.rush, drawing.draw, drawing.target, drawing.settle
        )
        self.reading = Reading(self.store, NoPages(), PageReader(self.clock), self.clock, self.services.rush)
        self.run(self._lay())

    def settle(self, **columns: Any) -> None:
        """Give the bulletin other settings."""

        async def work() -> None:
            async with self.store.transaction() as tx:
                await bulletins.change(tx, self.bulletin, **columns)

        self.run(work())

    async def _lay(self) -> None:
        async with self.store.transaction() as tx:
            self.bulletin = await bulletins.add(
                tx,
                sections=SECTIONS,
                slug="news",
                title="News Bulletin",
                language="en",
                timezone="Europe/Kyiv",
                schedule="sun 18:00",
                moderators_chat=DESK,
            )
            await bulletins.add_channel(tx, self.bulletin, CHANNEL, "News")
            now = self.clock.now()
            self.ids: dict[int, int] = {}
            for user, role in ROLES.items():
                person = await people.admit(
                    tx, self.sealer, self.services.random, user=user, role=role, language="en", now=now
                )
                self.ids[user] = person.id
            await people_records.change(tx, self.ids[REX], revoked=True)
            await issues.ensure_open(tx, await bulletins.get(tx, self.bulletin), now)

    def close(self) -> None:
        self.seen.close()
        self.run(self.store.close())
        self.loop.close()
        self.folder.cleanup()

    # --- What people do ---

    def writes(self, user: int, text: str, *, desk: bool = False, reply_to: int | None = None) -> None:
        """Let somebody write to the bot, or at the desk."""
        self.paper.last += 1
        message = self._message(user, self.paper.last, desk=desk) | {"from": _user(user), "text": text}
        start, entities = 0, []
        while (start := text.find("http", start)) >= 0:
            end = min([place for mark in " \n)" if (place := text.find(mark, start)) >= 0] or [len(text)])
            entities.append({"type": "url", "offset": start, "length": end - start})
            start = end
        if text.startswith("/"):
            entities.append({"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
        if reply_to is not None:
            there = self._message(user, reply_to, desk=desk) | {"text": "…", "from": _user(1, is_bot=True)}
            message["reply_to_message"] = there
        self._happens({"message": message | {"entities": entities}})

    def presses(self, user: int, chat: int, message: int, data: str) -> str:
        """Let somebody press a button, and return what they are told."""
        self._happens(self._press(user, chat, message, data))
        return self.paper.answers[-1]

    def updates_of(self, presses: Sequence[tuple[int, int, int, str]]) -> list[dict[str, Any]]:
        """Return presses as Telegram brings them."""
        found = []
        for press in presses:
            self.update += 1
            found.append({"update_id": self.update, **self._press(*press)})
        return found

    def comes_again(self) -> None:
        """Let Telegram bring the latest update once more."""
        self.update -= 1
        self._happens(self.latest)

    def _press(self, user: int, chat: int, message: int, data: str) -> dict[str, Any]:
        shown = self._message(user, message, desk=chat == DESK) | {"text": "…", "from": _user(1, is_bot=True)}
        if chat not in (DESK, user):
            shown["chat"] = {"id": chat, "type": "private", "first_name": "X"}
        if chat < 0:
            shown["chat"] = {"id": chat, "type": "supergroup", "title": "A group"}
        query = {"id": f"q{self.update}", "from": _user(user), "chat_instance": "x", "message": shown, "data": data}
        return {"callback_query": query}

    def _message(self, user: int, number: int, *, desk: bool) -> dict[str, Any]:
        group = {"id": DESK, "type": "supergroup", "title": "Desk"}
        chat = group if desk else {"id": user, "type": "private", "first_name": "X"}
        return {"message_id": number, "date": int(self.clock.now().timestamp()), "chat": chat}

    def _happens(self, update: dict[str, Any]) -> None:
        self.update += 1
        self.latest = update
        self.run(self._handle({"update_id": self.update, **update}))

    async def _handle(self, update: dict[str, Any]) -> None:
        read = Update.de_json(update, None)
        assert read is not None
        await self.keeper.handle(read)
        await self.speech.finish(5)
        assert not self.keeper.failed, "an update failed"

    # --- What goes on by itself ---

    def read_pages(self) -> None:
        self.run(self.reading.step())

    def say_what_waits(self) -> None:
        """Let the outbox say what its pace allows in half a minute."""

        async def work() -> None:
            for _ in range(DRAIN_STEPS):
                if await self.outbox.step() == 0 and not self.outbox.held_back:
                    break
                self.clock.time += timedelta(seconds=3)

        self.run(work())

    def time_passes(self, minutes: float) -> None:
        self.clock.time += timedelta(minutes=minutes)
        self.run(gate.tick(self.store, self.services.press, self.clock.now()))

    def send_posts(self) -> None:
        """Post the next message of what is being sent, and end the issue of which it was the last."""
        self.run(self._send_posts())

    async def _send_posts(self) -> None:
        async with self.store.transaction() as tx:
            frozen = [issue for issue in await records.running(tx) if issue.state == IssueState.FROZEN]
        for issue in frozen:
            await plan.plan(self.store, issue)
        async with self.store.transaction() as tx:
            for row in await deliveries.next_parts(tx, self.clock.now()):
                if await deliveries.claim_one(tx, row.id, self.clock.now()) is not None:
                    self.paper.last += 1
                    await deliveries.record(tx, row.id, DeliveryState.SENT, message_id=self.paper.last)
            for issue in await records.running(tx):
                if issue.state == IssueState.SENDING and not await deliveries.unfinished(tx, issue.id):
                    await records.change(tx, issue.id, issue.revision, states=(issue.state,), state=IssueState.SENT)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.seen.execute(query).fetchall()


def _user(user: int, *, is_bot: bool = False) -> dict[str, Any]:
    return {"id": user, "is_bot": is_bot, "first_name": "X", "language_code": "en"}
