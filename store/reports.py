"""SQL of what became of an issue: the posts that did not arrive, why readers missed it, and sending to those again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select, update

from store import schema as t
from store.database import Tx
from store.deliveries import CHAT, CHAT_EDIT, EDIT, LETTERS, TELEGRAM
from store.states import DeliveryState, SubscriptionState

MOST_POSTS = 60


class Trouble(NamedTuple):
    """A post, or the correction of one, that has not arrived."""

    id: int
    kind: str
    channel_id: int
    part: int
    state: DeliveryState
    not_before: datetime | None
    problem: str


async def troubles(tx: Tx, issue_id: int) -> list[Trouble]:
    """Return the posts and corrections of posts that did not arrive, in their order."""
    d = t.deliveries.c
    here = (d.issue_id == issue_id, d.kind.in_((TELEGRAM, EDIT)), d.state != DeliveryState.SENT)
    query = select(d.id, d.kind, d.target_id, d.part, d.state, d.not_before, d.problem).where(*here)
    rows = (await tx.execute(query.order_by(d.kind.desc(), d.id).limit(MOST_POSTS))).all()
    return [Trouble(*row[:4], DeliveryState(row.state), row.not_before, row.problem) for row in rows]


async def letters(tx: Tx, issue_id: int, kind: str) -> dict[tuple[DeliveryState, str], int]:
    """Return how many letters that did not arrive stand in each state, by their problem."""
    d = t.deliveries.c
    here = (d.issue_id == issue_id, d.kind == kind, d.state != DeliveryState.SENT)
    query = select(d.state, d.problem, func.count().label("n")).where(*here).group_by(d.state, d.problem)
    return {(DeliveryState(row.state), row.problem): row.n for row in (await tx.execute(query)).all()}


async def next_letter(tx: Tx, issue_id: int) -> datetime | None:
    """Return when the first letter that was put off is tried again."""
    d = t.deliveries.c
    here = (d.issue_id == issue_id, d.kind.in_(LETTERS), d.state == DeliveryState.DEFERRED)
    moment: datetime | None = (await tx.execute(select(func.min(d.not_before)).where(*here))).scalar()
    return moment


async def count_again(tx: Tx, issue_id: int, states: Iterable[DeliveryState], for_good: Iterable[str]) -> int:
    """Return how many rows `queue_again` would queue."""
    query = select(func.count()).select_from(t.deliveries).where(*_again(issue_id, states, for_good))
    return int((await tx.execute(query)).scalar_one())


async def queue_again(tx: Tx, issue_id: int, states: Iterable[DeliveryState], for_good: Iterable[str]) -> int:
    """Queue the rows of an issue in these states once more, and return how many.

    Not those of paused channels and of readers who no longer read, nor those whose problem is one `for_good`.
    """
    values = {"state": DeliveryState.QUEUED, "attempt": 0, "not_before": None, "problem": ""}
    statement = update(t.deliveries).where(*_again(issue_id, states, for_good)).values(**values)
    return (await tx.execute(statement)).rowcount


def _again(issue_id: int, states: Iterable[DeliveryState], for_good: Iterable[str]) -> tuple[Any, ...]:
    d, c, s, b = t.deliveries.c, t.channels.c, t.subscriptions.c, t.subscribers.c
    open_channels = select(c.id).where(c.paused.is_(False))
    barred = select(t.suppressions.c.address_mac)
    reading = select(s.id).join(t.subscribers, b.id == s.subscriber_id)
    reading = reading.where(s.state == SubscriptionState.ACTIVE, b.address_mac.not_in(barred))
    chats = select(t.chat_readers.c.id).where(t.chat_readers.c.state == SubscriptionState.ACTIVE)
    targets = {LETTERS: reading, (CHAT, CHAT_EDIT): chats, (TELEGRAM, EDIT): open_channels}
    reachable = or_(*(and_(d.kind.in_(kinds), d.target_id.in_(those)) for kinds, those in targets.items()))
    return d.issue_id == issue_id, d.state.in_(list(states)), d.problem.not_in(list(for_good)), reachable
