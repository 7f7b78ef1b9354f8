"""Citation lines as bulletins print them: `Title (Source, February 5th)` and the ways people vary it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.errors import Refused
from bot.intake.address.urls import canonical, check_link
from bot.intake.dates import parse_date
from bot.intake.message.written import MARK, addresses_of, take_addresses
from store.records import NO_DATE, Citation, Precision, PublicationDate

_SPLITS = re.compile(r"[\s,;–—-]+")
_DASH = re.compile(r"\s+[-–—]+\s+")
# What people put between a line and its address: dashes, arrows, pictures.
_BESIDE_AN_ADDRESS = ("So", "Sm", "Sk", "Pd", "Zs", "Cc", "Cf", "Mn")
_MOST_CITATIONS = 12
_MOST_DASHES = 4
# In brackets these describe the story and name nobody.
_REMARKS = frozenset(
    ("video", "audio", "photo", "photos", "pdf", "podcast", "interview", "update", "updated", "відео", "фото", "аудіо")
)
# A line that is longer is no item, and taking it apart would take long.
_LONGEST_CHARACTERS = 5000
# No date is longer; so a long line costs no more than a short one.
_DATE_WORDS = 12


def read_line(line: str, near: date) -> tuple[str, tuple[Citation, ...]]:
    """Return the title of a citation line and its citations in the order printed, with the addresses written in it.

    Brackets at the end are citations when they name a date; the last one also when it names only a source. A dash
    begins a citation only when what follows it ends in a date. An address in the title or before the first brackets
    belongs to the first citation, others to the brackets that they stand in or behind. Without any of these the whole
    line is the title.
    """
    rest, addresses = _with_addresses(line)
    if len(rest) > _LONGEST_CHARACTERS:
        return _plain(rest), tuple(_cited([(Citation(), addresses)])) if addresses else ()
    found: list[tuple[Citation, list[str]]] = []
    while len(found) < _MOST_CITATIONS:
        head, behind = _split_marks(rest)
        before, inside = _last_brackets(head)
        if inside is None:
            break
        own = addresses_of(inside + behind, addresses)
        source, when = _source_and_date(_plain(inside), near)
        if when == NO_DATE and (found or _is_remark(_plain(inside))):
            break
        found.insert(0, (Citation(source=source, date=when), own))
        rest = before
    title, of_title = rest, addresses_of(rest, addresses)
    if not found:
        title, source, when = _after_dash(_plain(rest), near)
        if when == NO_DATE and not of_title:
            return title, ()
        found = [(Citation(source=source, date=when), [])]
    first, own = found[0]
    title = _plain(title).strip(" –—-:|") if of_title else _plain(title)
    return title, tuple(_cited([(first, [*of_title, *own]), *found[1:]]))


def _with_addresses(line: str) -> tuple[str, list[str]]:
    """Return a line with a mark in place of each address that can be one."""
    marked, addresses = take_addresses(line.strip())
    refused = {address for address in addresses if not _may_be(address)}
    if not refused:
        return marked, addresses
    kept = MARK.sub(lambda m: a if (a := addresses_of(m[0], addresses)[0]) in refused else m[0], marked)
    return kept, addresses


def _may_be(address: str) -> bool:
    try:
        check_link(address)
    except Refused:
        return False
    return True


def _split_marks(text: str) -> tuple[str, str]:
    """Split off the addresses at the end of a text, with what stands between them and the words."""
    place = end = len(text)
    while place and (MARK.match(text[place - 1]) or text[place - 1] in ".,;|:" or _is_decor(text[place - 1])):
        place -= 1
        end = place if MARK.match(text[place]) else end
    if end == len(text):
        return text, ""
    head = text[:end]
    while head and (head[-1] in "|:" or _is_decor(head[-1])):
        head = head[:-1]
    return head, text[end:]


def _is_decor(letter: str) -> bool:
    return unicodedata.category(letter) in _BESIDE_AN_ADDRESS


def _plain(text: str) -> str:
    """Return text without the marks of addresses."""
    return " ".join(MARK.sub(" ", text).split()) if MARK.search(text) else text.strip()


def _cited(found: list[tuple[Citation, list[str]]]) -> Iterator[Citation]:
    """Give each citation its address; further addresses become citations that know nothing else."""
    for cited, own in found:
        links = [check_link(address) for address in dict.fromkeys(own)]
        first = links[0] if links else None
        yield replace(cited, url=first, canonical=canonical(first) if first else None)
        yield from (Citation(url=link, canonical=canonical(link)) for link in links[1:])


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
    if text.count("(") > text.count(")"):
        return text, "", NO_DATE  # what was cut off in the middle of its brackets
    for match in list(_DASH.finditer(text))[-_MOST_DASHES:]:
        source, when = _source_and_date(text[match.end() :], near)
        ends_in_date = when != NO_DATE and _DASH.search(source) is None and not text.endswith(source or "\0")
        if ends_in_date and text[: match.start()].strip():
            return text[: match.start()].strip(), source, when
    return text, "", NO_DATE


def _trimmed(source: str) -> str:
    return source.strip(" ,;–—-")
