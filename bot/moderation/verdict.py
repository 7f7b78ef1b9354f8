"""What a press did, who hears of it, and what is said when somebody else was first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.intake import following
from bot.intake.submit import show_card
from store import items
from store import people as people_records
from store.database import Tx
from store.records import Bulletin, Item
from store.states import ItemState

DECIDED = (ItemState.APPROVED, ItemState.REJECTED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a press did: whether it took effect, and the key and values of the sentence for who pressed."""

    done: bool
    key: str
    values: Mapping[str, object]


async def sender_of(tx: Tx, item: Item | None) -> int | None:
    """Return the person who sent an item, while that is still known."""
    if item is None or item.submission_id is None:
        return None
    return (await items.submission(tx, item.submission_id)).person_id


async def parts_of(tx: Tx, item: Item) -> list[Item]:
    """Return what other messages brought to an item: their senders hear what becomes of it too."""
    return [part for part in await items.merged_into(tx, item.id) if part.submission_id != item.submission_id]


async def wait_again(tx: Tx, item: Item, parts: Iterable[Item], now: datetime) -> None:
    """Take back what the senders of an item, or of its parts, have heard, as it waits for a decision again."""
    for part in parts:
        sender = await sender_of(tx, part)
        if sender is not None and item.state in (ItemState.APPROVED, ItemState.CARRIED):
            await people_records.count_accepted(tx, sender, -1)
        if not await following.take_back(tx, part.id):
            await following.tell(tx, part, now, at_once=True)


async def too_late(tx: Tx, bulletin: Bulletin, item_id: int, now: datetime) -> Verdict:
    """Say what the item has become, and draw its card again."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        return Verdict(False, "desk-gone", {})
    await show_card(tx, bulletin, item_id, now)
    if item.state == ItemState.IN_ISSUE:
        return Verdict(False, "desk-in-issue", {})
    who = await people_records.get(tx, item.decided_by) if item.decided_by else None
    if item.state == ItemState.MERGED:
        return Verdict(False, "desk-already-added", {"who": who.pseudonym if who else "?"})
    if item.state not in DECIDED:
        return Verdict(False, "desk-changed", {})
    key = "desk-already-approved" if item.state == ItemState.APPROVED else "desk-already-rejected"
    return Verdict(False, key, {"who": who.pseudonym if who else "?"})
