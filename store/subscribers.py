"""SQL of readers: sealed addresses, subscriptions, and addresses that must never be written to again."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.states import SubscriptionState

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Reader(NamedTuple):
    """A subscription with its sealed address, as delivery needs it."""

    id: int
    state: SubscriptionState
    generation: int
    address: bytes
    address_mac: str
    provider: str
    format: str = "html"
    with_pdf: bool = False
    paused_until: date | None = None


class Newcomer(NamedTuple):
    """A reader to be imported: the address sealed, and how it is found."""

    address: bytes
    address_mac: str
    provider: str


async def import_readers(
    tx: Tx, bulletin_id: int, newcomers: Sequence[Newcomer], *, language: str, consent: str, day: date
) -> int:
    """Subscribe these addresses; known ones stay as they are, suppressed ones are left out. Returns how many came.

    Who had asked and not confirmed yet needs not to any more.
    """
    s, b = t.subscribers, t.subscriptions
    macs = [newcomer.address_mac for newcomer in newcomers]
    barred = set(
        (await tx.execute(select(t.suppressions.c.address_mac).where(t.suppressions.c.address_mac.in_(macs)))).scalars()
    )
    rows = [newcomer._asdict() for newcomer in newcomers if newcomer.address_mac not in barred]
    if not rows:
        return 0
    await tx.execute(upsert(s).on_conflict_do_nothing(index_elements=["address_mac"]), rows)
    ids = (await tx.execute(select(s.c.id).where(s.c.address_mac.in_([row["address_mac"] for row in rows])))).scalars()
    fresh = [
        {
            "subscriber_id": subscriber_id,
            "bulletin_id": bulletin_id,
            "state": SubscriptionState.ACTIVE,
            "language": language,
            "consent": consent,
            "changed_on": day,
            "generation": 0,
        }
        for subscriber_id in ids
    ]
    before = await count(tx, bulletin_id)
    await tx.execute(upsert(b).on_conflict_do_nothing(index_elements=["subscriber_id", "bulletin_id"]), fresh)
    owners = b.c.subscriber_id.in_([row["subscriber_id"] for row in fresh])
    waiting = update(b).where(owners, b.c.bulletin_id == bulletin_id, b.c.state == SubscriptionState.PENDING)
    await tx.execute(waiting.values(state=SubscriptionState.ACTIVE, consent=consent, changed_on=day, asked_at=None))
    return await count(tx, bulletin_id) - before


async def readers(tx: Tx, subscription_ids: Sequence[int]) -> dict[int, Reader]:
    """Return these subscriptions by id."""
    return {reader.id: reader for reader in await _readers(tx, t.subscriptions.c.id.in_(subscription_ids))}


async def of_bulletin(tx: Tx, bulletin_id: int) -> list[Reader]:
    return await _readers(tx, t.subscriptions.c.bulletin_id == bulletin_id)


async def of_address(tx: Tx, address_mac: str) -> list[Reader]:
    """Return every subscription of an address."""
    return await _readers(tx, t.subscribers.c.address_mac == address_mac)


async def suppressed(tx: Tx, macs: Sequence[str]) -> set[str]:
    c = t.suppressions.c
    return set((await tx.execute(select(c.address_mac).where(c.address_mac.in_(macs)))).scalars())


async def leave(tx: Tx, subscription_id: int, generation: int, day: date) -> bool:
    """End a subscription at its reader's wish; False when the link is of an older subscription or unknown.

    Leaving twice is no error.
    """
    c = t.subscriptions.c
    here = (c.id == subscription_id) & (c.generation == generation)
    unconfirmed = update(t.subscriptions).where(here, c.state == SubscriptionState.PENDING)
    await tx.execute(unconfirmed.values(asked_at=LONG_AGO))  # to be forgotten by the next sweep
    states = [SubscriptionState.ACTIVE, SubscriptionState.PAUSED]
    statement = update(t.subscriptions).where(here, c.state.in_(states))
    await tx.execute(statement.values(state=SubscriptionState.LEFT, changed_on=day))
    return (await tx.execute(select(c.id).where(here))).first() is not None


async def come_back(tx: Tx, subscription_id: int, generation: int, day: date, *, left_since: date = date.min) -> bool:
    """Undo a leaving of `left_since` or later; False when there is nothing to undo."""
    c = t.subscriptions.c
    statement = update(t.subscriptions).where(
        c.id == subscription_id,
        c.generation == generation,
        c.state == SubscriptionState.LEFT,
        c.changed_on >= left_since,
        c.consent != "",
    )
    return (await tx.execute(statement.values(state=SubscriptionState.ACTIVE, changed_on=day))).rowcount == 1


async def bulletin_of(tx: Tx, subscription_id: int, generation: int) -> int | None:
    """Return the bulletin of a genuine leave link."""
    c = t.subscriptions.c
    query = select(c.bulletin_id).where(c.id == subscription_id, c.generation == generation)
    found: int | None = (await tx.execute(query)).scalar()
    return found


async def count(tx: Tx, bulletin_id: int, state: SubscriptionState = SubscriptionState.ACTIVE) -> int:
    c = t.subscriptions.c
    query = select(func.count()).where(c.bulletin_id == bulletin_id, c.state == state)
    return int((await tx.execute(query)).scalar_one())


async def last_id(tx: Tx) -> int:
    """Return the highest subscription id: an issue's audience ends there."""
    return int((await tx.execute(select(func.coalesce(func.max(t.subscriptions.c.id), 0)))).scalar_one())


async def _readers(tx: Tx, condition: Any) -> list[Reader]:
    b, s = t.subscriptions, t.subscribers
    query = select(b.c.id, b.c.state, b.c.generation, s.c.address, s.c.address_mac, s.c.provider)
    query = query.add_columns(b.c.format, b.c.with_pdf, b.c.paused_until)
    rows = await tx.execute(query.join(s, s.c.id == b.c.subscriber_id).where(condition).order_by(b.c.id))
    return [Reader(row.id, SubscriptionState(row.state), *row[2:]) for row in rows.all()]
