"""SQL of the files that people sent and that wait to be read."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, null, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import WaitingFile

READERS, LINKS, IMPORT = "readers", "links", "import"
"""What an editor is asked about a file of readers or of links, and one of readers that is to be imported."""
_WAITING = (
    select(t.files)
    .where(or_(t.files.c.asks.in_(("", IMPORT)), t.files.c.found.is_(null())))
    .order_by(t.files.c.id)
    .limit(bindparam("most"))
)


async def add(tx: Tx, **columns: Any) -> None:
    """Note a file that is to be read; one that waits already is noted once."""
    await tx.execute(upsert(t.files).values(**columns).on_conflict_do_nothing(index_elements=["key"]))


async def waiting(tx: Tx, limit: int) -> list[WaitingFile]:
    """Return the files that wait to be read, oldest first; those that an editor was asked about wait for a press."""
    rows = (await tx.execute(_WAITING, {"most": limit})).all()
    return [WaitingFile(**row._asdict()) for row in rows]


async def count_attempt(tx: Tx, file_id: int) -> None:
    c = t.files.c
    await tx.execute(update(t.files).where(c.id == file_id).values(attempt=c.attempt + 1))


async def done(tx: Tx, file_id: int) -> bool:
    """Forget a file that was read, or cannot be; False when that was done before."""
    return (await tx.execute(delete(t.files).where(t.files.c.id == file_id))).rowcount == 1


async def get(tx: Tx, file_id: int) -> WaitingFile | None:
    """Return a file that is not done with."""
    row = (await tx.execute(select(t.files).where(t.files.c.id == file_id))).first()
    return None if row is None else WaitingFile(**row._asdict())


async def looked_at(tx: Tx, file_id: int, found: dict[str, Any], asks: str) -> None:
    """Note what was found in a file that an editor is asked about, and so what they are asked."""
    await tx.execute(update(t.files).where(t.files.c.id == file_id).values(found=found, asks=asks))


async def confirm(tx: Tx, file_id: int, before: str, **columns: Any) -> bool:
    """Let a file take effect that somebody was asked about; False when that was done before."""
    c = t.files.c
    statement = update(t.files).where(c.id == file_id, c.asks == before, c.found.is_not(null()))
    return (await tx.execute(statement.values(attempt=0, **columns))).rowcount == 1


async def forget_unanswered(tx: Tx, before: datetime) -> None:
    """Forget the files about which nobody has answered for long."""
    c = t.files.c
    await tx.execute(delete(t.files).where(c.asks.in_((READERS, LINKS)), c.received_at < before))
