"""Keeping somebody's links out for a time, keeping them out altogether, and ending both; one person suffices."""

from datetime import datetime
from zoneinfo import ZoneInfo

from store import audit
from store import people as records
from store.database import Tx
from store.records import Bulletin, Person


async def mute(tx: Tx, actor: str, person_id: int, until: datetime, now: datetime) -> None:
    """Take no links from a person until a moment."""
    await records.change(tx, person_id, muted_until=until)
    await audit.note(tx, at=now, actor=actor, act="mute", subject=f"person {person_id}", until=until.isoformat())


async def ban(tx: Tx, actor: str, person_id: int, until: datetime, now: datetime) -> None:
    """Keep a person out altogether until a moment."""
    await records.change(tx, person_id, banned_until=until)
    await audit.note(tx, at=now, actor=actor, act="ban", subject=f"person {person_id}", until=until.isoformat())


async def free(tx: Tx, actor: str, person_id: int, now: datetime) -> None:
    """End a mute and a ban."""
    await records.change(tx, person_id, muted_until=None, banned_until=None)
    await audit.note(tx, at=now, actor=actor, act="unmute", subject=f"person {person_id}")


async def note_active(tx: Tx, bulletin: Bulletin, person: Person, now: datetime) -> None:
    """Note that somebody was active today; the day is all that is kept of it."""
    today = now.astimezone(ZoneInfo(bulletin.timezone)).date()
    if person.active_on != today:
        await records.seen(tx, person.id, today)
