"""A process that sends an issue to all readers of a store, and tells how long it took and how much it held."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from bot.delivery.mail import SmtpPool
from bot.delivery.plan import plan
from bot.logs import set_up
from bot.seal import Sealer, load_secret
from store.database import open_store
from tests.bench.closed_issue import close_for_all
from tests.bench.ledger_process import peak_megabytes
from tests.bench.mailing import IN_FLIGHT, drained
from tests.cast import KEY


async def broadcast(folder: Path, url: str) -> dict[str, Any]:
    """Plan and send; `folder` is that of the data."""
    store, sealer = await open_store(f"sqlite:///{folder}/bulletin.db"), Sealer(load_secret(KEY, folder))
    async with store.transaction(long=True) as tx:
        issue = await close_for_all(tx, 1)
    pool, start = SmtpPool(url, IN_FLIGHT, name="news.example"), time.perf_counter()
    await plan(store, issue)
    planned = time.perf_counter()
    try:
        await drained(store, pool, sealer)
    finally:
        await pool.close()
        await store.close()
    return {"planned": planned - start, "sent": time.perf_counter() - planned, "peak": peak_megabytes()}


if __name__ == "__main__":
    set_up("WARNING", "text", [])
    print(json.dumps(asyncio.run(broadcast(Path(sys.argv[1]), sys.argv[2]))))
