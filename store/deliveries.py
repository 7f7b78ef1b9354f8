"""SQL of the delivery ledger: planned once, claimed before sending, recorded after."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, and_, func, insert, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState, IssueState, SubscriptionState

BATCH_ROWS = 5_000
TELEGRAM = "telegram"
MAIL = "mail"
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


async def plan_readers(tx: Tx, issue_id: int, bulletin_id: int, until: int) -> int:
    """Add rows for the next 5,000 active readers up to the issue's audience; returns how many were added."""
    d, s = t.deliveries, t.subscriptions
    planned = select(func.coalesce(func.max(d.c.target_id), 0)).where(d.c.issue_id == issue_id, d.c.kind == MAIL)
    after = (await tx.execute(planned)).scalar_one()
    source = (
        select(
            literal(issue_id),
            literal(MAIL),
            s.c.id,
            literal(0),
            literal(DeliveryState.QUEUED.value),
            literal(0, Integer),
            literal(0, Integer),
            literal(0, Integer),
            literal(""),
        )
        .where(s.c.bulletin_id == bulletin_id, s.c.state == SubscriptionState.ACTIVE, s.c.id > after, s.c.id <= until)
        .order_by(s.c.id)
        .limit(BATCH_ROWS)
    )
    columns = ["issue_id", "kind", "target_id", "part", "state", "attempt", "doubts", "possible_duplicate", "problem"]
    return (await tx.execute(insert(d).from_select(columns, source))).rowcount


async def claim_mail(tx: Tx, now: datetime, limit: int) -> list[Delivery]:
    """Mark up to `limit` letters of issues being sent as under way, and return them."""
    d, i = t.deliveries, t.issues
    sending = select(i.c.id).where(i.c.state == IssueState.SENDING)
    ids = select(d.c.id).where(d.c.kind == MAIL, d.c.issue_id.in_(sending), _ready(now)).order_by(d.c.id).limit(limit)
    return await _claim(tx, d.c.id.in_(ids))


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


async def queue_again(tx: Tx, issue_id: int, states: Iterable[DeliveryState]) -> int:
    """Queue the refused or skipped rows of an issue once more; returns how many."""
    d = t.deliveries
    statement = update(d).where(d.c.issue_id == issue_id, d.c.state.in_(list(states)))
    return (await tx.execute(statement.values(state=DeliveryState.QUEUED, not_before=None, problem=""))).rowcount


async def tally(tx: Tx, issue_id: int) -> dict[tuple[str, int], dict[DeliveryState, int]]:
    """Return how many rows stand in each state, by (kind, channel) where all readers count as channel 0."""
    d = t.deliveries
    place = func.iif(d.c.kind == MAIL, 0, d.c.target_id).label("place")
    query = select(d.c.kind, place, d.c.state, func.count().label("n")).where(d.c.issue_id == issue_id)
    found: dict[tuple[str, int], dict[DeliveryState, int]] = {}
    for row in (await tx.execute(query.group_by(d.c.kind, place, d.c.state))).all():
        found.setdefault((row.kind, row.place), {})[DeliveryState(row.state)] = row.n
    return found


async def possible_duplicates(tx: Tx, issue_id: int) -> int:
    d = t.deliveries
    query = select(func.count()).where(d.c.issue_id == issue_id, d.c.possible_duplicate)
    return int((await tx.execute(query)).scalar_one())


async def count(tx: Tx, issue_id: int) -> int:
    return int((await tx.execute(select(func.count()).where(t.deliveries.c.issue_id == issue_id))).scalar_one())


async def next_moment(tx: Tx) -> datetime | None:
    """Return when the next deferred row may be tried."""
    d = t.deliveries
    query = select(func.min(d.c.not_before)).where(d.c.state == DeliveryState.DEFERRED)
    moment: datetime | None = (await tx.execute(query)).scalar()
    return moment


def _ready(now: datetime) -> Any:
    d = t.deliveries
    return and_(d.c.state.in_(READY), or_(d.c.not_before.is_(None), d.c.not_before <= now))


async def _claim(tx: Tx, condition: Any) -> list[Delivery]:
    d = t.deliveries
    statement = update(d).where(condition).values(state=DeliveryState.SENDING, attempt=d.c.attempt + 1)
    rows = (await tx.execute(statement.returning(*d.c))).all()
    return sorted((_delivery(row) for row in rows), key=lambda delivery: delivery.id)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{**row._asdict(), "state": DeliveryState(row.state)})
