"""Intake: links that many people send at once to a bot with very many items, beside a plain bot that only stores."""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from itertools import cycle
from pathlib import Path
from random import Random

from sqlalchemy import insert

from bot import people
from bot.logs import set_up
from bot.sandbox.bot_process import BotProcess
from bot.sandbox.clock import Clock
from bot.sandbox.telegram import Message, Person, TelegramWorld
from bot.seal import Sealer
from store import bulletins
from store import schema as t
from store.database import Tx, open_store
from store.states import ItemState, Role
from store.titles import marks
from tests.bench.figures import Figure
from tests.bench.rush import Outcome, Rush, peak_megabytes, rush
from tests.cast import KEY, MONDAY, TOKEN, World, settled_world
from tests.flows.world_process import TOP, ledger, process

SENDERS = 20
CARDS = 8
LINKS_A_MESSAGE = (1, 50)
PAPERS = 40
START_SECONDS = 30.0
TICK = 0.01  # seconds, the least that a process is seen to work
PLAIN = "a plain bot that stores a row for each link"
NEWEST = "SELECT COALESCE(MAX(id), 0) FROM submissions"
UNHEARD = """SELECT COUNT(*) FROM submissions WHERE id > ? AND NOT EXISTS
    (SELECT 1 FROM cards WHERE kind = 'ack' AND subject_id = submissions.id)"""
CITED = "SELECT COALESCE(MAX(id), 0) FROM citations"
STORED = "SELECT COUNT(DISTINCT canonical) FROM citations WHERE id > ? AND canonical LIKE ?"


async def measure(items: int, links: int, folder: Path) -> list[Figure]:
    """Let links come at once, first one a message, then fifty a message; so many items are there before."""
    (folder / "intake").mkdir()
    async with settled_world(folder / "intake", quota_contributor=0) as world:
        senders = [world.tg.person(f"Sender {number}") for number in range(SENDERS)]
        await fill(world, items, senders)
        async with process(world, demo_clock="") as bot:
            await bot.start()
            buttons = cycle(await card_buttons(world))
            world.clock.set_speed(1.0)
            pid = _pid(bot)
            ours = [await rush_of(world, senders, buttons, links, each, pid) for each in LINKS_A_MESSAGE]
            memory = peak_megabytes(pid)
    async with _plain_bot(folder / "plain.db") as (tg, bot):
        senders = [tg.person(f"Sender {number}") for number in range(SENDERS)]
        plain, pid = folder / "plain.db", _pid(bot)
        theirs = [await _theirs(tg, senders, plain, links, each, pid) for each in LINKS_A_MESSAGE]
        least = peak_megabytes(pid)
    figures: list[Figure] = []
    for each, mine, other in zip(LINKS_A_MESSAGE, ours, theirs, strict=True):
        figures += _figures(f"{links:,} links, {each} a message", mine, other)
    return [*figures, Figure("memory of the bot meanwhile", PLAIN, memory, least, "MB at most", limit=200)]


def _figures(what: str, mine: Outcome, other: Outcome) -> list[Figure]:
    heard, press = "which says nothing, stores", "slowest press"
    return [
        Figure(f"{what}: stored", PLAIN, mine.stored, other.stored, "s", limit=5),
        Figure(f"{what}: acknowledged", f"{PLAIN}, {heard}", mine.acknowledged, other.stored, "s", limit=10),
        Figure(f"{what}: CPU until stored", PLAIN, mine.cpu, max(TICK, other.cpu), "s"),
        Figure(f"{what}: {press}", PLAIN, mine.slowest_press * 1e3, other.slowest_press * 1e3, "ms", limit=300),
    ]


def _address(each: int, number: int) -> str:
    return f"http://paper-{number % PAPERS}.example/2026/11/rush-{each}-{number}"


def _texts(each: int, share: int) -> Iterator[list[str]]:
    """Return the messages of one sender after the other."""
    for first in range(0, SENDERS * share, share):
        own = [_address(each, number) for number in range(first, first + share)]
        yield ["\n".join(own[start : start + each]) for start in range(0, share, each)]


def _shared(senders: list[Person], links: int, each: int) -> Rush:
    share = links // SENDERS
    return Rush(list(zip(senders, _texts(each, share), strict=True)), share * SENDERS)


async def rush_of(
    world: World, senders: list[Person], buttons: Iterator[tuple[Message, str]], links: int, each: int, pid: int
) -> Outcome:
    """Let the senders send so many links to our bot, which is the process `pid`, `each` in a message."""
    for number in range(links):
        world.site.add_article(_address(each, number), f"Story {each} of {number}", "Paper", "2026-11-15", "en")
    store = ledger(world)
    before, cited = store.number(NEWEST), store.number(CITED)
    return await rush(
        _shared(senders, links, each),
        lambda: store.number(STORED, cited, f"%/rush-{each}-%"),
        lambda: store.number(UNHEARD, before) == 0,
        lambda: world.boris.press_data(*next(buttons)),
        pid,
    )


async def card_buttons(world: World) -> list[tuple[Message, str]]:
    """Return a button of each of some cards; a card that was decided by it answers that it is."""
    world.ana.send("\n".join(_address(0, number) for number in range(CARDS)))
    cards: list[Message] = await world.until(lambda: _cards(world), START_SECONDS)
    return [(card, next(button.data for row in card.buttons for button in row if button.data)) for card in cards]


def _cards(world: World) -> list[Message]:
    cards = [message for message in world.desk.visible() if message.buttons]
    return cards if len(cards) >= CARDS else []


async def fill(world: World, count: int, senders: list[Person]) -> None:
    """Let the senders in, and store so many items of before."""
    store = await open_store(f"sqlite:///{world.settings.data_dir / 'bulletin.db'}")
    sealer, random, now = Sealer(KEY.encode()), Random(32), world.clock.now()
    async with store.transaction() as tx:
        for sender in senders:
            await people.admit(tx, sealer, random, user=sender.id, role=Role.CONTRIBUTOR, language="en", now=now)
        await _add_items(tx, random, count)
    await store.close()


async def _add_items(tx: Tx, random: Random, count: int) -> None:
    bulletin = await bulletins.first(tx)
    assert bulletin is not None
    syllables = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
    names = ["".join(random.choices(syllables, k=3)) for _ in range(5_000)]
    titles = [" ".join(random.choices(names, k=8)) for _ in range(count)]
    row = {"bulletin_id": bulletin.id, "state": ItemState.IN_ISSUE, "created_at": MONDAY}
    await tx.execute(insert(t.items), [{**row, "title": title} for title in titles])
    old = [f"https://old.example/2025/{number}/a-longer-name" for number in range(count)]
    cited = [{"item_id": n, "position": 0, "url": url, "canonical": url} for n, url in enumerate(old, 1)]
    await tx.execute(insert(t.citations), cited)
    marked = [{"word": word, "item_id": n} for n, title in enumerate(titles, 1) for word in marks(title)]
    await tx.execute(insert(t.title_words), marked)


@asynccontextmanager
async def _plain_bot(database: Path) -> AsyncIterator[tuple[TelegramWorld, BotProcess]]:
    async with TelegramWorld(clock=Clock(MONDAY), token=TOKEN) as tg:
        command = (sys.executable, "-m", "tests.bench.plain_bot", tg.token, tg.api_url, str(database))
        bot = BotProcess(command, {**os.environ, "PYTHONPATH": str(TOP)}, database.parent)
        await bot.start()
        try:
            await tg.until(lambda: tg.calls_of("getUpdates"), START_SECONDS)
            yield tg, bot
        finally:
            await bot.stop()
            bot.log.unlink()


async def _theirs(tg: TelegramWorld, senders: list[Person], database: Path, links: int, each: int, pid: int) -> Outcome:
    moderator = tg.person("Boris")
    card = moderator.send("a card")

    def stored() -> int:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT COUNT(*) FROM links WHERE url LIKE ?", (f"%/rush-{each}-%",)).fetchone()[0])

    sent = _shared(senders, links, each)
    return await rush(sent, stored, lambda: True, lambda: moderator.press_data(card, "approve"), pid)


def _pid(bot: BotProcess) -> int:
    """Return the process of a bot that runs; its children, which read pages, are not part of it."""
    assert bot.pid is not None
    return bot.pid


if __name__ == "__main__":
    set_up("WARNING", "text", [])
    measured = asyncio.run(measure(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
    print(json.dumps([asdict(figure) for figure in measured]))
