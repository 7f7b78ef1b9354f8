"""What work waiting in the store is woken by, and what lets it wait while people are being answered."""

import asyncio
from contextlib import suppress

from bot.ports import Clock


class Bell:
    """Wakes every sleeper that waits; a ring while nobody waits is kept for the next one."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}

    def ring(self) -> None:
        for event in self._waiting.values():
            event.set()

    async def wait(self, name: str, clock: Clock, seconds: float) -> None:
        """Wait for a ring, at most so many seconds of the clock; `name` is the one who waits."""
        event = self._waiting.setdefault(name, asyncio.Event())
        sleeper = asyncio.ensure_future(clock.sleep(seconds))
        rung = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait((sleeper, rung), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeper, rung):
                task.cancel()
            event.clear()


class Rush:
    """Tells when updates are being dealt with, so that what can wait lets them pass."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self._over.set()

    def begins(self) -> None:
        self._over.clear()

    def ends(self) -> None:
        self._over.set()

    async def over(self, seconds: float) -> None:
        """Return when nothing waits any more, at most after so many real seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
