"""Notices that stand in a pasted digest: kept apart, and suggested to the editors, who alone print them."""

from datetime import datetime

from bot.intake.message.found import Found
from bot.intake.message.going_on import notices_of
from store import notices, outbox
from store.database import Tx
from store.records import Bulletin, Notice, NoticeKind, Submission

TITLE_LENGTH = 255


async def suggest_notices(tx: Tx, bulletin: Bulletin, submission: Submission, found: Found, now: datetime) -> list[int]:
    """Keep the notices of a message, show them at the desk and tell the sender; returns all of the paste so far.

    With `notice_goes_on` the first one completes the last one of the message before.
    """
    kept = notices_of(submission)
    for place, text in enumerate(found.notices):
        if place == 0 and found.notice_goes_on and kept:
            await notices.complete_suggestion(tx, kept[-1], text)
        else:
            title = next(line for line in text.splitlines() if line.strip())
            notice = Notice(NoticeKind.OTHER, text=text, title=title[:TITLE_LENGTH])
            kept.append(await notices.add(tx, bulletin.id, notice, suggested=True))
        await show_suggestion(tx, bulletin, kept[-1], now)
    if found.notices and submission.person_id is not None:
        values = {"number": submission.number, "n": len(kept)}
        key = f"notices:{submission.id}"
        payload = {"key": "paste-notices", "values": values}
        person = submission.person_id
        await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person, merge_key=key)
    return kept


async def show_suggestion(tx: Tx, bulletin: Bulletin, notice_id: int, now: datetime) -> None:
    """Queue the drawing of a suggested notice in the moderators' chat."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind="suggestion",
        payload={},
        subject_id=notice_id,
        merge_key=f"suggestion:{notice_id}",
    )
