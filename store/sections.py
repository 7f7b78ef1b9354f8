"""SQL of changing sections: for good, for one issue only, and of what still names one that goes out of use."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import outbox
from store import schema as t
from store.database import Tx, insert_row
from store.items import OPEN_STATES
from store.records import Bulletin, Section
from store.states import ItemState

PATIENCE_SECONDS = 10
"""Cards are drawn again so long after a change, so that several changes in a row are one redrawing."""


class Change(NamedTuple):
    """What one issue has otherwise than every issue."""

    section_id: int
    title: str | None
    short: str | None
    position: int | None
    hidden: bool


async def add(tx: Tx, bulletin_id: int, title: str, short: str, issue_id: int | None = None) -> int:
    """Add a section behind all others, of one issue alone where `issue_id` names it; returns its id."""
    columns = {"bulletin_id": bulletin_id, "title": title, "short": short, "issue_id": issue_id}
    return await insert_row(tx, t.sections, **columns, position=await _behind(tx, bulletin_id))


async def revive(tx: Tx, bulletin_id: int, section_id: int, title: str, short: str) -> None:
    """Take a section back into use, behind all others."""
    columns = {"retired": False, "title": title, "short": short, "position": await _behind(tx, bulletin_id)}
    await change(tx, section_id, **columns)


async def out_of_use(tx: Tx, bulletin_id: int) -> list[Section]:
    """Return the sections that stood in every issue once, the newest first."""
    c = t.sections.c
    query = select(t.sections).where(c.bulletin_id == bulletin_id, c.retired.is_(True), c.issue_id.is_(None))
    rows = (await tx.execute(query.order_by(c.id.desc()))).all()
    return [Section(row.id, row.title, row.short, row.position) for row in rows]


async def change(tx: Tx, section_id: int, **columns: Any) -> None:
    await tx.execute(update(t.sections).where(t.sections.c.id == section_id).values(**columns))


async def change_for(tx: Tx, issue_id: int, section_id: int, **columns: Any) -> None:
    """Change a section for one issue only."""
    statement = upsert(t.section_changes).values(issue_id=issue_id, section_id=section_id, **columns)
    statement = statement.on_conflict_do_update(index_elements=["issue_id", "section_id"], set_=columns)
    await tx.execute(statement)


async def changes_of(tx: Tx, issue_id: int) -> list[Change]:
    """Return what an issue has otherwise than every issue."""
    c = t.section_changes.c
    query = select(c.section_id, c.title, c.short, c.position, c.hidden).where(c.issue_id == issue_id)
    return [Change(*row) for row in (await tx.execute(query.order_by(c.section_id))).all()]


async def forget_changes(tx: Tx, issue_id: int, section_id: int | None = None) -> None:
    """Let an issue have its sections, or one of them, as every issue has them."""
    c = t.section_changes.c
    statement = delete(t.section_changes).where(c.issue_id == issue_id)
    await tx.execute(statement if section_id is None else statement.where(c.section_id == section_id))


async def drop_wishes(tx: Tx, section_id: int) -> None:
    """Let no item that waits, and no paste that goes on, ask for a section any more."""
    i, s = t.items, t.submissions
    waits = (i.c.state.in_((ItemState.DRAFT, ItemState.PENDING)), i.c.wanted_section_id == section_id)
    values: dict[str, Any] = {"wanted_section_id": None, "revision": i.c.revision + 1}
    await tx.execute(update(i).where(*waits).values(**values))
    sent_back = (i.c.state == ItemState.PENDING, i.c.section_id == section_id)
    await tx.execute(update(i).where(*sent_back).values(section_id=None, revision=i.c.revision + 1))
    await tx.execute(update(s).where(s.c.heading_id == section_id).values(heading_id=None))


async def held(tx: Tx, section_id: int) -> list[int]:
    """Return the ids of the approved items in a section, in the order that an editor gave them."""
    c = t.items.c
    query = select(c.id).where(c.section_id == section_id, c.state.in_(OPEN_STATES))
    return list((await tx.execute(query.order_by(func.coalesce(c.position, 0), c.id))).scalars())


async def draw_cards(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Queue the redrawing of the cards that wait at the desk, since each section has a button there."""
    if bulletin.moderators_chat is None:
        return
    i, c = t.items.c, t.cards.c
    posted = (c.kind == "card", c.subject_id == i.id, c.chat_id == bulletin.moderators_chat)
    query = select(i.id).where(i.bulletin_id == bulletin.id, i.state == ItemState.PENDING)
    later = now + timedelta(seconds=PATIENCE_SECONDS)
    for item_id in (await tx.execute(query.where(select(c.id).where(*posted).exists()))).scalars().all():
        # the moment tells this drawing from one that is on its way
        row: dict[str, Any] = {"kind": "card", "payload": {"at": now.isoformat()}, "subject_id": item_id}
        row["merge_key"] = f"card:{item_id}"
        await outbox.put_at_desk(tx, bulletin, now=now, patient=True, not_before=later, **row)


async def _behind(tx: Tx, bulletin_id: int) -> int:
    """Return a place behind every section, also where an issue has an order of its own."""
    s, h = t.sections.c, t.section_changes.c
    last = (await tx.execute(select(func.max(s.position)).where(s.bulletin_id == bulletin_id))).scalar()
    own = select(func.max(h.position)).where(h.section_id.in_(select(s.id).where(s.bulletin_id == bulletin_id)))
    return max(last or 0, (await tx.execute(own)).scalar() or 0) + 1
