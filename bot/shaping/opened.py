"""What may be shaped: an issue that is not closed yet, an item that is approved for it; and who hears of a change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import gate
from bot.errors import Refused
from bot.issues import BEFORE_FREEZE, READY
from store import audit, boards, issues, items
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Issue, Item, Person
from store.states import ItemState


@dataclass(frozen=True, slots=True)
class Shaper:
    """Who shapes which bulletin's issue, and when."""

    tx: Tx
    bulletin: Bulletin
    by: Person
    now: datetime


async def open_issue(tx: Tx, bulletin: Bulletin, issue_id: int) -> Issue:
    """Return an issue that can still be shaped; raises Refused for a closed one and for another bulletin's."""
    issue = await issues.get(tx, issue_id)
    if issue is None or issue.bulletin_id != bulletin.id:
        raise Refused("shape-other-issue")
    if issue.number is not None or issue.state not in BEFORE_FREEZE:
        raise Refused("shape-closed", number=issue.number or "–")
    return issue


async def approved_item(tx: Tx, bulletin: Bulletin, item_id: int) -> Item:
    """Return an item that is approved for an issue to come; raises Refused for every other."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        raise Refused("desk-gone")
    if item.state in (ItemState.IN_ISSUE, ItemState.WITHDRAWN_AFTER):
        raise Refused("desk-in-issue")
    if item.state not in READY or item.section_id is None:
        raise Refused("shape-not-approved")
    return item


async def change_item(shaper: Shaper, item: Item, revision: int, **columns: Any) -> None:
    """Change an approved item that is still as it was seen; raises Refused when somebody else was first."""
    try:
        await items.change(shaper.tx, item.id, revision, states=READY, **columns)
    except Stale:
        raise Refused("shape-changed") from None


async def change_issue(shaper: Shaper, issue: Issue, revision: int, **columns: Any) -> None:
    """Change an open issue that is still as it was seen; raises Refused when somebody else was first."""
    try:
        await issues.change(shaper.tx, issue.id, revision, states=BEFORE_FREEZE, **columns)
    except Stale:
        raise Refused("shape-changed") from None


async def note(shaper: Shaper, act: str, subject: str, **details: Any) -> None:
    """Write down what was done, and let the board and the message of a waiting issue follow."""
    await audit.note(shaper.tx, at=shaper.now, actor=f"person {shaper.by.id}", act=act, subject=subject, **details)
    await gate.refresh(shaper.tx, shaper.bulletin, shaper.now)
    await boards.refresh(shaper.tx, shaper.bulletin, shaper.now)
