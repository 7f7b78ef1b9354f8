"""Opening a closed issue again before anything of it went out; it keeps its number."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake.following import follow_item
from bot.intake.submit import show_card
from bot.issues.words import desk
from store import audit, issues, reopening
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Issue
from store.states import IssueState

SENT_ONCE = "send failed again"


async def reopen(tx: Tx, bulletin: Bulletin, issue: Issue, actor: str, now: datetime) -> None:
    """Open a closed issue again: its links are approved ones again, and the issue opened after it joins it.

    One whose hour is over stays on hold, since it would go out at once by itself. Raises Refused, with nothing changed,
    when something of it went out, a later number is taken, or it is not on hold.
    """
    await _check(tx, issue)
    later = await issues.current(tx, bulletin.id)
    if issue.number is None or not await reopening.give_number_back(tx, bulletin.id, issue.number):
        raise Refused("reopen-later-number", number=issue.number)
    printed = await reopening.printed(tx, issue.id)
    if later is not None:
        await reopening.join(tx, later, issue)
        await desk(tx, bulletin, later.id, "gate", now)  # its message, where there is one, folds
    await _open(tx, bulletin, issue, later, now)
    await reopening.forget_editions(tx, issue.id)
    await reopening.take_items_back(tx, issue.id)
    for item in printed:
        await show_card(tx, bulletin, item.id, now)
        await follow_item(tx, item, now)
    await audit.note(tx, at=now, actor=actor, act="reopen", subject=f"issue {issue.id}", number=issue.number)
    await desk(tx, bulletin, issue.id, "gate", now)


async def may_reopen(tx: Tx, issue: Issue) -> bool:
    """Say whether a closed issue could be opened again now."""
    try:
        await _check(tx, issue)
    except Refused:
        return False
    return True


async def _check(tx: Tx, issue: Issue) -> None:
    """Raise Refused for an issue that is not closed and on hold, or of which something went out."""
    if issue.number is None:
        raise Refused("reopen-open-already")
    if issue.state != IssueState.HELD:
        raise Refused("reopen-hold-first", number=issue.number)
    sent_again = any(act == SENT_ONCE for _, act in await audit.acts(tx, f"issue {issue.id}"))
    if sent_again or await reopening.touched(tx, issue.id) or await reopening.corrected(tx, issue.id):
        raise Refused("reopen-went-out", number=issue.number)
    newest = (await issues.closed(tx, issue.bulletin_id))[0]
    if newest.id != issue.id:
        raise Refused("reopen-later-number", number=issue.number)


async def _open(tx: Tx, bulletin: Bulletin, issue: Issue, later: Issue | None, now: datetime) -> None:
    """Make the closed issue the open one, with what was prepared for the later one where it has nothing of its own.

    A date that it was given only because it was let out before its hour is its hour's again.
    """
    over, zone = issue.due_at <= now, ZoneInfo(bulletin.timezone)
    early = issue.frozen_at is not None and issue.frozen_at.astimezone(zone).date() == issue.date
    values: dict[str, Any] = {
        "state": IssueState.HELD if over else IssueState.OPEN,
        "held_from": IssueState.WAITING if over else None,
        "date": issue.due_at.astimezone(zone).date() if early and not over else issue.date,
        "number": None,
        "frozen_at": None,
        "gate_until": None,
        "audience_until": 0,
        "rows": 0,
        "document": None,
        "approvals": [],
        "late_told": False,
    }
    if later is not None:
        values["intro"] = issue.intro or later.intro
        values["subtitle"] = later.subtitle if issue.subtitle is None else issue.subtitle
        values["footer"] = later.footer if issue.footer is None else issue.footer
    try:
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.HELD,), **values)
    except Stale:
        raise Refused("issue-changed") from None
