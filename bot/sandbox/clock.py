"""The sandbox's clock: one time for the bot and everything around it, which may run fast, stand still or jump."""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

_LONGEST_WAIT_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Rate:
    """How clock time follows real time: it was `start` at the real time `anchor`, and has run at `speed` since."""

    start: datetime
    anchor: float
    speed: float

    def at(self, real: float) -> datetime:
        """The clock's time at a real time."""
        return self.start + timedelta(seconds=(real - self.anchor) * self.speed)

    def line(self) -> str:
        """The rate as one line of a clock file."""
        return f"{self.start.isoformat()} {self.anchor!r} {self.speed!r}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """The rate that a line of a clock file tells; ValueError when it is not one."""
        start, anchor, speed = line.split()
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None:
            raise ValueError(f"the clock's start {start!r} has no time zone")
        return cls(moment.astimezone(UTC), float(anchor), float(speed))


class Clock:
    """A clock with a speed; with a file, every process that reads the same file has the same time."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0, file: Path | None = None) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._rate = Rate(start or datetime.now(UTC), time.time(), speed)
        if file is not None and start is None and file.exists():
            self._read()
        else:
            self._set(self._rate)

    @classmethod
    def follow(cls, file: Path) -> Self:
        """The clock of an existing file, whoever writes it; FileNotFoundError when there is none."""
        if not file.exists():
            raise FileNotFoundError(file)
        return cls(file=file)

    @property
    def speed(self) -> float:
        """Clock seconds per real second; 0 is a pause."""
        return self._current().speed

    @property
    def line(self) -> str:
        """`START ANCHOR SPEED`, as it stands in the file."""
        return self._current().line().strip()

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._current().at(time.time())

    async def sleep(self, seconds: float) -> None:
        """Return when that much clock time has passed, whatever happens to the speed meanwhile."""
        end = self.now() + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        while (left := (end - self.now()).total_seconds()) > 0:
            speed = self.speed
            real = left / speed if speed > 0 else _LONGEST_WAIT_SECONDS
            await asyncio.sleep(min(real, _LONGEST_WAIT_SECONDS))

    def jump(self, by: timedelta) -> None:
        """Move the time at once."""
        real = time.time()
        rate = self._current()
        self._set(Rate(rate.at(real) + by, real, rate.speed))

    def set_speed(self, speed: float) -> None:
        """Run at another speed from this moment on; 0 pauses."""
        if speed < 0:
            raise ValueError("a clock does not run backwards")
        real = time.time()
        self._set(Rate(self._current().at(real), real, speed))

    def _current(self) -> Rate:
        if self._file is not None and self._stamp(self._file) != self._seen:
            self._read()
        return self._rate

    def _stamp(self, file: Path) -> tuple[int, int] | None:
        # The inode as well: two changes may fall into one tick of the file system's time.
        try:
            found = file.stat()
        except FileNotFoundError:
            return self._seen  # whoever wrote it is gone; the time goes on as it did
        return found.st_ino, found.st_mtime_ns

    def _read(self) -> None:
        if self._file is None:
            return
        self._seen = self._stamp(self._file)
        self._rate = Rate.parse(self._file.read_text(encoding="ascii"))

    def _set(self, rate: Rate) -> None:
        self._rate = rate
        if self._file is None:
            return
        fresh = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        fresh.write_text(rate.line(), encoding="ascii")
        fresh.replace(self._file)
        self._seen = self._stamp(self._file)
