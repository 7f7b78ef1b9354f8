"""One visit to a page, by the guarded fetch or by httpx as it comes, in a process whose memory is its own."""

import asyncio
import json
import resource
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from bot.errors import Unreadable
from bot.intake.fetching.fetch import GuardedFetcher

LIMIT_SECONDS = 5.0


async def visit(how: str, url: str, limit_seconds: float, patience_seconds: float) -> None:
    """Visit one page by the one or the other, and leave when patience ends."""
    with suppress(Unreadable, TimeoutError):
        async with asyncio.timeout(patience_seconds):
            if how == "guarded":
                ports = (urlsplit(url).port or 80,)
                fetcher = GuardedFetcher(policy=lambda address: True, ports=ports, total_seconds=limit_seconds)
                await fetcher.fetch(url)
            else:
                async with httpx.AsyncClient(timeout=limit_seconds, trust_env=False) as client:
                    await client.get(url)


async def main(how: str, site: str, path: str, *seconds: str) -> None:
    """Make an ordinary visit, then the one that is measured."""
    limit, patience = map(float, seconds)
    await visit(how, f"{site}/", LIMIT_SECONDS, LIMIT_SECONDS)
    before, begun = _peak_megabytes(), time.perf_counter()
    await visit(how, f"{site}{path}", limit, patience)
    print(json.dumps({"seconds": time.perf_counter() - begun, "megabytes": _peak_megabytes() - before}))


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
