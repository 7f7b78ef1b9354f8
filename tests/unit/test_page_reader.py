"""The child process that reads pages: it may die of a page, and nothing else does."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.intake.metadata import PageFacts, PageReader
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


def children() -> set[int]:
    """The processes that this one has started and not yet ended, whichever of its threads did."""
    return {
        int(pid) for thread in Path("/proc/self/task").iterdir() for pid in (thread / "children").read_text().split()
    }


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
    assert (await waiting).source in ("news.example", "News")
    assert (await reader.read(BREAD)).title == "Bread for all"
    assert child not in children()


async def test_a_page_that_takes_too_long_has_only_its_host() -> None:
    reader = PageReader(Noon(), page_seconds=1.5)
    before = children()
    await reader.read(BREAD)
    (child,) = children() - before
    os.kill(child, signal.SIGSTOP)  # stands for a page that never ends
    begun = time.monotonic()
    assert await reader.read(BREAD) == PageFacts(source="news.example")
    assert 1 < time.monotonic() - begun < 5
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


HOSTILE = {
    "deep": b"<div>" * 100_000,
    "deep and open": b"<a>" * 100_000 + b"x",
    "many tags": b"<b></b>" * 300_000,
    "long title": b"<title>" + b"x" * 1_000_000,
    "long attributes": b"<p " + b"a=1 " * 250_000 + b">",
    "nested data": b"<script type='application/ld+json'>" + b"[" * 500_000,
    "entities": b"&amp;" * 200_000 + b"&a" * 100_000,
    "nothing but NUL": b"\0" * 1_000_000,
    "many dates": b"<p class=date>5 May 2025</p>" * 35_000,
    "many headings": b"<article><h1>T</h1>" * 50_000,
    "open comment": b"<!--" * 250_000,
    "open tables": b"<table><tr><td>" * 60_000,
    "many separators": b"<title>" + b"a - " * 200_000 + b"</title><h1>x</h1>",
}


async def test_hostile_pages_end_in_time_and_the_next_one_is_read(reader: PageReader) -> None:
    for name, html in HOSTILE.items():
        begun = time.monotonic()
        facts = await reader.read(page(html))
        assert time.monotonic() - begun < 6, name
        assert facts.source == "news.example", name
        assert len(facts.title) <= 500, name
        assert (await reader.read(BREAD)).title == "Bread for all", name


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
