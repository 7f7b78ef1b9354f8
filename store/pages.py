"""SQL of the pages behind citations: what was found at each address when it was last looked at."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import PageSeen
from store.states import ItemState


async def seen(tx: Tx, page: PageSeen) -> None:
    """Note what was found at a citation's address, in place of what was found there before."""
    values = asdict(page)
    found = {name: values[name] for name in ("address", "own_address", "title", "checked_at")}
    statement = upsert(t.pages).values(**values)
    key = [t.pages.c.item_id, t.pages.c.canonical]
    await tx.execute(statement.on_conflict_do_update(index_elements=key, set_=found))


async def of_item(tx: Tx, item_id: int) -> dict[str, PageSeen]:
    """Return what was found at the addresses of an item, by the canonical form of each citation's address."""
    rows = (await tx.execute(select(t.pages).where(t.pages.c.item_id == item_id))).all()
    return {row.canonical: PageSeen(**row._asdict()) for row in rows}


async def unchecked(tx: Tx, bulletin_id: int, since: datetime) -> list[int]:
    """Return the items that go into the open issue, decided before `since`, with an address not looked at since."""
    i, c, p = t.items.c, t.citations.c, t.pages.c
    looked_at = exists().where(p.item_id == i.id, p.canonical == c.canonical, p.checked_at >= since)
    cited = exists().where(c.item_id == i.id, c.url.is_not(None), c.canonical.is_not(None), ~looked_at)
    ready = i.state.in_((ItemState.APPROVED, ItemState.CARRIED))
    earlier = or_(i.decided_at.is_(None), i.decided_at < since)
    query = select(i.id).where(i.bulletin_id == bulletin_id, ready, earlier, cited).order_by(i.id)
    return list((await tx.execute(query)).scalars())
