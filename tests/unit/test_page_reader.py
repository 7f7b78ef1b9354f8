"""The child process that reads pages: it may die of a page, and nothing else does."""

import asyncio
import json
import os
import resource
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile_pages import ALWAYS_WHOLE, HOSTILE, PIECE_BYTES

from bot.errors import Unreadable
from bot.intake.page.metadata import PageFacts, PageReader, read_page
from bot.ports import Page


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 2, 8, 12, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("reading a page waits for nothing")


@pytest.fixture
async def reader() -> AsyncIterator[PageReader]:
    reader = PageReader(Noon())
    yield reader
    await reader.close()


def page(html: bytes, url: str = "https://news.example/a") -> Page:
    return Page(url, 200, "text/html", "utf-8", html)


BREAD = page(b"<html lang=en><title>Bread for all | News</title><h1>Bread for all</h1><p class=date>5 February</p>")
THREADS = Path("/proc/self/task")


def children() -> set[int]:
    """The processes that this one has started and not yet ended, whichever of its threads did."""
    while True:
        try:
            return {int(pid) for thread in THREADS.iterdir() for pid in (thread / "children").read_text().split()}
        except FileNotFoundError:
            continue  # a thread ended while they were counted, and left its children to another


async def test_a_page_is_read_in_one_child_that_stays(reader: PageReader) -> None:
    before = children()
    facts = await reader.read(BREAD)
    assert (facts.title, facts.source, facts.language) == ("Bread for all", "News", "en")
    assert facts.published.start is not None
    assert facts.published.start.isoformat() == "2026-02-05"
    first = children() - before
    assert await reader.read(BREAD) == facts
    assert len(first) == 1
    assert children() - before == first


async def test_pages_sent_at_once_get_their_own_facts(reader: PageReader) -> None:
    pages = [page(f"<title>Story number {n}</title>".encode()) for n in range(20)]
    facts = await asyncio.gather(*(reader.read(one) for one in pages))
    assert [one.title for one in facts] == [f"Story number {n}" for n in range(20)]


async def test_a_killed_child_costs_one_page_and_is_replaced(reader: PageReader) -> None:
    before = children()
    await reader.read(BREAD)
    (child,) = children() - before
    os.kill(child, signal.SIGSTOP)
    waiting = asyncio.create_task(reader.read(BREAD))
    await asyncio.sleep(0)
    os.kill(child, signal.SIGKILL)
    with pytest.raises(Unreadable) as caught:
        await waiting
    assert caught.value.key == "intake-page-heavy"
    assert (await reader.read(BREAD)).title == "Bread for all"
    assert child not in children()


async def test_a_page_that_takes_too_long_is_given_up_and_its_child_replaced() -> None:
    reader = PageReader(Noon(), page_seconds=2.5)
    before = children()
    await reader.read(BREAD)
    (child,) = children() - before
    os.kill(child, signal.SIGSTOP)  # stands for a page that never ends
    begun = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        await reader.read(BREAD)
    assert caught.value.key == "intake-page-heavy"
    assert 2 < time.monotonic() - begun < 10
    assert (await reader.read(BREAD)).title == "Bread for all"
    await reader.close()
    assert children() <= before


async def test_a_cancelled_reading_leaves_no_answer_for_the_next_page(reader: PageReader) -> None:
    await reader.read(BREAD)
    waiting = asyncio.create_task(reader.read(page(b"<title>Cancelled story</title>")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await reader.read(BREAD)).title == "Bread for all"


class Lag:
    """How late the event loop comes to what is due every five milliseconds, at worst."""

    def __init__(self) -> None:
        self.worst_seconds = 0.0
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time()
        self._handle = self._loop.call_soon(self._look)

    def _look(self) -> None:
        now = self._loop.time()
        self.worst_seconds = max(self.worst_seconds, now - self._due)
        self._due = now + 0.005
        self._handle = self._loop.call_at(self._due, self._look)

    def stop(self) -> float:
        self._handle.cancel()
        return self.worst_seconds


def megabytes(process: int | str, what: str = "VmRSS") -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(what))


@pytest.mark.system
async def test_hostile_pages_end_in_time_hold_nothing_up_and_leave_no_memory(reader: PageReader) -> None:
    before = children()
    await reader.read(BREAD)
    ours, lag = megabytes("self"), Lag()
    for name, build in HOSTILE.items():
        html = build() if name in ALWAYS_WHOLE else build()[:PIECE_BYTES]
        begun = time.monotonic()
        facts = await reader.read(page(html))  # and so was read: a killed child would be an error
        assert time.monotonic() - begun < 5, name
        assert len(facts.title) <= 500, name
        assert len(facts.source) <= 255, name
        for child in children() - before:
            assert megabytes(child) < 110, name
            assert megabytes(child, "VmPeak") <= 300, name
    assert (await reader.read(BREAD)).title == "Bread for all"
    assert lag.stop() < 0.7
    assert megabytes("self") - ours < 30


@pytest.mark.system
async def test_a_page_read_in_the_event_loop_would_hold_it_up(reader: PageReader) -> None:
    html = HOSTILE["many dates"]()[:500_000]
    lag = Lag()
    await asyncio.sleep(0)
    read_page(html, "utf-8", "https://news.example/a", Noon().now().date())
    await asyncio.sleep(0.01)
    alone = lag.stop()
    await reader.read(BREAD)
    beside = []
    for _ in range(3):  # the best of three: what else the machine does comes on top
        lag = Lag()
        await reader.read(page(html))
        beside.append(lag.stop())
    assert min(beside) < alone / 2


async def test_a_child_that_has_grown_is_replaced_and_its_memory_returns(reader: PageReader) -> None:
    before = children()
    await reader.read(BREAD)
    (child,) = children() - before
    await reader.read(page(HOSTILE["300,000 tags"]()))
    assert children() == before
    assert (await reader.read(BREAD)).title == "Bread for all"
    (fresh,) = children() - before
    assert fresh != child
    assert megabytes(fresh) < 60


async def test_a_child_without_memory_costs_one_page(reader: PageReader) -> None:
    before = children()
    await reader.read(BREAD)
    (child,) = children() - before
    limit = int(megabytes(child, "VmSize") * 1000) * 1024 + 4_000_000
    resource.prlimit(child, resource.RLIMIT_AS, (limit, limit))
    with suppress(Unreadable):  # or what was found before the memory ended
        assert await reader.read(page(HOSTILE["300,000 tags"]())) == PageFacts(source="news.example")
    assert (await reader.read(BREAD)).title == "Bread for all"


async def test_a_child_that_nobody_ends_ends_by_itself() -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.intake.page.reader_process", stdin=PIPE, stdout=PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert await child.stdout.readline() == b"ready\n"
    header = {"url": "https://a.example/", "charset": None, "near": "2026-02-08", "seconds": 1, "bytes": 9}
    child.stdin.write(json.dumps(header).encode() + b"\n")  # and the nine bytes never come
    await child.stdin.drain()
    assert await asyncio.wait_for(child.wait(), 5) == -signal.SIGALRM


async def test_the_child_inherits_no_secret_and_little_memory(reader: PageReader) -> None:
    os.environ["BULLETIN_TELEGRAM_TOKEN"] = "123:canary"
    before = children()
    try:
        await reader.read(BREAD)
        (child,) = children() - before
        proc = Path(f"/proc/{child}")
        assert b"canary" not in (proc / "environ").read_bytes()
        assert {path.name for path in (proc / "fd").iterdir()} == {"0", "1", "2"}
        limit = next(
            line for line in (proc / "limits").read_text().splitlines() if line.startswith("Max address space")
        )
        assert int(limit.split()[3]) <= 300_000_000
    finally:
        del os.environ["BULLETIN_TELEGRAM_TOKEN"]
