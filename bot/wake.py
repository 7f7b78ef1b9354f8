"""What work waiting in the store is woken by, and what lets it wait while people are being answered."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.ports import Clock

Hears = Callable[[], bool]


def always() -> bool:
    return True


def never() -> bool:
    """Go by the clock alone."""
    return False


class Bell:
    """Wakes every sleeper that hears it; a ring while nobody waits is kept for the next one."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self._hears: dict[str, Hears] = {}

    def ring(self) -> None:
        for name, event in self._waiting.items():
            if self._hears[name]():
                event.set()

    def end(self) -> None:
        """Wake those too who do not hear it: it is time to end."""
        for event in self._waiting.values():
            event.set()

    async def wait(self, name: str, clock: Clock, seconds: float, hears: Hears = always) -> None:
        """Wait for a ring, at most so many seconds of the clock; `name` is the one who waits.

        `hears` tells at each ring whether it may concern them.
        """
        event = self._waiting.setdefault(name, asyncio.Event())
        self._hears[name] = hears
        sleeper = asyncio.ensure_future(clock.sleep(seconds))
        rung = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait((sleeper, rung), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleeper, rung):
                task.cancel()
            event.clear()


BRIEFLY_SECONDS = 0.2  # how long a piece of work that is under way already lets updates pass


class Rush:
    """Tells when updates are being dealt with, so that what can wait lets them pass."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self._over.set()

    def begins(self) -> None:
        self._over.clear()

    def ends(self) -> None:
        self._over.set()

    async def over(self, seconds: float = BRIEFLY_SECONDS) -> None:
        """Return when nothing waits any more, at most after so many real seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
