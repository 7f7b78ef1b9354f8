"""Which stored item a line of a changed message means, and what it says of that item now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.intake.message.entries import Entry
from bot.intake.message.headings import folded
from store.records import NO_DATE, Citation, Item
from store.states import ItemState

UNDECIDED = (ItemState.DRAFT, ItemState.PENDING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the items of a message: `kept` take what is told now, `replaced` become another link's."""

    kept: tuple[tuple[Item, Entry], ...]
    replaced: tuple[tuple[Item, Entry], ...]
    withdrawn: tuple[Item, ...]
    added: tuple[Entry, ...]
    gone_too_late: tuple[Item, ...]


def plan(before: Sequence[Item], entries: Sequence[Entry]) -> Plan:
    """Pair items with entries: by their pages, by their titles, and then in the order in which they stand."""
    items_left, entries_left = list(before), list(entries)
    kept: list[tuple[Item, Entry]] = []
    for same in (_same_page, _same_title):
        for item in list(items_left):
            entry = next((entry for entry in entries_left if same(item, entry)), None)
            if entry is not None:
                items_left.remove(item)
                entries_left.remove(entry)
                kept.append((item, entry))
    # A new link in the place of a decided item is a story of its own.
    undecided = [item for item in items_left if item.state in UNDECIDED]
    pairs = list(zip(undecided, entries_left, strict=False))
    replaced = [(item, entry) for item, entry in pairs if _has_link(item) and not entry.lacks_link]
    kept += [pair for pair in pairs if pair not in replaced]
    return Plan(
        kept=tuple(kept),
        replaced=tuple(replaced),
        withdrawn=tuple(undecided[len(pairs) :]),
        added=tuple(entries_left[len(pairs) :]),
        gone_too_late=tuple(item for item in items_left if item.state not in UNDECIDED),
    )


def changes(item: Item, entry: Entry) -> dict[str, Any]:
    """Return the columns of an item that differ from what its line says now; {} when it says the same.

    What was not told stays as it was read, and a link that was given otherwise stays.
    """
    found: dict[str, Any] = {}
    if "title" in entry.told and entry.title != item.title:
        found["title"] = entry.title
    if "section" in entry.told and entry.section_id != item.wanted_section_id:
        found["wanted_section_id"] = entry.section_id
    citations = _told_anew(item.citations, entry) if _has_link(item) else entry.citations
    if tuple(citations) != item.citations:
        found["citations"] = citations
    if found:
        found["told"] = sorted({*item.told, *entry.told})
    if "citations" in found and not _has_link(item):
        found["unread"] = not entry.lacks_link
    return found


def _told_anew(before: tuple[Citation, ...], entry: Entry) -> tuple[Citation, ...]:
    """Return citations with the sources and dates that are told now; one that is new comes behind them."""
    left = list(entry.citations)
    fresh: list[Citation] = []
    for place, cited in enumerate(before):
        same = next((other for other in left if other.canonical and other.canonical == cited.canonical), None)
        if same is None and place < len(entry.citations) and not entry.citations[place].url:
            same = entry.citations[place] if entry.citations[place] in left else None
        if same is None:
            fresh.append(cited)
            continue
        left.remove(same)
        source = same.source if "source" in entry.told and same.source else cited.source
        date = same.date if "date" in entry.told and same.date != NO_DATE else cited.date
        fresh.append(replace(cited, source=source, date=date))
    return (*fresh, *left)


def _has_link(item: Item) -> bool:
    return any(cited.url for cited in item.citations)


def _same_page(item: Item, entry: Entry) -> bool:
    pages = {cited.canonical for cited in item.citations if cited.canonical}
    return bool(pages & {cited.canonical for cited in entry.citations if cited.canonical})


def _same_title(item: Item, entry: Entry) -> bool:
    return bool(entry.title) and "title" in item.told and folded(item.title) == folded(entry.title)
