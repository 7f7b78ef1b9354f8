"""SQL of double opt-in: who asked, what was sent because of it, and who confirmed; unconfirmed ones are forgotten."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.states import SubscriptionState
from store.subscribers import Newcomer

ENDED = (SubscriptionState.LEFT, SubscriptionState.BOUNCED)
READING = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)
GONE, GONE_END = "gone:", "gone;"  # what stands in the place of an address's HMAC when it was erased

_MAILS, _MOMENT = t.confirmation_mails.c, t.confirmation_mails.c.at.type
# Kept, since building a statement takes longer than running it, and these are asked at every request.
_RECENT = func.coalesce(func.sum(case((_MAILS.at > bindparam("lately", type_=_MOMENT), 1), else_=0)), 0)
_OWN = select(_RECENT, func.count()).where(
    _MAILS.address_mac == bindparam("mac"), _MAILS.at > bindparam("long", type_=_MOMENT)
)
_OF_ALL = select(func.count()).where(_MAILS.at > bindparam("everybody", type_=_MOMENT))
_BARRED = select(t.suppressions.c.address_mac).where(t.suppressions.c.address_mac == bindparam("mac"))


class Standing(NamedTuple):
    """A subscription as opt-in and choices need it."""

    id: int
    subscriber_id: int
    bulletin_id: int
    state: SubscriptionState
    generation: int
    language: str
    consent: str
    asked_at: datetime | None


class Counts(NamedTuple):
    """How many mails that ask to confirm went out: to one address in two spans, and to all in one."""

    lately: int
    long: int
    everybody: int


async def counts(tx: Tx, mac: str, *, lately: datetime, long: datetime, everybody: datetime) -> Counts:
    """Count the mails that ask to confirm, to this address since `lately` and `long`, and to all since `everybody`."""
    own = (await tx.execute(_OWN, {"mac": mac, "lately": lately, "long": long})).one()
    of_all = (await tx.execute(_OF_ALL, {"everybody": everybody})).scalar_one()
    return Counts(int(own[0]), int(own[1]), int(of_all))


async def count_mail(tx: Tx, mac: str, now: datetime) -> None:
    """Remember that a mail that asks to confirm goes to this address."""
    await tx.execute(insert(t.confirmation_mails), {"address_mac": mac, "at": now})


async def may_be_written_to(tx: Tx, mac: str) -> bool:
    """Say whether an address is not among those that must never be written to again."""
    return (await tx.execute(_BARRED, {"mac": mac})).first() is None


async def ask(
    tx: Tx, newcomer: Newcomer, bulletin_id: int, *, language: str, consent: str, now: datetime
) -> Standing | None:
    """Note that somebody asked for a bulletin, and return how it stands now; a reader's stays as it is.

    None for one that was ended by a complaint.
    """
    s, b = t.subscribers, t.subscriptions
    await tx.execute(upsert(s).on_conflict_do_nothing(index_elements=["address_mac"]), newcomer._asdict())
    owner = (await tx.execute(select(s.c.id).where(s.c.address_mac == newcomer.address_mac))).scalar_one()
    row = {"subscriber_id": owner, "bulletin_id": bulletin_id, "state": SubscriptionState.PENDING, "generation": 0}
    row |= {"language": language, "consent": consent, "changed_on": now.date(), "asked_at": now}
    await tx.execute(upsert(b).on_conflict_do_nothing(index_elements=["subscriber_id", "bulletin_id"]), row)
    here = and_(b.c.subscriber_id == owner, b.c.bulletin_id == bulletin_id)
    waiting = b.c.state.in_((SubscriptionState.PENDING, *ENDED))
    await tx.execute(update(b).where(here, waiting).values(asked_at=now, language=language))
    found = await _one(tx, here)
    return None if found is None or found.state == SubscriptionState.COMPLAINED else found


async def standing(tx: Tx, subscription_id: int) -> Standing | None:
    return await _one(tx, t.subscriptions.c.id == subscription_id)


async def activate(tx: Tx, found: Standing, consent: str, day: date) -> None:
    """Make a reader of who confirmed; one who had left or bounced gets a new generation, so that old links are dead."""
    c = t.subscriptions.c
    values = {"state": SubscriptionState.ACTIVE, "consent": consent, "changed_on": day, "asked_at": None}
    values |= {"score": 0.0, "scored_on": None, "probed_at": None, "paused_until": None}
    back = found.state in ENDED
    statement = update(t.subscriptions).where(c.id == found.id, c.generation == found.generation)
    await tx.execute(statement.values(**values, generation=c.generation + (1 if back else 0)))


async def forget_unconfirmed(tx: Tx, before: datetime, counted_before: datetime) -> int:
    """Erase the subscriptions asked for before a moment and never confirmed; returns how many.

    The newest row stays, emptied, until there is a newer one: its number, which links name, is not given out again.
    """
    b, m = t.subscriptions, t.confirmation_mails
    here = and_(b.c.bulletin_id.in_(select(t.bulletins.c.id)), b.c.state == SubscriptionState.PENDING)
    old = (await tx.execute(select(b.c.id, b.c.subscriber_id).where(here, b.c.asked_at <= before))).all()
    newest = (await tx.execute(select(func.max(b.c.id)))).scalar()
    await _forget(tx, [row.id for row in old if row.id != newest], {row.subscriber_id for row in old})
    for row in old:
        if row.id == newest:
            await _empty(tx, row.id, row.subscriber_id)
    emptied = select(b.c.id, b.c.subscriber_id).join(t.subscribers, t.subscribers.c.id == b.c.subscriber_id)
    marked = and_(t.subscribers.c.address_mac >= GONE, t.subscribers.c.address_mac < GONE_END, b.c.id != newest)
    hollow = (await tx.execute(emptied.where(marked))).all()
    await _forget(tx, [row.id for row in hollow], {row.subscriber_id for row in hollow})
    await tx.execute(delete(m).where(m.c.at <= counted_before))
    return len(old)


async def _forget(tx: Tx, rows: list[int], owners: set[int]) -> None:
    """Erase subscriptions, and those of their subscribers who have no other."""
    b, s = t.subscriptions, t.subscribers
    await tx.execute(delete(b).where(b.c.id.in_(rows)))
    others = select(b.c.id).where(b.c.subscriber_id == s.c.id).exists()
    moving = select(t.address_changes.c.id).where(t.address_changes.c.subscriber_id == s.c.id).exists()
    await tx.execute(delete(s).where(s.c.id.in_(owners), ~others, ~moving))


async def _empty(tx: Tx, row: int, owner: int) -> None:
    """Take from a subscription all that it says, and from its subscriber the address where it was the only one."""
    b, s = t.subscriptions, t.subscribers
    emptied = {"state": SubscriptionState.LEFT, "generation": b.c.generation + 1, "asked_at": None, "consent": ""}
    await tx.execute(update(b).where(b.c.id == row).values(**emptied))
    others = select(b.c.id).where(b.c.subscriber_id == owner, b.c.id != row).exists()
    values = {"address": b"", "address_mac": f"{GONE}{owner}", "provider": ""}
    await tx.execute(update(s).where(s.c.id == owner, ~others).values(**values))


async def _one(tx: Tx, condition: Any) -> Standing | None:
    c = t.subscriptions.c
    query = select(c.id, c.subscriber_id, c.bulletin_id, c.state, c.generation, c.language, c.consent, c.asked_at)
    row = (await tx.execute(query.where(condition))).first()
    return None if row is None else Standing(*row[:3], SubscriptionState(row.state), *row[4:])
