"""The shape of a list: which program wrote it, how its cells are parted, and what its columns hold."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from bot.reader_lists import address, headings
from bot.reader_lists.records import Record, records

DELIMITERS = (",", ";", "\t", "|")
HEADING_CHARACTERS = 40
EMPTY = " has no members"  # what Mailman 3 says of a list without any
_MEMBERS = re.compile(r"\b(?:members?|subscribers?)\b[^@]*:$", re.IGNORECASE)
_MARKED = re.compile(r"^\([^()@\s]+@[^()@\s]+\)$|[\[(]?\b(?:nomail|digest|disabled)\b[^@]*$", re.IGNORECASE)
MARK_CHARACTERS = 200  # no longer line is looked at for what Mailman writes


class Kind(StrEnum):
    """What kind of list it is, by what it was guessed from."""

    PLAIN = "plain"
    TABLE = "table"
    MAILMAN = "mailman"
    LISTMONK = "listmonk"
    MAILCHIMP = "mailchimp"
    UNSUBSCRIBED = "mailchimp-unsubscribed"
    CLEANED = "mailchimp-cleaned"
    NEVER = "mailchimp-nonsubscribed"


NEVER_IMPORTED = {
    Kind.UNSUBSCRIBED: "reader-list-left",
    Kind.CLEANED: "reader-list-cleaned",
    Kind.NEVER: "reader-list-never",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its place, from 0, and its heading, empty where there is none."""

    place: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a list is to be read; `first` is the line in which its first record begins after the heading.

    `agreed` are columns with the day on which somebody agreed, the surest first; `status` those that say who reads.
    """

    kind: Kind
    encoding: str
    delimiter: str = ""
    heading: bool = False
    address: Column = Column(0)
    agreed: tuple[Column, ...] = ()
    status: tuple[Column, ...] = ()


def hint_of(name: str) -> str:
    """Return what the name of a file says of who stands in it, since Mailchimp tells it there; else an empty text."""
    words = re.split(r"[^a-z]+", PurePath(name).name.lower())
    return next((word for word in ("unsubscribed", "cleaned", "nonsubscribed") if word in words), "")


def guess(sample: list[tuple[int, str]], encoding: str, hint: str = "") -> Shape:
    """Guess the shape of a list from its first lines, and from what its file is called (`hint_of`)."""
    texts = [(number, text) for number, text in sample if text.strip() and not text.lstrip().startswith("#")]
    delimiter = _delimiter(texts)
    rows = [row for row in records(texts, delimiter) if any(cell.strip() for cell in row[1])]
    if not rows:
        return Shape(Kind.PLAIN, encoding)
    heading = _is_heading(rows)
    if delimiter and not heading and all("@" in cell for _, cells in rows for cell in cells if cell.strip()):
        delimiter = ""  # no table, but lines of several addresses
    names = [headings.plain(cell) for cell in rows[0][1]] if heading else []
    shown = [" ".join(cell.split())[:HEADING_CHARACTERS] for cell in rows[0][1]] if heading else []
    kind = _kind(texts, delimiter, names, hint)

    def column(place: int) -> Column:
        return Column(place, shown[place] if place < len(shown) else "")

    wanted = (headings.LISTMONK_STATUS,) if kind == Kind.LISTMONK else ()
    status = [place for place, name in enumerate(names) if name in headings.STATUS or name in wanted]
    return Shape(
        kind,
        encoding,
        delimiter,
        heading,
        column(_address(rows[1:] if heading else rows, names)),
        tuple(column(names.index(name)) for name in headings.AGREED if name in names),
        tuple(map(column, status)),
    )


def _delimiter(texts: list[tuple[int, str]]) -> str:
    """Return what parts the cells: what stands in most lines equally often; empty where nothing does."""
    best, most = "", (0.6, 0)
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for cells in csv.reader([text for _, text in texts], delimiter=delimiter))
        width, count = max(widths.items(), key=lambda one: (one[0] > 1, one[1]), default=(0, 0))
        if width > 1 and (rank := (count / widths.total(), width)) > most:
            best, most = delimiter, rank
    return best


def _is_heading(rows: list[Record]) -> bool:
    """Tell whether the first record names the columns: no address stands in it, and a known name or one line below."""
    first = rows[0][1]
    if any("@" in cell for cell in first):
        return False
    known = headings.ADDRESS | set(headings.AGREED) | headings.STATUS
    if any(headings.plain(cell) in known for cell in first):
        return True
    return len(first) > 1 and any("@" in cell for cell in rows[1][1]) if len(rows) > 1 else False


def _kind(texts: list[tuple[int, str]], delimiter: str, names: list[str], hint: str) -> Kind:
    if len(headings.MAILCHIMP & set(names)) > 1:
        if headings.UNSUBSCRIBED & set(names) or hint == "unsubscribed":
            return Kind.UNSUBSCRIBED
        if headings.CLEANED & set(names) or hint == "cleaned":
            return Kind.CLEANED
        return Kind.NEVER if hint == "nonsubscribed" else Kind.MAILCHIMP
    if set(names) >= headings.LISTMONK:
        return Kind.LISTMONK
    if delimiter:
        return Kind.TABLE
    return Kind.MAILMAN if any(_is_mailmans(text.strip()) for _, text in texts) else Kind.PLAIN


def _is_mailmans(text: str) -> bool:
    if len(text) > MARK_CHARACTERS:
        return False
    return text.endswith(EMPTY) or bool(_MEMBERS.search(text) or _MARKED.search(text))


def _address(rows: list[Record], names: list[str]) -> int:
    """Return the column of addresses: the one that is called so and holds some, else the one that holds most."""
    held = Counter(place for _, cells in rows for place, cell in enumerate(cells) if _holds(cell))
    called = [place for place, name in enumerate(names) if name in headings.ADDRESS]
    called.sort(key=lambda place: names[place] in headings.STREETS)
    return next(
        (place for place in called if held[place] or not held), max(held, key=lambda p: (held[p], -p), default=0)
    )


def _holds(cell: str) -> bool:
    try:
        return bool(address.read(cell))
    except address.Unfit:
        return False
