"""Who is editing an item, and until when: one person at a time, for ten minutes after the last change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake.submit import show_card
from store import claims, items, outbox
from store import people as people_records
from store.database import Tx
from store.records import Bulletin, Item, Person
from store.states import ItemState

CLAIM_MINUTES = 10
EDITABLE = (ItemState.PENDING, ItemState.APPROVED, ItemState.CARRIED)
_LAPSED_SECONDS = 1  # the card is drawn again so long after a claim has lapsed


@dataclass(frozen=True, slots=True)
class Claim:
    """Who edits an item; `until` is the hour on the bulletin's clock, as in "14:32"."""

    person_id: int
    who: str
    until: str


async def claim_on(tx: Tx, bulletin: Bulletin, item: Item, now: datetime) -> Claim | None:
    """Return who is editing an item now; somebody whose role was taken away is not."""
    if item.claimed_by is None or item.claimed_until is None or item.claimed_until <= now:
        return None
    holder = await people_records.get(tx, item.claimed_by)
    if holder.revoked:
        return None
    until = item.claimed_until.astimezone(ZoneInfo(bulletin.timezone))
    return Claim(holder.id, holder.pseudonym, f"{until:%H:%M}")


async def check_free(tx: Tx, bulletin: Bulletin, item: Item, by: Person, now: datetime) -> None:
    """Raise Refused, with who and until when, while somebody else edits an item: what they see must not move."""
    claim = await claim_on(tx, bulletin, item, now)
    if claim is not None and claim.person_id != by.id:
        raise Refused("desk-claimed", who=claim.who, time=claim.until)


async def editable(tx: Tx, bulletin: Bulletin, item_id: int) -> Item:
    """Return an item that may still be edited; raises Refused with the reason for others."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        raise Refused("desk-gone")
    if item.state in (ItemState.IN_ISSUE, ItemState.WITHDRAWN_AFTER):
        raise Refused("desk-in-issue")
    if item.state == ItemState.REJECTED:
        raise Refused("desk-decided-already")
    if item.state not in EDITABLE:
        raise Refused("desk-gone")
    return item


async def start_edit(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, now: datetime) -> Item:
    """Claim an item for ten minutes of editing, from now on; raises Refused when it cannot be edited."""
    item = await editable(tx, bulletin, item_id)
    await check_free(tx, bulletin, item, by, now)
    await claims.let_go(tx, item_id)  # it is this person's, or nobody's any more
    until = now + timedelta(minutes=CLAIM_MINUTES)
    if not await claims.take(tx, item_id, by.id, now, until):
        raise Refused("desk-changed")
    again: dict[str, Any] = {"kind": "card", "payload": {}, "subject_id": item_id, "merge_key": _key(item_id)}
    again["not_before"] = until + timedelta(seconds=_LAPSED_SECONDS)
    await outbox.put_at_desk(tx, bulletin, now=now, **again)
    return item


async def release(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, now: datetime) -> None:
    """Let go of an item that this person has edited; raises Refused while it is somebody else's."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        raise Refused("desk-gone")
    await check_free(tx, bulletin, item, by, now)
    await claims.let_go(tx, item_id)
    await forget(tx, item_id)
    await show_card(tx, bulletin, item_id, now)


async def forget(tx: Tx, item_id: int) -> None:
    """Take back the drawing of a card for the moment at which a claim would have lapsed."""
    await outbox.cancel(tx, _key(item_id))


def _key(item_id: int) -> str:
    return f"claim:{item_id}"
