"""Letting an issue out, putting it on hold, going on: each a press that counts once, for what its card showed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import issues
from bot.errors import Refused
from bot.gate.opening import AT_ONCE, BEFORE_CLOSING, change, start, wait_of
from bot.issues import desk, ensure_open
from store import audit, outbox
from store import issues as records
from store.database import Tx
from store.records import Bulletin, Issue, Person
from store.states import IssueState

SHELL = "shell"
SETTLED_SECONDS = 20  # until letters that were under way at a hold are told of


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button that was pressed: the issue and revision of its card, and what the card showed, where it told."""

    issue: int
    revision: int
    imprint: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """What a press did: `goes` unless its gate asks for one more person."""

    issue: Issue
    goes: bool = True


def actor_of(by: Person | None) -> str:
    """Return who acts, as the audit trail has it; None is the shell, which nothing asks for a second person."""
    return SHELL if by is None else f"person {by.id}"


def is_out_of_schedule(issue: Issue, now: datetime) -> bool:
    """Say whether letting an issue out now is before its hour: one of the guarded acts."""
    return issue.state in (IssueState.OPEN, IssueState.HELD) and issue.due_at > now


async def meant(tx: Tx, bulletin: Bulletin, now: datetime, pressed: Pressed | None = None) -> Issue:
    """Return the issue that is to be let out: that of the button, else what is closed already, else the open one.

    Raises Refused when the button is of a card of before.
    """
    there = [*await closed_unsent(tx, bulletin.id), await ensure_open(tx, bulletin, now)]
    return there[0] if pressed is None else _pressed_of(there, pressed)


async def closed_unsent(tx: Tx, bulletin_id: int) -> list[Issue]:
    """Return the closed issues on hold of which nothing was sent, oldest first."""
    return [issue for issue in await _held(tx, bulletin_id) if issue.held_from == IssueState.FROZEN]


async def publish(
    tx: Tx, bulletin: Bulletin, by: Person | None, now: datetime, pressed: Pressed | None = None
) -> Released:
    """Let an issue out at once, as far as its gate lets one person; raises Refused when nothing is approved."""
    issue = await meant(tx, bulletin, now, pressed)
    if issue.number is not None:
        return await _let_closed_out(tx, bulletin, issue, by, now)
    gathered = await issues.gather(tx, bulletin.id)
    if gathered is None or not gathered.items:
        raise Refused("issue-empty")
    if pressed is not None and pressed.imprint and pressed.imprint != issues.imprint(gathered):
        raise Refused("issue-changed")
    given = await _with(tx, bulletin, issue, by, gathered)
    if len(given) < issues.needed(bulletin) and by is not None:
        approvals = issues.add_approval(issue, given, gathered)
        await _note_approval(tx, bulletin, issue, BEFORE_CLOSING, by, now, approvals)
        return Released(issue, goes=False)
    await _close_now(tx, bulletin, issue, given, by, now)
    return Released(issue)


async def _close_now(
    tx: Tx, bulletin: Bulletin, issue: Issue, given: list[Person], by: Person | None, now: datetime
) -> None:
    """Open the gate of an issue at once; before its hour it carries the date of today."""
    day = issues.day_of(issue, bulletin, now)
    if day != issue.date:
        await change(tx, issue, BEFORE_CLOSING, date=day)
        issue = await ensure_open(tx, bulletin, now)
    approvals = issues.add_approval(issue, given, await issues.gather(tx, bulletin.id))
    await start(tx, bulletin, issue, actor_of(by), now, AT_ONCE, approvals=approvals)


async def _let_closed_out(tx: Tx, bulletin: Bulletin, issue: Issue, by: Person | None, now: datetime) -> Released:
    given = await _with(tx, bulletin, issue, by)
    approvals = issues.add_approval(issue, given, None)
    if len(given) < issues.needed(bulletin) and by is not None:
        await _note_approval(tx, bulletin, issue, (IssueState.HELD,), by, now, approvals)
        return Released(issue, goes=False)
    await change(tx, issue, (IssueState.HELD,), state=IssueState.FROZEN, held_from=None, approvals=approvals)
    await audit.note(tx, at=now, actor=actor_of(by), act="continue", subject=f"issue {issue.id}")
    await desk(tx, bulletin, issue.id, "gate", now)
    return Released(issue)


async def _with(
    tx: Tx, bulletin: Bulletin, issue: Issue, by: Person | None, gathered: issues.Gathered | None = None
) -> list[Person]:
    """Return who has let an issue out, this person included; raises Refused where the same one presses again."""
    given = await issues.let_out_by(tx, issue, gathered)
    if by is None:
        return given
    if by.id in {person.id for person in given}:
        if len(given) < issues.needed(bulletin):
            raise Refused("release-yours-already")
        return given
    return [*given, by]


async def _note_approval(
    tx: Tx,
    bulletin: Bulletin,
    issue: Issue,
    states: tuple[IssueState, ...],
    by: Person,
    now: datetime,
    approvals: list[dict[str, object]],
) -> None:
    await change(tx, issue, states, approvals=approvals)
    await audit.note(tx, at=now, actor=actor_of(by), act="let out", subject=f"issue {issue.id}")
    await desk(tx, bulletin, issue.id, "gate", now)


async def hold(tx: Tx, bulletin: Bulletin, by: Person | None, now: datetime, pressed: Pressed | None = None) -> Issue:
    """Put the running broadcast, or else what waits, on hold; raises Refused when neither is going on.

    What waits has to be let out anew then. A button of the card before still stops it, since what is sent must not go
    on for a card that is drawn late.
    """
    current = await records.current(tx, bulletin.id)
    going = [i for i in await records.running(tx) if i.bulletin_id == bulletin.id and i.state != IssueState.HELD]
    if current is not None and current.state == IssueState.WAITING:
        going.append(current)
    if pressed is not None:
        going = [i for i in going if i.id == pressed.issue and i.revision - pressed.revision in (0, 1)]
    if not going:
        raise Refused("issue-nothing-to-hold")
    issue = going[0]
    states = (IssueState.WAITING, IssueState.FROZEN, IssueState.SENDING)
    values: dict[str, Any] = {"state": IssueState.HELD, "held_from": issue.state, "gate_until": None}
    if issue.number is None:
        values["approvals"] = []  # who wants to let it out all the same looks at it again
    await change(tx, issue, states, **values)
    await audit.note(tx, at=now, actor=actor_of(by), act="hold", subject=f"issue {issue.id}")
    await desk(tx, bulletin, issue.id, "gate", now)
    if issue.state == IssueState.SENDING:
        await _draw_when_settled(tx, bulletin, issue, now)
    return issue


async def _draw_when_settled(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Queue one more drawing, for what was under way when the hold came."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        not_before=now + timedelta(seconds=SETTLED_SECONDS),
        kind="gate",
        payload={"at": now.isoformat()},
        subject_id=issue.id,
        merge_key=f"gate-settled:{issue.id}",
    )


async def go_on(
    tx: Tx, bulletin: Bulletin, by: Person | None, now: datetime, pressed: Pressed | None = None
) -> Released:
    """Go on with what is on hold: a broadcast where it stopped, a countdown in full, what is closed by its gate."""
    current = await records.current(tx, bulletin.id)
    held = [*await _held(tx, bulletin.id), *([current] if current and current.state == IssueState.HELD else [])]
    if not held:
        raise Refused("issue-nothing-held")
    issue = held[0] if pressed is None else _pressed_of(held, pressed)
    if issue.number is None:
        await start(tx, bulletin, issue, actor_of(by), now, wait_of(bulletin))
    elif issue.held_from == IssueState.FROZEN:
        return await _let_closed_out(tx, bulletin, issue, by, now)
    else:
        values: dict[str, Any] = {"state": issue.held_from or IssueState.SENDING, "held_from": None}
        await change(tx, issue, (IssueState.HELD,), **values)
        await audit.note(tx, at=now, actor=actor_of(by), act="continue", subject=f"issue {issue.id}")
        await desk(tx, bulletin, issue.id, "gate", now)
    return Released(issue)


async def _held(tx: Tx, bulletin_id: int) -> list[Issue]:
    return [i for i in await records.running(tx) if i.bulletin_id == bulletin_id and i.state == IssueState.HELD]


def _pressed_of(there: list[Issue], pressed: Pressed) -> Issue:
    found = next((issue for issue in there if issue.id == pressed.issue), None)
    if found is None or found.revision != pressed.revision:
        raise Refused("issue-changed")
    return found
