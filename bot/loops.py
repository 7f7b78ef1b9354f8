"""The loops of a running bot: each does what waits in the store, is begun again when it breaks, and ends in order."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.logs import logger
from bot.services import Services
from bot.wake import always, never

STOP_SECONDS = 5.0
AGAIN_SECONDS = 5.0
LET_PASS_SECONDS = 4.0  # how long a step lets updates pass, so that many links at once are stored before they are read
Job = Callable[[], Awaitable[None]]
log = logger("loops")


async def loop(
    name: str,
    services: Services,
    step: Callable[[], Awaitable[int]],
    stop: asyncio.Event,
    look_again: Callable[[], float],
    *,
    by_clock: bool = False,
    reads: str = "",
) -> None:
    """Do what waits in the store; with nothing left, wait for the bell, or look again after so many seconds.

    To look costs as much as to do: what only time brings goes `by_clock`, and what comes only by rows of one table
    names it in `reads` and is not woken when nothing was written there.
    """
    while not stop.is_set():
        await services.rush.over(LET_PASS_SECONDS)
        hears = never if by_clock else services.store.changes(reads) if reads else always
        try:
            dealt_with = await step()
        except Exception:
            log.exception("a step failed; it is tried again", loop=name)
            dealt_with = 0
        if dealt_with == 0:
            await services.bell.wait(name, services.clock, look_again(), hears)
        elif name != "outbox":
            services.bell.ring()  # what was read is a card now


async def kept_going(job: Job) -> None:
    """Run a part of the bot until it is done; one that breaks is begun again."""
    while True:
        try:
            await job()
            return
        except Exception:
            log.exception("a part of the bot broke and is begun again")
        await asyncio.sleep(AGAIN_SECONDS)


async def wind_down(tasks: list[asyncio.Task[None]], services: Services, stop: asyncio.Event) -> None:
    """Let each loop end the step it is in: what was said and not written down would be said again."""
    stop.set()
    services.bell.end()
    await asyncio.wait(tasks, timeout=STOP_SECONDS)
    await cancel(tasks)


async def cancel(tasks: list[asyncio.Task[None]]) -> None:
    """End these tasks, and wait until they are ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
