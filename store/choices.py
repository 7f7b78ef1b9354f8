"""SQL of what readers choose: how an issue comes, a pause, another address, a copy of their data, to be erased."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx, insert_row
from store.opt_in import READING
from store.states import SubscriptionState
from store.subscribers import Newcomer


class Choice(NamedTuple):
    """A subscription as its reader sees it."""

    id: int
    subscriber_id: int
    bulletin_id: int
    state: SubscriptionState
    generation: int
    language: str
    consent: str
    changed_on: date
    format: str
    with_pdf: bool
    paused_until: date | None
    asked_at: datetime | None
    address: bytes
    address_mac: str


class Change(NamedTuple):
    """A new address that waits to be confirmed at both."""

    id: int
    subscriber_id: int
    address: bytes
    address_mac: str
    provider: str
    old_confirmed: bool
    new_confirmed: bool
    asked_at: datetime


async def get(tx: Tx, subscription_id: int) -> Choice | None:
    found = await _choices(tx, t.subscriptions.c.id == subscription_id)
    return found[0] if found else None


async def of_subscriber(tx: Tx, subscriber_id: int) -> list[Choice]:
    """Return all subscriptions of one person, by bulletin."""
    return await _choices(tx, t.subscriptions.c.subscriber_id == subscriber_id)


async def of_address(tx: Tx, mac: str) -> list[Choice]:
    return await _choices(tx, t.subscribers.c.address_mac == mac)


async def change(tx: Tx, subscription_id: int, generation: int, **columns: Any) -> bool:
    """Write down what a reader chose; False when they are no reader any more."""
    c = t.subscriptions.c
    here = and_(c.id == subscription_id, c.generation == generation, c.state.in_(READING))
    return (await tx.execute(update(t.subscriptions).where(here).values(**columns))).rowcount == 1


async def add_bulletin(tx: Tx, one: Choice, bulletin_id: int, *, consent: str, day: date) -> None:
    """Subscribe a reader of one bulletin to another too; what was ended by a complaint stays ended."""
    c = t.subscriptions.c
    row = {"subscriber_id": one.subscriber_id, "bulletin_id": bulletin_id, "generation": 0, "changed_on": day}
    row |= {"state": SubscriptionState.ACTIVE, "language": one.language, "consent": consent}
    row |= {"format": one.format, "with_pdf": one.with_pdf}
    statement = upsert(t.subscriptions).on_conflict_do_nothing(index_elements=["subscriber_id", "bulletin_id"])
    await tx.execute(statement, row)
    here = and_(c.subscriber_id == one.subscriber_id, c.bulletin_id == bulletin_id)
    ended = c.state.in_((SubscriptionState.PENDING, SubscriptionState.LEFT))
    again = {"state": SubscriptionState.ACTIVE, "generation": c.generation + 1, "consent": consent, "asked_at": None}
    await tx.execute(update(t.subscriptions).where(here, ended).values(**again, changed_on=day))


async def ask_change(tx: Tx, subscriber_id: int, newcomer: Newcomer, now: datetime) -> int:
    """Note the address that somebody wants to move to, in the place of one noted before; returns its id."""
    await _empty_changes(tx, t.address_changes.c.subscriber_id == subscriber_id)
    row = {**newcomer._asdict(), "subscriber_id": subscriber_id, "asked_at": now}
    return await insert_row(tx, t.address_changes, **row, old_confirmed=False, new_confirmed=False)


async def get_change(tx: Tx, change_id: int) -> Change | None:
    """Return a change that waits; None for one that is done or forgotten."""
    c = t.address_changes
    row = (await tx.execute(select(c).where(c.c.id == change_id, c.c.address != b""))).first()
    return None if row is None else Change(**row._asdict())


async def owner_of_change(tx: Tx, change_id: int) -> int | None:
    """Return a subscription of whoever asked for a change, done or not; None when it is forgotten."""
    c, b = t.address_changes.c, t.subscriptions.c
    query = select(b.id).join(t.address_changes, c.subscriber_id == b.subscriber_id).where(c.id == change_id)
    found: int | None = (await tx.execute(query.order_by(b.bulletin_id).limit(1))).scalar()
    return found


async def confirm_change(tx: Tx, change_id: int, side: str) -> None:
    """Note that one side, `old` or `new`, has confirmed."""
    c = t.address_changes
    await tx.execute(update(c).where(c.c.id == change_id).values({f"{side}_confirmed": True}))


async def move(tx: Tx, change: Change) -> None:
    """Give a subscriber the new address, and all their links a new generation.

    Where the new address was a subscriber already, both are one now: bulletins that only it had come along.
    """
    b, s = t.subscriptions, t.subscribers
    other = (await tx.execute(select(s.c.id).where(s.c.address_mac == change.address_mac))).scalar()
    if other is not None and other != change.subscriber_id:
        mine = select(b.c.bulletin_id).where(b.c.subscriber_id == change.subscriber_id)
        left = {"state": SubscriptionState.LEFT, "generation": b.c.generation + 1, "asked_at": None}
        doubled = and_(b.c.subscriber_id == other, b.c.bulletin_id.in_(mine))
        await tx.execute(update(b).where(doubled).values(**left, consent=""))
        moved = and_(b.c.subscriber_id == other, b.c.bulletin_id.not_in(mine))
        await tx.execute(update(b).where(moved).values(subscriber_id=change.subscriber_id))
        await _empty_subscriber(tx, other, "joined")
    values = {"address": change.address, "address_mac": change.address_mac, "provider": change.provider}
    await tx.execute(update(s).where(s.c.id == change.subscriber_id).values(**values))
    fresh = {"generation": b.c.generation + 1, "score": 0.0, "scored_on": None, "probed_at": None}
    await tx.execute(update(b).where(b.c.subscriber_id == change.subscriber_id).values(**fresh))
    await _empty_changes(tx, t.address_changes.c.id == change.id)


async def forget_changes(tx: Tx, before: datetime) -> int:
    """Erase addresses that were not confirmed, and return how many.

    The newest row stays, emptied, so that its number, which links name, is not given out again.
    """
    c = t.address_changes.c
    count = await _empty_changes(tx, and_(c.asked_at <= before, c.address != b""))
    newest = select(func.max(c.id)).scalar_subquery()
    await tx.execute(delete(t.address_changes).where(c.address == b"", c.id < newest))
    return count


async def _empty_subscriber(tx: Tx, subscriber_id: int, mark: str) -> None:
    s = t.subscribers
    values = {"address": b"", "address_mac": f"{mark}:{subscriber_id}", "provider": ""}
    await tx.execute(update(s).where(s.c.id == subscriber_id).values(**values))


async def _empty_changes(tx: Tx, condition: Any) -> int:
    statement = update(t.address_changes).where(condition)
    return (await tx.execute(statement.values(address=b"", address_mac="", provider=""))).rowcount


async def _choices(tx: Tx, condition: Any) -> list[Choice]:
    b, s = t.subscriptions, t.subscribers
    own = [b.c[name] for name in Choice._fields if name in b.c and name not in ("address", "address_mac")]
    query = select(*own, s.c.address, s.c.address_mac).join(s, s.c.id == b.c.subscriber_id).where(condition)
    rows = (await tx.execute(query.order_by(b.c.bulletin_id))).all()
    return [Choice(**{**row._asdict(), "state": SubscriptionState(row.state)}) for row in rows]
