"""The document that every rendering of an issue is drawn from, and by what it is known again."""

import hashlib
import json
from datetime import UTC, datetime

from bot.issues.gathering import Gathered
from bot.render import editions, style
from bot.render.editions import Press
from bot.texts import say
from store.records import FrozenIssue, Item, MediaType, PrintedItem, PrintedSection

_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_IMPRINT_CHARACTERS = 10


def compose(gathered: Gathered, press: Press, now: datetime) -> FrozenIssue:
    """Make of what was gathered the document that every rendering is drawn from."""
    bulletin, issue, number = gathered.bulletin, gathered.issue, gathered.bulletin.next_number
    addresses = press.addresses(bulletin.slug)
    return FrozenIssue(
        bulletin=bulletin.title,
        slug=bulletin.slug,
        number=number,
        date=issue.date,
        language=bulletin.language,
        timezone=bulletin.timezone,
        closed_at=now.replace(microsecond=0),
        sections=_sections(gathered),
        subtitle=bulletin.subtitle if issue.subtitle is None else issue.subtitle,
        intro=issue.intro,
        highlights=tuple(item.highlight or item.title for item in in_order(gathered) if item.highlight is not None),
        notices=gathered.notices,
        footer=bulletin.footer if issue.footer is None else issue.footer,
        address=addresses.issue(number),
        pdf_address=addresses.pdf(number),
        home=addresses.home,
    )


def imprint(gathered: Gathered) -> str:
    """Return a few characters that are others as soon as something else would be printed, so that it was seen shows."""
    record = editions.to_record(compose(gathered, Press(), _ANY_MOMENT))
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:_IMPRINT_CHARACTERS]


def _sections(gathered: Gathered) -> tuple[PrintedSection, ...]:
    language = gathered.bulletin.language
    printed: dict[int | None, list[PrintedItem]] = {}
    for item in in_order(gathered):
        kind = _unsaid(item, language)
        line = PrintedItem(item.title, item.citations, item.authors, item.language, kind, item.id)
        printed.setdefault(item.section_id, []).append(line)
    return tuple(
        PrintedSection(section.title, tuple(printed[section.id]))
        for section in gathered.sections
        if section.id in printed
    )


def in_order(gathered: Gathered) -> tuple[Item, ...]:
    """Return the items as they print: by section, inside as an editor ordered them, the others newest first."""
    place = {section.id: number for number, section in enumerate(gathered.sections)}
    by_hand = [item for item in gathered.items if item.position is not None]
    others = style.order([item for item in gathered.items if item.position is None])
    by_hand.sort(key=lambda item: (item.position or 0, style.place(item)))
    return tuple(sorted((*by_hand, *others), key=lambda item: place.get(item.section_id or 0, len(place))))


def _unsaid(item: Item, language: str) -> MediaType:
    """Return what kind of thing an item is, unless its title says so: "Interview (interview)" reads like a mistake."""
    said = say(language, f"render-{item.media_type}") if item.media_type != MediaType.ARTICLE else ""
    return MediaType.ARTICLE if said.casefold() in item.title.casefold() else item.media_type
