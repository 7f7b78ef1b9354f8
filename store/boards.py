"""SQL of the issue's live message at the desk: whether it stands, which view of it is open, and its redrawing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from store import bulletins, outbox
from store import schema as t
from store.database import Tx
from store.records import Bulletin

KIND = "board"
PATIENCE_SECONDS = 10
"""A change made elsewhere waits so long for others, so that many of them are one redrawing."""


async def show(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Queue the drawing of the board at the desk at once; where none stands one is posted."""
    await _put(tx, bulletin, now)


async def refresh(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Queue the redrawing of the board, since what it shows has changed; nothing where none stands."""
    if await stands(tx, bulletin):
        await _put(tx, bulletin, now, patient=True, not_before=now + timedelta(seconds=PATIENCE_SECONDS))


async def stands(tx: Tx, bulletin: Bulletin) -> bool:
    """Say whether a board stands at the desk, or is about to."""
    c, o = t.cards.c, t.outbox.c
    posted = exists().where(c.kind == KIND, c.subject_id == bulletin.id, c.chat_id == bulletin.moderators_chat)
    waits = exists().where(o.merge_key == _key(bulletin))
    return bulletin.moderators_chat is not None and bool((await tx.execute(select(posted | waits))).scalar())


async def stand_at(tx: Tx, bulletin: Bulletin, message_id: int) -> None:
    """Let a message at the desk be the board."""
    if bulletin.moderators_chat is not None:
        await outbox.remember_card(tx, KIND, bulletin.id, bulletin.moderators_chat, message_id)


async def lend(tx: Tx, bulletin: Bulletin, message_id: int) -> None:
    """Let the message of the board be another menu's: it is not redrawn any more until it is the board again."""
    chat = bulletin.moderators_chat
    if chat is not None and await outbox.card(tx, KIND, bulletin.id, chat) == message_id:
        await outbox.forget_card(tx, KIND, bulletin.id, chat)
        await outbox.cancel(tx, _key(bulletin))


async def look_at(tx: Tx, bulletin: Bulletin, view: list[Any], now: datetime) -> None:
    """Note which view of the board is open at the desk, so that a redrawing leaves people where they are."""
    await bulletins.set_fact(tx, _key(bulletin), {"view": view, "at": now.isoformat()})


async def view_of(tx: Tx, bulletin: Bulletin) -> tuple[list[Any], datetime] | None:
    """Return the view that is open at the desk, and since when."""
    found = await bulletins.fact(tx, _key(bulletin))
    return None if found is None else (found["view"], datetime.fromisoformat(found["at"]))


async def _put(tx: Tx, bulletin: Bulletin, now: datetime, **columns: Any) -> None:
    payload = {"at": now.isoformat()}
    await outbox.put_at_desk(
        tx, bulletin, now=now, kind=KIND, payload=payload, subject_id=bulletin.id, merge_key=_key(bulletin), **columns
    )


def _key(bulletin: Bulletin) -> str:
    return f"{KIND}:{bulletin.id}"
