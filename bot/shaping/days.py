"""The date that an issue carries, and a week that is skipped: its hour moves to the next of the schedule, and back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import calendar
from bot.errors import Refused
from bot.intake.dates import parse_date
from bot.issues import desk, say_to_desk
from bot.render.style import long_date
from bot.shaping.opened import Shaper, change_issue, note, open_issue
from store import audit, issues, shaping
from store.database import Tx
from store.records import Bulletin, Issue, Precision
from store.states import IssueState

MOST_DAYS_LATER = 60
HOURS_TRIED = 60
TYPED_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the schedule: in UTC, as text in the bulletin's zone, and its day there."""

    due_at: datetime
    due_local: str
    day: date


def due_day(issue: Issue, bulletin: Bulletin) -> date:
    """Return the day of an issue's hour in the bulletin's zone: the date it carries unless an editor chose another."""
    return issue.due_at.astimezone(ZoneInfo(bulletin.timezone)).date()


def day_of_button(name: str, issue: Issue, bulletin: Bulletin, today: date) -> date:
    """Return the day that a button stands for; raises Refused for a button that there is not."""
    days = {
        "earlier": issue.date - timedelta(days=1),
        "later": issue.date + timedelta(days=1),
        "today": today,
        "due": due_day(issue, bulletin),
    }
    if name not in days:
        raise Refused("shape-changed")
    return days[name]


def read_day(words: str, near: date, language: str) -> date:
    """Return the day that somebody typed; raises Refused where there is none, as for 31 February."""
    found = parse_date(words, language=language if language != "en" else None, near=near)
    if found.precision is not Precision.DAY or found.start is None:
        raise Refused("shape-no-day", typed=words[:TYPED_LENGTH] or "–")
    return found.start


async def set_day(shaper: Shaper, issue: Issue, revision: int, day: date) -> None:
    """Let an issue carry a date: not before the issue of before, nor long after its hour."""
    earlier = await issues.closed(shaper.tx, shaper.bulletin.id)
    language = shaper.by.language
    if earlier and day < earlier[0].date:
        before = long_date(earlier[0].date, language)
        raise Refused("shape-day-before", number=earlier[0].number, day=before)
    last = max(due_day(issue, shaper.bulletin), shaper.now.date()) + timedelta(days=MOST_DAYS_LATER)
    first = shaper.now.date() - timedelta(days=MOST_DAYS_LATER)
    if not first <= day <= last:
        raise Refused("shape-day-far", day=long_date(day, language))
    await change_issue(shaper, issue, revision, date=day)
    await note(shaper, "date", f"issue {issue.id}", before=issue.date.isoformat(), after=day.isoformat())


async def next_hour(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> Hour:
    """Return the hour that an issue moves to when its week is skipped."""
    after = max(now, issue.due_at)
    while True:
        hour = Hour(*calendar.next_due(bulletin.schedule, bulletin.timezone, after))
        if not await shaping.hour_has_issue(tx, bulletin.id, hour.due_local):
            return hour
        after = hour.due_at


async def skipped_hour(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> Hour | None:
    """Return the hour that was skipped last and has not passed, so that skipping it can be taken back."""
    acts = [act for _, act in await audit.acts(tx, f"issue {issue.id}") if act in ("skip", "unskip")]
    if not acts or acts[-1] != "skip":
        return None
    found, after = None, now
    for _ in range(HOURS_TRIED):
        hour = Hour(*calendar.next_due(bulletin.schedule, bulletin.timezone, after))
        if hour.due_at >= issue.due_at:
            return found
        if not await shaping.hour_has_issue(tx, bulletin.id, hour.due_local):
            found = hour
        after = hour.due_at
    return found


async def skip(shaper: Shaper, issue_id: int, revision: int) -> date:
    """Move the open issue to the next hour of the schedule, with all that is in it; no number is used.

    Returns the day it is due then.
    """
    issue = await open_issue(shaper.tx, shaper.bulletin, issue_id)
    hour = await next_hour(shaper.tx, shaper.bulletin, issue, shaper.now)
    await _move_to(shaper, issue, revision, hour, "skip")
    await _tell(shaper, "shape-skipped", skipped=due_day(issue, shaper.bulletin), day=hour.day)
    return hour.day


async def take_skip_back(shaper: Shaper, issue_id: int, revision: int) -> date:
    """Put an issue back to the hour that was skipped; raises Refused when that has passed."""
    issue = await open_issue(shaper.tx, shaper.bulletin, issue_id)
    hour = await skipped_hour(shaper.tx, shaper.bulletin, issue, shaper.now)
    if hour is None:
        raise Refused("shape-not-skipped")
    await _move_to(shaper, issue, revision, hour, "unskip")
    await _tell(shaper, "shape-unskipped", day=hour.day)
    return hour.day


async def _move_to(shaper: Shaper, issue: Issue, revision: int, hour: Hour, act: str) -> None:
    moved: dict[str, Any] = {"due_at": hour.due_at, "due_local": hour.due_local, "date": hour.day}
    moved |= {"state": IssueState.OPEN, "gate_until": None, "held_from": None, "approvals": []}
    await change_issue(shaper, issue, revision, **moved, late_told=False, cutoff_told=False)
    if issue.state != IssueState.OPEN:
        await desk(shaper.tx, shaper.bulletin, issue.id, "gate", shaper.now)
    await note(shaper, act, f"issue {issue.id}", due=hour.due_at.isoformat())


async def _tell(shaper: Shaper, key: str, **days: date) -> None:
    """Say at the desk what became of a week."""
    told = {name: long_date(day, shaper.bulletin.language) for name, day in days.items()}
    await say_to_desk(shaper.tx, shaper.bulletin, shaper.now, key, **told)
