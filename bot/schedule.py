"""One ticking job; what is due stands in the store and is looked for on start as well."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

TICK_SECONDS = 5.0
DEMO_TICK_SECONDS = 0.25


def start(tick: Callable[[], Awaitable[None]], seconds: float = TICK_SECONDS) -> AsyncIOScheduler:
    """Start the scheduler with its one job, which never runs twice at a time and is never skipped for lateness."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        tick, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=1, id="tick"
    )
    scheduler.start()
    return scheduler
