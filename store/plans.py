"""SQL that plans a delivery: a row of the ledger for each part of each channel and chat, and for each reader."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, func, insert, literal, select
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.deliveries import BATCH_ROWS, CHAT, MAIL, TELEGRAM
from store.records import Issue
from store.states import DeliveryState, SubscriptionState

PLANNED = ["issue_id", "kind", "target_id", "part", "state", "attempt", "doubts", "possible_duplicate", "problem"]
"""The columns of a planned row, in their order."""


async def channels(tx: Tx, issue_id: int, channel_ids: Iterable[int], parts: int) -> None:
    """Add a row for each part of each channel; rows that exist stay as they are."""
    rows = [
        {"issue_id": issue_id, "kind": TELEGRAM, "target_id": channel, "part": part, "state": DeliveryState.QUEUED}
        for channel in channel_ids
        for part in range(parts)
    ]
    if rows:
        await tx.execute(upsert(t.deliveries).on_conflict_do_nothing(), rows)


async def chats(tx: Tx, issue: Issue, parts: int) -> None:
    """Add a row for each part of each private chat that read the bulletin when the issue closed."""
    c = t.chat_readers.c
    reading = (
        c.bulletin_id == issue.bulletin_id,
        c.state == SubscriptionState.ACTIVE,
        c.changed_at <= (issue.frozen_at or issue.due_at),
    )
    for part in range(parts):
        row = (literal(issue.id), literal(CHAT), c.id, literal(part), literal(DeliveryState.QUEUED.value))
        source = select(*row, *_zeros(), literal("")).where(*reading).order_by(c.id)
        await tx.execute(upsert(t.deliveries).from_select(PLANNED, source).on_conflict_do_nothing())


async def readers(tx: Tx, issue_id: int, bulletin_id: int, until: int, skip: str = "") -> int:
    """Add rows for the next 5,000 active readers up to the issue's audience; returns how many were added.

    With `skip`, the reason why no mail goes out, the rows are left out from the start.
    """
    d, s = t.deliveries, t.subscriptions
    planned = select(func.coalesce(func.max(d.c.target_id), 0)).where(d.c.issue_id == issue_id, d.c.kind == MAIL)
    after = (await tx.execute(planned)).scalar_one()
    audience = _audience(issue_id, bulletin_id, until, skip).where(s.c.id > after).order_by(s.c.id).limit(BATCH_ROWS)
    return (await tx.execute(insert(d).from_select(PLANNED, audience))).rowcount


async def passed_over(tx: Tx, issue_id: int, bulletin_id: int, until: int, skip: str = "") -> int:
    """Add rows for active readers whom the batches passed over, because they came back meanwhile; returns how many."""
    d, s = t.deliveries, t.subscriptions
    here = and_(d.c.issue_id == issue_id, d.c.kind == MAIL, d.c.target_id == s.c.id, d.c.part == 0)
    missing = _audience(issue_id, bulletin_id, until, skip).where(~select(d.c.id).where(here).exists())
    return (await tx.execute(insert(d).from_select(PLANNED, missing))).rowcount


def _audience(issue_id: int, bulletin_id: int, until: int, skip: str) -> Select[Any]:
    s = t.subscriptions
    state = DeliveryState.SKIPPED if skip else DeliveryState.QUEUED
    return select(
        literal(issue_id), literal(MAIL), s.c.id, literal(0), literal(state.value), *_zeros(), literal(skip)
    ).where(s.c.bulletin_id == bulletin_id, s.c.state == SubscriptionState.ACTIVE, s.c.id <= until)


def _zeros() -> list[ColumnElement[int]]:
    return [literal(0, Integer).label(name) for name in ("attempt", "doubts", "possible_duplicate")]
