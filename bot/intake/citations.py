"""Citation lines as bulletins print them: `Title (Source, February 5th)` and the ways people vary it."""

import re
from datetime import date

from bot.errors import Refused
from bot.intake.dates import parse_date
from bot.intake.urls import canonical, check_link
from store.records import NO_DATE, Citation, Precision, PublicationDate

_SPLITS = re.compile(r"[\s,;–—-]+")
_DASH = re.compile(r"\s+[-–—]+\s+")
_LINK = re.compile(r"(?:^|\s)<?(https?://[^\s<>]+)>?$")
# In brackets these describe the story and name nobody.
_REMARKS = frozenset(
    ("video", "audio", "photo", "photos", "pdf", "podcast", "interview", "update", "updated", "відео", "фото", "аудіо")
)
# No date is longer; so a long line costs no more than a short one.
_DATE_WORDS = 12


def read_line(line: str, near: date) -> tuple[str, tuple[Citation, ...]]:
    """Return the title of a citation line and its citations in the order printed; addresses behind them are taken too.

    Brackets at the end are citations when they name a date; the last one also when it names only a source. A dash
    begins a citation only when what follows it ends in a date. Without any the whole line is the title.
    """
    rest, citations = line.strip(), list[Citation]()
    while True:
        head, link = _link(rest)
        before, inside = _last_brackets(head)
        if inside is None:
            break
        source, when = _source_and_date(inside, near)
        if when == NO_DATE and (citations or _is_remark(inside)):
            break
        citations.insert(0, _citation(source, when, link))
        rest = before
    if not citations:
        head, link = _link(rest)
        title, source, when = _after_dash(head, near)
        if when == NO_DATE and link is None:
            return head, ()
        return title, (_citation(source, when, link),)
    return rest, tuple(citations)


def _link(text: str) -> tuple[str, str | None]:
    """Split off an address at the end of a text."""
    match = _LINK.search(text)
    if match is None:
        return text, None
    try:
        return text[: match.start()].rstrip(), check_link(match[1])
    except Refused:
        return text, None


def _citation(source: str, when: PublicationDate, link: str | None) -> Citation:
    return Citation(source=source, url=link, canonical=canonical(link) if link else None, date=when)


def _last_brackets(text: str) -> tuple[str, str | None]:
    """Return what stands before the brackets that end a text, and what stands in them; None where there are none."""
    text = text.rstrip(" .,;")
    if not text.endswith(")"):
        return text, None
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            before = text[:place].rstrip()
            return (before, text[place + 1 : -1].strip()) if before else (text, None)
    return text, None


def _is_remark(inside: str) -> bool:
    return not inside or inside.casefold() in _REMARKS or inside.isdigit()


def _source_and_date(text: str, near: date) -> tuple[str, PublicationDate]:
    """Split what stands in the brackets: the longest date at its end, else at its beginning, else only a source."""
    edges = [(0, 0), *(match.span() for match in _SPLITS.finditer(text)), (len(text), len(text))]
    for left, right in edges[:-1][-_DATE_WORDS:]:
        when = _date(text[right:], text[left:right], near, alone=not text[:left])
        if when != NO_DATE:
            return _trimmed(text[:left]), when
    for left, right in reversed(edges[1:-1][:_DATE_WORDS]):
        when = _date(text[:left], text[left:right], near, alone=False)
        if when != NO_DATE:
            return _trimmed(text[right:]), when
    return _trimmed(text), NO_DATE


def _date(text: str, split: str, near: date, *, alone: bool) -> PublicationDate:
    """Read a date beside a source; a bare month needs a comma between, since "May" is a name as well."""
    when = parse_date(text, near=near)
    bare_month = when.precision is Precision.MONTH and not any(letter.isdigit() for letter in text)
    return NO_DATE if bare_month and not alone and "," not in split else when


def _after_dash(text: str, near: date) -> tuple[str, str, PublicationDate]:
    for match in _DASH.finditer(text):
        source, when = _source_and_date(text[match.end() :], near)
        ends_in_date = when != NO_DATE and _DASH.search(source) is None and not text.endswith(source or "\0")
        if ends_in_date and text[: match.start()].strip():
            return text[: match.start()].strip(), source, when
    return text, "", NO_DATE


def _trimmed(source: str) -> str:
    return source.strip(" ,;–—-")
