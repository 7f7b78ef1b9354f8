"""Many presses on one card at the same time, from two moderators, over eight connections: one effect."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from bot.render import reasons
from bot.sandbox.telegram import Message
from store import audit, items
from store.records import Item
from store.states import ItemState
from tests.cast import World, settled_world
from tests.system.servers import free_ports

pytestmark = pytest.mark.system

TOP = Path(__file__).parents[2]
CONNECTIONS = 8
PRESSES = 50
ROUNDS = 3
MANY_ROUNDS = 100
EFFECTS = ("approve", "reject", "undo")
MORE_THAN_ONE = "presses of one round took effect more than once, or not at all"
CONDITION = "c.id == item_id, c.revision == revision, c.state.in_(list(states))"
WITHOUT = "c.id == item_id, c.state.in_(list(states))"


@dataclass
class Trace:
    """Which updates were inside the bot at the same time, `most` is how many at once, and in which order they came."""

    inside: set[int] = field(default_factory=set)
    came: list[int] = field(default_factory=list)
    most: int = 0
    overlapping: int = 0

    def begin(self) -> None:
        """Forget what was seen before."""
        self.came, self.most = [], 0

    async def come(self, update: Update, _context: object) -> None:
        self.came.append(update.update_id)
        self.overlapping += bool(self.inside)
        self.inside.add(update.update_id)
        self.most = max(self.most, len(self.inside))

    async def go(self, update: Update, _context: object) -> None:
        self.inside.discard(update.update_id)


@asynccontextmanager
async def newsroom_with_a_webhook(folder: Path) -> AsyncIterator[World]:
    """A running bot to which Telegram brings the updates, with everybody in their role."""
    port = free_ports(1)[0]
    own = {"telegram_webhook": f"http://127.0.0.1:{port}", "web_listen": f"127.0.0.1:{port}"}
    async with settled_world(folder, **own) as around, around.running():
        yield around


@dataclass
class Race:
    """One card, pressed in rounds; each round begins with a pending item and an Undo of the round before."""

    newsroom: World
    card: Message
    item_id: int
    random: Random
    stale_undo: str = ""
    winners: Counter[str] = field(default_factory=Counter)

    async def item(self) -> Item:
        async with self.newsroom.services.store.reading() as tx:
            found = await items.get(tx, self.item_id)
        assert found is not None
        return found

    async def effects(self) -> list[str]:
        async with self.newsroom.services.store.reading() as tx:
            done = await audit.acts(tx, f"item {self.item_id}")
        return [act for _, act in done if act in EFFECTS]

    async def press(self, *data: str) -> None:
        """Let Boris and Clara press these in turn, all at once, and wait until every press is answered."""
        hands = (self.newsroom.boris, self.newsroom.clara)
        presses = [hands[n % 2].press_data(self.card, one) for n, one in enumerate(data)]
        await self.newsroom.until(lambda: all(press.answered for press in presses), 30)

    async def decide_once(self, sections: list[int]) -> None:
        """Approve the item and take it back, so that an Undo is left on somebody's screen."""
        item = await self.item()
        await self.press(f"v1:into.{sections[0]}:{item.id}:{item.revision}")
        self.stale_undo = f"v1:undo:{item.id}:{item.revision + 1}"
        await self.press(self.stale_undo)

    async def play(self, sections: list[int]) -> None:
        """Play one round and count what it did."""
        item = await self.item()
        assert item.state == ItemState.PENDING
        into = [f"v1:into.{section}:{item.id}:{item.revision}" for section in sections]
        because = [f"v1:because.{reasons.mark(reason)}:{item.id}:{item.revision}" for reason in reasons.HOUSE]
        pressed = self.random.choices([*into, *because, self.stale_undo, self.stale_undo], k=PRESSES - 3)
        pressed += [into[0], because[0], self.stale_undo]
        self.random.shuffle(pressed)
        before = await self.effects()
        await self.press(*pressed)
        effects = (await self.effects())[len(before) :]
        assert len(effects) == 1, f"{MORE_THAN_ONE}: {effects}"
        self.winners[effects[0]] += 1
        decided = await self.item()
        assert decided.revision == item.revision + 1
        self.stale_undo = f"v1:undo:{item.id}:{decided.revision}"
        await self.press(self.stale_undo)


async def race(folder: Path, rounds: int) -> None:
    """Play that many rounds in one newsroom, and check what was seen of them."""
    async with newsroom_with_a_webhook(folder) as newsroom:
        trace = Trace()
        for group, mark in ((-1, trace.come), (1, trace.go)):
            newsroom.app.application.add_handler(TypeHandler(Update, mark), group)
        article = newsroom.site.add_article("http://herald.example/a", "One card", "Herald", "2026-11-15", "en")
        newsroom.ana.send(article.url)
        card = await newsroom.card("One card")
        newsroom.clock.set_speed(1)  # cards are not drawn again meanwhile: the pace of a group
        found = [data.split(":") for row in card.buttons for data in [row[0].data or "", row[-1].data or ""]]
        sections = sorted({int(parts[1].partition(".")[2]) for parts in found if parts[1].startswith("into.")})
        game = Race(newsroom, card, int(found[0][2]), Random(rounds))
        await game.decide_once(sections)
        for _ in range(rounds):
            await game.play(sections)
        assert len(sections) == 5
        assert (await game.effects()).count("undo") == rounds + 1
        assert set(game.winners) <= {"approve", "reject"}
        assert newsroom.tg.webhook.busiest == CONNECTIONS
        assert trace.most > CONNECTIONS // 2
        assert trace.overlapping > rounds * PRESSES // 2
        print(f"{rounds} rounds of {PRESSES} presses: {dict(game.winners)}, {trace.most} handlers at once, ", end="")
        print(f"{trace.overlapping} updates came while another was dealt with")


async def test_fifty_presses_at_once_on_one_card_have_one_effect(tmp_path: Path) -> None:
    await race(tmp_path, ROUNDS)


@pytest.mark.crash
@pytest.mark.timeout(600)
async def test_a_hundred_rounds_of_fifty_presses_have_one_effect_each(tmp_path: Path) -> None:
    await race(tmp_path, MANY_ROUNDS)


@pytest.mark.crash
def test_without_the_condition_on_the_revision_the_race_is_lost(tmp_path: Path) -> None:
    for room in ("bot", "handlers", "store", "tests"):
        shutil.copytree(TOP / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "golden", "unit"))
    shutil.copy(TOP / "pyproject.toml", tmp_path)
    rule = tmp_path / "store" / "items.py"
    assert CONDITION in rule.read_text()
    rule.write_text(rule.read_text().replace(CONDITION, WITHOUT))
    chosen = f"tests/flows/test_races.py::{test_fifty_presses_at_once_on_one_card_have_one_effect.__name__}"
    command = [sys.executable, "-m", "pytest", "-m", "", "-p", "no:cacheprovider", "-p", "no:xdist", chosen]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)
    assert found.returncode == pytest.ExitCode.TESTS_FAILED, found.stdout + found.stderr
    assert MORE_THAN_ONE in found.stdout
