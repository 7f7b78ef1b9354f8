"""A link put off: its card folds until its hour, or until an issue is closed, and comes back by itself."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake.submit import show_card
from bot.moderation import claims
from bot.moderation.verdict import Verdict, too_late
from store import audit, issues, items
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Item, Person
from store.states import ItemState

SHORT_HOURS = 3
MORNING = "09:00"
_WEEK_DAYS = 7
PENDING = (ItemState.PENDING,)


class Until(StrEnum):
    """For how long a link is put off; an issue's is over when that issue is closed."""

    HOURS = "hours"
    MORNING = "morning"
    WEEK = "week"
    ISSUE = "issue"


async def put_off(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, until: Until, now: datetime
) -> Verdict:
    """Put a pending item off; it stays pending, and waits through the closing of an issue."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        return await too_late(tx, bulletin, item_id, now)
    await claims.check_free(tx, bulletin, item, by, now)
    columns = await _columns(tx, bulletin, until, now)
    try:
        await items.change(tx, item_id, revision, states=PENDING, claimed_by=None, claimed_until=None, **columns)
    except Stale:
        return await too_late(tx, bulletin, item_id, now)
    await audit.note(tx, at=now, actor=f"person {by.id}", act="later", subject=f"item {item_id}", until=str(until))
    await claims.forget(tx, item_id)
    await show_card(tx, bulletin, item_id, now)
    return Verdict(True, "desk-later", {})


async def wake(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, now: datetime) -> Verdict:
    """Let an item that was put off wait for a decision again."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id or item.snoozed_until is None:
        return await too_late(tx, bulletin, item_id, now)
    try:
        await _wake(tx, item, revision)
    except Stale:
        return await too_late(tx, bulletin, item_id, now)
    await audit.note(tx, at=now, actor=f"person {by.id}", act="wake", subject=f"item {item_id}")
    await show_card(tx, bulletin, item_id, now)
    return Verdict(True, "desk-woken", {})


async def wake_due(tx: Tx, now: datetime) -> list[Item]:
    """Let the items whose hour has come wait again, and return them; their cards are the caller's."""
    woken = []
    for item in await items.put_off_until(tx, now):
        issue = await issues.get(tx, item.skips_issue_id) if item.skips_issue_id is not None else None
        if issue is not None and issue.number is None:
            continue  # it is late, or on hold
        await _wake(tx, item, item.revision)
        await audit.note(tx, at=now, actor="clock", act="wake", subject=f"item {item.id}")
        woken.append(item)
    return woken


async def _wake(tx: Tx, item: Item, revision: int) -> None:
    await items.change(tx, item.id, revision, states=PENDING, snoozed_until=None, skips_issue_id=None)


async def _columns(tx: Tx, bulletin: Bulletin, until: Until, now: datetime) -> dict[str, Any]:
    if until == Until.ISSUE:
        issue = await issues.current(tx, bulletin.id)
        if issue is None:
            raise Refused("desk-no-issue")
        return {"snoozed_until": max(issue.due_at, now), "skips_issue_id": issue.id}
    return {"snoozed_until": moment(bulletin, until, now), "skips_issue_id": None}


def moment(bulletin: Bulletin, until: Until, now: datetime) -> datetime:
    """Return when an item comes back: in hours, else on a morning of the bulletin's zone."""
    if until == Until.HOURS:
        return now + timedelta(hours=SHORT_HOURS)
    zone = ZoneInfo(bulletin.timezone)
    today = now.astimezone(zone).date()
    days = 1 if until == Until.MORNING else _WEEK_DAYS - today.weekday()
    hour = time.fromisoformat(bulletin.summary_time or MORNING)
    return datetime.combine(today + timedelta(days=days), hour, zone)
