"""SQL of the delivery ledger: planned once, claimed before sending, recorded after."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Integer, Row, Select, and_, func, insert, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState, IssueState, SubscriptionState

BATCH_ROWS = 5_000
TELEGRAM = "telegram"
MAIL = "mail"
EDIT = "edit"
"""The correction of a post that went out; its part is the post's."""
CORRECTION = "correction"
"""A letter on a correction to a reader of the issue; its part is the correction's number."""
LETTERS = (MAIL, CORRECTION)
KINDS = (TELEGRAM, MAIL, EDIT, CORRECTION)
READY = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
UNFINISHED = (*READY, DeliveryState.SENDING, DeliveryState.IN_DOUBT, DeliveryState.HELD)


async def plan_channels(tx: Tx, issue_id: int, channel_ids: Iterable[int], parts: int) -> None:
    """Add a row for each part of each channel; rows that exist stay as they are."""
    rows = [
        {"issue_id": issue_id, "kind": TELEGRAM, "target_id": channel, "part": part, "state": DeliveryState.QUEUED}
        for channel in channel_ids
        for part in range(parts)
    ]
    if rows:
        await tx.execute(upsert(t.deliveries).on_conflict_do_nothing(), rows)


async def plan_readers(tx: Tx, issue_id: int, bulletin_id: int, until: int, skip: str = "") -> int:
    """Add rows for the next 5,000 active readers up to the issue's audience; returns how many were added.

    With `skip`, the reason why no mail goes out, the rows are left out from the start.
    """
    d, s = t.deliveries, t.subscriptions
    planned = select(func.coalesce(func.max(d.c.target_id), 0)).where(d.c.issue_id == issue_id, d.c.kind == MAIL)
    after = (await tx.execute(planned)).scalar_one()
    audience = _audience(issue_id, bulletin_id, until, skip).where(s.c.id > after).order_by(s.c.id).limit(BATCH_ROWS)
    return (await tx.execute(insert(d).from_select(_PLANNED, audience))).rowcount


async def plan_passed_over(tx: Tx, issue_id: int, bulletin_id: int, until: int, skip: str = "") -> int:
    """Add rows for active readers whom the batches passed over, because they came back meanwhile; returns how many."""
    d, s = t.deliveries, t.subscriptions
    here = and_(d.c.issue_id == issue_id, d.c.kind == MAIL, d.c.target_id == s.c.id, d.c.part == 0)
    missing = _audience(issue_id, bulletin_id, until, skip).where(~select(d.c.id).where(here).exists())
    return (await tx.execute(insert(d).from_select(_PLANNED, missing))).rowcount


_PLANNED = ["issue_id", "kind", "target_id", "part", "state", "attempt", "doubts", "possible_duplicate", "problem"]


def _audience(issue_id: int, bulletin_id: int, until: int, skip: str) -> Select[Any]:
    s = t.subscriptions
    state = DeliveryState.SKIPPED if skip else DeliveryState.QUEUED
    zeros = [literal(0, Integer).label(name) for name in ("attempt", "doubts", "possible_duplicate")]
    return select(
        literal(issue_id), literal(MAIL), s.c.id, literal(0), literal(state.value), *zeros, literal(skip)
    ).where(s.c.bulletin_id == bulletin_id, s.c.state == SubscriptionState.ACTIVE, s.c.id <= until)


async def claim_mail(tx: Tx, now: datetime, limit: int) -> list[Delivery]:
    """Mark up to `limit` letters of issues being sent as under way, and return them; fresh ones before deferred ones.

    Asked issue by issue and state by state, so that each answer is read off the index however long the ledger is.
    """
    d, i = t.deliveries, t.issues
    issues = (await tx.execute(select(i.c.id).where(i.c.state == IssueState.SENDING).order_by(i.c.id))).scalars().all()
    found: list[int] = []
    for kind, state in product(LETTERS, READY):
        for issue_id in issues:
            if len(found) < limit:
                here = and_(d.c.kind == kind, d.c.state == state, d.c.issue_id == issue_id, _due(now))
                query = select(d.c.id).where(here).order_by(d.c.id).limit(limit - len(found))
                found += (await tx.execute(query)).scalars()
    return await _claim(tx, d.c.id.in_(found)) if found else []


async def next_parts(tx: Tx, now: datetime) -> list[Delivery]:
    """Return for each channel of an issue being sent its first unfinished part, if it may be posted now.

    A part that is under way, in doubt or on hold keeps the ones behind it waiting: parts go in order.
    """
    d, i = t.deliveries, t.issues
    sending = select(i.c.id).where(i.c.state == IssueState.SENDING)
    first = (
        select(func.min(d.c.id))
        .where(d.c.kind == TELEGRAM, d.c.issue_id.in_(sending), d.c.state.in_(UNFINISHED))
        .group_by(d.c.target_id)
    )
    rows = await tx.execute(select(d).where(d.c.id.in_(first), _ready(now)).order_by(d.c.id))
    return [_delivery(row) for row in rows.all()]


async def claim_one(tx: Tx, delivery_id: int, now: datetime) -> Delivery | None:
    """Mark one row as under way while its issue is being sent; None when somebody was first or it is on hold."""
    d, i = t.deliveries, t.issues
    sending = select(i.c.id).where(i.c.state == IssueState.SENDING)
    found = await _claim(tx, and_(d.c.id == delivery_id, d.c.issue_id.in_(sending), _ready(now)))
    return found[0] if found else None


async def record(tx: Tx, delivery_id: int, state: DeliveryState, **columns: Any) -> bool:
    """Write down what became of a row that was under way; False when it was not."""
    d = t.deliveries
    statement = update(d).where(d.c.id == delivery_id, d.c.state == DeliveryState.SENDING)
    return (await tx.execute(statement.values(state=state, **columns))).rowcount == 1


async def record_sent(tx: Tx, delivery_ids: Iterable[int]) -> None:
    """Write down that these letters, which were under way, were taken."""
    d = t.deliveries
    statement = update(d).where(d.c.id.in_(list(delivery_ids)), d.c.state == DeliveryState.SENDING)
    await tx.execute(statement.values(state=DeliveryState.SENT, not_before=None, problem=""))


async def decide(tx: Tx, delivery_id: int, state: DeliveryState, **columns: Any) -> bool:
    """Let a person settle a row in doubt or on hold; False when it is settled already."""
    d = t.deliveries
    unsettled = (DeliveryState.IN_DOUBT, DeliveryState.HELD)
    statement = update(d).where(d.c.id == delivery_id, d.c.state.in_(unsettled))
    return (await tx.execute(statement.values(state=state, **columns))).rowcount == 1


async def interrupted(tx: Tx) -> list[Delivery]:
    """Return the rows that were under way when the last process ended."""
    d = t.deliveries
    rows = await tx.execute(select(d).where(d.c.state == DeliveryState.SENDING).order_by(d.c.id))
    return [_delivery(row) for row in rows.all()]


async def in_doubt(tx: Tx, issue_id: int) -> list[Delivery]:
    d = t.deliveries
    doubtful = or_(d.c.state == DeliveryState.IN_DOUBT, d.c.state == DeliveryState.HELD)
    rows = await tx.execute(select(d).where(d.c.issue_id == issue_id, doubtful).order_by(d.c.id))
    return [_delivery(row) for row in rows.all()]


async def get(tx: Tx, delivery_id: int) -> Delivery | None:
    row = (await tx.execute(select(t.deliveries).where(t.deliveries.c.id == delivery_id))).first()
    return None if row is None else _delivery(row)


async def skip_target(tx: Tx, kind: str, target_id: int, problem: str) -> None:
    """Leave out what still waits for one target."""
    d = t.deliveries
    statement = update(d).where(d.c.kind == kind, d.c.target_id == target_id, d.c.state.in_(READY))
    await tx.execute(statement.values(state=DeliveryState.SKIPPED, problem=problem))


async def unfinished(tx: Tx, issue_id: int) -> bool:
    """Tell whether something of an issue still goes on by itself or waits for a person's word."""
    d = t.deliveries
    going = [d.c.state == state for state in UNFINISHED if state != DeliveryState.HELD]
    for kind, state in product(KINDS, going):
        query = select(d.c.id).where(d.c.kind == kind, state, d.c.issue_id == issue_id).limit(1)
        if (await tx.execute(query)).first() is not None:
            return True
    return False


async def tally(tx: Tx, issue_id: int) -> dict[tuple[str, int], dict[DeliveryState, int]]:
    """Return how many rows stand in each state, by (kind, channel) where all readers count as channel 0."""
    d = t.deliveries
    place = func.iif(d.c.kind.in_(LETTERS), 0, d.c.target_id).label("place")
    query = select(d.c.kind, place, d.c.state, func.count().label("n")).where(d.c.issue_id == issue_id)
    found: dict[tuple[str, int], dict[DeliveryState, int]] = {}
    for row in (await tx.execute(query.group_by(d.c.kind, place, d.c.state))).all():
        found.setdefault((row.kind, row.place), {})[DeliveryState(row.state)] = row.n
    return found


async def any_sent(tx: Tx, issue_id: int) -> bool:
    """Tell whether some letter of an issue was taken."""
    d = t.deliveries
    query = select(d.c.id).where(d.c.kind == MAIL, d.c.state == DeliveryState.SENT, d.c.issue_id == issue_id).limit(1)
    return (await tx.execute(query)).first() is not None


async def is_planned(tx: Tx, issue_id: int, subscription_id: int) -> bool:
    """Tell whether an issue goes, or went, to a reader as to all others."""
    d = t.deliveries.c
    mine = and_(d.issue_id == issue_id, d.kind == MAIL, d.target_id == subscription_id, d.part == 0)
    return (await tx.execute(select(d.id).where(mine, d.state != DeliveryState.SKIPPED))).first() is not None


async def possible_duplicates(tx: Tx, issue_id: int) -> int:
    d = t.deliveries
    query = select(func.count()).where(d.c.issue_id == issue_id, d.c.possible_duplicate)
    return int((await tx.execute(query)).scalar_one())


async def count(tx: Tx, issue_id: int) -> int:
    return int((await tx.execute(select(func.count()).where(t.deliveries.c.issue_id == issue_id))).scalar_one())


async def next_moment(tx: Tx, after: datetime) -> datetime | None:
    """Return the first moment after this one at which a deferred row of an issue being sent may be tried."""
    d, i = t.deliveries, t.issues
    sending = select(i.c.id).where(i.c.state == IssueState.SENDING)
    deferred = and_(d.c.kind.in_(KINDS), d.c.state == DeliveryState.DEFERRED, d.c.issue_id.in_(sending))
    query = select(func.min(d.c.not_before)).where(deferred, d.c.not_before > after)
    moment: datetime | None = (await tx.execute(query)).scalar()
    return moment


def _due(now: datetime) -> Any:
    d = t.deliveries
    return or_(d.c.not_before.is_(None), d.c.not_before <= now)


def _ready(now: datetime) -> Any:
    return and_(t.deliveries.c.state.in_(READY), _due(now))


async def _claim(tx: Tx, condition: Any) -> list[Delivery]:
    d = t.deliveries
    statement = update(d).where(condition).values(state=DeliveryState.SENDING, attempt=d.c.attempt + 1)
    rows = (await tx.execute(statement.returning(*d.c))).all()
    return sorted((_delivery(row) for row in rows), key=lambda delivery: delivery.id)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{**row._asdict(), "state": DeliveryState(row.state)})
