"""The open issue of a bulletin, and what would go into it now."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import calendar, notices
from store import bulletins, issues, items
from store.database import Tx
from store.records import Bulletin, Issue, Item, Notice, Section
from store.states import IssueState, ItemState

READY = (ItemState.APPROVED, ItemState.CARRIED)
BEFORE_FREEZE = (IssueState.OPEN, IssueState.WAITING, IssueState.HELD)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What would go into an issue now; `fingerprint` tells whether any of it changed since.

    `sections` are those of the bulletin, then those out of use in which an item still stands.
    """

    bulletin: Bulletin
    issue: Issue
    items: tuple[Item, ...]
    notices: tuple[Notice, ...]
    sections: tuple[Section, ...]

    @property
    def left(self) -> tuple[Section, ...]:
        """The sections that are out of use, in which an item still stands."""
        return self.sections[len(self.bulletin.sections) :]

    @property
    def fingerprint(self) -> str:
        words = repr((self.bulletin, self.issue.id, self.items, self.notices, self.sections))
        return hashlib.sha256(words.encode()).hexdigest()


async def ensure_open(tx: Tx, bulletin: Bulletin, now: datetime) -> Issue:
    """Return the open issue of a bulletin, opening the next one of its schedule where there is none."""
    found = await issues.current(tx, bulletin.id)
    after = now
    while found is None:
        due, local, day = calendar.next_due(bulletin.schedule, bulletin.timezone, after)
        await issues.open_next(tx, bulletin.id, due_at=due, due_local=local, day=day)
        found, after = await issues.current(tx, bulletin.id), due
    return found


def day_of(issue: Issue, bulletin: Bulletin, now: datetime) -> date:
    """Return the date that an issue carries if it goes out now: before its hour that is today."""
    zone = ZoneInfo(bulletin.timezone)
    early = issue.state == IssueState.OPEN and issue.due_at > now
    chosen = issue.date != issue.due_at.astimezone(zone).date()
    return now.astimezone(zone).date() if early and not chosen else issue.date


async def gather(tx: Tx, bulletin_id: int, now: datetime | None = None) -> Gathered | None:
    """Collect what is approved for the open issue, with `now` as if it went out now; None when none is open."""
    bulletin = await bulletins.get(tx, bulletin_id)
    issue = await issues.current(tx, bulletin_id)
    if issue is None:
        return None
    if now is not None:
        issue = replace(issue, date=day_of(issue, bulletin, now))
    ready = await items.in_states(tx, bulletin_id, *READY)
    approved = tuple(item for item in ready if item.skips_issue_id != issue.id)
    printing = await notices.printing(tx, bulletin_id, issue.date)
    used = {section.id for section in bulletin.sections}
    left = sorted({item.section_id for item in approved if item.section_id} - used)
    sections = (*bulletin.sections, *[await bulletins.section(tx, section) for section in left])
    return Gathered(bulletin, issue, approved, printing, sections)
