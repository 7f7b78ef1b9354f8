"""Reminds the desk by the clock: each morning of what waits, of what waits for long, and once before the cut-off."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.ports import Clock
from bot.queue.alerts import CUTOFF, OLD, STALE_HOURS, SUMMARY, cutoff_of, older
from store import bulletins, issues, outbox, queue
from store.database import Store, Tx
from store.queue import Waiter
from store.records import Bulletin
from store.states import IssueState, Topic

KIND = "alert"
BEFORE_CUTOFF_HOURS = 3
OLD_APART_HOURS = 6
"""What waits for long is told of together, in messages at least so far apart."""


class Reminding:
    """Looks at the clock, and queues what is due; what was said stands in the store, so that nothing is said twice."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def step(self) -> int:
        """Queue the alerts that are due; returns how many."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            due = [bulletin for bulletin in await bulletins.every(tx) if await _due(tx, bulletin, now)]
        if not due:
            return 0
        said = 0
        async with self._store.transaction() as tx:
            for bulletin in due:
                for what in await _due(tx, bulletin, now):
                    said += await _tell(tx, bulletin, what, now)
        return said


async def _due(tx: Tx, bulletin: Bulletin, now: datetime) -> list[str]:
    """Return what is to be told at a desk now, if anything waits there."""
    if bulletin.moderators_chat is None:
        return []
    due = []
    morning = morning_of(bulletin, now)
    if morning is not None and str(await bulletins.fact(tx, _key(SUMMARY, bulletin), "")) < str(morning.date()):
        due.append(SUMMARY)
    waiting = await _awake(tx, bulletin)
    if waiting and await issues.current(tx, bulletin.id) is not None and await _near_cutoff(tx, bulletin, now):
        due.append(CUTOFF)
    if await _new_old(tx, bulletin, waiting, now):
        due.append(OLD)
    return due


def morning_of(bulletin: Bulletin, now: datetime) -> datetime | None:
    """Return the moment of the summary that is due, until some hours after it; None at other times or where it is off.

    One that was missed for longer, while the bot was away, is left out.
    """
    if not bulletin.summary_time:
        return None
    zone = ZoneInfo(bulletin.timezone)
    there = now.astimezone(zone)
    hour = time.fromisoformat(bulletin.summary_time)
    for day in (there.date(), there.date() - timedelta(days=1)):
        moment = _at(day, hour, zone)
        if moment <= now:
            return moment if now - moment < timedelta(hours=STALE_HOURS) else None
    return None


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)


async def _near_cutoff(tx: Tx, bulletin: Bulletin, now: datetime) -> bool:
    issue = await issues.current(tx, bulletin.id)
    if issue is None or issue.state != IssueState.OPEN:
        return False
    cutoff = cutoff_of(bulletin, issue)
    near = cutoff - timedelta(hours=BEFORE_CUTOFF_HOURS) <= now < cutoff
    return near and not await queue.cutoff_told(tx, issue.id)


async def _new_old(tx: Tx, bulletin: Bulletin, waiting: list[Waiter], now: datetime) -> list[Waiter]:
    """Return what waits for long and was not told of within its period; nothing soon after the last such message."""
    old = older(waiting, bulletin, now)
    if not old:
        return []
    last = await bulletins.fact(tx, _key(OLD, bulletin))
    if last is not None and now - datetime.fromisoformat(last) < timedelta(hours=OLD_APART_HOURS):
        return []
    period = now - timedelta(hours=bulletin.remind_hours)
    return [waiter for waiter in old if waiter.reminded_at is None or waiter.reminded_at <= period]


async def _tell(tx: Tx, bulletin: Bulletin, what: str, now: datetime) -> bool:
    """Note that something is told, and queue it where there is anything to tell."""
    waiting = await _awake(tx, bulletin)
    if what == SUMMARY:
        morning = morning_of(bulletin, now)
        await bulletins.set_fact(tx, _key(SUMMARY, bulletin), str(morning.date() if morning else ""))
    elif what == CUTOFF:
        issue = await issues.current(tx, bulletin.id)
        if issue is None or not await queue.tell_cutoff_once(tx, issue.id):
            return False
    else:
        await queue.reminded(tx, [waiter.id for waiter in older(waiting, bulletin, now)], now)
        await bulletins.set_fact(tx, _key(OLD, bulletin), now.isoformat())
    if not waiting:
        return False
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=KIND,
        topic=Topic.ALARMS,
        payload={"what": what, "at": now.isoformat()},
        subject_id=bulletin.id,
        merge_key=_key(what, bulletin),
    )
    return True


async def _awake(tx: Tx, bulletin: Bulletin) -> list[Waiter]:
    waiting = await queue.waiting(tx, bulletin.id, bulletin.moderators_chat)
    return [waiter for waiter in waiting if waiter.snoozed_until is None]


def _key(what: str, bulletin: Bulletin) -> str:
    return f"{KIND}:{what}:{bulletin.id}"
