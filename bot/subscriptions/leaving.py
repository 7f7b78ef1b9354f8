"""Leaving at once, by whatever road, and coming back by mistake's undo."""

from datetime import datetime, timedelta

from store import bulletins, subscribers
from store.database import Tx
from store.records import Bulletin

LEAVE = "leave"
"""The purpose of the token that a reader's links carry: it opens their choices as well."""

UNDO_DAYS = 1


async def leave(tx: Tx, subscription_id: int, generation: int, now: datetime) -> None:
    """End a subscription at its reader's wish, at once."""
    await subscribers.leave(tx, subscription_id, generation, now.date())


async def undo(tx: Tx, subscription_id: int, generation: int, now: datetime) -> bool:
    """Take a leaving of today or yesterday back; False when there is none. Later they subscribe anew."""
    since = now.date() - timedelta(days=UNDO_DAYS)
    return await subscribers.come_back(tx, subscription_id, generation, now.date(), left_since=since)


async def bulletin_of(tx: Tx, subscription_id: int, generation: int) -> Bulletin | None:
    """Return the bulletin that a genuine leave link belongs to."""
    found = await subscribers.bulletin_of(tx, subscription_id, generation)
    return None if found is None else await bulletins.get(tx, found)
