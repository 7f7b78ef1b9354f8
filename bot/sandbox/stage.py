"""The stage of one week: clock, Telegram with its people, mail, news sites and the bot, all in one folder."""

import asyncio
import os
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import httpx

from bot.sandbox.bot_process import BotProcess
from bot.sandbox.clock import Clock
from bot.sandbox.mailbox import Letter
from bot.sandbox.proxy import ForwardProxy
from bot.sandbox.seat import Seat
from bot.sandbox.site import WEEK_START, NewsSite
from bot.sandbox.smtp import MailServer
from bot.sandbox.telegram import Chat, Person, TelegramWorld

TITLE = "The Left Bank Week"
ZONE = ZoneInfo("Europe/Kyiv")
DAN = "dan@readers.example"
READERS = (
    DAN,
    *(f"{name}@readers.example" for name in "halyna ihor jamila kofi lina mykola nadia".split()),
    *(f"{name}@neighbours.example" for name in "olga petro quentin rosa stefan tetiana".split()),
)
_SECTIONS = (
    "News from the territories occupied by Russia|Occupied areas;News from Ukraine – general|Ukraine;"
    "Analysis and comment|Analysis;Research of human rights abuses|Human rights;International solidarity|Solidarity"
)
_OPENS_AT = datetime(WEEK_START.year, WEEK_START.month, WEEK_START.day, 8, tzinfo=ZONE)
_LETTERS_AT_ONCE = 2
_COMMAND_SECONDS = 60.0
_LEAVE_SECONDS = 10.0


class Stage:
    """Everything of one week: `async with Stage(program, folder) as stage`; the bot is not started yet.

    `program` is the bot's command line without a command, such as `python -m bot`; the bot is known by it and by the
    environment alone. Olena owns, Clara edits, Boris moderates, Ana and Marta send links, Dan reads.
    """

    def __init__(self, program: Sequence[str], folder: Path) -> None:
        self.folder = folder
        self._program = tuple(program)
        self.clock = Clock(start=_OPENS_AT, speed=1.0, file=folder / "clock")
        self.telegram = TelegramWorld(self.clock, bot_name="Bulletin Bot")
        self.mail = MailServer()
        self.site = NewsSite()
        self.proxy = ForwardProxy(self.site)
        self._seat = Seat()
        self.readers: tuple[str, ...] = ()
        self.left: dict[str, datetime] = {}
        self._open = AsyncExitStack()
        person = self.telegram.person
        self.olena, self.clara, self.boris = person("Olena"), person("Clara"), person("Boris")
        self.ana, self.marta = person("Ana"), person("Marta", language="uk")
        self.desk = self.telegram.group("Moderators", [self.olena, self.clara, self.boris])
        self.channels = (
            self.telegram.channel(TITLE, self.olena, [self.ana, self.marta]),
            self.telegram.channel("Left Bank Neighbours", self.olena),
        )

    async def __aenter__(self) -> Self:
        self.web_port = self._seat.keep()  # all the time, since the bot is killed and started again
        self._open.callback(self._seat.leave)
        for service in (self.telegram, self.mail, self.proxy):
            await self._open.enter_async_context(service)
        self._env = self._environment()
        self.bot = BotProcess((*self._program, "run"), self._env, self.folder)
        self._open.push_async_callback(self.bot.stop)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    @property
    def people(self) -> dict[str, Person]:
        """The persons by their names in small letters."""
        return {person.name.lower(): person for person in self.telegram.people}

    @property
    def web(self) -> str:
        """Where the bot's own pages are."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment in which the bot and its commands run."""
        return dict(self._env)

    def private_chats(self) -> list[tuple[Person, Chat]]:
        return [(person, person.private) for person in self.telegram.people]

    def posts(self, channel: Chat) -> list[str]:
        """The texts that the bot has posted in a channel and that are still there."""
        return [one.words for one in channel.visible() if one.is_from(self.telegram.bot) and one.words]

    async def command(self, *words: str) -> str:
        """Run one command of the bot's program and return what it printed; RuntimeError when it failed."""
        process = await asyncio.create_subprocess_exec(
            *self._program,
            *words,
            env=self._env,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            said, complained = await asyncio.wait_for(process.communicate(), _COMMAND_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode:
            raise RuntimeError(f"`{' '.join(words)}` failed: {complained.decode('utf-8', 'replace').strip()}")
        return said.decode("utf-8", "replace")

    async def import_readers(self, addresses: Sequence[str]) -> str:
        """Bring readers in by the operator's command, from a file."""
        file = self.folder / "readers.txt"
        file.write_text("".join(f"{address}\n" for address in addresses), encoding="utf-8")
        consent = ("--consent", "paper list at the meeting, 2026")
        said = await self.command("subscribers", "import", str(file), *consent, "--yes")
        self.readers = tuple(dict.fromkeys([*self.readers, *addresses]))
        return said

    async def leave(self, address: str) -> bool:
        """Press *unsubscribe* as a mail program does (RFC 8058 §3.1), by the newest letter's own link."""
        link = next((leave_link(letter) for letter in reversed(self.mail.mailbox(address))), "")
        if not link.startswith(f"{self.web}/"):
            return False
        async with httpx.AsyncClient(trust_env=False, timeout=_LEAVE_SECONDS) as client:
            answer = await client.post(link, data={"List-Unsubscribe": "One-Click"})
        if answer.status_code == httpx.codes.OK:
            self.left.setdefault(address, self.clock.now())
        return answer.status_code == httpx.codes.OK

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("BULLETIN_")}
        return kept | {
            "PYTHONUNBUFFERED": "1",
            "BULLETIN_TELEGRAM_TOKEN": self.telegram.token,
            "BULLETIN_TELEGRAM_API_URL": self.telegram.api_url,
            "BULLETIN_DEMO_CLOCK": str(self.folder / "clock"),
            "BULLETIN_DATA_DIR": str(self.folder / "data"),
            "BULLETIN_SMTP_URL": self.mail.url,
            "BULLETIN_SMTP_CONNECTIONS": str(_LETTERS_AT_ONCE),
            "BULLETIN_MAIL_FROM": "bulletin@sandbox.example",
            "BULLETIN_FETCH_PROXY": self.proxy.url,
            "BULLETIN_WEB_LISTEN": f"127.0.0.1:{self.web_port}",
            "BULLETIN_PUBLIC_URL": self.web,
            "BULLETIN_TITLE": TITLE,
            "BULLETIN_TIMEZONE": "Europe/Kyiv",
            "BULLETIN_SCHEDULE": "sun 18:00",
            "BULLETIN_SECTIONS": _SECTIONS,
        }


def leave_link(letter: Letter) -> str:
    """The address that a letter's List-Unsubscribe header names for one click, "" when there is none."""
    found = re.search(r"<(https?://[^>]+)>", str(letter.message["List-Unsubscribe"] or ""))
    return found[1] if found else ""
