"""SQL of the pages behind citations: what was found at each address when it was last looked at."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import PageSeen


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
