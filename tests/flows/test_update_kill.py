"""The bot is killed between fetching an update and committing it, and after that: nothing lost, nothing doubled."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

import pytest

from bot.sandbox.bot_process import BotProcess
from bot.sandbox.telegram.server import ApiCall
from tests.cast import World, settled_world
from tests.flows.acts import acknowledged
from tests.flows.world_process import Ledger, ledger, process

Moment = Literal["fetched", "first committed", "all committed", "any"]
MOMENTS: tuple[Moment, ...] = ("fetched", "first committed", "all committed")
BURST = 2
A_RUSH = 6  # kills in a row at most, after which the bot may be behind with the cards of so many bursts
PATIENCE_SECONDS = 60.0
RUSH = 120  # messages, more than Telegram gives at once
STORED = "SELECT count(*) FROM submissions"
KEPT = "SELECT count(*) FROM updates WHERE kept IS NOT NULL"
ANY_MOMENT_SECONDS = 0.6


@dataclass
class UpdateKills:
    """Ana sends bursts of links; in each the bot is killed once. `seen` tells what was stored of the burst then."""

    around: World
    bot: BotProcess
    store: Ledger
    random: Random
    sent: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def stored(self) -> int:
        return self.store.number(STORED)

    async def until(self, wanted: Callable[[], object]) -> None:
        """Look without a pause, since the moments are short."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not wanted():
                assert self.bot.running, self.bot.tail()
                await asyncio.sleep(0)

    def burst(self) -> None:
        for _ in range(BURST):
            number = len(self.sent) + 1
            url, title = f"http://herald.example/{number}", f"Story {number} of thirty"
            self.around.site.add_article(url, title, "Herald", "2026-11-15", "en")
            self.around.ana.send(url)
            self.sent.append(title)

    async def kill_at(self, moment: Moment) -> None:
        """Start the bot, let Ana send a burst while it waits for updates, and kill it at this moment."""
        tg = self.around.tg
        before = len(tg.calls)
        await self.bot.start()
        await self.around.until(lambda: _polls(list(tg.calls)[before:]), PATIENCE_SECONDS)
        already = self.stored
        if moment != "any":
            # The next poll would confirm what was dealt with: it is held up, so that the kill comes before.
            tg.fault("slow", method="getUpdates", seconds=PATIENCE_SECONDS)
        poll = next(call for call in reversed(tg.calls) if call.method.lower() == "getupdates")
        self.burst()
        await self.until(lambda: poll.outcome == "ok" and poll.result)
        if moment == "first committed":
            await self.until(lambda: self.stored > already)
        elif moment == "all committed":
            await self.until(lambda: self.stored >= already + BURST)
        elif moment == "any":
            await asyncio.sleep(self.random.uniform(0, ANY_MOMENT_SECONDS))
        await self.bot.kill()
        tg.clear_faults()
        taken = self.stored - already
        self.seen["none" if taken == 0 else "some" if taken < BURST else "all"] += 1
        assert len(tg.updates.waiting) >= BURST or moment == "any", "the offset was moved before the kill"

    async def all_said(self) -> None:
        """Let the bot say what waits: were there more new cards than a rush begins with, it would hold them back."""
        await self.bot.start()
        await self.around.until(lambda: self.store.number("SELECT count(*) FROM outbox") == 0, PATIENCE_SECONDS)


def _polls(calls: Iterable[ApiCall]) -> bool:
    """Does the bot wait for updates?"""
    return any(call.method.lower() == "getupdates" and call.outcome == "open" for call in calls)


async def play(folder: Path, moments: list[Moment], seed: int = 1) -> UpdateKills:
    """Play the kills one after the other, then let the bot finish, and check that nothing is lost or doubled."""
    async with settled_world(folder) as around:
        async with process(around, log_level="WARNING") as bot:
            game = UpdateKills(around, bot, ledger(around), Random(seed))
            for place, moment in enumerate(moments):
                if place % A_RUSH == A_RUSH - 1:
                    await game.all_said()
                await game.kill_at(moment)
            await bot.start()
            await around.until(lambda: all(around.desk.find(title) for title in game.sent), PATIENCE_SECONDS)
            await game.all_said()
        check(game)
        return game


def check(game: UpdateKills) -> None:
    """Every message is stored once, is acknowledged, and has its card."""
    around, sent = game.around, game.sent
    titles = [title for (title,) in game.store.rows("SELECT title FROM items ORDER BY id")]
    assert sorted(titles) == sorted(sent), "a submission was lost or stored twice"
    numbers = [number for (number,) in game.store.rows("SELECT number FROM submissions ORDER BY number")]
    assert numbers == list(range(1, len(sent) + 1))
    received = acknowledged(around.ana)
    assert set().union(*received) == set(numbers), "a message was not acknowledged"
    cards = Counter(text.partition("\n")[0] for text in around.desk.texts if text.startswith("Story "))
    assert set(cards) == set(sent)
    # A post has no name by which Telegram would know it again: what was under way at a kill may come a second time.
    # One message is under way in each chat, so a kill doubles at most one card and one acknowledgement.
    assert cards.total() - len(sent) <= game.bot.kills
    doubled = [each for place, each in enumerate(received) if each & set().union(*received[:place])]
    assert len(doubled) <= game.bot.kills


@pytest.mark.system
@pytest.mark.timeout(180)
async def test_kills_around_the_commit_of_an_update_lose_and_double_no_submission(tmp_path: Path) -> None:
    game = await play(tmp_path, ["fetched", "all committed"])
    assert game.seen["none"] >= 1, "no kill came between fetching and committing"
    assert game.seen["all"] >= 1, "no kill came between committing and confirming"


@pytest.mark.system
@pytest.mark.timeout(180)
async def test_a_kill_in_a_rush_loses_and_doubles_nothing_of_what_telegram_gives_no_more(tmp_path: Path) -> None:
    async with settled_world(tmp_path, quota_contributor=0) as around, process(around, log_level="WARNING") as bot:
        store = ledger(around)
        game = UpdateKills(around, bot, store, Random(1))
        around.tg.fault("flood", method="sendMessage", times=None, retry_after=1)  # so that it only stores
        for number in range(RUSH):
            around.ana.send(f"http://herald.example/rush/{number}")
        await bot.start()
        await game.until(lambda: game.stored and not around.tg.updates.waiting)
        await bot.kill()
        stored, kept = game.stored, store.number(KEPT)
        assert 0 < stored < RUSH, "no kill came in the middle of the rush"
        assert stored + kept == RUSH, "what Telegram gives no more is neither stored nor kept"
        around.tg.clear_faults()
        await bot.start()
        await around.until(lambda: store.number(STORED) == RUSH and store.number(KEPT) == 0, PATIENCE_SECONDS)
        await around.until(lambda: set().union(*acknowledged(around.ana)) == set(range(1, RUSH + 1)), PATIENCE_SECONDS)
    links = [url for (url,) in store.rows("SELECT url FROM citations ORDER BY item_id")]
    assert links == [f"http://herald.example/rush/{number}" for number in range(RUSH)]


@pytest.mark.crash
@pytest.mark.timeout(900)
async def test_thirty_messages_and_fifteen_kills_lose_and_double_no_submission(tmp_path: Path) -> None:
    moments: list[Moment] = [*MOMENTS * 3, *["any"] * 6]
    game = await play(tmp_path, moments)
    print(f"{game.bot.kills} kills, of the burst were stored at each: {dict(game.seen)}")
    assert len(game.sent) == 30
    assert game.seen["none"] >= 3
    assert game.seen["all"] >= 3
