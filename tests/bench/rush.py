"""A rush: links that many people send at once, while somebody presses buttons; what came of it, and how soon."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.sandbox.telegram import Person, Press

LOOK_SECONDS = 0.01
PRESS_EVERY_SECONDS = 0.15
GIVEN_UP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Rush:
    """What is sent at once: for each person the texts of their messages, with so many links in all."""

    sent: Sequence[tuple[Person, Sequence[str]]]
    links: int


@dataclass(slots=True)
class Outcome:
    """Seconds from the sending until all is stored and acknowledged, and how long presses waited meanwhile.

    `cpu` are the seconds that the bot's process worked until all was stored, which is less moved by what else runs.
    """

    stored: float = 0.0
    acknowledged: float = 0.0
    cpu: float = 0.0
    presses: list[float] = field(default_factory=list)

    @property
    def slowest_press(self) -> float:
        return max(self.presses, default=0.0)


async def rush(
    links: Rush, stored: Callable[[], int], acknowledged: Callable[[], bool], press: Callable[[], Press], pid: int
) -> Outcome:
    """Let everybody send at once, and wait until every link is stored and everybody has heard of it."""
    outcome, start, worked = Outcome(), time.perf_counter(), cpu_seconds(pid)
    for person, texts in links.sent:
        for text in texts:
            person.send(text)
    over = asyncio.Event()
    pressing = asyncio.create_task(_press_until(over, press, outcome))
    try:
        async with asyncio.timeout(GIVEN_UP_SECONDS):
            await _until(lambda: stored() >= links.links)
            outcome.stored, outcome.cpu = time.perf_counter() - start, cpu_seconds(pid) - worked
            await _until(acknowledged)
            outcome.acknowledged = time.perf_counter() - start
            over.set()
            await pressing
    except TimeoutError:
        raise RuntimeError(f"of {links.links} links only {stored()} are stored and heard of") from None
    finally:
        pressing.cancel()
    return outcome


async def _until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 (another process makes it true)
        await asyncio.sleep(LOOK_SECONDS)


async def _press_until(over: asyncio.Event, press: Callable[[], Press], outcome: Outcome) -> None:
    """Press one button after the other, each when the one before is answered."""
    while not over.is_set():
        start, pressed = time.perf_counter(), press()
        await _until(partial(getattr, pressed, "answered"))
        outcome.presses.append(time.perf_counter() - start)
        await asyncio.sleep(PRESS_EVERY_SECONDS)


def cpu_seconds(pid: int) -> float:
    """Return how long a process has worked, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a process has held."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
