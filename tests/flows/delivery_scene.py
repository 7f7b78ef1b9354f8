"""A closed issue with channels and readers in a real store, and a drain that sends it through the sandbox."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from pydantic import TypeAdapter
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.delivery.drain import Drain
from bot.delivery.letters import Letters
from bot.delivery.mail import SmtpPool
from bot.delivery.pace import Pace
from bot.delivery.plan import plan
from bot.delivery.report import Report, report
from bot.delivery.telegram import TelegramCourier
from bot.ports import Courier, Postman
from bot.render.editions import Press
from bot.render.mail import MailTemplate
from bot.sandbox.clock import Clock
from bot.sandbox.smtp import MailServer
from bot.sandbox.telegram import Chat, Person, TelegramWorld
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, here
from bot.wake import Bell
from store import bulletins, chat_readers, deliveries, issues, subscribers
from store.database import Store
from store.messages import Text
from store.records import Citation, Delivery, FrozenIssue, Issue, PrintedItem, PrintedSection
from store.states import IssueState
from store.subscribers import Newcomer, Reader
from tests.empty_store import empty_store
from tests.waiting import waiting

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
SECRET = b"a secret of this test, long enough to be one"
PRESS = Press(public_url="https://bulletin.example", mail_from="bulletin@news.example")
NUMBER = 7


def address(reader: int) -> str:
    return f"reader-{reader}@readers.example"


def document(items: int = 4) -> FrozenIssue:
    citation = Citation("Invented Times", "https://times.example/story")
    printed = tuple(PrintedItem(f"Story {n} of this week", (citation,)) for n in range(items))
    return FrozenIssue(
        bulletin="News Bulletin",
        slug="news",
        number=NUMBER,
        date=date(2026, 11, 22),
        language="en",
        timezone="Europe/Kyiv",
        closed_at=START,
        sections=(PrintedSection("News", printed),),
    )


async def close_an_issue(
    store: Store,
    sealer: Sealer,
    *,
    channels: Sequence[tuple[int, str]] = (),
    readers: int = 0,
    parts: int = 2,
    chats: Sequence[int] = (),
    moderators: int | None = None,
    with_mail: bool = True,
) -> Issue:
    """Put a frozen issue into the store, as `bot.issues.freeze` leaves it."""
    async with store.transaction() as tx:
        bulletin = await bulletins.add(
            tx,
            sections=[("News", "News")],
            slug="news",
            title="News Bulletin",
            language="en",
            timezone="Europe/Kyiv",
            schedule="sun 18:00",
            moderators_chat=moderators,
        )
        for chat, title in channels:
            await bulletins.add_channel(tx, bulletin, chat, title)
        for chat in chats:
            contact, mac = sealer.seal(here.CHAT, str(chat)), sealer.mac(here.CHAT, str(chat))
            await chat_readers.come(tx, bulletin, contact, mac, START)
        newcomers = [
            Newcomer(sealer.seal(ADDRESS, address(n)), sealer.mac(ADDRESS, address(n)), "readers.example")
            for n in range(1, readers + 1)
        ]
        for start in range(0, readers, 500):
            some = newcomers[start : start + 500]
            await subscribers.import_readers(tx, bulletin, some, language="en", consent="in person", day=START.date())
        await issues.open_next(tx, bulletin, due_at=START, due_local="2026-11-22 18:00", day=START.date())
        issue = await issues.current(tx, bulletin)
        assert issue is not None
        until = await subscribers.last_id(tx)
        values = {"state": IssueState.FROZEN, "number": NUMBER, "frozen_at": START, "audience_until": until}
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.OPEN,), **values)
        await issues.add_renderings(tx, issue.id, renderings(parts, with_mail=with_mail))
        frozen = await issues.get(tx, issue.id)
    assert frozen is not None
    return frozen


def renderings(parts: int, *, with_mail: bool = True) -> list[tuple[str, int, bytes]]:
    dump = TypeAdapter(Text).dump_json
    posts = [(deliveries.TELEGRAM, n, dump(Text.bold(f"Part {n + 1}") + f" of issue {NUMBER}")) for n in range(parts)]
    sender = PRESS.sender()
    assert sender is not None
    mail = [(deliveries.MAIL, 0, MailTemplate.build(document(), sender).stored)] if with_mail else []
    return [*posts, *mail]


@dataclass(slots=True)
class Scene:
    """A broadcast that is about to begin. `channels` and `moderators` are chats of the sandbox."""

    tg: TelegramWorld
    mail: MailServer
    clock: Clock
    store: Store
    sealer: Sealer
    courier: Courier
    postman: Postman | None
    pace: Pace
    bell: Bell
    issue: Issue
    channels: list[Chat]
    moderators: Chat
    chats: list[Person]
    window: int = 4

    def drain(self) -> Drain:
        """A drain as one run of the bot has it."""
        return Drain(
            self.store,
            self.courier,
            self.postman,
            letters=Letters(self.sealer, PRESS.mail_from),
            sealer=self.sealer,
            pace=self.pace,
            clock=self.clock,
            random=Random(7),
            in_flight=self.window,
            bell=self.bell,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Drain]:
        """Run a drain for the length of a block, and stop it as `bulletin run` does."""
        drain, stop = self.drain(), asyncio.Event()
        task = asyncio.create_task(drain.run(stop))
        try:
            yield drain
        finally:
            stop.set()
            await task

    async def send_all(self, timeout: float = 10) -> Report:
        """Run until the issue is sent, and return its report."""
        async with self.running():
            await self.tg.until(self.is_sent, timeout)
        return await self.report()

    async def is_sent(self) -> bool:
        return (await self.now_issue()).state == IssueState.SENT

    async def now_issue(self) -> Issue:
        async with self.store.reading() as tx:
            issue = await issues.get(tx, self.issue.id)
        assert issue is not None
        return issue

    async def report(self) -> Report:
        issue = await self.now_issue()
        async with self.store.reading() as tx:
            return await report(tx, issue)

    async def rows(self, kind: str = deliveries.MAIL) -> list[Delivery]:
        """The ledger of one kind, in order."""
        async with self.store.reading() as tx:
            found = [await deliveries.get(tx, n + 1) for n in range(await deliveries.count(tx, self.issue.id))]
        return [row for row in found if row is not None and row.kind == kind]

    async def row_of(self, reader: int) -> Delivery:
        """The ledger row of a reader, by number."""
        mac = self.sealer.mac(ADDRESS, address(reader))
        async with self.store.reading() as tx:
            known: list[Reader] = await subscribers.of_bulletin(tx, self.issue.bulletin_id)
        target = next(each.id for each in known if each.address_mac == mac)
        return next(row for row in await self.rows() if row.target_id == target)

    async def told(self, kind: str) -> list[str]:
        """What waits to be told to the moderators: merge keys of one kind."""
        async with self.store.reading() as tx:
            rows = await waiting(tx, self.clock.now() + timedelta(days=30))
        return [str(row.merge_key) for row in rows if row.kind == kind]

    async def until(self, wanted: Callable[[], Awaitable[bool] | bool], timeout: float = 5) -> None:
        """Wait for something to come true."""
        await self.tg.until(wanted, timeout)


def client(tg: TelegramWorld, answer_seconds: float = 5) -> Bot:
    """The bot's Telegram client, with a timeout that a test can wait for."""
    request = HTTPXRequest(read_timeout=answer_seconds, httpx_kwargs={"trust_env": False})
    return Bot(tg.token, base_url=f"{tg.api_url}/bot", base_file_url=f"{tg.api_url}/file/bot", request=request)


@asynccontextmanager
async def scene(
    folder: Path,
    *,
    channels: int = 2,
    readers: int = 6,
    parts: int = 2,
    chats: int = 0,
    speed: float = 20,
    answer_seconds: float = 5,
    with_mail: bool = True,
    with_postman: bool = True,
) -> AsyncIterator[Scene]:
    """Open the sandbox and a store with one planned issue."""
    clock = Clock(start=START, speed=speed)
    async with TelegramWorld(clock) as tg, MailServer() as mail:
        clara = tg.person("Clara")
        posted = [tg.channel(f"News {n + 1}", owner=clara) for n in range(channels)]
        reading = [tg.person(f"Reader {n + 1}") for n in range(chats)]
        for reader in reading:
            tg.board.started.add(reader.private.id)
        moderators = tg.group("Moderators", [clara])
        for chat in [*posted, moderators]:
            clara.add_bot(chat)
        store = await empty_store(folder / "bulletin.db")
        sealer, pace = Sealer(SECRET), Pace()
        pool = SmtpPool(mail.url, 4, name="news.example", answer_seconds=answer_seconds)
        issue = await close_an_issue(
            store,
            sealer,
            channels=[(chat.id, chat.title or "") for chat in posted],
            chats=[reader.private.id for reader in reading],
            readers=readers,
            parts=parts,
            moderators=moderators.id,
            with_mail=with_mail,
        )
        assert await plan(store, issue)
        courier = TelegramCourier(client(tg, answer_seconds), pace, clock)
        postman = pool if with_postman else None
        try:
            yield Scene(
                tg, mail, clock, store, sealer, courier, postman, pace, Bell(), issue, posted, moderators, reading
            )
        finally:
            await pool.close()
            await store.close()
