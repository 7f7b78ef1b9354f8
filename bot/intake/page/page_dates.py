"""The day on which a page's story was published, from the surest place that tells it; never a guess."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from bot.intake.page.page_data import Node, is_page, text_of
from bot.intake.page.page_event import is_event, tells_publication
from bot.intake.page.page_outline import Outline
from bot.intake.page.page_stamps import Reading, Seen, as_shown, machine_date, seen_in, sound
from store.records import NO_DATE, Precision, PublicationDate

# No story comes from the days ahead, which a date without a year may mean in a bulletin.
_ANNOUNCED = timedelta(days=60)
_AHEAD = timedelta(days=1)
_SAME = timedelta(days=1)
_MONTH_AND_MORE = timedelta(days=62)
# Names of metas by their letters alone: `dc.date.issued` is written `DC.Date.Issued` and `dc:dateIssued` as well.
_METAS = """articlepublishedtime ogarticlepublishedtime ogpublishedtime articlepublished ogpubdate
    citationpublicationdate citationonlinedate citationdate dcdateissued dctermsissued dcissued datepublished
    parselypubdate sailthrudate pubdate publishdate publicationdate publishedtime articledateoriginal
    originalpublicationdate cxenseparserecspublishtime shareaholicarticlepublishedtime articledate btpubdate
    pdate""".split()
_LESSER_METAS = """articlecreatedtime ogarticlecreatedtime created datecreated displaydate articlecreated dccreated
    dctermscreated dcdatecreated dctermsdate dcdate date prismpublicationdate""".split()
_PUBLISHED_NAME = re.compile(r"publish|pubdate|pubtime|issued")
_MOMENT_NAME = re.compile(r"date|time|published$|at$|on$")
_OTHER_NAME = re.compile(r"modif|updat|expir|unpublish|publisher|section|tag|author")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_PATH = (
    re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>\d\d?)(?:[/-](?P<d>\d\d?))?(?=[/_-]|$)"),
    re.compile(rf"/(?P<y>(?:19|20)\d\d)/(?P<m>{'|'.join(_MONTH_NAMES)})[a-z]{{0,6}}(?:/(?P<d>\d\d?))?(?=/)"),
    re.compile(r"/(?P<y>(?:19|20)\d\d)/[a-z][a-z-]{1,20}/(?P<m>\d\d)/(?P<d>\d\d)(?=/)", re.IGNORECASE),
    re.compile(r"[/_-](?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?=[/._-]|$)"),
    re.compile(r"[/_-](?P<d>[0-3]\d)[.-](?P<m>[01]\d)[.-](?P<y>20\d\d)(?=[/._-]|$)"),
    re.compile(r"[/_-](?P<y>20\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?=[/._-]|$)"),
)


def publication_date(page: Outline, node: Node | None, url: str, language: str | None, today: date) -> PublicationDate:
    """Return when a story was published: as its head says, else as readers see it, else as its address has it.

    `language` may be a tag with a country. A day on which the page was only changed is none.
    """
    address = next((found for one in (url, page.canonical) if (found := sound(_in_address(one), today)).start), NO_DATE)
    by = Reading(language, today, today - _ANNOUNCED + _AHEAD)
    changed = [found for value in _changes(page, node) if (found := machine_date(value, by)[0]).start]
    if address.start or changed:
        # A saved page was read then, not today: that is what "5 February" without a year goes by.
        then = min([one.start for one in changed if one.start] or [(address.start or today) + _MONTH_AND_MORE])
        by = Reading(language, today, min(today, then) - _ANNOUNCED + _AHEAD)
    event = is_event(page, node, url)
    stamps = [stamp for stamp in page.story.stamps if not event or tells_publication(stamp)]
    seen = seen_in(stamps, by, headed=bool(page.story.heading))
    announced = _announced(page, node, by, seen)
    if announced:
        return _agreed(announced, seen, address, changed)
    if event:
        return seen.named
    lesser = [found for value in _lesser(page, node) if (found := machine_date(value, by)[0]) != NO_DATE]
    # A day after the last change, or after that of the address, is the one on which the page was drawn.
    ends = [one.start + _SAME for one in (*changed, address) if one.start and one.precision is Precision.DAY]
    lesser = [found for found in lesser if not any(found.start and found.start > end for end in ends)]
    for found in (seen.named, seen.near, *lesser[:1], seen.apart, seen.as_of):
        if found != NO_DATE:
            return found
    late = any(one.start and address.start and address.start > one.start + _SAME for one in changed)
    return NO_DATE if late else address


def _announced(page: Outline, node: Node | None, by: Reading, seen: Seen) -> list[PublicationDate]:
    """Return what the head says: the linked data first, then the metas; the day that readers see for one in UTC."""
    found = []
    for values in (_linked(page, node), list(_metas(page))):
        dates = (machine_date(value, by) for value in values if value)
        day, utc_hour = next((one for one in dates if one[0] != NO_DATE), (NO_DATE, None))
        if day != NO_DATE:
            found.append(as_shown(day, utc_hour, seen.all()))
    return found


def _linked(page: Outline, node: Node | None) -> list[str]:
    """Return the date of the story's node, else that of the only node that describes the page around it."""
    around = [one for one in page.nodes if is_page(one)]
    return [text_of(node, "datePublished"), text_of(around[0], "datePublished") if node and len(around) == 1 else ""]


def _metas(page: Outline) -> Iterator[str]:
    named = _by_letters(page)
    yield from (named[name] for name in _METAS if name in named)
    for name, value in named.items():
        if _PUBLISHED_NAME.search(name) and _MOMENT_NAME.search(name) and not _OTHER_NAME.search(name):
            yield value
    yield _parsely(page.meta("parsely-page"))


def _by_letters(page: Outline) -> dict[str, str]:
    return {re.sub(r"[^a-z]", "", name): values[0] for name, values in reversed(list(page.metas.items()))}


def _parsely(value: str) -> str:
    try:
        told = json.loads(value)
    except (ValueError, RecursionError):
        return ""
    return str(told.get("pub_date", "")) if isinstance(told, dict) else ""


def _lesser(page: Outline, node: Node | None) -> Iterator[str]:
    for name in ("uploadDate", "dateCreated"):
        yield text_of(node, name)
    named = _by_letters(page)
    yield from (named[name] for name in _LESSER_METAS if name in named)


def _changes(page: Outline, node: Node | None) -> Iterator[str]:
    yield text_of(node, "dateModified")
    yield page.meta("article:modified_time", "og:updated_time", "og:article:modified_time", "dcterms.modified")


def _agreed(
    announced: Sequence[PublicationDate], seen: Seen, address: PublicationDate, changed: Sequence[PublicationDate]
) -> PublicationDate:
    """Choose among the days that the head gives; where it contradicts itself or what readers see, by the address."""
    first = announced[0]
    if any(not _alike(first, other) for other in announced[1:]):
        backed = [one for one in announced if any(_alike(one, other) for other in (*seen.all(), address))]
        first = (backed or sorted(announced, key=lambda one: one.start or date.max))[0]
    shown = seen.named
    if shown.start and first.start and shown.start < first.start and not _alike(first, shown):
        only_changed = any(_alike(first, one) for one in changed)
        if only_changed or (_alike(shown, address) and address.precision is Precision.DAY):
            return shown
    if first.precision is Precision.MONTH:
        return next((one for one in seen.all() if _in_month(one, first)), first)
    return first


def _alike(one: PublicationDate, other: PublicationDate) -> bool:
    if one.start is None or other.start is None:
        return False
    if Precision.MONTH in (one.precision, other.precision):
        return (one.start.year, one.start.month) == (other.start.year, other.start.month)
    return abs(one.start - other.start) <= _SAME


def _in_month(one: PublicationDate, month: PublicationDate) -> bool:
    return one.precision is Precision.DAY and _alike(one, month)


def _in_address(url: str) -> PublicationDate:
    """Return the day or month that an address has in its path, as blogs and news sites write it."""
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        return NO_DATE
    for pattern in _IN_PATH:
        match = pattern.search(path)
        parts = match.groupdict() if match else {}
        if not parts:
            continue
        month = parts["m"] if parts["m"].isdigit() else str(_MONTH_NAMES.index(parts["m"]) + 1)
        try:
            start = date(int(parts["y"]), int(month), int(parts["d"] or 1))
        except ValueError:
            continue
        return PublicationDate(Precision.DAY if parts["d"] else Precision.MONTH, start)
    return NO_DATE
