"""SQL of shaping the open issue: the order of its items within a section, and which hours have issues already."""

from collections.abc import Sequence

from sqlalchemy import case, select, update

from store import schema as t
from store.database import Tx
from store.items import OPEN_STATES


async def order_by_hand(tx: Tx, section_id: int, item_ids: Sequence[int]) -> None:
    """Give approved items of a section the places in which they are named.

    Their revisions stay: a place says nothing that their cards show, and the one that was moved changes its own.
    """
    i, places = t.items, {item_id: place for place, item_id in enumerate(item_ids, 1)}
    statement = update(i).where(i.c.id.in_(places), i.c.section_id == section_id, i.c.state.in_(OPEN_STATES))
    await tx.execute(statement.values(position=case(places, value=i.c.id)))


async def order_by_date(tx: Tx, section_id: int) -> None:
    """Take the places that an editor gave away, so that the approved items of a section stand newest first again."""
    i = t.items
    statement = update(i).where(i.c.section_id == section_id, i.c.state.in_(OPEN_STATES))
    await tx.execute(statement.values(position=None))


async def hour_has_issue(tx: Tx, bulletin_id: int, due_local: str) -> bool:
    """Say whether an issue of a bulletin has this hour, in its own zone (`2026-11-22 18:00`)."""
    c = t.issues.c
    query = select(c.id).where(c.bulletin_id == bulletin_id, c.due_local == due_local)
    return (await tx.execute(query)).first() is not None
