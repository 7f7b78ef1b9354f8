"""SQL of the queue: what waits for a decision and where its card stands, and the picks made of one of its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, delete, func, select, update

from store import schema as t
from store.database import Tx, insert_row
from store.states import ItemState

KEPT_DAYS = 3


class Waiter(NamedTuple):
    """An item that waits for a decision, with what the queue is narrowed by; `message` is its card's, if one stands."""

    id: int
    revision: int
    title: str
    url: str | None
    source: str
    language: str | None
    section_id: int | None
    created_at: datetime
    snoozed_until: datetime | None
    reminded_at: datetime | None
    person_id: int | None
    pseudonym: str | None
    message: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """A page of the queue as it was shown to somebody who picks from it: items with the revisions that they saw."""

    id: int
    bulletin_id: int
    shown: tuple[tuple[int, int], ...]
    view: str


async def waiting(tx: Tx, bulletin_id: int, chat_id: int | None) -> list[Waiter]:
    """Return all that waits for a decision, also what is put off, oldest first; cards are looked for in this chat."""
    i, s, p, c, k = t.items.c, t.submissions, t.people, t.citations, t.cards
    first = and_(c.c.item_id == i.id, c.c.position == 0)
    stands = and_(k.c.kind == "card", k.c.subject_id == i.id, k.c.chat_id == chat_id)
    rooms = t.items.outerjoin(s, s.c.id == i.submission_id).outerjoin(p, p.c.id == s.c.person_id)
    named = (i.id, i.revision, i.title, c.c.url, func.coalesce(c.c.source, ""), i.language)
    where = func.coalesce(i.section_id, i.wanted_section_id)
    times = (i.created_at, i.snoozed_until, i.reminded_at)
    query = select(*named, where, *times, s.c.person_id, p.c.pseudonym, k.c.message_id)
    query = query.select_from(rooms.outerjoin(c, first).outerjoin(k, stands))
    query = query.where(i.bulletin_id == bulletin_id, i.state == ItemState.PENDING)
    return [Waiter._make(row) for row in (await tx.execute(query.order_by(i.id))).all()]


async def votes_on(tx: Tx, item_ids: Sequence[int]) -> dict[int, int]:
    """Return how many votes there are on each of these items, where there are any."""
    c = t.votes.c
    query = select(c.item_id, func.count()).where(c.item_id.in_(item_ids)).group_by(c.item_id)
    return {row[0]: row[1] for row in (await tx.execute(query)).all()}


async def voted_by(tx: Tx, person_id: int) -> set[int]:
    """Return the items on which somebody has voted."""
    return set((await tx.execute(select(t.votes.c.item_id).where(t.votes.c.person_id == person_id))).scalars())


async def keep_shown(tx: Tx, bulletin_id: int, shown: Sequence[tuple[int, int]], view: str, now: datetime) -> Selection:
    """Keep a page as it was shown, until some days later."""
    c = t.selections.c
    await tx.execute(delete(t.selections).where(c.at < now - timedelta(days=KEPT_DAYS)))
    kept = [list(pair) for pair in shown]
    new = await insert_row(tx, t.selections, bulletin_id=bulletin_id, shown=kept, view=view, at=now)
    return Selection(new, bulletin_id, tuple(shown), view)


async def selection(tx: Tx, selection_id: int) -> Selection | None:
    """Return a page as it was shown; None for one that is forgotten."""
    c = t.selections.c
    query = select(c.id, c.bulletin_id, c.shown, c.view).where(c.id == selection_id)
    row = (await tx.execute(query)).first()
    if row is None:
        return None
    return Selection(row.id, row.bulletin_id, tuple((int(item), int(rev)) for item, rev in row.shown), row.view)


async def reminded(tx: Tx, item_ids: Sequence[int], now: datetime) -> None:
    """Note that the desk was reminded of these items; nothing that anybody decides on changes by it."""
    await tx.execute(update(t.items).where(t.items.c.id.in_(item_ids)).values(reminded_at=now))


async def cutoff_told(tx: Tx, issue_id: int) -> bool:
    """Say whether the desk was told before the cut-off of this issue how much waits."""
    return bool((await tx.execute(select(t.issues.c.cutoff_told).where(t.issues.c.id == issue_id))).scalar())


async def tell_cutoff_once(tx: Tx, issue_id: int) -> bool:
    """Mark that the desk is told before the cut-off; False when it was told already."""
    c = t.issues.c
    statement = update(t.issues).where(c.id == issue_id, c.cutoff_told.is_(False)).values(cutoff_told=True)
    return (await tx.execute(statement)).rowcount == 1
