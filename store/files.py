"""SQL of the files that people sent and that wait to be read."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import WaitingFile


async def add(tx: Tx, **columns: Any) -> None:
    """Note a file that is to be read; one that waits already is noted once."""
    await tx.execute(upsert(t.files).values(**columns).on_conflict_do_nothing(index_elements=["key"]))


async def waiting(tx: Tx, limit: int) -> list[WaitingFile]:
    """Return the files that wait, oldest first."""
    rows = (await tx.execute(select(t.files).order_by(t.files.c.id).limit(limit))).all()
    return [WaitingFile(**row._asdict()) for row in rows]


async def count_attempt(tx: Tx, file_id: int) -> None:
    c = t.files.c
    await tx.execute(update(t.files).where(c.id == file_id).values(attempt=c.attempt + 1))


async def done(tx: Tx, file_id: int) -> bool:
    """Forget a file that was read, or cannot be; False when that was done before."""
    return (await tx.execute(delete(t.files).where(t.files.c.id == file_id))).rowcount == 1
