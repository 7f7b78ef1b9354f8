"""What the clock does at the gate: it starts what is due, closes what may go out, and keeps back what is late."""

from datetime import datetime, timedelta
from typing import Any

from bot import calendar, issues
from bot.errors import Refused
from bot.gate.opening import change, start, wait_of
from bot.intake import strangers
from bot.issues import BEFORE_FREEZE, bring_down, desk, ensure_open, say_about, say_to_desk
from bot.logs import logger
from bot.render.editions import Press
from bot.render.style import long_date
from store import audit, bulletins, outbox, reopening, updates
from store import issues as records
from store.database import Store, Tx
from store.errors import Stale
from store.records import Bulletin, Issue
from store.states import IssueState, Topic

LATE_HOURS = 24
ALIVE_MINUTES = 10
QUESTION_DAYS = 30
ALIVE = "alive-at"
log = logger("gate")


async def tick(store: Store, press: Press, now: datetime) -> bool:
    """Do what is due: open issues, start gates, close issues whose gate is over, plan what is frozen.

    Returns whether anything was due.
    """
    async with store.reading() as tx:
        late = now - timedelta(hours=LATE_HOURS)
        due, seen = await records.anything_due(tx, now, late), await bulletins.fact(tx, ALIVE)
    if seen is None or now - datetime.fromisoformat(seen) > timedelta(minutes=ALIVE_MINUTES):
        await _tidy(store, now)
    if not due:
        return False
    async with store.transaction() as tx:
        every = await bulletins.every(tx)
        for bulletin in every:
            await _look_at(tx, bulletin, await ensure_open(tx, bulletin, now), now)
        await _remind_of_closed(tx, now)
    for bulletin in every:
        await _let_out(store, bulletin, press, now)
    async with store.reading() as tx:
        frozen = [issue for issue in await records.running(tx) if issue.state == IssueState.FROZEN]
    for issue in frozen:
        await issues.send(store, issue)
    return True


async def _tidy(store: Store, now: datetime) -> None:
    async with store.transaction() as tx:
        await bulletins.set_fact(tx, ALIVE, now.isoformat())
        await updates.forget_old(tx, now.date())
        await strangers.forget_settled(tx)
        await outbox.forget_questions(tx, now - timedelta(days=QUESTION_DAYS))


def _is_over(bulletin: Bulletin, issue: Issue, now: datetime) -> bool:
    """Say whether the wait of an issue is over, or begins, since its bulletin's gate has become one of the clock."""
    if issue.gate_until is None:
        return wait_of(bulletin) is not None and not _is_late(issue.due_at, now)
    return issue.gate_until <= now


def _is_late(moment: datetime, now: datetime) -> bool:
    return now - moment > timedelta(hours=LATE_HOURS)


async def _look_at(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    if issue.state == IssueState.WAITING and issue.gate_until is None and _is_over(bulletin, issue, now):
        await start(tx, bulletin, issue, "clock", now, wait_of(bulletin))
    if issue.state != IssueState.OPEN or now < issue.due_at:
        return
    if await _is_empty(tx, bulletin):
        await _skip(tx, bulletin, issue, now)
    elif _is_late(issue.due_at, now):
        if await records.tell_late_once(tx, issue.id):
            await desk(tx, bulletin, issue.id, "gate", now)
    else:
        await start(tx, bulletin, issue, "clock", now, wait_of(bulletin))


async def _is_empty(tx: Tx, bulletin: Bulletin) -> bool:
    gathered = await issues.gather(tx, bulletin.id)
    return gathered is None or not gathered.items


async def _skip(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Move an empty issue to the next hour of the schedule; no number is used, and moderators are told."""
    due, local, day = calendar.next_due(bulletin.schedule, bulletin.timezone, max(now, issue.due_at))
    moved = {"due_at": due, "due_local": local, "date": day, "state": IssueState.OPEN, "gate_until": None}
    await records.change(tx, issue.id, issue.revision, states=BEFORE_FREEZE, approvals=[], **moved)
    await reopening.end_skipping(tx, issue.id)
    await audit.note(tx, at=now, actor="clock", act="skip", subject=f"issue {issue.id}", due=due.isoformat())
    if issue.state != IssueState.OPEN:
        await desk(tx, bulletin, issue.id, "gate", now)
    day_in_words = long_date(issue.date, bulletin.language)
    await say_about(tx, bulletin, Topic.ISSUE, now, "issue-nothing-approved", day=day_in_words)


async def _remind_of_closed(tx: Tx, now: datetime) -> None:
    """Remind the desk once, at its hour, of an issue that was closed early and is not sent yet."""
    for issue in await records.closed_and_due(tx, now):
        await records.tell_late_once(tx, issue.id)
        bulletin = await bulletins.get(tx, issue.bulletin_id)
        await bring_down(tx, bulletin, issue, now)
        await say_about(tx, bulletin, Topic.ISSUE, now, "release-closed-and-due", number=issue.number)
        await desk(tx, bulletin, issue.id, "gate", now)


async def _let_out(store: Store, bulletin: Bulletin, press: Press, now: datetime) -> None:
    """Close the issue of a bulletin whose wait is over, if its gate is open."""
    async with store.reading() as tx:
        issue = await records.current(tx, bulletin.id)
    if issue is None or issue.state != IssueState.WAITING or issue.gate_until is None or issue.gate_until > now:
        return
    if _is_late(issue.gate_until, now):
        await _keep_back(store, bulletin, issue, now)
        return
    try:
        only = (IssueState.WAITING,)
        await issues.freeze(store, bulletin.id, press, "clock", now, states=only, through_gate=True)
    except Refused:
        await _wait_again(store, bulletin, now)
    except Exception:
        log.exception("an issue could not be drawn")
        await _tell_undrawn(store, bulletin, issue, now)


async def _keep_back(store: Store, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Keep an issue back whose wait ran out more than a day ago, while the bot was not running."""
    async with store.transaction() as tx:
        values: dict[str, Any] = {"state": IssueState.OPEN, "gate_until": None, "approvals": []}
        await records.change(tx, issue.id, issue.revision, states=(IssueState.WAITING,), **values)
        await audit.note(tx, at=now, actor="clock", act="late", subject=f"issue {issue.id}")
        await desk(tx, bulletin, issue.id, "gate", now)


async def _wait_again(store: Store, bulletin: Bulletin, now: datetime) -> None:
    """Skip an issue of which nothing is left; let one wait again that was let out before it changed."""
    async with store.transaction() as tx:
        issue = await records.current(tx, bulletin.id)
        if issue is None or issue.state != IssueState.WAITING:
            return
        bulletin = await bulletins.get(tx, bulletin.id)
        if await _is_empty(tx, bulletin):
            await _skip(tx, bulletin, issue, now)
        elif not await issues.is_let_out(tx, bulletin, issue):
            await change(tx, issue, (IssueState.WAITING,), gate_until=None)
            await audit.note(tx, at=now, actor="clock", act="wait", subject=f"issue {issue.id}")
            await desk(tx, bulletin, issue.id, "gate", now)


async def _tell_undrawn(store: Store, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Put an issue that cannot be drawn on hold, and tell the desk; the log says why."""
    async with store.transaction() as tx:
        values = {"state": IssueState.HELD, "held_from": IssueState.WAITING, "gate_until": None}
        try:
            await records.change(tx, issue.id, issue.revision, states=(IssueState.WAITING,), **values)
        except Stale:
            return
        await say_to_desk(tx, bulletin, now, "issue-undrawn")
        await desk(tx, bulletin, issue.id, "gate", now)


async def hold_after_absence(store: Store, now: datetime) -> None:
    """Put what was going out on hold when the bot was away for more than a day: a person lets it go on."""
    async with store.transaction() as tx:
        seen = await bulletins.fact(tx, ALIVE)
        if seen is None or not _is_late(datetime.fromisoformat(seen), now):
            return
        for issue in await records.running(tx):
            if issue.state == IssueState.HELD:
                continue
            states = (IssueState.FROZEN, IssueState.SENDING)
            await records.change(
                tx, issue.id, issue.revision, states=states, state=IssueState.HELD, held_from=issue.state
            )
            await audit.note(tx, at=now, actor="clock", act="hold", subject=f"issue {issue.id}")
            await desk(tx, await bulletins.get(tx, issue.bulletin_id), issue.id, "gate", now)
        await bulletins.set_fact(tx, ALIVE, now.isoformat())
