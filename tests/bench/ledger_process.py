"""A process that writes the ledger of one closed issue and tells how long it took and how much memory it held."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot.delivery.plan import plan
from bot.logs import set_up
from store import issues
from store import schema as t
from store.database import Store, open_store


async def in_batches(store: Store) -> None:
    """As the bot does."""
    async with store.reading() as tx:
        issue = await issues.get(tx, 1)
    assert issue is not None
    assert await plan(store, issue)


async def as_one_list(store: Store) -> None:
    """As a first draft does: all readers into a list, a row for each, one statement."""
    async with store.transaction() as tx:
        readers = (await tx.execute(select(t.subscriptions.c.id))).scalars().all()
        await tx.execute(insert(t.deliveries), [row_of(reader) for reader in readers])


def row_of(reader: int) -> dict[str, object]:
    return {"issue_id": 1, "kind": "mail", "target_id": reader, "part": 0, "state": "queued"}


WAYS = {way.__name__: way for way in (in_batches, as_one_list)}


def peak_megabytes() -> float:
    """Return the most memory this program held; what getrusage tells counts that of the parent in (Linux)."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


async def planned(address: str, way: str) -> dict[str, Any]:
    """Plan in one of the ways, and tell how many rows were written, how long it took and the most memory held."""
    store = await open_store(address, create=False)
    start = time.perf_counter()
    await WAYS[way](store)
    seconds = time.perf_counter() - start
    peak = peak_megabytes()
    async with store.reading() as tx:
        written = (await tx.exec_driver_sql("SELECT count(*) FROM deliveries")).scalar()
    await store.close()
    return {"rows": written, "seconds": seconds, "peak": peak}


if __name__ == "__main__":
    set_up("WARNING", "text", [])
    print(json.dumps(asyncio.run(planned(*sys.argv[1:]))))
