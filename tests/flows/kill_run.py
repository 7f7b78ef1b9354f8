"""A broadcast whose process is killed again and again, and what came of it; the servers live on in the test."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.delivery import settle
from bot.delivery.plan import plan
from bot.delivery.report import Report, report
from bot.sandbox.clock import Clock
from bot.sandbox.mailbox import canonical
from bot.sandbox.smtp import MailServer
from bot.sandbox.telegram import Chat, TelegramWorld
from bot.seal import Sealer
from bot.subscriptions import ADDRESS
from store import bulletins, deliveries, issues, subscribers
from store.database import Store, open_store
from store.records import Delivery
from store.states import DeliveryState, IssueState
from tests.flows.delivery_scene import PRESS, SECRET, START, address, close_an_issue

DRAIN = (sys.executable, str(Path(__file__).with_name("drain_process.py")))
TOP = Path(__file__).parents[2]
SPEED = 20.0
SERVER_ANSWERS_AFTER_SECONDS = 0.01
TELEGRAM_ANSWERS_AFTER_SECONDS = 0.1
AFTER_POINT_SECONDS = 0.03
PATIENCE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How large the broadcast is, how often it is killed, and which command runs it."""

    kills: int
    channels: int
    readers: int
    parts: int = 3
    window: int = 8
    seed: int = 1
    command: Sequence[str] = DRAIN

    @property
    def total(self) -> int:
        return self.readers + self.channels * self.parts


@dataclass(slots=True)
class Result:
    """What came of it. `killed_at` is the share sent at each kill; `unmarked` came twice without a mark before."""

    report: Report
    killed_at: list[float]
    copies: dict[str, int]
    marked: set[str]
    unmarked: list[str]
    unlike: list[str]
    posts: dict[str, list[str]]
    ever_in_doubt: int
    doubts_of_posts: int


class Watching(MailServer):
    """A mail server that looks into the ledger when a second copy comes, before it answers."""

    def __init__(self, ledger: Path) -> None:
        super().__init__(keep_bodies=False)
        self.subscription_of: dict[str, int] = {}
        self.unmarked: list[str] = []
        self._ledger = ledger

    def accept(self, envelope_from: str, recipients: Sequence[str], raw: bytes) -> None:
        for recipient in map(canonical, recipients):
            if recipient in self.received and not self._is_marked(recipient):
                self.unmarked.append(recipient)
        super().accept(envelope_from, recipients, raw)

    def _is_marked(self, recipient: str) -> bool:
        query = "SELECT possible_duplicate FROM deliveries WHERE kind = 'mail' AND target_id = ?"
        with sqlite3.connect(f"file:{self._ledger}?mode=ro", uri=True) as connection:
            return bool(connection.execute(query, (self.subscription_of[recipient],)).fetchone()[0])


@dataclass(slots=True)
class KillRun:
    """The trial under way."""

    folder: Path
    trial: Trial
    tg: TelegramWorld
    mail: Watching
    channels: list[Chat]
    sealer: Sealer = field(default_factory=lambda: Sealer(SECRET))
    killed_at: list[float] = field(default_factory=list)
    doubts_of_posts: int = 0

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'data' / 'bulletin.db'}"

    @property
    def sent(self) -> float:
        """The share of all posts and readers that something has reached."""
        return (len(self.mail.received) + sum(len(posts_in(chat)) for chat in self.channels)) / self.trial.total

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """Open the store while no process of the bot has it."""
        opened = await open_store(self.database)
        try:
            yield opened
        finally:
            await opened.close()

    async def prepare(self) -> None:
        """Close an issue and write its ledger."""
        async with self.store() as store:
            named = [(chat.id, chat.title or "") for chat in self.channels]
            readers, parts = self.trial.readers, self.trial.parts
            issue = await close_an_issue(store, self.sealer, channels=named, readers=readers, parts=parts)
            assert await plan(store, issue)
            async with store.reading() as tx:
                known = await subscribers.of_bulletin(tx, issue.bulletin_id)
        self.mail.subscription_of = {self.sealer.open(ADDRESS, reader.address): reader.id for reader in known}

    @asynccontextmanager
    async def process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the command; it is killed at the end of the block if it still runs."""
        settings = {
            "TELEGRAM_TOKEN": self.tg.token,
            "TELEGRAM_API_URL": self.tg.api_url,
            "DATA_DIR": str(self.folder / "data"),
            "DEMO_CLOCK": str(self.folder / "clock"),
            "SECRET_KEY": SECRET.decode(),
            "SMTP_URL": self.mail.url,
            "SMTP_CONNECTIONS": str(self.trial.window),
            "MAIL_FROM": PRESS.mail_from,
            "PUBLIC_URL": PRESS.public_url,
            "WEB_LISTEN": "127.0.0.1:0",
            "LOG_LEVEL": "WARNING",
        }
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TOP)}
        environment |= {f"BULLETIN_{name}": value for name, value in settings.items()}
        with (self.folder / "process.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *self.trial.command, env=environment, cwd=self.folder, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def kill_at(self, share: float, late_seconds: float) -> None:
        """Run until so much is sent, and kill a moment later, wherever the process is then."""
        async with self.process() as process:
            await self._until(process, share)
            await asyncio.sleep(late_seconds)
            self.killed_at.append(self.sent)
            process.kill()
            assert await process.wait() == -signal.SIGKILL

    async def _until(self, process: asyncio.subprocess.Process, share: float) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.sent < share:
                assert process.returncode is None, (self.folder / "process.log").read_text()[-2000:]
                await asyncio.sleep(0.001)

    async def answer_doubts(self) -> bool:
        """Decide on the posts that were perhaps sent, as a moderator does who looks into the channel.

        Returns whether the issue is sent.
        """
        async with self.store() as store, store.transaction() as tx:
            issue = (await issues.running(tx) or [await issues.get(tx, 1)])[0]
            assert issue is not None
            for row in await deliveries.in_doubt(tx, issue.id):
                if row.kind == deliveries.TELEGRAM and row.state == DeliveryState.IN_DOUBT:
                    self.doubts_of_posts += 1
                    chat = self.tg.chat((await bulletins.channel(tx, row.target_id)).chat_id)
                    found = chat.find(f"Part {row.part + 1} of issue")
                    if found is not None:
                        await settle.it_is_there(tx, row.id, found.message_id, "person 1", self.tg.clock.now())
                    else:
                        await settle.send_again(tx, row.id, "person 1", self.tg.clock.now())
            return issue.state == IssueState.SENT

    async def finish(self) -> None:
        """Run undisturbed, with a moderator at hand, until the issue is sent."""
        for _ in range(self.trial.channels * self.trial.parts + 2):
            async with self.process() as process:
                await self._until_quiet(process)
                process.terminate()
                assert await process.wait() == 0, (self.folder / "process.log").read_text()[-2000:]
            if await self.answer_doubts():
                return
        raise AssertionError("the issue does not come to its end")

    async def _until_quiet(self, process: asyncio.subprocess.Process) -> None:
        query = "SELECT count(*) FROM issues WHERE state = 'sent' UNION ALL SELECT count(*) FROM deliveries "
        query += "WHERE state = 'in_doubt'"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                with sqlite3.connect(f"file:{self.folder / 'data' / 'bulletin.db'}?mode=ro", uri=True) as connection:
                    if any(number for (number,) in connection.execute(query)):
                        return
                assert process.returncode is None, (self.folder / "process.log").read_text()[-2000:]
                await asyncio.sleep(0.05)

    async def result(self) -> Result:
        async with self.store() as store, store.reading() as tx:
            issue = await issues.get(tx, 1)
            assert issue is not None
            found = await report(tx, issue)
            rows = [await deliveries.get(tx, n + 1) for n in range(self.trial.total)]
        marked = {row.target_id for row in rows if row is not None and row.possible_duplicate}
        copies = {address(n): len(self.mail.received.get(address(n), ())) for n in range(1, self.trial.readers + 1)}
        return Result(
            report=found,
            killed_at=self.killed_at,
            copies=copies,
            marked={to for to, target in self.mail.subscription_of.items() if target in marked},
            unmarked=self.mail.unmarked,
            unlike=[to for to, receipts in self.mail.received.items() if len(set(receipts)) > 1],
            posts={chat.title or "": posts_in(chat) for chat in self.channels},
            ever_in_doubt=sum(_doubted(row) for row in rows),
            doubts_of_posts=self.doubts_of_posts,
        )


def _doubted(row: Delivery | None) -> bool:
    return row is not None and row.doubts > 0


def posts_in(chat: Chat) -> list[str]:
    """The parts of the issue that stand in a channel."""
    return [post.words for post in chat.visible() if post.words.startswith("Part ")]


async def broadcast_under_kills(folder: Path, trial: Trial) -> Result:
    """Send one issue with `trial.kills` kills, spread at random over what is to be sent; returns what came of it."""
    random = Random(trial.seed)
    (folder / "data").mkdir(mode=0o700)
    clock = Clock(START, SPEED, folder / "clock")
    async with TelegramWorld(clock) as tg, Watching(folder / "data" / "bulletin.db") as mail:
        clara = tg.person("Clara")
        channels = [tg.channel(f"News {n + 1}", owner=clara) for n in range(trial.channels)]
        for chat in channels:
            clara.add_bot(chat)
        run = KillRun(folder, trial, tg, mail, channels)
        await run.prepare()
        mail.fault("slow", seconds=SERVER_ANSWERS_AFTER_SECONDS)
        # The first post of each channel is taken and never answered, so that a kill, or else the wait for the answer,
        # leaves a doubt about a post that is there; the slow ones leave doubts about posts that are not.
        for chat in channels:
            tg.fault("hang-after", chat=chat, method="sendMessage")
        tg.fault("slow", method="sendMessage", times=None, seconds=TELEGRAM_ANSWERS_AFTER_SECONDS)
        shares = sorted(random.random() for _ in range(trial.kills))
        # The slow server has taken the letters that wait for its answer; before each kill one hangs that it never took.
        for reader in {max(1, int(share * trial.total) - trial.channels * trial.parts - 2) for share in shares}:
            mail.fault("hang", address(reader), times=1)
        for share in shares:
            await run.kill_at(share, random.uniform(0, AFTER_POINT_SECONDS))
            await run.answer_doubts()
        mail.recover()
        await run.finish()
        return await run.result()
