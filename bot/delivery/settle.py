"""What people decide: on a post that was perhaps sent, and on sending once more what could not be sent."""

from datetime import datetime

from bot.delivery.edits import FOR_GOOD as NEVER
from bot.delivery.mailing import NO_ISSUE, READER_PAUSED
from bot.delivery.plan import NO_MAIL
from bot.errors import Refused
from store import audit, deliveries, issues, reports
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState, IssueState

LEFT_OUT = "delivery-left-out"
FOR_GOOD = (*NEVER, NO_ISSUE, NO_MAIL, READER_PAUSED)
"""Problems that no further try mends."""
FAILED = (DeliveryState.REFUSED, DeliveryState.HELD, DeliveryState.SKIPPED)


async def it_is_there(tx: Tx, delivery_id: int, message_id: int | None, actor: str, now: datetime) -> None:
    """Take the post as sent; `message_id`, where it is known, lets it be corrected later.

    Raises Refused("delivery-already-settled") when somebody was first.
    """
    row = await _row(tx, delivery_id)
    values = {} if message_id is None else {"message_id": message_id}
    await _decide(tx, row, DeliveryState.SENT, "it is there", actor, now, problem="", **values)


async def send_again(tx: Tx, delivery_id: int, actor: str, now: datetime) -> None:
    """Send the post or letter once more; raises Refused("delivery-already-settled") when somebody was first."""
    row = await _row(tx, delivery_id)
    values = {"possible_duplicate": True, "not_before": None, "problem": ""}
    await _decide(tx, row, DeliveryState.QUEUED, "send again", actor, now, **values)
    await go_on(tx, row.issue_id)


async def leave_out(tx: Tx, delivery_id: int, actor: str, now: datetime) -> None:
    """Leave this one out; raises Refused("delivery-already-settled") when somebody was first."""
    row = await _row(tx, delivery_id)
    await _decide(tx, row, DeliveryState.SKIPPED, "leave out", actor, now, problem=LEFT_OUT)


async def send_failed(tx: Tx, issue_id: int, actor: str, now: datetime) -> int:
    """Queue once more what was refused, is on hold or was left out; returns how many rows.

    Nobody who got it hears of it again, readers who have left and paused channels are passed over.
    """
    rows = await reports.queue_again(tx, issue_id, FAILED, FOR_GOOD)
    if not rows:
        return 0
    await go_on(tx, issue_id)
    await audit.note(tx, at=now, actor=actor, act="send failed again", subject=f"issue {issue_id}", rows=rows)
    return rows


async def _row(tx: Tx, delivery_id: int) -> Delivery:
    row = await deliveries.get(tx, delivery_id)
    if row is None:
        raise Refused("delivery-already-settled")
    return row


async def _decide(
    tx: Tx, row: Delivery, state: DeliveryState, act: str, actor: str, now: datetime, **columns: object
) -> None:
    if not await deliveries.decide(tx, row.id, state, **columns):
        raise Refused("delivery-already-settled")
    await audit.note(tx, at=now, actor=actor, act=act, subject=f"delivery {row.id}", issue=row.issue_id, part=row.part)


async def go_on(tx: Tx, issue_id: int) -> None:
    """Open a sent issue again, since something of it is to go out."""
    issue = await issues.get(tx, issue_id)
    if issue is not None and issue.state == IssueState.SENT:
        await issues.change(tx, issue_id, issue.revision, states=(IssueState.SENT,), state=IssueState.SENDING)
