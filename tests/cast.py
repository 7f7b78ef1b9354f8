"""The cast of the flows, in their world: Ana submits, Boris moderates, Clara edits, Dan reads, Eve must get nowhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bot import app as hallway
from bot import subscriptions
from bot.sandbox.clock import Clock
from bot.sandbox.proxy import ForwardProxy
from bot.sandbox.site import NewsSite
from bot.sandbox.smtp import MailServer
from bot.sandbox.telegram import Chat, Message, Person, TelegramWorld
from bot.sandbox.telegram.chats import Member
from bot.settings import Settings
from store import bulletins
from tests.empty_store import lay

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
SUNDAY_HOUR = datetime(2026, 11, 22, 18, 0, tzinfo=ZoneInfo("Europe/Kyiv"))
SECTIONS = (
    "News from the territories occupied by Russia|Occupied areas;News from Ukraine – general|Ukraine;"
    "Analysis and comment|Analysis;Research of human rights abuses|Human rights;International solidarity|Solidarity"
)
SPEED = 60.0
TOKEN = "7000000001:AAH-planted_token_to_be_seen_in_no_log"
PASSWORD = "planted-password-to-be-seen-in-no-log"
KEY = "planted-key-of-enough-characters-to-be-seen-in-no-log"


@dataclass
class World:
    """Everything around one running bot."""

    clock: Clock
    tg: TelegramWorld
    mail: MailServer
    site: NewsSite
    proxy: ForwardProxy
    settings: Settings
    announced: list[str] = field(default_factory=list)
    app: hallway.App | None = None
    olena: Person = field(init=False)
    ana: Person = field(init=False)
    boris: Person = field(init=False)
    clara: Person = field(init=False)
    eve: Person = field(init=False)
    desk: Chat = field(init=False)
    channels: list[Chat] = field(default_factory=list)

    @property
    def services(self) -> Any:
        assert self.app is not None
        return self.app.services

    @asynccontextmanager
    async def running(self) -> AsyncIterator["World"]:
        """Run the bot in this process."""
        async with hallway.running(self.settings, self.announced.append) as app:
            self.app = app
            yield self

    async def until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        return await self.tg.until(predicate, timeout)

    async def settle_in(self, channels: int = 1) -> "World":
        """Let the owner in, give every chat its purpose and everybody their role, by the doors that people use."""
        self._come()
        await self.until(lambda: self.announced)
        self.olena.open_link(self.announced[-1].rpartition(" ")[2])
        await self.until(lambda: self.olena.private.find("owner") or self.olena.private.find("own this"))
        self.desk = self.tg.group("Moderators", [self.olena, self.boris, self.clara])
        self.olena.add_bot(self.desk, can_delete_messages=True)
        await self.purpose("Moderators", "Moderators' chat")
        for number in range(1, channels + 1):
            channel = self.tg.channel(f"News {number}", self.olena)
            self.olena.add_bot(channel, can_post_messages=True, can_edit_messages=True)
            await self.purpose(f"News {number}", "Publish here")
            self.channels.append(channel)
        await self.invite(self.boris, "moderator")
        await self.invite(self.clara, "editor")
        await self.invite(self.ana, "contributor")
        return self

    def _come(self) -> None:
        self.olena = self.tg.person("Olena")
        self.ana, self.boris = self.tg.person("Ana"), self.tg.person("Boris")
        self.clara, self.eve = self.tg.person("Clara"), self.tg.person("Eve")

    def take_seats(self, channels: int) -> None:
        """Let everybody be where `settle_in` leaves them, without telling the bot of it again."""
        self._come()
        self.desk = self.tg.group("Moderators", [self.olena, self.boris, self.clara])
        rights = {self.desk: ["can_delete_messages"]}
        for number in range(1, channels + 1):
            self.channels.append(self.tg.channel(f"News {number}", self.olena))
            rights[self.channels[-1]] = ["can_post_messages", "can_edit_messages"]
        for chat, granted in rights.items():
            given = frozenset([*granted, "can_manage_chat"])
            chat.members[self.tg.bot.id] = Member(self.tg.bot, "administrator", given)
        for person in (self.olena, self.boris, self.clara, self.ana):
            self.tg.board.started.add(person.private.id)

    async def purpose(self, title: str, label: str) -> None:
        """Press what a chat is for."""
        question = await self.until(lambda: self.olena.private.find(f"“{title}”"))
        self.olena.press(question, label)
        await self.until(lambda: not question.buttons)

    async def invite(self, person: Person, role: str) -> None:
        """Let the owner invite somebody, and let them open the link."""
        asked = self.olena.send(f"/invite {role}")
        link = (await self.until(lambda: self._invitation(asked))).text.rpartition("\n")[2]
        person.open_link(link)
        await self.until(lambda: person.private.find("known only as"))

    def _invitation(self, asked: Message) -> Message | None:
        said = (m for m in self.olena.private.visible() if m.message_id > asked.message_id)
        return next((m for m in said if "t.me/" in m.words), None)

    async def card(self, title: str) -> Message:
        """Return the open card of an item."""
        found: Message = await self.until(
            lambda: next((m for m in self.desk.visible() if title in m.words and m.buttons), None)
        )
        return found

    async def readers(self, count: int) -> list[str]:
        """Subscribe readers, Dan first, as an import does."""
        addresses = ["dan@readers.example", *(f"reader{number}@readers.example" for number in range(1, count))]
        services = self.services
        async with services.store.transaction() as tx:
            bulletin = await bulletins.first(tx)
            await subscriptions.bring_in(
                tx, services.sealer, bulletin, addresses, consent="paper list", actor="shell", now=self.clock.now()
            )
        return addresses

    def jump_to(self, moment: datetime) -> None:
        self.clock.jump(moment - self.clock.now())

    def jump(self, **span: float) -> None:
        self.clock.jump(timedelta(**span))


@dataclass(frozen=True, slots=True)
class Settled:
    """What is left of a world where everybody has settled in: the database, and what Telegram shows."""

    database: bytes
    moment: datetime
    next_update: int
    chats: list[Chat]


_settled: dict[int, Settled] = {}


async def _settle(channels: int) -> Settled:
    """Let everybody settle in, by the doors that people use; once for each number of channels in a test process."""
    if channels not in _settled:
        with TemporaryDirectory() as folder:
            async with world(Path(folder)) as around:
                async with around.running():
                    await around.settle_in(channels)
                    await around.until(lambda: not around.tg.updates.waiting and around.desk.find("as contributor"))
                database = (around.settings.data_dir / "bulletin.db").read_bytes()
                _settled[channels] = Settled(database, around.clock.now(), around.tg.updates.next_id, around.tg.chats)
    return _settled[channels]


@asynccontextmanager
async def settled_world(
    directory: Path, *, speed: float = SPEED, channels: int = 1, **more: Any
) -> AsyncIterator[World]:
    """Open a world without a running bot, where everybody settled in a moment ago."""
    before = await _settle(channels)
    async with world(directory, speed=speed, start=before.moment, **more) as around:
        (around.settings.data_dir / "bulletin.db").write_bytes(before.database)
        around.take_seats(channels)
        around.tg.updates.next_id = before.next_update
        for chat in before.chats:
            again = around.tg.chat(chat.id)
            again.next_message_id = chat.next_message_id
            again.messages = [replace(message, chat=again) for message in chat.messages]
        yield around


def settings_for(world_dir: Path, tg: TelegramWorld, mail: MailServer, proxy: ForwardProxy, **more: Any) -> Settings:
    """Return the settings of a bot in this world."""
    values: dict[str, Any] = {
        "telegram_token": tg.token,
        "telegram_api_url": tg.api_url,
        "data_dir": world_dir / "data",
        "demo_clock": str(world_dir / "clock"),
        "smtp_url": mail.url,
        "mail_from": "bulletin@sandbox.example",
        "public_url": "http://bulletin.sandbox.example",
        "web_listen": "127.0.0.1:0",
        "fetch_proxy": proxy.url,
        "title": "News from Ukraine Bulletin",
        "timezone": "Europe/Kyiv",
        "sections": SECTIONS,
        "secret_key": KEY,
    }
    return Settings(_env_file=None, **{**values, **more})


@asynccontextmanager
async def world(
    directory: Path, *, speed: float = SPEED, start: datetime = MONDAY, **more: Any
) -> AsyncIterator[World]:
    """Open a world without a running bot."""
    clock = Clock(start, speed, directory / "clock")
    lay(directory / "data" / "bulletin.db")
    async with (
        TelegramWorld(clock=clock, token=TOKEN) as tg,
        MailServer(user="bulletin", password=PASSWORD) as mail,
        ForwardProxy(site := NewsSite(start.date())) as proxy,
    ):
        settings = settings_for(directory, tg, mail, proxy, **more)
        yield World(clock, tg, mail, site, proxy, settings)
