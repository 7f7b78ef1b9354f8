"""SQL for a list of readers: who of them is known, who must not be written to, and those who come in by it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.states import SubscriptionState
from store.subscribers import Newcomer, suppressed

STAY = (SubscriptionState.PENDING, SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


class Standing(NamedTuple):
    """Who of a list are readers already, and who have left, bounced or must not be written to, by HMAC."""

    known: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()


async def standing(tx: Tx, bulletin_id: int, macs: Sequence[str]) -> Standing:
    """Return how some thousands of addresses of a list stand with a bulletin."""
    s, b = t.subscribers.c, t.subscriptions.c
    barred = await suppressed(tx, macs)
    rooms = t.subscriptions.join(t.subscribers, s.id == b.subscriber_id)
    query = select(s.address_mac, b.state).select_from(rooms)
    rows = (await tx.execute(query.where(b.bulletin_id == bulletin_id, s.address_mac.in_(macs)))).all()
    gone = frozenset(row.address_mac for row in rows if row.state not in STAY) | barred
    return Standing(frozenset(row.address_mac for row in rows) - gone, gone)


async def bring_in(
    tx: Tx, bulletin_id: int, newcomers: Sequence[Newcomer], consents: Sequence[str], *, language: str, day: date
) -> int:
    """Subscribe some thousands of readers, each with the consent in the same place; returns how many came.

    Who is known stays as they are, whatever their state; who must not be written to is left out.
    """
    stand = await standing(tx, bulletin_id, [newcomer.address_mac for newcomer in newcomers])
    there = stand.known | stand.away
    fresh: dict[str, tuple[Newcomer, str]] = {}
    for newcomer, consent in zip(newcomers, consents, strict=True):
        if newcomer.address_mac not in there:
            fresh.setdefault(newcomer.address_mac, (newcomer, consent))
    if not fresh:
        return 0
    s = t.subscribers
    rows = [newcomer._asdict() for newcomer, _ in fresh.values()]
    await tx.execute(upsert(s).on_conflict_do_nothing(index_elements=["address_mac"]), rows)
    ids = (await tx.execute(select(s.c.id, s.c.address_mac).where(s.c.address_mac.in_(fresh)).order_by(s.c.id))).all()
    usual = {"bulletin_id": bulletin_id, "state": SubscriptionState.ACTIVE, "language": language, "changed_on": day}
    came = [{"subscriber_id": row.id, "consent": fresh[row.address_mac][1], **usual} for row in ids]
    await tx.execute(insert(t.subscriptions), came)
    return len(came)
