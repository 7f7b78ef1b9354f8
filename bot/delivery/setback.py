"""When mail comes back from many readers, or our server seems block-listed: the broadcast is put on hold, once."""

from datetime import datetime

from bot.delivery import tell
from bot.returns import HARD
from store import audit, issues, returns
from store.database import Tx
from store.states import IssueState

MOST_PARTS = 50  # one hard bounce in so many letters, 2 %, is the most that is let pass
LEAST_LETTERS = 50
ACT = "too much came back"


async def after_bounce(tx: Tx, issue_id: int | None, now: datetime) -> bool:
    """Stop a run where more than 2 % of its letters, and of 50 at least, came back for good; says whether it did."""
    if issue_id is None:
        return False
    hard = await returns.in_run(tx, issue_id, HARD)
    letters = await returns.mailed(tx, issue_id, max(LEAST_LETTERS, hard * MOST_PARTS))
    if letters < LEAST_LETTERS or letters >= hard * MOST_PARTS:
        return False
    return await _stop(tx, issue_id, now, "many", hard=hard, letters=letters)


async def after_listing(tx: Tx, issue_id: int | None, now: datetime) -> bool:
    """Stop a run where a refusal hints that our mail server is on a block list; says whether it did."""
    return issue_id is not None and await _stop(tx, issue_id, now, "listed")


async def _stop(tx: Tx, issue_id: int, now: datetime, why: str, **values: int) -> bool:
    """Put what is still being sent on hold and tell the moderators; whoever lets it go on then is not asked again."""
    subject = f"issue {issue_id}"
    issue = await issues.get(tx, issue_id)
    if issue is None or await audit.last(tx, subject, ACT) is not None:
        return False
    await audit.note(tx, at=now, actor="mail", act=ACT, subject=subject, why=why, **values)
    if issue.state == IssueState.SENDING:
        held = {"state": IssueState.HELD, "held_from": IssueState.SENDING}
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.SENDING,), **held)
        await tell.gate(tx, issue_id, now)
        why += "-held"
    await tell.sentence(
        tx, issue_id, now, f"returns:{issue_id}", f"returns-{why}", number=issue.number or "?", **values
    )
    return True
