"""The opening of a gate: how long an issue waits behind it, and its message at the desk."""

from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.issues import bring_down, desk
from store import audit
from store import issues as records
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Gate, Issue
from store.states import IssueState

AT_ONCE = timedelta(0)
BEFORE_CLOSING = (IssueState.OPEN, IssueState.WAITING, IssueState.HELD)


def wait_of(bulletin: Bulletin) -> timedelta | None:
    """Return how long an issue waits from its hour on before it goes out by itself; None where it never does."""
    waits = {Gate.AUTOMATIC: AT_ONCE, Gate.COUNTDOWN: timedelta(minutes=bulletin.gate_minutes)}
    return waits.get(bulletin.gate)


async def start(
    tx: Tx, bulletin: Bulletin, issue: Issue, actor: str, now: datetime, wait: timedelta | None, **more: Any
) -> None:
    """Let an issue wait behind its gate, for so long or until somebody lets it out.

    When its hour has come its message is posted anew, with what would be printed.
    """
    until = None if wait is None else now + wait
    values = {"state": IssueState.WAITING, "gate_until": until, "held_from": None, **more}
    await change(tx, issue, BEFORE_CLOSING, **values)
    minutes = None if wait is None else wait.seconds // 60
    await audit.note(tx, at=now, actor=actor, act="gate", subject=f"issue {issue.id}", minutes=minutes)
    if actor == "clock":
        await bring_down(tx, bulletin, issue, now)
    await desk(tx, bulletin, issue.id, "gate", now)


async def change(tx: Tx, issue: Issue, states: tuple[IssueState, ...], **columns: Any) -> None:
    """Change an issue as it was read; raises Refused when it is another by now."""
    try:
        await records.change(tx, issue.id, issue.revision, states=states, **columns)
    except Stale:
        raise Refused("issue-changed") from None


async def refresh(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Draw the message of an issue that waits, or that somebody has let out, again: what it holds has changed."""
    issue = await records.current(tx, bulletin.id)
    if issue is not None and (issue.state != IssueState.OPEN or issue.approvals):
        await desk(tx, bulletin, issue.id, "gate", now)
