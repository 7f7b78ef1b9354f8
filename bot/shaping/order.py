"""Where an item stands: moved within its section, into another, carried over to the next issue; and highlights."""

from collections.abc import Sequence
from zlib import crc32

from bot.errors import Refused
from bot.intake import following
from bot.intake.submit import show_card
from bot.issues import gather, in_order
from bot.render import style
from bot.shaping.opened import Shaper, approved_item, change_item, note, open_issue
from store import issues, items, shaping
from store.database import Tx
from store.records import Bulletin, Issue, Item

HIGHLIGHT_LENGTH = 150
MOST_HIGHLIGHTS = 10
STEPS = {"up": -1, "down": 1}
_MARKS = 1_000_000_000


async def in_section(tx: Tx, bulletin: Bulletin, section_id: int) -> tuple[Item, ...]:
    """Return the items of a section as the open issue prints them."""
    gathered = await gather(tx, bulletin.id)
    return tuple(item for item in in_order(gathered) if item.section_id == section_id) if gathered else ()


def mark_of(items_in_order: Sequence[Item]) -> int:
    """Return a figure that tells one order of items from another."""
    return crc32(repr([item.id for item in items_in_order]).encode()) % _MARKS


async def move(shaper: Shaper, item_id: int, revision: int, where: str) -> None:
    """Move an item up, down, or to the top of its section; from then on the section stands in this order."""
    item = await _in_this_issue(shaper, item_id)
    assert item.section_id is not None
    order = [one.id for one in await in_section(shaper.tx, shaper.bulletin, item.section_id)]
    old = order.index(item.id)
    new = 0 if where == "top" else old + STEPS.get(where, 0)
    if new == old or not 0 <= new < len(order):
        raise Refused("shape-is-first" if new <= 0 else "shape-is-last")
    order.insert(new, order.pop(old))
    await change_item(shaper, item, revision, position=new + 1)
    await shaping.order_by_hand(shaper.tx, item.section_id, order)
    await _follow(shaper, item)
    await note(shaper, "move", f"item {item.id}", place=new + 1)


async def move_into(shaper: Shaper, item_id: int, revision: int, section_id: int) -> str:
    """Move an item to another section, behind what was ordered there by hand; returns the section's title."""
    item = await approved_item(shaper.tx, shaper.bulletin, item_id)
    section = next((section for section in shaper.bulletin.sections if section.id == section_id), None)
    if section is None:
        raise Refused("desk-no-section")
    if item.section_id == section_id:
        raise Refused("shape-changed")
    await change_item(shaper, item, revision, section_id=section_id, position=None)
    await _follow(shaper, item)
    await following.follow_item(shaper.tx, item, shaper.now)
    await note(shaper, "move", f"item {item.id}", section=section_id)
    return section.title


async def newest_first(shaper: Shaper, issue_id: int, section_id: int, mark: int) -> None:
    """Let a section stand newest first again, when its order is still the one that was seen."""
    await open_issue(shaper.tx, shaper.bulletin, issue_id)
    if section_id not in {section.id for section in shaper.bulletin.sections}:
        raise Refused("desk-no-section")
    if mark_of(await in_section(shaper.tx, shaper.bulletin, section_id)) != mark:
        raise Refused("shape-changed")
    await shaping.order_by_date(shaper.tx, section_id)
    await note(shaper, "order", f"section {section_id}")


async def carry_over(shaper: Shaper, item_id: int, revision: int) -> None:
    """Keep an approved item out of the open issue; it stands in the next one."""
    item = await _in_this_issue(shaper, item_id)
    issue = await _current(shaper)
    await change_item(shaper, item, revision, skips_issue_id=issue.id, position=None, highlight=None)
    await _follow(shaper, item)
    await note(shaper, "carry-over", f"item {item.id}", issue=issue.id)


async def take_back(shaper: Shaper, item_id: int, revision: int) -> None:
    """Take an item that was carried over back into the open issue."""
    item = await approved_item(shaper.tx, shaper.bulletin, item_id)
    if item.skips_issue_id != (await _current(shaper)).id:
        raise Refused("shape-changed")
    await change_item(shaper, item, revision, skips_issue_id=None)
    await _follow(shaper, item)
    await note(shaper, "take-back", f"item {item.id}")


async def highlight(shaper: Shaper, item_id: int, revision: int) -> bool:
    """Choose an item for "In this week's bulletin", by its title, or choose it no more; returns whether it is now."""
    item = await _in_this_issue(shaper, item_id)
    chosen = item.highlight is None
    if chosen and item.revision == revision:
        await _room_for_one(shaper)
    await change_item(shaper, item, revision, highlight="" if chosen else None)
    await _follow(shaper, item)
    await note(shaper, "highlight", f"item {item.id}", chosen=chosen)
    return chosen


async def word_highlight(shaper: Shaper, item_id: int, words: str) -> None:
    """Let an item stand in "In this week's bulletin" in an editor's own words."""
    line = style.clean(words)
    if not line:
        raise Refused("shape-no-words")
    if len(line) > HIGHLIGHT_LENGTH:
        raise Refused("shape-too-long", n=len(line), most=HIGHLIGHT_LENGTH)
    if any(url for _, url in style.find_links(line)):
        raise Refused("shape-no-links")
    item = await _in_this_issue(shaper, item_id)
    if item.highlight is None:
        await _room_for_one(shaper)
    await change_item(shaper, item, item.revision, highlight=line)
    await _follow(shaper, item)
    await note(shaper, "highlight", f"item {item.id}", words=line)


async def _room_for_one(shaper: Shaper) -> None:
    gathered = await gather(shaper.tx, shaper.bulletin.id)
    if gathered is not None and sum(one.highlight is not None for one in gathered.items) >= MOST_HIGHLIGHTS:
        raise Refused("shape-many-highlights", most=MOST_HIGHLIGHTS)


async def _in_this_issue(shaper: Shaper, item_id: int) -> Item:
    """Return an item that the open issue prints; raises Refused for one that is carried over."""
    item = await approved_item(shaper.tx, shaper.bulletin, item_id)
    if item.skips_issue_id == (await _current(shaper)).id:
        raise Refused("shape-carried")
    return item


async def _current(shaper: Shaper) -> Issue:
    issue = await issues.current(shaper.tx, shaper.bulletin.id)
    if issue is None:
        raise Refused("shape-other-issue")
    return issue


async def _follow(shaper: Shaper, item: Item) -> None:
    """Draw the item's folded card again, since its button carries the revision."""
    await show_card(shaper.tx, shaper.bulletin, item.id, shaper.now)


async def carried(tx: Tx, bulletin: Bulletin, issue: Issue) -> tuple[Item, ...]:
    """Return what is approved and kept out of this issue, oldest first."""
    ready = await items.in_states(tx, bulletin.id, *items.OPEN_STATES)
    return tuple(item for item in ready if item.skips_issue_id == issue.id)
