"""SQL of a rush at the desk: how many new cards wait to be posted in each chat, and how many stand there undecided."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, not_, select

from store import schema as t
from store.database import Tx
from store.states import ItemState

BROUGHT = "brought"
"""What the payload of a card says that somebody asked for: it is never held back."""


def is_new() -> ColumnElement[bool]:
    """Return the condition of a row that is to post the card of a waiting item of which none stands yet."""
    o, k, i = t.outbox.c, t.cards.c, t.items.c
    stands = exists().where(k.kind == o.kind, k.subject_id == o.subject_id, k.chat_id == o.chat_id)
    waits = exists().where(i.id == o.subject_id, i.state == ItemState.PENDING)
    asked = func.coalesce(o.payload[BROUGHT].as_boolean(), False)
    return and_(o.kind == "card", not_(asked), waits, not_(stands))


async def waiting(tx: Tx, now: datetime) -> dict[int, int]:
    """Return for each chat how many new cards wait to be posted now; none for a chat without any."""
    return {chat: count for chat, count in (await tx.execute(_waiting(), {"now": now})).all() if chat is not None}


@cache
def _waiting() -> Select[Any]:
    o = t.outbox.c
    waits = (o.kind == "card", o.not_before <= bindparam("now"), is_new())
    return select(o.chat_id, func.count()).where(*waits).group_by(o.chat_id)


async def undecided(tx: Tx, chat_id: int) -> int:
    """Return how many cards stand in a chat whose items wait for a decision and are not put off."""
    k, i = t.cards.c, t.items.c
    query = select(func.count()).select_from(t.cards.join(t.items, i.id == k.subject_id))
    query = query.where(k.kind == "card", k.chat_id == chat_id, i.state == ItemState.PENDING, i.snoozed_until.is_(None))
    return int((await tx.execute(query)).scalar_one())
