"""One correction of one printed item: read from what somebody wrote, and applied to the document of an issue."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from bot.errors import Refused
from bot.intake.address import urls
from bot.moderation import values
from bot.render import style
from bot.texts import say
from store.records import NO_DATE, Citation, FrozenIssue, PrintedItem, PublicationDate

TITLE, SOURCE, DATE, LINK, WITHDRAW = "title", "source", "date", "link", "withdraw"
FIELDS = (TITLE, SOURCE, DATE, LINK)
NAME_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an item: another title, or of one of its citations another source, date or link; or it goes.

    `words` are the new title, source or link, `canonical` belongs to the link. Without them it is a question still.
    """

    field: str
    citation: int = 0
    words: str = ""
    canonical: str = ""
    date: PublicationDate = NO_DATE


@dataclass(frozen=True, slots=True)
class Corrected:
    """A document before and after, the item as it was and is (None when it is gone), and the sentence printed of it."""

    before: FrozenIssue
    after: FrozenIssue
    was: PrintedItem
    now: PrintedItem | None
    sentence: str


_RECORD = TypeAdapter(Change)
_ITEM = TypeAdapter(PrintedItem)


def to_record(change: Change) -> dict[str, Any]:
    record: dict[str, Any] = _RECORD.dump_python(change, mode="json")
    return record


def from_record(record: dict[str, Any]) -> Change:
    return _RECORD.validate_python(record)


def item_record(item: PrintedItem) -> dict[str, Any]:
    """Return a printed item as plain values for the store."""
    record: dict[str, Any] = _ITEM.dump_python(item, mode="json")
    return record


def read(field: str, citation: int, words: str, near: date) -> Change:
    """Return the change that somebody wrote; raises Refused with a sentence when it is none."""
    if field == TITLE:
        return Change(field, citation, values.title(words))
    if field == SOURCE:
        return Change(field, citation, values.source(words))
    if field == DATE:
        return Change(field, citation, date=values.publication_date(words, near))
    if field == LINK:
        if len(words.split()) != 1:
            raise Refused("published-one-link")
        address = urls.unwrapped(words.strip())
        return Change(field, citation, address, urls.canonical(address))
    return Change(WITHDRAW)


def items_of(document: FrozenIssue) -> list[PrintedItem]:
    """Return the items of an issue in printing order; an item's place is its number among them, from 0."""
    return [item for section in document.sections for item in section.items]


def item_at(document: FrozenIssue, place: int) -> PrintedItem:
    """Return the item at a place; raises Refused when there is none."""
    found = items_of(document)
    if not 0 <= place < len(found):
        raise Refused("published-no-item")
    return found[place]


def apply(document: FrozenIssue, place: int, change: Change, day: date, highlight: str | None = None) -> Corrected:
    """Return the issue as it is after a change on this day; raises Refused when nothing would be another.

    `highlight` are the words by which the item is among the highlights, where they are not its title.
    """
    was = item_at(document, place)
    now = None if change.field == WITHDRAW else _changed(was, change)
    if now == was:
        raise Refused("published-same")
    section = _section_of(document, place)
    sentence = _sentence(document, now, change, section)
    sections, first = [], 0
    for each in document.sections:
        found = list(each.items)
        if first <= place < first + len(found):
            found[place - first : place - first + 1] = [now] if now is not None else []
        sections += [replace(each, items=tuple(found))] if found else []
        first += len(each.items)
    after = replace(
        document,
        sections=tuple(sections),
        highlights=_highlights(document, was, now, highlight),
        corrected_on=day,
        corrections=(*_earlier(document, was, now, section), sentence),
    )
    return Corrected(document, after, was, now, sentence)


def _changed(item: PrintedItem, change: Change) -> PrintedItem:
    if change.field == TITLE:
        return replace(item, title=change.words)
    if not 0 <= change.citation < max(1, len(item.citations)):
        raise Refused("published-changed")
    cited = list(item.citations) or [Citation()]
    old = cited[change.citation]
    if change.field == SOURCE:
        cited[change.citation] = replace(old, source=change.words)
    elif change.field == DATE:
        cited[change.citation] = replace(old, date=change.date)
    elif change.words != old.url:
        # A kept copy is one of the page that was linked before.
        cited[change.citation] = replace(old, url=change.words, canonical=change.canonical, archived=None)
    return replace(item, citations=tuple(cited))


def _section_of(document: FrozenIssue, place: int) -> str:
    for section in document.sections:
        if place < len(section.items):
            return style.clean(section.title)
        place -= len(section.items)
    return ""


def _highlights(
    document: FrozenIssue, was: PrintedItem, now: PrintedItem | None, highlight: str | None
) -> tuple[str, ...]:
    if now is None:
        return tuple(words for words in document.highlights if words not in (was.title, highlight))
    return tuple(now.title if words == was.title else words for words in document.highlights)


def _name(item: PrintedItem) -> str:
    title = style.clean(item.title)
    return title if len(title) <= NAME_LETTERS else title[: NAME_LETTERS - 1].rstrip() + "…"


def _sentence(document: FrozenIssue, now: PrintedItem | None, change: Change, section: str) -> str:
    """Return the sentence that the issue prints of a correction: what is right now, never what was wrong."""
    language = document.language
    if now is None:
        return say(language, "correction-withdrawn", section=section)
    name = _name(now)
    if change.field == DATE:
        when = style.date_text(change.date, language, document.date.year)
        key = "correction-date" if when else "correction-no-date"
        return say(language, key, title=name, date=when) if when else say(language, key, title=name)
    return say(language, f"correction-of-{change.field}", title=name, source=style.clean(change.words))


def _earlier(document: FrozenIssue, was: PrintedItem, now: PrintedItem | None, section: str) -> tuple[str, ...]:
    """Return the sentences of earlier corrections; none repeats a title that is gone or was wrong."""
    if now is None:
        plain = say(document.language, "correction-plain", section=section)
        return tuple(plain if _name(was) in sentence else sentence for sentence in document.corrections)
    return tuple(sentence.replace(_name(was), _name(now)) for sentence in document.corrections)
