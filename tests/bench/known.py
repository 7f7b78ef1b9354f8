"""The known-already look-up: how long it takes to find whether the bulletin has had this address before."""

import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from store import bulletins, items
from store import schema as t
from store.database import Store, Tx, open_store
from store.states import ItemState
from tests.bench.figures import Figure

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
SCAN = "SELECT item_id FROM citations NOT INDEXED WHERE canonical = ?"


def canonical(item: int) -> str:
    return f"https://paper-{item % 40}.example/2026/11/{item}/a-story-with-a-longer-name"


async def measure(count: int, rounds: int, looks: int, folder: Path) -> list[Figure]:
    """Look for addresses among so many items, every second of them unknown."""
    store = await open_store(f"sqlite:///{folder / 'known.db'}")
    try:
        await _fill(store, count)
        asked = [canonical(n * (count // looks) + (count if n % 2 else 0)) for n in range(looks)]
        async with store.reading() as tx:
            pairs = [(await _looked_up(tx, asked), await _scanned(tx, asked)) for _ in range(rounds + 1)]
    finally:
        await store.close()
    what = f"known already among {count:,} items"
    return [Figure.of_rounds(what, "a scan", pairs[1:], "µs")]


async def _fill(store: Store, count: int) -> None:
    async with store.transaction() as tx:
        values = {"slug": "news", "title": "N", "language": "en", "timezone": "UTC", "schedule": "sun 18:00"}
        bulletin = await bulletins.add(tx, sections=[("News", "News")], **values)
        row = {"bulletin_id": bulletin, "state": ItemState.IN_ISSUE, "title": "A story", "created_at": NOW}
        await tx.execute(insert(t.items), [row] * count)
        cited = [{"item_id": n, "position": 0, "url": canonical(n), "canonical": canonical(n)} for n in range(1, count)]
        await tx.execute(insert(t.citations), cited)


async def _looked_up(tx: Tx, asked: list[str]) -> float:
    start = time.perf_counter()
    found = [len(await items.known(tx, 1, [address])) for address in asked]
    return _microseconds(start, found)


async def _scanned(tx: Tx, asked: list[str]) -> float:
    """Ask for the ids alone, which is less than the look-up returns."""
    start = time.perf_counter()
    found = [len((await tx.exec_driver_sql(SCAN, (address,))).all()) for address in asked]
    return _microseconds(start, found)


def _microseconds(start: float, found: list[int]) -> float:
    spent = time.perf_counter() - start
    if not 0 < sum(found) < len(found):
        raise RuntimeError("the look-up does not tell known addresses from unknown ones")
    return spent / len(found) * 1e6
