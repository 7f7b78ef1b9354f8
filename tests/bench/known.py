"""The known-already answer: how long it takes to find by address and title whether the bulletin had a story before."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from sqlalchemy import insert

from bot.intake.known import met_before
from bot.render.known import How
from store import bulletins, items
from store import schema as t
from store.database import Store, Tx
from store.records import Bulletin, Citation, Item
from store.states import ItemState
from store.titles import marks, words
from tests.bench.figures import Figure
from tests.empty_store import empty_store

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
VOCABULARY = 20_000
SERIES = 50
LIMIT_MS = 20.0
FULL_TEXT = (
    "CREATE VIRTUAL TABLE titles USING fts5(title)",
    "INSERT INTO titles (rowid, title) SELECT id, title FROM items",
)
SEARCHED = "SELECT rowid FROM titles WHERE titles MATCH ? ORDER BY rank LIMIT 40"
CITED = "SELECT item_id FROM citations WHERE canonical = ?"


def canonical(item: int) -> str:
    return f"https://paper-{item % 40}.example/2026/11/{item}/a-story-with-a-longer-name"


async def measure(count: int, rounds: int, looks: int, folder: Path) -> list[Figure]:
    """Time answers among so many items, and give the slowest but one in a hundred; the peer only ranks the titles."""
    store = await empty_store(folder / "known.db")
    try:
        bulletin = await _fill(store, count, looks)
        async with store.reading() as tx:
            asked = await items.in_states(tx, bulletin.id, ItemState.PENDING)
            pairs = [(await _answered(tx, bulletin, asked), await _searched(tx, asked)) for _ in range(rounds + 1)]
    finally:
        await store.close()
    figure = Figure.of_rounds(f"known already among {count:,} items, p99", "FTS5", pairs[1:], "ms")
    return [replace(figure, limit=LIMIT_MS)]


async def _fill(store: Store, count: int, looks: int) -> Bulletin:
    """Store old items, with words as frequent as words are, and new ones of which every kind of answer is asked."""
    draw = random.Random(32)
    titles = list(_titles(draw, count))
    async with store.transaction() as tx:
        values = {"slug": "news", "title": "N", "language": "en", "timezone": "UTC", "schedule": "sun 18:00"}
        bulletin = await bulletins.add(tx, sections=[("News", "News")], **values)
        row = {"bulletin_id": bulletin, "state": ItemState.REJECTED, "reason": "reason-known", "created_at": NOW}
        await tx.execute(insert(t.items), [{**row, "title": title} for title in titles])
        known = enumerate(titles, 1)
        await tx.execute(
            insert(t.title_words), [{"word": mark, "item_id": n} for n, title in known for mark in marks(title)]
        )
        cited = [{"item_id": n, "position": 0, "canonical": canonical(n), "url": canonical(n)} for n in range(1, count)]
        await tx.execute(insert(t.citations), cited)
        row |= {"state": ItemState.PENDING, "reason": ""}
        for n in range(looks):
            old = draw.randrange(1, count)
            address = canonical(old if n % 4 == 0 else count + n)
            title = _asked(draw, titles[old - 1], n % 4)
            await items.add(tx, citations=[Citation("", address, address)], **row, title=title)
        for statement in FULL_TEXT:
            await tx.exec_driver_sql(statement)
        return await bulletins.get(tx, bulletin)


def _titles(draw: random.Random, count: int) -> Iterator[str]:
    letters = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in "aeiou"]
    vocabulary = ["".join(draw.choices(letters, k=draw.randint(2, 5))) for _ in range(VOCABULARY)]
    often = list(accumulate(1 / (place + 3) for place in range(VOCABULARY)))
    for n in range(count):
        told = " ".join(draw.choices(vocabulary, cum_weights=often, k=draw.randint(5, 14)))
        yield f"War diary, day {n}" if n % SERIES == 0 else told


def _asked(draw: random.Random, title: str, kind: int) -> str:
    """Return a title as it is, without a word, or a new one of the same words and many more."""
    parts = title.split()
    if kind == 1:
        return title
    if kind == 2:
        return " ".join(parts[:-1])
    return " ".join(draw.sample(parts, len(parts) // 3) + [f"new{draw.randrange(VOCABULARY)}" for _ in parts])


async def _answered(tx: Tx, bulletin: Bulletin, asked: list[Item]) -> float:
    took: list[float] = []
    kinds: set[How | None] = set()
    for item in asked:
        start = time.perf_counter()
        found = await met_before(tx, bulletin, item)
        took.append(time.perf_counter() - start)
        kinds |= {known.how for known in found} or {None}
    if not {How.ADDRESS, How.TITLE, How.SIMILAR, None} <= kinds:
        raise RuntimeError("the answers do not tell known stories from new ones")
    return _slowest(took)


async def _searched(tx: Tx, asked: list[Item]) -> float:
    took = []
    for item in asked:
        query = " OR ".join(f'"{word}"' for word in words(item.title))
        start = time.perf_counter()
        (await tx.exec_driver_sql(CITED, (item.citations[0].canonical,))).all()
        (await tx.exec_driver_sql(SEARCHED, (query,))).all()
        took.append(time.perf_counter() - start)
    return _slowest(took)


def _slowest(took: list[float]) -> float:
    """Return the slowest time but one in a hundred, in milliseconds."""
    return sorted(took)[int(len(took) * 0.99) - 1] * 1000
