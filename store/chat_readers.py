"""SQL of readers in Telegram: private chats, sealed, to which a bulletin's issues come."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.states import SubscriptionState

ACTIVE, LEFT, UNREACHABLE = SubscriptionState.ACTIVE, SubscriptionState.LEFT, SubscriptionState.BOUNCED


class ChatReader(NamedTuple):
    """One private chat that reads, or read, a bulletin; `contact` is None once it is forgotten."""

    id: int
    bulletin_id: int
    state: SubscriptionState
    contact: bytes | None
    changed_at: datetime
    latest_id: int | None


async def come(tx: Tx, bulletin_id: int, contact: bytes, contact_mac: str, now: datetime) -> bool:
    """Let a bulletin come to a chat; False when it does already."""
    statement = upsert(t.chat_readers).values(
        bulletin_id=bulletin_id, contact=contact, contact_mac=contact_mac, state=ACTIVE, changed_at=now
    )
    back = {"state": ACTIVE, "contact": contact, "changed_at": now}
    where = t.chat_readers.c.state != ACTIVE
    here = ["bulletin_id", "contact_mac"]
    return (await tx.execute(statement.on_conflict_do_update(index_elements=here, set_=back, where=where))).rowcount > 0


async def at(tx: Tx, contact_mac: str) -> list[ChatReader]:
    """Return what comes, or came, to a chat, by bulletin."""
    return await _many(tx, t.chat_readers.c.contact_mac == contact_mac)


async def those(tx: Tx, ids: Iterable[int]) -> dict[int, ChatReader]:
    """Return these readers by id."""
    return {reader.id: reader for reader in await _many(tx, t.chat_readers.c.id.in_(list(ids)))}


async def end(tx: Tx, reader_id: int, state: SubscriptionState, now: datetime) -> bool:
    """Let nothing come any more; False when nothing did."""
    c = t.chat_readers.c
    statement = update(t.chat_readers).where(c.id == reader_id, c.state == ACTIVE)
    return (await tx.execute(statement.values(state=state, changed_at=now))).rowcount == 1


async def had_latest(tx: Tx, reader_id: int, issue_id: int) -> bool:
    """Note that a reader gets this issue by their own wish; False when they did before."""
    c = t.chat_readers.c
    fresh = or_(c.latest_id.is_(None), c.latest_id != issue_id)
    statement = update(t.chat_readers).where(c.id == reader_id, c.state == ACTIVE, fresh)
    return (await tx.execute(statement.values(latest_id=issue_id))).rowcount == 1


async def count(tx: Tx, bulletin_id: int) -> int:
    """Return to how many chats a bulletin comes."""
    c = t.chat_readers.c
    query = select(func.count()).where(c.bulletin_id == bulletin_id, c.state == ACTIVE)
    return int((await tx.execute(query)).scalar_one())


async def forget(tx: Tx, before: datetime) -> int:
    """Erase the chats to which nothing has come since a moment; returns how many. Their rows stay, for the ledger."""
    c = t.chat_readers.c
    gone = update(t.chat_readers).where(c.state != ACTIVE, c.contact.is_not(None), c.changed_at < before)
    return (await tx.execute(gone.values(contact=None, contact_mac=None))).rowcount


async def _many(tx: Tx, condition: ColumnElement[bool]) -> list[ChatReader]:
    c = t.chat_readers.c
    query = select(c.id, c.bulletin_id, c.state, c.contact, c.changed_at, c.latest_id)
    rows = await tx.execute(query.where(condition).order_by(c.bulletin_id))
    return [ChatReader(*row[:2], SubscriptionState(row.state), *row[3:]) for row in rows.all()]
