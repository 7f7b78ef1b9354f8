"""SQL of the postbox: single mails that wait to be sent. Addresses come in sealed, as does all that is secret."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx

DOUBTS = "doubts"
_COLUMNS = [column for column in t.postbox.c if column.name != "merge_key"]
_PUT = upsert(t.postbox)
_MERGE = _PUT.on_conflict_do_update(
    index_elements=["merge_key"], set_={"payload": _PUT.excluded.payload, "not_before": _PUT.excluded.not_before}
)


async def put(
    tx: Tx,
    *,
    kind: str,
    bulletin_id: int,
    address: bytes,
    payload: dict[str, Any],
    now: datetime,
    sealed: bytes | None = None,
    not_before: datetime | None = None,
    merge_key: str | None = None,
) -> None:
    """Add a mail to be sent; one with the `merge_key` of a waiting one takes its place.

    `address` is sealed under `subscriptions.ADDRESS`. `kind` names who writes it (`bot.postbox`): the kind `say` takes
    `{"subject": KEY, "text": KEY, "values": {…}, "language": "uk", "answers": Message-ID or ""}` and is sent with the
    null sender, as every answer of ours is.
    """
    row = {"kind": kind, "bulletin_id": bulletin_id, "address": address, "payload": payload, "sealed": sealed}
    row |= {"not_before": not_before or now, "merge_key": merge_key, "created_at": now, "attempt": 0}
    await tx.execute(_MERGE, row)


class Single(NamedTuple):
    """A mail that waits; `doubts` counts the times that it was handed over and nobody knows whether it was taken."""

    id: int
    kind: str
    bulletin_id: int
    address: bytes
    payload: dict[str, Any]
    sealed: bytes | None
    not_before: datetime
    attempt: int
    created_at: datetime

    @property
    def doubts(self) -> int:
        return int(self.payload.get(DOUBTS, 0))


async def claim(tx: Tx, now: datetime, limit: int) -> list[Single]:
    """Return the mails that may be sent now, oldest first, each marked as perhaps sent before it is."""
    p = t.postbox
    rows = (await tx.execute(select(*_COLUMNS).where(p.c.not_before <= now).order_by(p.c.id).limit(limit))).all()
    found = [Single(*row) for row in rows]
    for row in found:
        values = {"attempt": row.attempt + 1, "payload": {**row.payload, DOUBTS: row.doubts + 1}}
        await tx.execute(update(p).where(p.c.id == row.id).values(**values))
    return found


async def done(tx: Tx, row: Single) -> None:
    """Erase a mail that was dealt with, unless another took its place meanwhile."""
    await tx.execute(delete(t.postbox).where(_as_claimed(row)))


async def later(tx: Tx, row: Single, not_before: datetime, *, doubts: int, attempt: int) -> None:
    """Let a mail wait until a moment, unless another took its place meanwhile."""
    values = {"not_before": not_before, "attempt": attempt, "payload": {**row.payload, DOUBTS: doubts}}
    await tx.execute(update(t.postbox).where(_as_claimed(row)).values(**values))


async def count(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(t.postbox))).scalar_one())


def _as_claimed(row: Single) -> ColumnElement[bool]:
    p = t.postbox.c
    return and_(p.id == row.id, p.payload[DOUBTS].as_integer() == row.doubts + 1)
