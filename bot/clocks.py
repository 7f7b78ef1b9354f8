"""The clocks: the system's, and the sandbox's clock file that the demo and the tests go by."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import OperatorError

LONGEST_WAIT_SECONDS = 0.05
SHORTEST_WAIT_SECONDS = 0.01


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class DemoClock:
    """Follows a clock file of one line, `START ANCHOR SPEED`: it was START at the real time ANCHOR, and has run since.

    The file may change at any time; nobody is woken more often than every hundredth of a real second.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._sleepers: dict[asyncio.Future[None], datetime] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._start, self._anchor, self._speed = datetime.now(UTC), time.time(), 1.0
        self._look()

    def now(self) -> datetime:
        self._look()
        return self._start + timedelta(seconds=(time.time() - self._anchor) * self._speed)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        over = asyncio.get_running_loop().create_future()
        self._sleepers[over] = self.now() + timedelta(seconds=seconds)
        self._set_alarm()
        try:
            await over
        finally:
            self._sleepers.pop(over, None)
            if not self._sleepers and self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None

    def _set_alarm(self) -> None:
        """Look at the sleepers when the first of them is due, yet soon enough to see that the clock was moved."""
        loop = asyncio.get_running_loop()
        left = (min(self._sleepers.values()) - self.now()).total_seconds()
        real = left / self._speed if self._speed > 0 else LONGEST_WAIT_SECONDS
        due = loop.time() + min(max(real, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        if self._alarm is None or due < self._alarm.when():
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm = loop.call_at(due, self._wake)

    def _wake(self) -> None:
        self._alarm = None
        now = self.now()
        for over in [over for over, end in self._sleepers.items() if end <= now]:
            del self._sleepers[over]
            if not over.done():
                over.set_result(None)
        if self._sleepers:
            self._set_alarm()

    def _look(self) -> None:
        try:
            found = self._file.stat()
            if (found.st_ino, found.st_mtime_ns) == self._seen:
                return
            start, anchor, speed = self._file.read_text(encoding="ascii").split()
        except FileNotFoundError:
            if self._seen is None:
                raise OperatorError(f"BULLETIN_DEMO_CLOCK names {self._file}, which is not there.") from None
            return
        self._seen = (found.st_ino, found.st_mtime_ns)
        self._start, self._anchor, self._speed = datetime.fromisoformat(start), float(anchor), float(speed)
