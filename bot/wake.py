"""What work waiting in the store is woken by, and what lets it wait while people are being answered."""

import asyncio
from contextlib import suppress

from bot.ports import Clock


class Bell:
    """Wakes every sleeper that waits for it; a ring while nobody waits is kept for the next one."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Event] = {}
        self._deaf: set[str] = set()

    def ring(self) -> None:
        for name, event in self._waiting.items():
            if name not in self._deaf:
                event.set()

    def end(self) -> None:
        """Wake those too who go by the clock alone: it is time to end."""
        for event in self._waiting.values():
            event.set()

    async def wait(self, name: str, clock: Clock, seconds: float, *, deaf: bool = False) -> None:
        """Wait for a ring, at most so many seconds of the clock; `name` is the one who waits.

        Who is `deaf` waits for the clock alone.
        """
        event = self._waiting.setdefault(name, asyncio.Event())
        if deaf:
            self._deaf.add(name)
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
