"""Looks at everything that waits in the outbox."""

from datetime import datetime

from sqlalchemy import select

from store import schema
from store.database import Tx
from store.outbox import Waiting


async def waiting(tx: Tx, moment: datetime) -> list[Waiting]:
    """Return every row that may be sent at that moment, oldest first."""
    c = schema.outbox.c
    rows = await tx.execute(select(schema.outbox).where(c.not_before <= moment).order_by(c.id))
    return [Waiting(*row) for row in rows.all()]
