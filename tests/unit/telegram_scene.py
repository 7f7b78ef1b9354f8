"""The usual cast in a simulated Telegram, with python-telegram-bot as the bot's client."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.sandbox.clock import Clock
from bot.sandbox.telegram import Chat, Person, TelegramWorld

START = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


@dataclass(slots=True)
class Scene:
    tg: TelegramWorld
    bot: Bot
    ana: Person
    boris: Person
    clara: Person
    eve: Person
    moderators: Chat
    news: Chat

    async def updates(self) -> Sequence[Update]:
        """All updates waiting, confirmed at once."""
        found = await self.bot.get_updates(timeout=0)
        if found:
            await self.bot.get_updates(offset=found[-1].update_id + 1, timeout=0)
        return found

    def pass_time(self, seconds: float) -> None:
        self.tg.clock.jump(timedelta(seconds=seconds))


def client(tg: TelegramWorld) -> Bot:
    # Nothing here is encrypted, and reading the machine's certificates would cost each test more than the test.
    calls, polls = (HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False}) for _ in range(2))
    return Bot(
        tg.token,
        base_url=f"{tg.api_url}/bot",
        base_file_url=f"{tg.api_url}/file/bot",
        request=calls,
        get_updates_request=polls,
    )


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label.lower()) for label in labels]])


def refuses(error: type[TelegramError], words: str) -> "pytest.RaisesExc[TelegramError]":
    """The call inside fails with this error and exactly these words, whose first letter PTB may raise."""
    return pytest.RaisesExc(error, check=lambda found: found.message.lower() == words.lower())


def seconds_to_wait(refusal: RetryAfter) -> int:
    """What Telegram asks for, whichever type this version of the client gives it."""
    wait = refusal.retry_after
    return int(wait.total_seconds() if isinstance(wait, timedelta) else wait)


@asynccontextmanager
async def open_scene(*, rates: bool = False, press_seconds: float = 30.0) -> AsyncIterator[Scene]:
    """A private chat with Ana, a moderators' group and a channel; the clock stands still."""
    async with TelegramWorld(Clock(START, speed=0), rates=rates, press_seconds=press_seconds) as tg:
        ana, boris, clara, eve = (tg.person(name) for name in ("Ana", "Boris", "Clara", "Eve"))
        moderators = tg.group("Moderators", [boris, clara])
        news = tg.channel("News", owner=clara)
        clara.add_bot(moderators)
        clara.add_bot(news)
        ana.start()
        async with client(tg) as bot:
            scene = Scene(tg, bot, ana, boris, clara, eve, moderators, news)
            await scene.updates()
            yield scene
