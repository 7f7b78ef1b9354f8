"""SQL of Telegram's updates: each takes effect once, in the transaction of its effect; those of a rush are kept."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, null, select
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx

KEPT_DAYS = 3
_MARK = upsert(t.updates).values(update_id=bindparam("number"), day=bindparam("today"), done=True, failures=0)
_BEGIN = _MARK.on_conflict_do_update(
    index_elements=["update_id"], set_={"done": True, "kept": null()}, where=t.updates.c.done.is_(False)
)


async def begin(tx: Tx, update_id: int, day: date) -> bool:
    """Mark an update as done within its effect's transaction, and forget its content; False when it was done before."""
    return (await tx.execute(_BEGIN, {"number": update_id, "today": day})).rowcount == 1


async def failed(tx: Tx, update_id: int, day: date) -> int:
    """Count a failure of an update; returns how often it has failed."""
    statement = upsert(t.updates).values(update_id=update_id, day=day, done=False, failures=1)
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"], set_={"failures": t.updates.c.failures + 1}
    )
    return int((await tx.execute(statement.returning(t.updates.c.failures))).scalar_one())


async def set_aside(tx: Tx, update_id: int, day: date) -> None:
    await begin(tx, update_id, day)


async def keep(tx: Tx, contents: Mapping[int, bytes], day: date) -> None:
    """Keep the sealed contents of updates that are dealt with in a moment, so that Telegram may forget them.

    What was done before is not kept again, and stays done.
    """
    statement = upsert(t.updates).values(done=False, failures=0)
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"], set_={"kept": statement.excluded.kept}, where=t.updates.c.done.is_(False)
    )
    rows = [{"update_id": number, "day": day, "kept": content} for number, content in contents.items()]
    if rows:
        await tx.execute(statement, rows)


async def kept(tx: Tx) -> dict[int, bytes]:
    """Return the sealed contents of the updates that are kept, in the order in which they came."""
    c = t.updates.c
    rows = await tx.execute(select(c.update_id, c.kept).where(c.kept.is_not(None)).order_by(c.update_id))
    return {row.update_id: row.kept for row in rows.all()}


async def forget_old(tx: Tx, today: date) -> None:
    """Forget updates so old that Telegram, which keeps them for a day, will not send them again.

    By day and not by number: after a quiet week Telegram goes on with any number it likes.
    """
    c = t.updates.c
    await tx.execute(delete(t.updates).where(c.day < today - timedelta(days=KEPT_DAYS), c.kept.is_(None)))
