"""SQL of the delivery ledger: planned once, claimed before sending, recorded after."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState, IssueState

BATCH_ROWS = 5_000
TELEGRAM = "telegram"
MAIL = "mail"
EDIT = "edit"
"""The correction of a post that went out; its part is the post's."""
CORRECTION = "correction"
"""A letter on a correction to a reader of the issue; its part is the correction's number."""
CHAT = "chat"
"""A post of the issue to a reader's private chat; its target is the reader, its part the post's."""
CHAT_EDIT = "chat-edit"
"""The correction of such a post."""
LETTERS = (MAIL, CORRECTION)
EDITS = (EDIT, CHAT_EDIT)
KINDS = (TELEGRAM, MAIL, EDIT, CORRECTION, CHAT, CHAT_EDIT)
TO_READERS = (*LETTERS, CHAT)
READY = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
_GOING = (*READY, DeliveryState.SENDING, DeliveryState.IN_DOUBT)
UNFINISHED = (*_GOING, DeliveryState.HELD)


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


async def next_parts(tx: Tx, now: datetime, kind: str = TELEGRAM) -> list[Delivery]:
    """Return for each channel, or chat, of an issue being sent its first unfinished part, if it may be posted now.

    A part that is under way or in doubt keeps the ones behind it waiting: parts go in order. One on hold does so in a
    channel, for which somebody decides.
    """
    d, i = t.deliveries, t.issues
    sending = select(i.c.id).where(i.c.state == IssueState.SENDING)
    first = (
        select(func.min(d.c.id))
        .where(d.c.kind == kind, d.c.issue_id.in_(sending), d.c.state.in_(UNFINISHED if kind == TELEGRAM else _GOING))
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
    going = [d.c.state == state for state in _GOING]
    for kind, state in product(KINDS, going):
        query = select(d.c.id).where(d.c.kind == kind, state, d.c.issue_id == issue_id).limit(1)
        if (await tx.execute(query)).first() is not None:
            return True
    return False


async def tally(tx: Tx, issue_id: int) -> dict[tuple[str, int], dict[DeliveryState, int]]:
    """Return how many rows stand in each state, by (kind, channel) where all readers count as channel 0."""
    d = t.deliveries
    place = func.iif(d.c.kind.in_((*TO_READERS, CHAT_EDIT)), 0, d.c.target_id).label("place")
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


async def parts_planned(tx: Tx, issue_id: int, reader_id: int, kind: str = MAIL) -> set[int]:
    """Return which parts of an issue go, or went, to a reader as to all others."""
    d = t.deliveries.c
    mine = and_(d.issue_id == issue_id, d.kind == kind, d.target_id == reader_id)
    return set((await tx.execute(select(d.part).where(mine, d.state != DeliveryState.SKIPPED))).scalars())


async def note_post(tx: Tx, issue_id: int, reader_id: int, part: int, message_id: int) -> None:
    """Write down a post that a reader's chat got by their own wish, so that corrections reach it and it is counted."""
    d, i = t.deliveries, t.issues
    sent = {"state": DeliveryState.SENT, "message_id": message_id, "problem": ""}
    place = {"issue_id": issue_id, "kind": CHAT, "target_id": reader_id, "part": part}
    if (await tx.execute(upsert(d).values(**place, **sent).on_conflict_do_nothing())).rowcount:
        await tx.execute(update(i).where(i.c.id == issue_id).values(rows=i.c.rows + 1))
        return
    await tx.execute(update(d).filter_by(**place).values(**sent))


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
