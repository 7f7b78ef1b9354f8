"""SQL of issues and their renderings. An issue without a number is the open one of its bulletin."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import reopening
from store import schema as t
from store.database import Tx
from store.errors import Stale
from store.records import Approval, Gate, Issue
from store.states import IssueState

HIDDEN = {"due_local", "late_told", "cutoff_told", "document"}
COLUMNS = [column for column in t.issues.c if column.name not in HIDDEN]
_IN_ORDER = select(*COLUMNS).order_by(t.issues.c.id)
_CURRENT = _IN_ORDER.where(t.issues.c.bulletin_id == bindparam("bulletin"), t.issues.c.number.is_(None))
_RUNNING = _IN_ORDER.where(
    t.issues.c.number.is_not(None), t.issues.c.state.in_((IssueState.FROZEN, IssueState.SENDING, IssueState.HELD))
)


async def open_next(tx: Tx, bulletin_id: int, *, due_at: datetime, due_local: str, day: date) -> bool:
    """Open the next issue; False when one is open, or one of this hour exists, already."""
    values = {"bulletin_id": bulletin_id, "state": IssueState.OPEN, "due_at": due_at, "due_local": due_local}
    values["id"] = await reopening.next_id(tx)
    result = await tx.execute(upsert(t.issues).values(**values, date=day).on_conflict_do_nothing())
    return result.rowcount == 1


async def current(tx: Tx, bulletin_id: int) -> Issue | None:
    """Return the issue that is not frozen yet."""
    row = (await tx.execute(_CURRENT, {"bulletin": bulletin_id})).first()
    return None if row is None else _issue(row)


async def anything_due(tx: Tx, now: datetime, late: datetime) -> bool:
    """Say whether an issue is to be opened, shown before it goes out, closed or sent; asked every few seconds.

    One that waits for a press only goes by the clock from when its bulletin's gate does, unless it was due before
    `late`; one that was closed early is to be told of at its hour.
    """
    return bool((await tx.execute(_anything_due(), {"now": now, "late": late})).scalar())


@cache
def _anything_due() -> Select[tuple[bool]]:
    c, b = t.issues.c, t.bulletins.c
    now, late = bindparam("now", type_=c.due_at.type), bindparam("late", type_=c.due_at.type)
    none_open = ~exists().where(c.bulletin_id == b.id, c.number.is_(None))
    open_and_due = and_(c.number.is_(None), c.state == IssueState.OPEN, c.due_at <= now)
    gate_is_over = and_(c.number.is_(None), c.state == IssueState.WAITING, c.gate_until <= now)
    by_clock = select(b.id).where(b.gate.in_((Gate.AUTOMATIC, Gate.COUNTDOWN)))
    waits = (c.number.is_(None), c.state == IssueState.WAITING, c.gate_until.is_(None))
    gate_begins = and_(*waits, c.due_at >= late, c.bulletin_id.in_(by_clock))
    due = or_(open_and_due, gate_is_over, gate_begins, _closed_early(now), c.state == IssueState.FROZEN)
    issue_is_due = exists().where(due)
    return select(or_(exists(select(b.id).where(none_open)), issue_is_due))


async def hour_taken(tx: Tx, bulletin_id: int, due_local: str) -> bool:
    """Say whether an issue that was closed already was due at an hour, as written there: `2026-11-22 18:00`."""
    c = t.issues.c
    closed = (c.bulletin_id == bulletin_id, c.due_local == due_local, c.number.is_not(None))
    return (await tx.execute(select(c.id).where(*closed))).first() is not None


async def get(tx: Tx, issue_id: int) -> Issue | None:
    return await _one(tx, t.issues.c.id == issue_id)


async def numbered(tx: Tx, bulletin_id: int, number: int) -> Issue | None:
    return await _one(tx, t.issues.c.bulletin_id == bulletin_id, t.issues.c.number == number)


async def running(tx: Tx) -> list[Issue]:
    """Return the issues that are frozen, being sent, or on hold after freezing, of all bulletins."""
    return [_issue(row) for row in (await tx.execute(_RUNNING)).all()]


async def closed_and_due(tx: Tx, now: datetime) -> list[Issue]:
    """Return the issues that were closed before their hour, which has come, and wait for somebody to let them out.

    Each until `tell_late_once` has marked it.
    """
    return await _many(tx, _closed_early(now))


def _closed_early(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    c = t.issues.c
    waiting = and_(c.number.is_not(None), c.state == IssueState.HELD, c.held_from == IssueState.FROZEN)
    return and_(waiting, c.frozen_at < c.due_at, c.due_at <= now, c.late_told.is_(False))


async def closed(tx: Tx, bulletin_id: int) -> list[Issue]:
    """Return the numbered issues of a bulletin, newest first."""
    c = t.issues.c
    return list(reversed(await _many(tx, c.bulletin_id == bulletin_id, c.number.is_not(None))))


async def released(tx: Tx, bulletin_id: int) -> list[Issue]:
    """Return the numbered issues that were let out, newest first."""
    return [issue for issue in await closed(tx, bulletin_id) if is_out(issue)]


def is_out(issue: Issue) -> bool:
    """Say whether an issue was let out, even if it is on hold by now."""
    stage = issue.held_from if issue.state == IssueState.HELD else issue.state
    return issue.number is not None and stage in (IssueState.SENDING, IssueState.SENT)


async def change(tx: Tx, issue_id: int, revision: int, *, states: Iterable[IssueState], **columns: Any) -> None:
    """Change an issue of this revision and in one of these states; raises Stale when it is not."""
    c = t.issues.c
    statement = update(t.issues).where(c.id == issue_id, c.revision == revision, c.state.in_(list(states)))
    if (await tx.execute(statement.values(revision=c.revision + 1, **columns))).rowcount != 1:
        raise Stale


async def tell_late_once(tx: Tx, issue_id: int) -> bool:
    """Mark that moderators were told of a late issue; False when they were told already."""
    c = t.issues.c
    statement = update(t.issues).where(c.id == issue_id, c.late_told.is_(False)).values(late_told=True)
    return (await tx.execute(statement)).rowcount == 1


async def document(tx: Tx, issue_id: int) -> dict[str, Any]:
    """Return the frozen content of an issue."""
    found: dict[str, Any] = (
        await tx.execute(select(t.issues.c.document).where(t.issues.c.id == issue_id))
    ).scalar_one()
    return found


async def add_renderings(tx: Tx, issue_id: int, renderings: Iterable[tuple[str, int, bytes]]) -> None:
    rows = [
        {"issue_id": issue_id, "format": form, "part": part, "content": content} for form, part, content in renderings
    ]
    await tx.execute(insert(t.renderings), rows)


async def rendering(tx: Tx, issue_id: int, form: str, part: int = 0) -> bytes | None:
    c = t.renderings.c
    query = select(c.content).where(c.issue_id == issue_id, c.format == form, c.part == part)
    content: bytes | None = (await tx.execute(query)).scalar()
    return content


async def parts(tx: Tx, issue_id: int, form: str) -> list[bytes]:
    c = t.renderings.c
    query = select(c.content).where(c.issue_id == issue_id, c.format == form).order_by(c.part)
    return [bytes(row.content) for row in (await tx.execute(query)).all()]


async def _one(tx: Tx, *conditions: Any) -> Issue | None:
    found = await _many(tx, *conditions)
    return found[0] if found else None


async def _many(tx: Tx, *conditions: Any) -> list[Issue]:
    rows = (await tx.execute(_IN_ORDER.where(*conditions))).all()
    return [_issue(row) for row in rows]


def _issue(row: Row[Any]) -> Issue:
    values = row._asdict()
    held_from = IssueState(row.held_from) if row.held_from else None
    approvals = tuple(Approval(**given) for given in row.approvals)
    return Issue(**{**values, "state": IssueState(row.state), "held_from": held_from, "approvals": approvals})
