"""SQL that reads readers out: all of a bulletin page by page, their counts, and all that is kept of one of them."""

from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from store import schema as t
from store.database import Tx
from store.deliveries import LETTERS
from store.erasing import ERASED
from store.states import SubscriptionState

PAGE = 2000


class Entry(NamedTuple):
    """A reader of a bulletin as it is written out; the address is sealed, `since` the day of the latest change."""

    id: int
    address: bytes
    state: str
    since: str
    language: str
    format: str
    consent: str


async def page(tx: Tx, bulletin_id: int, after: int, state: SubscriptionState | None = None) -> list[Entry]:
    """Return the next readers behind a subscription's number, in its order; who was erased is none."""
    b, s = t.subscriptions.c, t.subscribers.c
    query = select(b.id, s.address, b.state, b.changed_on, b.language, b.format, b.consent)
    query = query.join(t.subscribers, s.id == b.subscriber_id)
    query = query.where(b.bulletin_id == bulletin_id, b.id > after, ~s.address_mac.startswith(ERASED))
    query = query if state is None else query.where(b.state == state)
    rows = (await tx.execute(query.order_by(b.id).limit(PAGE))).all()
    return [Entry(*row[:3], row.changed_on.isoformat(), *row[4:]) for row in rows]


async def by_state(tx: Tx, bulletin_id: int) -> dict[SubscriptionState, int]:
    """Return how many readers are in each state, none left out."""
    b = t.subscriptions.c
    query = select(b.state, func.count()).where(b.bulletin_id == bulletin_id).group_by(b.state)
    found = {row[0]: int(row[1]) for row in (await tx.execute(query)).all()}
    return {state: found.get(state.value, 0) for state in SubscriptionState}


async def by_provider(tx: Tx, bulletin_id: int, state: SubscriptionState) -> dict[str, int]:
    """Return how many readers in a state each provider has, the largest first."""
    b, s = t.subscriptions.c, t.subscribers.c
    query = select(s.provider, func.count().label("n")).join(t.subscriptions, s.id == b.subscriber_id)
    query = query.where(b.bulletin_id == bulletin_id, b.state == state).group_by(s.provider)
    return {
        row.provider: int(row.n) for row in (await tx.execute(query.order_by(func.count().desc(), s.provider))).all()
    }


async def of_address(tx: Tx, address_mac: str) -> dict[str, Any]:
    """Return all that is kept under an address's HMAC, as names and plain values."""
    s, b, d, r = t.subscribers.c, t.subscriptions.c, t.deliveries.c, t.returns.c
    own = select(b.id).join(t.subscribers, s.id == b.subscriber_id).where(s.address_mac == address_mac)
    subscriptions = (
        select(
            t.bulletins.c.title.label("bulletin"),
            *(b.state, b.changed_on.label("since"), b.language, b.format, b.with_pdf, b.paused_until, b.consent),
            *(b.asked_at, b.score, b.scored_on, b.probed_at),
        )
        .join(t.bulletins, t.bulletins.c.id == b.bulletin_id)
        .where(b.id.in_(own))
    )
    letters = (
        select(t.issues.c.number.label("issue"), d.kind, d.state)
        .join(t.issues, t.issues.c.id == d.issue_id)
        .where(d.kind.in_(LETTERS), d.target_id.in_(own))
    )
    returned = select(r.on, r.verdict, r.status).where(r.subscription_id.in_(own))
    return {
        "provider": (await tx.execute(select(s.provider).where(s.address_mac == address_mac))).scalar(),
        "subscriptions": await _rows(tx, subscriptions),
        "letters": await _rows(tx, letters.order_by(d.id)),
        "returned": await _rows(tx, returned.order_by(r.id)),
        **await _asked(tx, address_mac),
    }


async def _asked(tx: Tx, address_mac: str) -> dict[str, Any]:
    """Return what was asked for with an address, and whether it may be written to."""
    s, m, a, x = t.subscribers.c, t.confirmation_mails.c, t.address_changes.c, t.suppressions.c
    own = select(s.id).where(s.address_mac == address_mac)
    changes = select(a.asked_at, a.old_confirmed, a.new_confirmed).where(
        (a.address_mac == address_mac) | a.subscriber_id.in_(own)
    )
    return {
        "confirmation_mails": await _rows(tx, select(m.at).where(m.address_mac == address_mac).order_by(m.id)),
        "changes_of_address": await _rows(tx, changes.order_by(a.id)),
        "must_not_be_written_to": await _rows(tx, select(x.reason, x.since).where(x.address_mac == address_mac)),
    }


async def _rows(tx: Tx, query: Select[Any]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row._asdict().items()}
        for row in (await tx.execute(query)).all()
    ]
