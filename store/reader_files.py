"""SQL for a list of readers that an editor is asked about: who of them is known, and who must not be written to."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from store import schema as t
from store.database import Tx
from store.states import SubscriptionState
from store.subscribers import suppressed

BATCH = 1000
STAY = (SubscriptionState.PENDING, SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


class Standing(NamedTuple):
    """How many of a list are readers already, and how many have left, bounced or must not be written to."""

    known: int = 0
    away: int = 0


async def standing(tx: Tx, bulletin_id: int, macs: Sequence[str]) -> Standing:
    """Return how the addresses of a list stand with a bulletin."""
    known = away = 0
    s, b = t.subscribers.c, t.subscriptions.c
    rooms = t.subscriptions.join(t.subscribers, s.id == b.subscriber_id)
    for start in range(0, len(macs), BATCH):
        part = macs[start : start + BATCH]
        barred = await suppressed(tx, part)
        query = select(s.address_mac, b.state).select_from(rooms)
        rows = await tx.execute(query.where(b.bulletin_id == bulletin_id, s.address_mac.in_(part)))
        states = {row.address_mac: row.state for row in rows.all()}
        gone = {mac for mac, state in states.items() if state not in STAY} | barred
        away += len(gone)
        known += len(set(states) - gone)
    return Standing(known, away)
