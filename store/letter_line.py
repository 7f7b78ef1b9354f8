"""SQL of the one line at a desk that tells of letters without a card, and of how many got one of their own lately."""

from datetime import datetime, timedelta

from store import bulletins, outbox
from store.database import Tx
from store.records import Bulletin

KIND = "letters"
PATIENCE_SECONDS = 10
"""A change waits so long for others, so that a flood of letters is a few redrawings."""


async def put(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Queue the drawing of the line; where none stands one is posted."""
    at = now + timedelta(seconds=PATIENCE_SECONDS)
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=KIND,
        payload={"at": now.isoformat()},  # so that a drawing which is under way is followed by another
        subject_id=bulletin.id,
        merge_key=_key(bulletin),
        patient=True,
        not_before=at,
    )


async def refresh(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Queue the redrawing of the line, since other letters wait; nothing where none stands."""
    if await stands(tx, bulletin):
        await put(tx, bulletin, now)


async def stands(tx: Tx, bulletin: Bulletin) -> bool:
    """Say whether the line stands at the desk, or is about to."""
    return await posted(tx, bulletin) is not None or await outbox.waits(tx, _key(bulletin))


async def posted(tx: Tx, bulletin: Bulletin) -> int | None:
    """Return the message of the line that stands at the desk."""
    chat = bulletin.moderators_chat
    return None if chat is None else await outbox.card(tx, KIND, bulletin.id, chat)


async def begun_at(tx: Tx, bulletin: Bulletin) -> datetime | None:
    """Return when the line that stands was first queued."""
    found = await bulletins.fact(tx, _key(bulletin))
    return None if found is None else datetime.fromisoformat(found)


async def begin(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Let the next drawing be a message of its own."""
    if bulletin.moderators_chat is not None:
        await outbox.forget_card(tx, KIND, bulletin.id, bulletin.moderators_chat)
    await bulletins.set_fact(tx, _key(bulletin), now.isoformat())


async def take_place(tx: Tx, bulletin: Bulletin, budget: str, most: int, since: datetime, now: datetime) -> bool:
    """Count one more card of a letter; False, and nothing is counted, where there were `most` since a moment.

    Of each `budget` the cards are counted by themselves.
    """
    key = f"letter-cards:{bulletin.id}:{budget}"
    kept = await bulletins.fact(tx, key, [])
    lately = [moment for moment in kept if datetime.fromisoformat(moment) > since]
    if len(lately) >= most:
        return False
    await bulletins.set_fact(tx, key, [*lately, now.isoformat()])
    return True


def _key(bulletin: Bulletin) -> str:
    return f"{KIND}:{bulletin.id}"
