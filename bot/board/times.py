"""How long an issue is still open, in words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.render import style
from bot.texts import say
from store.records import Bulletin, Issue
from store.states import IssueState

DAYS_FROM = timedelta(hours=48)
HOURS_FROM = timedelta(hours=2)
MINUTES_STEP = 5


def lines(issue: Issue, bulletin: Bulletin, language: str, now: datetime) -> list[str]:
    """Return when an issue closes and comes out, a line each."""
    if issue.state == IssueState.HELD:
        return [say(language, "board-held")]
    if issue.state == IssueState.WAITING and issue.gate_until is not None:
        return [say(language, "board-waiting", when=_when(issue.gate_until, bulletin, language, now))]
    if issue.state == IssueState.WAITING:
        return [say(language, "board-waiting-word")]
    cutoff = issue.due_at - timedelta(minutes=bulletin.cutoff_minutes)
    told = [say(language, "board-cutoff", when=_when(cutoff, bulletin, language, now))] if cutoff < issue.due_at else []
    return [*told, say(language, "board-due", when=_when(issue.due_at, bulletin, language, now))]


def left(span: timedelta, language: str) -> str:
    """Return a time to come in words, rounded so that it need not be redrawn all the time."""
    if span <= timedelta(0):
        return say(language, "board-over")
    if span >= DAYS_FROM:
        return say(language, "board-in-days", n=span.days)
    if span >= HOURS_FROM:
        return say(language, "board-in-hours", n=int(span / timedelta(hours=1)))
    minutes = -(-int(span.total_seconds()) // 60)
    return say(language, "board-in-minutes", n=-(-minutes // MINUTES_STEP) * MINUTES_STEP)


def _when(moment: datetime, bulletin: Bulletin, language: str, now: datetime) -> str:
    there = moment.astimezone(ZoneInfo(bulletin.timezone))
    day = format_date(there.date(), "EEE d MMM", locale=style.locale_of(language))
    return say(language, "board-when", day=day, time=f"{there:%H:%M}", left=left(moment - now, language))
