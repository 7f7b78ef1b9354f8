"""A setting changed, and taken back: written down with what it was before, and followed by the open issue."""

import json
import zlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import calendar, gate
from bot.errors import Refused
from store import audit, bulletins, desks
from store import issues as records
from store.database import Tx
from store.records import Bulletin
from store.states import IssueState, Topic

MOVES_THE_ISSUE = ("schedule", "timezone")
PRINTED = ("title", "subtitle", "footer", "language")
HIGHEST_MARK = 10**9


async def put(tx: Tx, bulletin: Bulletin, actor: str, field: str, value: Any, now: datetime) -> Bulletin:
    """Give a setting its value, unless it has it already; returns the bulletin as it is then."""
    before = getattr(bulletin, field)
    if before == value:
        return bulletin
    await bulletins.change(tx, bulletin.id, **{field: value})
    subject = f"bulletin {bulletin.id}"
    await audit.note(tx, at=now, actor=actor, act=f"set-{field}", subject=subject, before=before, after=value)
    changed = await bulletins.get(tx, bulletin.id)
    if field in MOVES_THE_ISSUE:
        await _move_open_issue(tx, changed, bulletin.timezone, actor, now)
    if field in PRINTED:
        await gate.refresh(tx, changed, now)
    return changed


def mark(value: object) -> int:
    """Return a number that tells a value from others, short enough for a button."""
    return zlib.crc32(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()) % HIGHEST_MARK


async def take_back(tx: Tx, bulletin: Bulletin, actor: str, field: str, expected: int, now: datetime) -> Bulletin:
    """Give a setting the value it had before its last change; raises Refused when it was changed again since."""
    last = await audit.last(tx, f"bulletin {bulletin.id}", f"set-{field}")
    if last is None or mark(getattr(bulletin, field)) != expected or last["after"] != getattr(bulletin, field):
        raise Refused("set-changed-since")
    return await put(tx, bulletin, actor, field, last["before"], now)


async def set_topic(tx: Tx, bulletin: Bulletin, actor: str, topic: Topic, thread_id: int | None, now: datetime) -> None:
    """Let messages of one kind go to a topic of the moderators' chat."""
    before = bulletin.thread_of(topic)
    if before == thread_id:
        return
    await desks.set_topic(tx, bulletin.id, topic, thread_id)
    subject = f"bulletin {bulletin.id}"
    await audit.note(tx, at=now, actor=actor, act=f"set-topic-{topic}", subject=subject, before=before, after=thread_id)


def next_hours(schedule: str, timezone: str, after: datetime, count: int) -> list[datetime]:
    """Return the next hours of a schedule, in UTC."""
    hours: list[datetime] = []
    while len(hours) < count:
        hours.append(calendar.next_due(schedule, timezone, hours[-1] if hours else after)[0])
    return hours


async def _move_open_issue(tx: Tx, bulletin: Bulletin, zone: str, actor: str, now: datetime) -> None:
    """Let the open issue be due at the next new hour, unless its gate runs; a date that an editor gave it stays.

    `zone` is the time zone by which it was due until now.
    """
    issue = await records.current(tx, bulletin.id)
    if issue is None or issue.state != IssueState.OPEN:
        return
    after = now
    while True:
        due, local, day = calendar.next_due(bulletin.schedule, bulletin.timezone, after)
        if not await records.hour_taken(tx, bulletin.id, local):
            break
        after = due
    own_date = issue.date != issue.due_at.astimezone(ZoneInfo(zone)).date()
    moved: dict[str, Any] = {"due_at": due, "due_local": local, "late_told": False, "cutoff_told": False}
    moved["date"] = issue.date if own_date else day
    await records.change(tx, issue.id, issue.revision, states=(IssueState.OPEN,), **moved)
    await audit.note(tx, at=now, actor=actor, act="move-issue", subject=f"issue {issue.id}", due=due.isoformat())
