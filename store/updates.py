"""SQL of Telegram's updates: each takes effect once, in the transaction of its effect."""

from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx


async def begin(tx: Tx, update_id: int) -> bool:
    """Mark an update as done within its effect's transaction; False when it was done before."""
    statement = upsert(t.updates).values(update_id=update_id, done=True, failures=0)
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"], set_={"done": True}, where=t.updates.c.done.is_(False)
    )
    return (await tx.execute(statement)).rowcount == 1


async def failed(tx: Tx, update_id: int) -> int:
    """Count a failure of an update; returns how often it has failed."""
    statement = upsert(t.updates).values(update_id=update_id, done=False, failures=1)
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"], set_={"failures": t.updates.c.failures + 1}
    )
    return int((await tx.execute(statement.returning(t.updates.c.failures))).scalar_one())


async def set_aside(tx: Tx, update_id: int) -> None:
    await begin(tx, update_id)
