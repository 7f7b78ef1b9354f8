"""The letters of an issue on their way to the readers: never more under way than the window, results in groups."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot import returns
from bot.delivery import outcome, setback, tell
from bot.delivery.breaker import Breaker
from bot.delivery.letters import Letter, Letters
from bot.errors import NotSent, OperatorError, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Postman
from bot.render.mail import MailTemplate
from bot.subscriptions import here
from store import corrections, deliveries, subscribers
from store.database import Store, Tx
from store.records import Delivery
from store.states import DeliveryState, SubscriptionState
from store.subscribers import Reader

MOST_DOUBTS = 3
READER_LEFT = here.LEFT
READER_PAUSED = "delivery-reader-paused"
NO_ISSUE = "delivery-no-issue"
GAVE_UP = "delivery-gave-up"
_CLAIM_ROUNDS = 20

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed letter and its reader; without a template there is nothing to cut it from."""

    delivery: Delivery
    reader: Reader
    template: MailTemplate | None


Result = NotSent | PerhapsSent | None


HELD_LETTERS, HELD_POSTS = "delivery-letters-held", "delivery-chats-held"


async def doubt(
    tx: Tx, row: Delivery, now: datetime, again_at: datetime | None, problem: str, told: str = HELD_LETTERS
) -> None:
    """Mark what was perhaps sent to a reader *before* it is tried again; the third doubt puts it on hold."""
    doubts = row.doubts + 1
    state = DeliveryState.DEFERRED if again_at else DeliveryState.QUEUED
    if doubts >= MOST_DOUBTS:
        state = DeliveryState.HELD
        await tell.sentence(tx, row.issue_id, now, f"{told}:{row.issue_id}", told)
    values = {"doubts": doubts, "possible_duplicate": True, "not_before": again_at, "problem": problem}
    await deliveries.record(tx, row.id, state, **values)


class MailRun:
    """Keeps the window of letters full; `wake` is called whenever a letter is settled."""

    def __init__(
        self,
        store: Store,
        postman: Postman,
        letters: Letters,
        clock: Clock,
        random: Random,
        window: int,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._postman = postman
        self._letters = letters
        self._clock = clock
        self._random = random
        self._window = window
        self._wake = wake
        self._tasks: set[asyncio.Task[None]] = set()
        self._results: list[tuple[Job, Result]] = []
        self._breaker = Breaker()
        self._came_back: set[int] = set()

    @property
    def paused_until(self) -> datetime | None:
        """When letters are tried again, while the server takes none."""
        return self._breaker.until

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The letters under way."""
        return list(self._tasks)

    @property
    def unrecorded(self) -> bool:
        """Whether there are letters whose result is not written down yet."""
        return bool(self._results)

    async def step(self, *, claim: bool = True) -> bool:
        """Record what came of letters and claim the next ones, in one commit; returns whether anything moved."""
        now = self._clock.now()
        results, self._results = self._results, []
        breaker = self._breaker_after(results, now)
        free = breaker.window(now, self._window) - len(self._tasks) if claim else 0
        try:
            async with self._store.transaction(long=True) as tx:
                if taken := [job.delivery.id for job, result in results if result is None]:
                    await deliveries.record_sent(tx, taken)
                for job, result in results:
                    if result is not None:
                        await self._record(tx, job, result, now, breaker)
                for issue in [*self._came_back] if results else []:
                    await setback.after_bounce(tx, issue, now)
                if breaker.alarmed and not self._breaker.alarmed:
                    await self._alarm(tx, results, now)
                jobs = await self._claim(tx, now, free) if free > 0 else []
        except BaseException:
            self._results = results + self._results
            raise
        self._breaker = breaker
        for job in jobs:
            task = asyncio.create_task(self._post(job), name=f"letter {job.delivery.id}")
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        return bool(results or jobs)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake()

    async def _claim(self, tx: Tx, now: datetime, free: int) -> list[Job]:
        """Claim letters for those who still read; those who left since the issue closed are left out here."""
        jobs: list[Job] = []
        for _ in range(_CLAIM_ROUNDS):
            rows = await deliveries.claim_mail(tx, now, free - len(jobs))
            readers = await subscribers.readers(tx, [row.target_id for row in rows])
            barred = await subscribers.suppressed(tx, [reader.address_mac for reader in readers.values()])
            without = await _without_the_issue(tx, rows)
            templates = await self._letters.templates(tx, rows, readers)
            for row in rows:
                reader = readers.get(row.target_id)
                if reader is None or reader.state != SubscriptionState.ACTIVE or reader.address_mac in barred:
                    await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=READER_LEFT)
                elif reader.paused_until is not None and reader.paused_until > now.date():
                    await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=READER_PAUSED)
                elif row.id in without:
                    await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=NO_ISSUE)
                else:
                    jobs.append(Job(row, reader, templates.get(row.id)))
            if not rows or len(jobs) >= free:
                return jobs
        self._wake()
        return jobs

    async def _post(self, job: Job) -> None:
        result: Result = None
        try:
            if job.template is None:
                raise NotSent("the issue was closed without a letter", permanent=True)
            letter = self._written(job.template, job)
            await self._postman.post(letter.envelope_from, letter.recipient, letter.message)
        except (NotSent, PerhapsSent) as failure:
            result = failure
        except OperatorError as error:
            result = NotSent(str(error), permanent=False, whose="run")
        except Exception as error:
            log.exception("letter", row=job.delivery.id)
            result = PerhapsSent(type(error).__name__)
        if result is not None:
            log.info("letter not sent", row=job.delivery.id, why=str(result))
        self._results.append((job, result))

    def _written(self, template: MailTemplate, job: Job) -> Letter:
        try:
            return self._letters.write(template, job.delivery, job.reader)
        except ValueError:
            raise NotSent("the address does not fit into a letter", permanent=True) from None

    async def _record(self, tx: Tx, job: Job, failure: NotSent | PerhapsSent, now: datetime, breaker: Breaker) -> None:
        row = job.delivery
        match failure:
            case PerhapsSent():
                delay = outcome.retry_delay(row.doubts + 1, self._random) or 0
                await doubt(tx, row, now, now + timedelta(seconds=delay), str(failure))
            case NotSent(permanent=True, whose="target"):
                await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=failure.reason)
                await self._count(tx, job, failure.reason, now)
            case NotSent():
                if returns.hints_at_listing(failure.reason):
                    await setback.after_listing(tx, row.issue_id, now)
                await self._defer(tx, row, failure, now, breaker)

    async def _count(self, tx: Tx, job: Job, reason: str, now: datetime) -> None:
        """Count an address that was refused for good as a bounce, as a report of it would be."""
        status = outcome.refused_status(reason)
        if status is None:
            return
        named = returns.Named(job.reader.id, job.reader.generation % 256)
        issue = job.delivery.issue_id
        if await returns.bounced(tx, named, returns.HARD, status, now, issue=issue):
            self._came_back.add(issue)

    async def _defer(self, tx: Tx, row: Delivery, failure: NotSent, now: datetime, breaker: Breaker) -> None:
        """Try again later; three days of it end it.

        What concerns everybody does not count against the reader. Yet where the server took other letters of the issue
        and keeps refusing this one for good, it is this one that it finds unfit.
        """
        attempt, delay = row.attempt, outcome.retry_delay(row.attempt, self._random)
        again_at = now + timedelta(seconds=max(delay or 0, failure.retry_after or 0))
        if failure.whose == "run":
            again_at = max(again_at, breaker.until or now)
            if not (failure.permanent and await deliveries.any_sent(tx, row.issue_id)):
                attempt, again_at, delay = row.attempt - 1, breaker.until or now, 0
        if delay is None:
            await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=GAVE_UP)
            return
        values = {"not_before": again_at, "problem": failure.reason, "attempt": attempt}
        await deliveries.record(tx, row.id, DeliveryState.DEFERRED, **values)

    async def _alarm(self, tx: Tx, results: list[tuple[Job, Result]], now: datetime) -> None:
        job, result = next((job, result) for job, result in results if _concerns_all(result))
        issue = job.delivery.issue_id
        log.error("the mail server takes no letters", reason=str(result))
        await tell.sentence(tx, issue, now, f"mail:{issue}", "delivery-mail-paused", reason=str(result))

    def _breaker_after(self, results: list[tuple[Job, Result]], now: datetime) -> Breaker:
        troubles = [(job, result) for job, result in results if _concerns_all(result)]
        first = any(isinstance(result, NotSent) and job.delivery.attempt == 1 for job, result in troubles)
        taken = any(result is None for _, result in results)
        return self._breaker.after(now, self._random, taken=taken, troubled=bool(troubles), alarming=first)


async def _without_the_issue(tx: Tx, rows: list[Delivery]) -> set[int]:
    """Return the letters on a correction whose readers did not get the issue after all."""
    told = [row for row in rows if row.kind == deliveries.CORRECTION]
    without: set[int] = set()
    for issue_id in {row.issue_id for row in told}:
        got = await corrections.got_the_issue(tx, issue_id, [row.target_id for row in told])
        without |= {row.id for row in told if row.issue_id == issue_id and row.target_id not in got}
    return without


def _concerns_all(result: Result) -> bool:
    return isinstance(result, PerhapsSent) or (isinstance(result, NotSent) and result.whose == "run")
