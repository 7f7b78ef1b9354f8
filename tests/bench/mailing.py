"""Mail: an issue sent through the drain and its durable ledger, beside letters built one by one and sent without."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

from telegram import Bot

from bot.clocks import SystemClock
from bot.delivery.drain import Drain
from bot.delivery.letters import Letters
from bot.delivery.mail import SmtpPool
from bot.delivery.pace import Pace
from bot.delivery.plan import plan
from bot.delivery.telegram import TelegramCourier
from bot.seal import Sealer
from bot.wake import Bell
from store import issues
from store.database import Store
from tests.bench import email_peer
from tests.bench.closed_issue import PRESS, SEALER, address, close, template
from tests.bench.figures import Figure
from tests.bench.post_office import PostOffice, post_office
from tests.empty_store import empty_store

IN_FLIGHT = 8
LOOK_SECONDS = 0.2  # seldom, since looking costs too
DRAIN = "the drain with its ledger"
ONE_BY_ONE = "aiosmtplib, an EmailMessage for each reader, no ledger"
NO_LEDGER = "our pool and template, no ledger"


@dataclass(frozen=True, slots=True)
class Sent:
    """What it took to send letters: messages a second, and CPU seconds of the sender for each thousand."""

    rate: float
    cpu: float


async def measure(readers: int, rounds: int, folder: Path) -> list[Figure]:
    """Send the issue to all readers in each way, in turns."""
    ways = {DRAIN: _through_the_drain(folder), ONE_BY_ONE: _one_by_one, NO_LEDGER: _without_ledger}
    sent: dict[str, list[Sent]] = {way: [] for way in ways}
    async with post_office() as office:
        for turn in range(rounds + 1):
            letters = readers if turn else max(IN_FLIGHT, readers // 10)
            for way, send in ways.items():
                found = await send(office, letters)
                if turn:
                    sent[way].append(found)
    return [figure for peer in (ONE_BY_ONE, NO_LEDGER) for figure in _figures(peer, sent[DRAIN], sent[peer])]


def _figures(peer: str, ours: list[Sent], theirs: list[Sent]) -> list[Figure]:
    pairs = list(zip(ours, theirs, strict=True))
    rates = [(mine.rate, other.rate) for mine, other in pairs]
    cpu = [(mine.cpu, other.cpu) for mine, other in pairs]
    return [
        Figure.of_rounds("letters sent", peer, rates, "1/s", more_is_better=True),
        Figure.of_rounds("sender's CPU", peer, cpu, "s per 1,000"),
    ]


async def _timed(office: PostOffice, readers: int, work: Callable[[], Awaitable[datetime]]) -> Sent:
    """Time work that returns the moment of its end."""
    before = await office.accepted()
    start, cpu = datetime.now(UTC), time.process_time()
    end = await work()
    wall, cpu = (end - start).total_seconds(), time.process_time() - cpu
    taken = await office.accepted() - before
    if taken != readers:
        raise RuntimeError(f"{taken} letters arrived where {readers} were sent")
    return Sent(readers / wall, cpu / readers * 1_000)


def _through_the_drain(folder: Path) -> Callable[[PostOffice, int], Awaitable[Sent]]:
    turns = count()

    async def send(office: PostOffice, readers: int) -> Sent:
        store = await empty_store(folder / f"mail-{next(turns)}.db")
        await plan(store, await close(store, readers))
        pool = SmtpPool(office.url, IN_FLIGHT, name="news.example")
        try:
            return await _timed(office, readers, lambda: drained(store, pool))
        finally:
            await pool.close()
            await store.close()

    return send


async def drained(store: Store, pool: SmtpPool, sealer: Sealer = SEALER) -> datetime:
    """Send the closed issue of a store; returns the moment at which the last letter was taken."""
    clock, pace, stop = SystemClock(), Pace(), asyncio.Event()
    drain = Drain(
        store,
        TelegramCourier(Bot("1:no-channel-is-written-to"), pace, clock),
        pool,
        letters=Letters(sealer, PRESS.mail_from),
        sealer=sealer,
        pace=pace,
        clock=clock,
        random=Random(1),
        in_flight=IN_FLIGHT,
        bell=Bell(),
    )
    running = asyncio.create_task(drain.run(stop))
    while (end := await _sent_at(store)) is None:
        await asyncio.wait((running,), timeout=LOOK_SECONDS)
    stop.set()
    await running
    return end


async def _sent_at(store: Store) -> datetime | None:
    async with store.reading() as tx:
        issue = await issues.get(tx, 1)
    return None if issue is None else issue.sent_at


async def _one_by_one(office: PostOffice, readers: int) -> Sent:
    async def send() -> datetime:
        await email_peer.send(office.url, readers, IN_FLIGHT)
        return datetime.now(UTC)

    return await _timed(office, readers, send)


async def _without_ledger(office: PostOffice, readers: int) -> Sent:
    pool, cut, waiting = SmtpPool(office.url, IN_FLIGHT, name="news.example"), template(), iter(range(1, readers + 1))

    async def work() -> None:
        for reader in waiting:
            token = f"{reader:0>{email_peer.TOKEN_LETTERS}}"
            message = cut.fill(address(reader), f"{token}@news.example", token)
            await pool.post(f"bounce+{token}@news.example", address(reader), message)

    async def send() -> datetime:
        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
        return datetime.now(UTC)

    try:
        return await _timed(office, readers, send)
    finally:
        await pool.close()
