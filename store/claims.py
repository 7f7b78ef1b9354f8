"""SQL of who is editing an item, and until when; a claim is no change of the item, so its revision stays."""

from datetime import datetime

from sqlalchemy import update

from store import schema as t
from store.database import Tx


async def take(tx: Tx, item_id: int, person_id: int, now: datetime, until: datetime) -> bool:
    """Claim an item for editing; False when somebody else holds it."""
    c = t.items.c
    free = c.claimed_until.is_(None) | (c.claimed_until <= now) | (c.claimed_by == person_id)
    statement = update(t.items).where(c.id == item_id, free).values(claimed_by=person_id, claimed_until=until)
    return (await tx.execute(statement)).rowcount == 1


async def let_go(tx: Tx, item_id: int) -> None:
    """Let go of an item that somebody has edited."""
    await tx.execute(update(t.items).where(t.items.c.id == item_id).values(claimed_by=None, claimed_until=None))
