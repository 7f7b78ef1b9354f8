"""What the delivery has to tell the moderators: rows for the outbox, written in the transaction of their cause."""

from datetime import datetime
from typing import Any

from store import bulletins, issues, outbox
from store.database import Tx
from store.records import Delivery


async def doubt(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Ask the moderators about a post that was perhaps sent."""
    await _put(tx, delivery.issue_id, now, "doubt", delivery.id, f"doubt:{delivery.id}", {})


async def finished(tx: Tx, issue_id: int, now: datetime) -> None:
    """Bring the moderators the report of an issue, and its card up to date: nothing is left to hold."""
    await gate(tx, issue_id, now)
    await _put(tx, issue_id, now, "report", issue_id, f"report:{issue_id}", {})


async def gate(tx: Tx, issue_id: int, now: datetime) -> None:
    """Bring the card of an issue up to date."""
    await _put(tx, issue_id, now, "gate", issue_id, f"gate:{issue_id}", {})


async def sentence(tx: Tx, issue_id: int, now: datetime, about: str, key: str, **values: object) -> None:
    """Say one sentence; a waiting one about the same thing is replaced."""
    payload = {"key": key, "values": values}
    await _put(tx, issue_id, now, "say", issue_id, f"say:{about}", payload)


async def _put(
    tx: Tx, issue_id: int, now: datetime, kind: str, subject: int, merge_key: str, payload: dict[str, Any]
) -> None:
    issue = await issues.get(tx, issue_id)
    if issue is None:
        return
    bulletin = await bulletins.get(tx, issue.bulletin_id)
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=kind,
        payload=payload,
        subject_id=subject,
        merge_key=merge_key,
    )
