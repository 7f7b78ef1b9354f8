"""SQL of Telegram's updates: each takes effect once, in the transaction of its effect."""

from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx

KEPT_DAYS = 3


async def begin(tx: Tx, update_id: int, day: date) -> bool:
    """Mark an update as done within its effect's transaction; False when it was done before."""
    statement = upsert(t.updates).values(update_id=update_id, day=day, done=True, failures=0)
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"], set_={"done": True}, where=t.updates.c.done.is_(False)
    )
    return (await tx.execute(statement)).rowcount == 1


async def failed(tx: Tx, update_id: int, day: date) -> int:
    """Count a failure of an update; returns how often it has failed."""
    statement = upsert(t.updates).values(update_id=update_id, day=day, done=False, failures=1)
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"], set_={"failures": t.updates.c.failures + 1}
    )
    return int((await tx.execute(statement.returning(t.updates.c.failures))).scalar_one())


async def set_aside(tx: Tx, update_id: int, day: date) -> None:
    await begin(tx, update_id, day)


async def forget_old(tx: Tx, today: date) -> None:
    """Forget updates so old that Telegram, which keeps them for a day, will not send them again.

    By day and not by number: after a quiet week Telegram goes on with any number it likes.
    """
    await tx.execute(delete(t.updates).where(t.updates.c.day < today - timedelta(days=KEPT_DAYS)))
