"""Known already? What a new item has in common with earlier ones: an address, a title, or a translation."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake.address import urls
from bot.intake.likeness import Likeness, likeness
from bot.intake.page.metadata import PageFacts
from bot.intake.tongues import in_other_languages
from bot.render.known import How, Known, other_language
from store import issues, items, known, pages
from store.database import Tx
from store.records import Bulletin, Issue, Item, PageSeen
from store.states import ItemState

SHOWN = 3
_HOW = {Likeness.SAME: How.TITLE, Likeness.SIMILAR: How.SIMILAR}


async def met_before(tx: Tx, bulletin: Bulletin, item: Item) -> tuple[Known, ...]:
    """Return what is known of an item's story: translations linked to it, then the surest, then the newest first."""
    linked = await items.in_group(tx, item.translation_group) if item.translation_group is not None else []
    own = {other.id for other in linked} | {item.id}
    found = {other.id: (other, How.LINKED) for other in linked if other.id != item.id}
    earlier = await _earlier(tx, bulletin, item)
    for other, how in [*earlier, *await _translations(tx, bulletin, [other for other, _ in earlier])]:
        if other.id not in own and other.id not in found:
            found[other.id] = (other, how)
    ranked = sorted(found.values(), key=_place)
    kept = [entry for entry in ranked if entry[1] == How.LINKED][:SHOWN]
    kept += [entry for entry in ranked if entry[1] != How.LINKED][:SHOWN]
    return await _told(tx, bulletin, item, kept)


async def note_page(tx: Tx, item: Item, facts: PageFacts, address: str, now: datetime) -> None:
    """Note where an item's link led, and what the page calls its own address and title."""
    cited = next((cited for cited in item.citations if cited.url and cited.canonical), None)
    if cited is None:
        return
    try:
        led = urls.canonical(address)
    except Refused:
        led = None
    await pages.seen(tx, PageSeen(item.id, cited.canonical or "", led, facts.canonical, facts.title, now))


def is_home(address: str) -> bool:
    """Say whether an address is a site's home page, which tells nothing of a story that led there."""
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


async def _earlier(tx: Tx, bulletin: Bulletin, item: Item) -> list[tuple[Item, How]]:
    """Return the items that came before with one of this item's addresses or nearly its title."""
    cited = {cited.canonical for cited in item.citations if cited.canonical}
    led = {address for address in cited | await known.led_to(tx, item.id) if not is_home(address)}
    elsewhere = {address for place in cited for address in in_other_languages(place)}
    met_at = await known.at_addresses(tx, cited, led, elsewhere, but=item.id)
    how = dict.fromkeys(met_at.same, How.ADDRESS)
    for other in await known.titled_alike(tx, bulletin.id, item.title, item.id):
        alike = likeness(item.title, other.title)
        if alike != Likeness.DIFFERENT:
            how.setdefault(other.item_id, _HOW[alike])
    for item_id in met_at.elsewhere:
        how.setdefault(item_id, How.TRANSLATION)
    newest = sorted((item_id for item_id in how if item_id < item.id), reverse=True)
    surest = sorted(newest, key=lambda item_id: how[item_id].rank)[: known.SHOWN_LIMIT]
    if not surest:
        return []
    met = [other for other in await items.several(tx, surest) if other.bulletin_id == bulletin.id]
    met = [other for other in met if how[other.id] != How.TRANSLATION or other_language(item, other)]
    return [(await items.followed(tx, other), how[other.id]) for other in reversed(met)]


async def _translations(tx: Tx, bulletin: Bulletin, earlier: Iterable[Item]) -> list[tuple[Item, How]]:
    groups = sorted({other.translation_group for other in earlier if other.translation_group is not None})
    members = [member for group in groups for member in await items.in_group(tx, group)]
    return [(member, How.TRANSLATION) for member in members if member.bulletin_id == bulletin.id]


def _place(entry: tuple[Item, How]) -> tuple[bool, int, int]:
    other, how = entry
    return other.state == ItemState.WITHDRAWN, how.rank, -other.id


async def _told(tx: Tx, bulletin: Bulletin, item: Item, kept: list[tuple[Item, How]]) -> tuple[Known, ...]:
    zone = ZoneInfo(bulletin.timezone)
    closed: dict[int, Issue | None] = {}
    for issue_id in {other.issue_id for other, _ in kept if other.issue_id is not None}:
        closed[issue_id] = await issues.get(tx, issue_id)
    today = item.created_at.astimezone(zone).date()
    return tuple(
        Known(how, other, other.created_at.astimezone(zone).date(), today, closed.get(other.issue_id or 0))
        for other, how in kept
    )
