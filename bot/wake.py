"""A bell that work waiting in the store is rung by, so that nothing waits for the next look."""

import asyncio

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
