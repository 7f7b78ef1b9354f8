"""The ledger: writing a row for each of very many readers, and claiming and settling them a few at a time."""

import asyncio
import json
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from store import deliveries
from store import schema as t
from store.database import Store, Tx, open_store
from store.states import DeliveryState
from tests.bench.closed_issue import close
from tests.bench.figures import Figure
from tests.bench.ledger_process import planned, row_of
from tests.bench.mailing import IN_FLIGHT
from tests.bench.post_office import TOP
from tests.empty_store import empty_store

FEW = 10
ONE_BY_ONE = "a commit for each row"


async def measure(readers: int, rounds: int, settled: int, folder: Path, *, apart: bool = True) -> list[Figure]:
    """Plan for all readers and for a tenth of them; then claim and settle `settled` rows in each round.

    Memory is told only where planning has a process of its own (`apart`).
    """
    many = await _closed(folder / "many.db", readers)
    few = await _closed(folder / "few.db", readers // FEW)
    ours, tenth = await _plan(many, "in_batches", apart), await _plan(few, "in_batches", apart)
    listed, single = await _plan(many, "as_one_list", apart), await _planned_one_by_one(many, settled // FEW)
    store = await open_store(f"sqlite:///{many.with_suffix('.in_batches')}")
    try:
        pairs = [
            (await _rate(store, _eight, settled), await _rate(store, _one, settled // FEW)) for _ in range(rounds + 1)
        ]
    finally:
        await store.close()
    return [
        Figure("rows planned", ONE_BY_ONE, ours["rows"] / ours["seconds"], single, "1/s", more_is_better=True),
        Figure("memory while planning", "all rows in a list", ours["peak"], listed["peak"], "MB at most"),
        Figure("memory while planning", f"{1 / FEW:.0%} of the readers", ours["peak"], tenth["peak"], "MB at most"),
        Figure.of_rounds("rows claimed and settled", ONE_BY_ONE, pairs[1:], "1/s", more_is_better=True),
    ]


async def _closed(file: Path, readers: int) -> Path:
    store = await empty_store(file)
    await close(store, readers)
    await store.close()
    return file


async def _plan(file: Path, way: str, apart: bool) -> dict[str, Any]:
    """Plan on a copy, in a process of its own where that matters."""
    copy = Path(shutil.copy(file, file.with_suffix(f".{way}")))
    if not apart:
        return await planned(f"sqlite:///{copy}", way)
    command = (sys.executable, "-m", "tests.bench.ledger_process", f"sqlite:///{copy}", way)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=TOP)
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"planning {way} failed")
    found: dict[str, Any] = json.loads(told)
    return found


async def _planned_one_by_one(file: Path, rows: int) -> float:
    """Return how many rows a second are written where each has a commit of its own."""
    store = await open_store(f"sqlite:///{file}")
    start = time.perf_counter()
    for reader in range(1, rows + 1):
        async with store.transaction() as tx:
            await tx.execute(insert(t.deliveries).values(row_of(reader)))
    seconds = time.perf_counter() - start
    await store.close()
    return rows / seconds


async def _rate(store: Store, step: Callable[[Store, list[int]], Awaitable[list[int]]], rows: int) -> float:
    start, under_way, begun = time.perf_counter(), list[int](), 0
    while begun < rows:
        under_way = await step(store, under_way)
        begun += len(under_way)
        if not under_way:
            raise RuntimeError("the ledger has no more rows to claim")
    await step(store, under_way)
    return rows / (time.perf_counter() - start)


async def _eight(store: Store, under_way: list[int]) -> list[int]:
    """Settle what was under way and claim the next ones in one commit, as the drain does."""
    async with store.transaction() as tx:
        await deliveries.record_sent(tx, under_way)
        return await _claim(tx, IN_FLIGHT)


async def _one(store: Store, under_way: list[int]) -> list[int]:
    for row in under_way:
        async with store.transaction() as tx:
            await deliveries.record(tx, row, DeliveryState.SENT)
    async with store.transaction() as tx:
        return await _claim(tx, 1)


async def _claim(tx: Tx, limit: int) -> list[int]:
    return [row.id for row in await deliveries.claim_mail(tx, datetime.now(UTC), limit)]
