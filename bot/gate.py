"""The gate: what is due is looked for, shown before it goes out, published, put on hold, gone on with."""

from datetime import datetime, timedelta

from bot import calendar, issues
from bot.errors import Refused
from bot.intake import strangers
from bot.issues import BEFORE_FREEZE, READY, desk, ensure_open, say_about, say_to_desk
from bot.logs import logger
from bot.render.editions import Press
from bot.render.style import long_date
from store import audit, bulletins, items, outbox, updates
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
        due, seen = await records.anything_due(tx, now), await bulletins.fact(tx, ALIVE)
    if seen is None or now - datetime.fromisoformat(seen) > timedelta(minutes=ALIVE_MINUTES):
        async with store.transaction() as tx:
            await bulletins.set_fact(tx, ALIVE, now.isoformat())
            await updates.forget_old(tx, now.date())
            await strangers.forget_settled(tx)
            await outbox.forget_questions(tx, now - timedelta(days=QUESTION_DAYS))
    if not due:
        return False
    async with store.transaction() as tx:
        every = await bulletins.every(tx)
        for bulletin in every:
            await _look_at(tx, bulletin, await ensure_open(tx, bulletin, now), now)
    for bulletin in every:
        async with store.reading() as tx:
            issue = await records.current(tx, bulletin.id)
        if issue and issue.state == IssueState.WAITING and issue.gate_until and issue.gate_until <= now:
            if now - issue.gate_until > timedelta(hours=LATE_HOURS):
                await _too_late(store, bulletin, issue, now)
                continue
            try:
                await issues.freeze(store, bulletin.id, press, "clock", now, states=(IssueState.WAITING,))
            except Refused:
                await _reopen_empty(store, bulletin, now)
            except Exception:
                log.exception("an issue could not be drawn")
                await _tell_undrawn(store, bulletin, issue, now)
    async with store.reading() as tx:
        frozen = [issue for issue in await records.running(tx) if issue.state == IssueState.FROZEN]
    for issue in frozen:
        await issues.send(store, issue)
    return True


async def _look_at(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    if issue.state != IssueState.OPEN or now < issue.due_at:
        return
    if not await items.in_states(tx, bulletin.id, *READY):
        await _skip(tx, bulletin, issue, now)
    elif now - issue.due_at > timedelta(hours=LATE_HOURS):
        if await records.tell_late_once(tx, issue.id):
            await desk(tx, bulletin, issue.id, "gate", now)
    else:
        await _start_gate(tx, bulletin, issue, "clock", now, timedelta(minutes=bulletin.gate_minutes))


async def _start_gate(tx: Tx, bulletin: Bulletin, issue: Issue, actor: str, now: datetime, wait: timedelta) -> None:
    states = (IssueState.OPEN, IssueState.WAITING, IssueState.HELD)
    values = {"state": IssueState.WAITING, "gate_until": now + wait, "held_from": None}
    await records.change(tx, issue.id, issue.revision, states=states, **values)
    await audit.note(tx, at=now, actor=actor, act="gate", subject=f"issue {issue.id}", minutes=wait.seconds // 60)
    await desk(tx, bulletin, issue.id, "gate", now)


async def _skip(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Move an empty issue to the next hour of the schedule; no number is used, and moderators are told."""
    due, local, day = calendar.next_due(bulletin.schedule, bulletin.timezone, max(now, issue.due_at))
    moved = {"due_at": due, "due_local": local, "date": day, "state": IssueState.OPEN, "gate_until": None}
    await records.change(tx, issue.id, issue.revision, states=BEFORE_FREEZE, **moved)
    await audit.note(tx, at=now, actor="clock", act="skip", subject=f"issue {issue.id}", due=due.isoformat())
    if issue.state != IssueState.OPEN:
        await desk(tx, bulletin, issue.id, "gate", now)
    day_in_words = long_date(issue.date, bulletin.language)
    await say_about(tx, bulletin, Topic.ISSUE, now, "issue-nothing-approved", day=day_in_words)


async def _too_late(store: Store, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Keep an issue back whose countdown ran out more than a day ago, while the bot was not running."""
    async with store.transaction() as tx:
        values = {"state": IssueState.OPEN, "gate_until": None}
        await records.change(tx, issue.id, issue.revision, states=(IssueState.WAITING,), **values)
        await audit.note(tx, at=now, actor="clock", act="late", subject=f"issue {issue.id}")
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
        if seen is None or now - datetime.fromisoformat(seen) <= timedelta(hours=LATE_HOURS):
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


async def refresh(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Draw the card of a countdown again, since what the issue holds has changed."""
    issue = await records.current(tx, bulletin.id)
    if issue is not None and issue.state == IssueState.WAITING:
        await desk(tx, bulletin, issue.id, "gate", now)


async def _reopen_empty(store: Store, bulletin: Bulletin, now: datetime) -> None:
    async with store.transaction() as tx:
        issue = await records.current(tx, bulletin.id)
        if issue and issue.state == IssueState.WAITING and not await items.in_states(tx, bulletin.id, *READY):
            await _skip(tx, bulletin, issue, now)


async def publish(tx: Tx, bulletin: Bulletin, actor: str, now: datetime, expected: int | None = None) -> Issue:
    """Let the open issue out at once; raises Refused when nothing is approved.

    `expected` is the issue whose button was pressed: when another one is open by now, nothing happens.
    """
    issue = await ensure_open(tx, bulletin, now)
    if expected not in (None, issue.id):
        raise Refused("issue-changed")
    if not await items.in_states(tx, bulletin.id, *READY):
        raise Refused("issue-empty")
    day = issues.day_of(issue, bulletin, now)
    if day != issue.date:
        await records.change(tx, issue.id, issue.revision, states=(IssueState.OPEN,), date=day)
        issue = await ensure_open(tx, bulletin, now)
    await _start_gate(tx, bulletin, issue, actor, now, timedelta(0))
    return issue


async def hold(tx: Tx, bulletin: Bulletin, actor: str, now: datetime, expected: int | None = None) -> Issue:
    """Put the running broadcast, or else the countdown, on hold; raises Refused when neither is going on.

    `expected` is the issue whose button was pressed.
    """
    current = await records.current(tx, bulletin.id)
    going = [i for i in await records.running(tx) if i.bulletin_id == bulletin.id and i.state != IssueState.HELD]
    if current is not None and current.state == IssueState.WAITING:
        going.append(current)
    issue = next((i for i in going if expected in (None, i.id)), None)
    if issue is None:
        raise Refused("issue-nothing-to-hold")
    states = (IssueState.WAITING, IssueState.FROZEN, IssueState.SENDING)
    await _change(tx, issue, states, state=IssueState.HELD, held_from=issue.state)
    await audit.note(tx, at=now, actor=actor, act="hold", subject=f"issue {issue.id}")
    await desk(tx, bulletin, issue.id, "gate", now)
    return issue


async def go_on(tx: Tx, bulletin: Bulletin, actor: str, now: datetime, expected: int | None = None) -> Issue:
    """Go on with what is on hold: a broadcast goes on where it stopped, a countdown starts again in full.

    `expected` is the issue whose button was pressed.
    """
    current = await records.current(tx, bulletin.id)
    held = [i for i in await records.running(tx) if i.bulletin_id == bulletin.id]
    held = [i for i in (*held, current) if i is not None and i.state == IssueState.HELD]
    issue = next((i for i in held if expected in (None, i.id)), None)
    if issue is None:
        raise Refused("issue-nothing-held")
    if issue.number is None:
        await _start_gate(tx, bulletin, issue, actor, now, timedelta(minutes=bulletin.gate_minutes))
        return issue
    await _change(tx, issue, (IssueState.HELD,), state=issue.held_from or IssueState.FROZEN, held_from=None)
    await audit.note(tx, at=now, actor=actor, act="continue", subject=f"issue {issue.id}")
    await desk(tx, bulletin, issue.id, "gate", now)
    return issue


async def _change(tx: Tx, issue: Issue, states: tuple[IssueState, ...], **columns: object) -> None:
    try:
        await records.change(tx, issue.id, issue.revision, states=states, **columns)
    except Stale:
        raise Refused("issue-changed") from None
