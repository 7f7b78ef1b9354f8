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
    """Return what was found at the addresses of an item, by the canonical form of each citation's address.

    Of a citation that came from another item, joined to this one, it is what was found for that one.
    """
    i, p = t.items, t.pages.c
    joined, this = i.alias("joined"), i.alias("this")
    sent_together = (joined.c.state == ItemState.MERGED) & (joined.c.submission_id == this.c.submission_id)
    others = select(joined.c.id).where(this.c.id == item_id, or_(joined.c.merged_into_id == item_id, sent_together))
    query = select(t.pages).where(or_(p.item_id == item_id, p.item_id.in_(others)))
    rows = (await tx.execute(query.order_by(p.item_id == item_id))).all()  # its own come last, and so prevail
    return {row.canonical: PageSeen(**{**row._asdict(), "item_id": item_id}) for row in rows}


async def unchecked(tx: Tx, bulletin_id: int, since: datetime) -> list[int]:
    """Return the items that go into the open issue, decided before `since`, with an address not looked at since."""
    i, c, p = t.items.c, t.citations.c, t.pages.c
    looked_at = exists().where(p.item_id == c.item_id, p.canonical == c.canonical, p.checked_at >= since)
    cited = exists().where(c.item_id == i.id, c.url.is_not(None), c.canonical.is_not(None), ~looked_at)
    ready = i.state.in_((ItemState.APPROVED, ItemState.CARRIED))
    earlier = or_(i.decided_at.is_(None), i.decided_at < since)
    query = select(i.id).where(i.bulletin_id == bulletin_id, ready, earlier, cited).order_by(i.id)
    return list((await tx.execute(query)).scalars())
