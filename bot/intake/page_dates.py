"""The day on which a page's story was published, from the surest place that tells it; never a guess."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from bot.intake.dates import dates_in, parse_date
from bot.intake.page_data import Node, text_of
from bot.intake.page_outline import Outline
from bot.intake.page_story import Stamp
from bot.intake.page_words import plain, tokens, words
from store.records import NO_DATE, Precision, PublicationDate

_EARLIEST = date(1990, 1, 2)
_AHEAD = timedelta(days=1)
_ANNOUNCED = timedelta(days=60)
# A line that is nothing but a date dates the story only close to the heading.
_NEAR_STEPS = range(-12, 40)
_BESIDE_WORDS = 3
_UTC = re.compile(r"(?:Z|[+-]00:?00)$", re.IGNORECASE)
_METAS = (
    ("article:published_time", "og:article:published_time", "og:published_time", "article:published", "og:pubdate"),
    ("citation_publication_date", "citation_date", "citation_online_date", "dc.date.issued", "dcterms.issued"),
    ("datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date"),
    ("publication_date", "published_time", "article.published", "article_date_original", "originalpublicationdate"),
    ("cxenseparse:recs:publishtime", "shareaholic:article_published_time", "article:date", "bt:pubdate"),
    ("dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "date"),
)


def publication_date(page: Outline, node: Node | None, url: str, language: str | None, near: date) -> PublicationDate:
    """Return when a story was published: as its head says, else as readers see it, else as its address has it."""
    # No story comes from the days ahead, which a date without a year may mean in a bulletin.
    before = near - _ANNOUNCED + _AHEAD
    visible = _visible(page.story.stamps, language, near, before)
    for value in _announced(page, node):
        found = _sound(parse_date(value, language=language, near=before), near)
        if found.precision is Precision.DAY:
            return _as_shown(found, value, visible)
        if found != NO_DATE and not visible:
            return found
    return visible[0] if visible else _sound(_in_address(url), near)


def _announced(page: Outline, node: Node | None) -> Iterator[str]:
    for name in ("datePublished", "uploadDate", "dateCreated"):
        yield text_of(node, name)
    for names in _METAS:
        yield page.meta(*names)


def _sound(found: PublicationDate, near: date) -> PublicationDate:
    """Drop what no story can have: a day to come, or the first day of a computer's calendar."""
    ends = [day for day in (found.start, found.end) if day is not None]
    return found if all(_EARLIEST <= day <= near + _AHEAD for day in ends) else NO_DATE


def _as_shown(found: PublicationDate, value: str, visible: Sequence[PublicationDate]) -> PublicationDate:
    """Prefer the day that readers see where the head gives the same moment in UTC and the site lies east or west."""
    if _UTC.search(value.strip()) and found.start and visible:
        shown = visible[0]
        if shown.start and abs(shown.start - found.start) == timedelta(days=1):
            return shown
    return found


def _visible(stamps: Sequence[Stamp], language: str | None, near: date, before: date) -> list[PublicationDate]:
    """Return the visible days, surest first; nothing where they contradict each other."""
    named: list[PublicationDate] = []
    marked: list[PublicationDate] = []
    lines: list[PublicationDate] = []
    for stamp in stamps:
        kind = _kind(stamp)
        found = NO_DATE if kind == "updated" else _sound(_stamped(stamp, language, before), near)
        # Above the headline many sites print today's date.
        if found == NO_DATE or (found.start == near and stamp.steps < 0 and not stamp.value and kind != "published"):
            continue
        if kind == "published":
            named.append(found)
        elif stamp.marked:
            marked.extend([found] if stamp.steps in _NEAR_STEPS or not lines else [])
        elif stamp.steps in _NEAR_STEPS and _is_only_date(stamp, found, language, before):
            lines.append(found)
    for group in (named, marked, lines):
        if group:
            return group if group is named or len({day.start for day in group}) == 1 else _nearest(group, stamps)
    return []


def _nearest(group: list[PublicationDate], stamps: Sequence[Stamp]) -> list[PublicationDate]:
    """Of several days take the first only when it stands at the heading."""
    return group[:1] if any(0 <= stamp.steps in _NEAR_STEPS for stamp in stamps) else []


def _kind(stamp: Stamp) -> str:
    """Tell whether the markup of a stamp, else the words before it, speak of publication or of a change."""
    own = tokens(stamp.label)
    if own & words().published:
        return "published"
    if own & words().updated:
        return "updated"
    for word in reversed(re.split(r"[\W_]+", plain(stamp.context))):
        if word in words().published:
            return "published"
        if word in words().updated:
            return "updated"
    return _kind_of_text(stamp.text)


def _kind_of_text(text: str) -> str:
    found = tokens(text)
    if found & words().rights or "©" in text:
        return "updated"
    if found & words().published:
        return "published"
    return ""


def _stamped(stamp: Stamp, language: str | None, near: date) -> PublicationDate:
    """Return the day a stamp gives: its machine date, else its text up to where it speaks of a change."""
    machine = (
        parse_date(stamp.value, language=language, near=near) if any(c.isdigit() for c in stamp.value) else NO_DATE
    )
    if machine.precision is Precision.DAY:
        return machine
    text = plain(stamp.text)
    changed = _split_at(text, words().updated)
    named = _split_at(text, words().published)
    if len(named) > 1:
        changed = _split_at(named[1], words().updated)
    if changed and not changed[0].strip() and len(changed) > 1:
        return NO_DATE
    return next(dates_in(changed[0], language=language, near=near, whole=not stamp.marked), NO_DATE)


def _split_at(text: str, marks: frozenset[str]) -> list[str]:
    alternatives = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    return re.split(rf"\b(?:{alternatives})\b", text, maxsplit=1)


def _is_only_date(stamp: Stamp, found: PublicationDate, language: str | None, near: date) -> bool:
    """Tell whether a line consists of its date, alone or with a place, a name or a time set apart from it."""
    if parse_date(stamp.text, language=language, near=near) == found:
        return True
    parts = re.split(r"\s*[|•·/]\s*|\s+[–—-]\s+|,\s+", stamp.text)
    dated = [parse_date(part, language=language, near=near) == found for part in parts]
    beside = [part for part, is_date in zip(parts, dated, strict=True) if not is_date]
    return any(dated) and all(len(part.split()) <= _BESIDE_WORDS for part in beside)


def _in_address(url: str) -> PublicationDate:
    """Return the day or month that an address has between its slashes, as blogs and news sites write it."""
    match = re.search(r"/((?:19|20)\d\d)[/-](\d\d?)(?:[/-](\d\d?))?(?=[/-])", urlsplit(url).path)
    if match is None:
        return NO_DATE
    try:
        start = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return NO_DATE
    return PublicationDate(Precision.DAY if match[3] else Precision.MONTH, start)
