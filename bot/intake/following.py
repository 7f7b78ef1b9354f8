"""Word to senders: the one message that follows what they sent, and the outcomes that are said aloud."""

from datetime import datetime, timedelta

from store import items, outbox, senders
from store.database import Tx
from store.records import Item, Submission
from store.states import ItemState

OUTCOME_DELAY_SECONDS = 60
"""An outcome is told so much later than it is decided, so that an undo can take it back unheard."""

PATIENCE_SECONDS = 2


async def follow(tx: Tx, submission_id: int, now: datetime, *, patient: bool = False, asked: bool = False) -> None:
    """Queue the sender's message that follows a submission, or its redrawing; nothing where the sender is forgotten.

    What came by letter has none unless its sender `asked` for it. A `patient` redrawing waits a moment for others, so
    that many pages read in a row are told together.
    """
    await follow_submission(tx, await items.submission(tx, submission_id), now, patient=patient, asked=asked)


async def follow_submission(
    tx: Tx, submission: Submission, now: datetime, *, patient: bool = False, asked: bool = False
) -> None:
    """Queue what `follow` does, of a submission that was looked up before."""
    if submission.road in senders.ANSWERED_BY_MAIL and not (asked or await _stands(tx, submission)):
        return
    if submission.person_id is None and submission.contact is None:
        return
    await outbox.put(
        tx,
        now=now,
        not_before=now + timedelta(seconds=PATIENCE_SECONDS if patient else 0),
        kind="ack",
        payload={"at": now.isoformat()},
        patient=patient,
        person_id=submission.person_id,
        subject_id=submission.id,
        merge_key=f"ack:{submission.id}",
    )


async def _stands(tx: Tx, submission: Submission) -> bool:
    return await outbox.card(tx, "ack", submission.id, senders.PRIVATE) is not None


async def follow_item(tx: Tx, item: Item | None, now: datetime) -> None:
    """Queue the redrawing of the message that follows an item."""
    if item is not None and item.submission_id is not None:
        await follow(tx, item.submission_id, now)


async def tell(tx: Tx, item: Item | None, now: datetime, *, at_once: bool = False) -> None:
    """Queue word of a decision, to be said when it can no longer be undone unheard, or at once."""
    if item is None or item.submission_id is None:
        return
    submission = await items.submission(tx, item.submission_id)
    if submission.person_id is None and submission.contact is None:
        return
    await outbox.put(
        tx,
        now=now,
        not_before=now if at_once else now + timedelta(seconds=OUTCOME_DELAY_SECONDS),
        kind="outcome",
        payload={"at": now.isoformat()},
        person_id=submission.person_id,
        subject_id=item.id,
        merge_key=f"outcome:{item.id}",
    )


async def take_back(tx: Tx, item_id: int) -> bool:
    """Take word of a decision back; False when it was said already, or is being said."""
    return await outbox.cancel(tx, f"outcome:{item_id}")


def is_heard(item: Item, now: datetime) -> bool:
    """Say whether the sender may know of a decision: not while an undo could still take it back unheard."""
    if item.state not in (ItemState.APPROVED, ItemState.REJECTED) or item.decided_at is None:
        return True
    return now - item.decided_at >= timedelta(seconds=OUTCOME_DELAY_SECONDS)
