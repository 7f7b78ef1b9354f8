"""SQL for a list of readers: who of them is known, who must not be written to, and those who come in by it."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, insert, literal, select
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


class BroughtIn(NamedTuple):
    """How many of a list came in, were readers already, and have left or must not be written to."""

    came: int = 0
    known: int = 0
    away: int = 0


async def bring_in(
    tx: Tx, bulletin_id: int, newcomers: Sequence[Newcomer], consents: Sequence[str], *, language: str, day: date
) -> BroughtIn:
    """Subscribe some thousands of readers, each with the consent in the same place.

    Who is known stays as they are, whatever their state; who must not be written to is left out.
    """
    stand = await standing(tx, bulletin_id, [newcomer.address_mac for newcomer in newcomers])
    there = stand.known | stand.away
    fresh: dict[str, tuple[Newcomer, str]] = {}
    for newcomer, consent in zip(newcomers, consents, strict=True):
        if newcomer.address_mac not in there:
            fresh.setdefault(newcomer.address_mac, (newcomer, consent))
    if fresh:
        rows = [newcomer._asdict() for newcomer, _ in fresh.values()]
        await tx.execute(upsert(t.subscribers).on_conflict_do_nothing(index_elements=["address_mac"]), rows)
        usual = {"bulletin_id": bulletin_id, "state": SubscriptionState.ACTIVE, "language": language, "changed_on": day}
        await _subscribe(tx, [(mac, consent) for mac, (_, consent) in fresh.items()], usual)
    return BroughtIn(len(fresh), len(stand.known), len(stand.away))


async def _subscribe(tx: Tx, fresh: list[tuple[str, str]], usual: dict[str, Any]) -> None:
    """Add a subscription for each HMAC with its consent; in one statement, since rows one by one take far longer."""
    s, b = t.subscribers.c, t.subscriptions.c
    pairs = func.json_each(json.dumps(fresh)).table_valued("key", "value")
    mac, consent = (func.json_extract(pairs.c.value, path) for path in ("$[0]", "$[1]"))
    values = [literal(value, b[name].type) for name, value in usual.items()]
    source = select(s.id, consent, *values).select_from(pairs).join(t.subscribers, s.address_mac == mac)
    names = ["subscriber_id", "consent", *usual]
    await tx.execute(insert(t.subscriptions).from_select(names, source.order_by(pairs.c.key)))
