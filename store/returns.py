"""SQL of what comes back from readers' mail programs: bounces and complaints, by subscription and by run."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.deliveries import MAIL
from store.states import DeliveryState, SubscriptionState

RECENT_ISSUES = 8
MAILED = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.IN_DOUBT)
_ADD = insert(t.returns)


class Standing(NamedTuple):
    """How a subscription stands with its returned mail; the address comes sealed."""

    id: int
    bulletin_id: int
    state: SubscriptionState
    generation: int
    language: str
    score: float
    scored_on: date | None
    probed_at: datetime | None
    address: bytes
    address_mac: str


async def standing(tx: Tx, subscription_id: int) -> Standing | None:
    b, s = t.subscriptions.c, t.subscribers.c
    query = select(b.id, b.bulletin_id, b.state, b.generation, b.language, b.score, b.scored_on, b.probed_at)
    query = query.add_columns(s.address, s.address_mac).join(t.subscribers, s.id == b.subscriber_id)
    row = (await tx.execute(query.where(b.id == subscription_id))).first()
    return None if row is None else Standing(**{**row._asdict(), "state": SubscriptionState(row.state)})


async def change(tx: Tx, subscription_id: int, **columns: Any) -> None:
    await tx.execute(update(t.subscriptions).where(t.subscriptions.c.id == subscription_id).values(**columns))


async def add(tx: Tx, subscription_id: int, issue_id: int | None, verdict: str, status: str, day: date) -> None:
    """Note one return; `verdict` is hard, soft or complaint, `status` of RFC 3463 or empty."""
    row = {"subscription_id": subscription_id, "issue_id": issue_id, "verdict": verdict, "status": status, "on": day}
    await tx.execute(_ADD, row)


async def on_day(tx: Tx, subscription_id: int, day: date) -> list[tuple[str, str]]:
    """Return (verdict, status) of all that came back of one subscription on a day."""
    c = t.returns.c
    query = select(c.verdict, c.status).where(c.on == day, c.subscription_id == subscription_id)
    return [(row.verdict, row.status) for row in (await tx.execute(query)).all()]


async def latest_run(tx: Tx, standing: Standing) -> int | None:
    """Return the latest issue that was mailed to a subscription: what comes back is taken to be of it."""
    d, i = t.deliveries.c, t.issues.c
    recent = select(i.id).where(i.bulletin_id == standing.bulletin_id).order_by(i.id.desc()).limit(RECENT_ISSUES)
    ids = list((await tx.execute(recent)).scalars())
    mailed = select(func.max(d.issue_id)).where(d.issue_id.in_(ids), d.kind == MAIL, d.target_id == standing.id)
    found: int | None = (await tx.execute(mailed.where(d.state.in_(MAILED)))).scalar()
    return found


async def in_run(tx: Tx, issue_id: int, verdict: str) -> int:
    """Return for how many readers of an issue this came back."""
    c = t.returns.c
    query = select(func.count(c.subscription_id.distinct())).where(c.issue_id == issue_id, c.verdict == verdict)
    return int((await tx.execute(query)).scalar_one())


async def mailed(tx: Tx, issue_id: int, most: int) -> int:
    """Return how many letters of an issue a mail server has answered, counted up to `most`."""
    d = t.deliveries.c
    answered = (DeliveryState.SENT, DeliveryState.REFUSED)
    some = select(d.id).where(d.kind == MAIL, d.state.in_(answered), d.issue_id == issue_id).limit(most)
    return int((await tx.execute(select(func.count()).select_from(some.subquery()))).scalar_one())


async def suppress(tx: Tx, address_mac: str, reason: str, day: date) -> None:
    """Never write to an address again; it is known by its HMAC only."""
    row = {"address_mac": address_mac, "reason": reason, "since": day}
    await tx.execute(upsert(t.suppressions).on_conflict_do_nothing(index_elements=["address_mac"]), row)
