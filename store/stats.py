"""SQL of the numbers: items of closed issues by section and source, times to a decision, readers, and letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, cast, func, select

from store import schema as t
from store.database import Tx
from store.deliveries import MAIL, TELEGRAM
from store.states import DeliveryState, ItemState, SubscriptionState

DECIDED = (
    ItemState.APPROVED,
    ItemState.REJECTED,
    ItemState.IN_ISSUE,
    ItemState.CARRIED,
    ItemState.WITHDRAWN_AFTER,
)
_MINUTES_A_DAY = 1440
_MOST_NAMES = 500


class Closed(NamedTuple):
    """An issue that is closed, with its number and the moment of closing."""

    id: int
    number: int
    at: datetime


async def closed(tx: Tx, bulletin_id: int, most: int | None = None) -> list[Closed]:
    """Return the closed issues of a bulletin, the newest first."""
    i = t.issues.c
    at = func.coalesce(i.frozen_at, i.due_at, type_=t.Moment()).label("at")
    query = select(i.id, i.number, at).where(i.bulletin_id == bulletin_id, i.number.is_not(None))
    rows = (await tx.execute(query.order_by(i.number.desc()).limit(most))).all()
    return [Closed(*row) for row in rows]


async def by_section(tx: Tx, issue_ids: Sequence[int]) -> list[tuple[str, int]]:
    """Return how many items each section brought in these issues, in the order of the sections."""
    i, s = t.items.c, t.sections.c
    counted = (
        select(i.section_id, func.count().label("n"))
        .where(i.issue_id.in_(issue_ids), i.state == ItemState.IN_ISSUE)
        .group_by(i.section_id)
        .subquery()
    )
    query = select(s.short, counted.c.n).join(counted, counted.c.section_id == s.id)
    return [(row.short, row.n) for row in (await tx.execute(query.order_by(s.retired, s.position, s.id))).all()]


async def by_source(tx: Tx, issue_ids: Sequence[int]) -> list[tuple[str, int]]:
    """Return how many items of these issues each source brought, the most first; items count by their first link."""
    i, c = t.items.c, t.citations.c
    number = func.count().label("n")
    query = (
        select(c.source, number)
        .select_from(t.items.join(t.citations, (c.item_id == i.id) & (c.position == 0)))
        .where(i.issue_id.in_(issue_ids), i.state == ItemState.IN_ISSUE, c.source != "")
        .group_by(c.source)
        .order_by(number.desc(), c.source)
        .limit(_MOST_NAMES)
    )
    return [(row.source, row.n) for row in (await tx.execute(query)).all()]


async def waits(tx: Tx, bulletin_id: int, since: datetime | None, until: datetime | None) -> dict[int, int]:
    """Return how many items were decided after so many minutes, of those decided after `since` and up to `until`."""
    i = t.items.c
    days = func.julianday(i.decided_at) - func.julianday(i.created_at)
    minutes = cast(func.round(days * _MINUTES_A_DAY), Integer).label("minutes")
    query = select(minutes, func.count().label("n")).where(
        i.bulletin_id == bulletin_id, i.state.in_(DECIDED), i.decided_at.is_not(None)
    )
    if since is not None:
        query = query.where(i.decided_at > since)
    if until is not None:
        query = query.where(i.decided_at <= until)
    return {max(0, row.minutes): row.n for row in (await tx.execute(query.group_by(minutes))).all()}


async def readers(tx: Tx, bulletin_id: int) -> dict[SubscriptionState, int]:
    """Return how many readers by mail stand in each state."""
    s = t.subscriptions.c
    query = select(s.state, func.count().label("n")).where(s.bulletin_id == bulletin_id).group_by(s.state)
    return {SubscriptionState(row.state): row.n for row in (await tx.execute(query)).all()}


async def sent(tx: Tx, issue_ids: Sequence[int], kind: str) -> dict[int, dict[DeliveryState, int]]:
    """Return by issue how many letters, or posts, stand in each state."""
    d = t.deliveries.c
    query = (
        select(d.issue_id, d.state, func.count().label("n"))
        .where(d.kind == kind, d.state.in_(list(DeliveryState)), d.issue_id.in_(issue_ids))
        .group_by(d.issue_id, d.state)
    )
    found: dict[int, dict[DeliveryState, int]] = {}
    for row in (await tx.execute(query)).all():
        found.setdefault(row.issue_id, {})[DeliveryState(row.state)] = row.n
    return found


async def letters(tx: Tx, issue_ids: Sequence[int]) -> dict[int, dict[DeliveryState, int]]:
    return await sent(tx, issue_ids, MAIL)


async def posts(tx: Tx, issue_ids: Sequence[int]) -> dict[int, dict[DeliveryState, int]]:
    return await sent(tx, issue_ids, TELEGRAM)


async def skipped(tx: Tx, issue_ids: Sequence[int], problem: str) -> dict[int, int]:
    """Return by issue how many letters were left out for this reason."""
    d = t.deliveries.c
    query = (
        select(d.issue_id, func.count().label("n"))
        .where(d.kind == MAIL, d.state == DeliveryState.SKIPPED, d.issue_id.in_(issue_ids), d.problem == problem)
        .group_by(d.issue_id)
    )
    return {row.issue_id: row.n for row in (await tx.execute(query)).all()}
