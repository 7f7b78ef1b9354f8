"""Reading a list row by row: who stands in it, and what was left out, in which line and why; nothing else is kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from bot.reader_lists import address, alphabet, headings
from bot.reader_lists.address import Unfit
from bot.reader_lists.records import records
from bot.reader_lists.shape import EMPTY, NEVER_IMPORTED, Column, Kind, Shape, guess

SAMPLE_LINES = 200
_SECTION = re.compile(r"^[^@]*:$")
_NO_MAIL = re.compile(r"\b(?:no-?mail|disabled|suspended|bouncing)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Row:
    """An address of a list, with the day on which its owner agreed (ISO 8601), empty where the list does not say."""

    line: int
    address: str
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that is left out; `why` is the key of the sentence that says so."""

    line: int
    why: str


def look(file: BinaryIO, hint: str = "") -> Shape:
    """Guess the shape of a file; `hint` is what its name says (`shape.hint_of`)."""
    encoding = alphabet.encoding_of(file)
    return guess(list(islice(alphabet.lines(file, encoding), SAMPLE_LINES)), encoding, hint)


def read(file: BinaryIO, shape: Shape) -> Iterator[Row | Rejected]:
    """Yield the rows of a file in their order, one at a time; an address that stands there twice comes twice."""
    numbered = alphabet.lines(file, shape.encoding)
    if shape.kind in (Kind.PLAIN, Kind.MAILMAN):
        yield from _listed(numbered, shape)
    else:
        yield from _tabled(numbered, shape)


def _listed(numbered: Iterator[tuple[int, str]], shape: Shape) -> Iterator[Row | Rejected]:
    switched_off, heading = False, shape.heading
    for number, line in numbered:
        text = line.strip()
        if not text or text.startswith("#") or text.endswith(EMPTY):
            continue
        if heading:
            heading = False
        elif shape.kind == Kind.MAILMAN and _SECTION.match(text):
            switched_off = bool(_NO_MAIL.search(text))
        elif len(line) >= alphabet.LINE_CHARACTERS:
            yield Rejected(number, "reader-list-line")
        elif switched_off or (shape.kind == Kind.MAILMAN and _is_off(text)):
            yield Rejected(number, "reader-list-nomail")
        else:
            yield from _of_line(number, text)


def _is_off(text: str) -> bool:
    """Tell whether Mailman marks a member as one who gets no mail: in brackets, or by a word behind the address."""
    return (text.startswith("(") and text.endswith(")")) or bool(_NO_MAIL.search(text.rpartition("@")[2]))


def _of_line(number: int, text: str) -> Iterator[Row | Rejected]:
    """Yield what stands in a line: an address, alone or with a name, or several with nothing else."""
    parts = [part for part in _BETWEEN.split(text) if part]
    try:
        if "<" in text and text.count("@") == 1:
            yield Row(number, address.read(text))
        elif all("@" in part for part in parts):
            for part in parts:
                yield _one(number, part)
        elif "<" in text:
            yield Row(number, address.read(text))
        else:
            found = [part for part in parts if "@" in part]
            yield Row(number, address.read(" ".join(found)))
    except Unfit as unfit:
        yield Rejected(number, unfit.why)


def _one(number: int, part: str) -> Row | Rejected:
    try:
        return Row(number, address.read(part))
    except Unfit as unfit:
        return Rejected(number, unfit.why)


def _tabled(numbered: Iterator[tuple[int, str]], shape: Shape) -> Iterator[Row | Rejected]:
    heading, never = shape.heading, NEVER_IMPORTED.get(shape.kind)
    for number, cells in records(numbered, shape.delimiter):
        if not cells:
            yield Rejected(number, "reader-list-quote")
            continue
        if not any(map(str.strip, cells)) or cells[0].lstrip().startswith("#"):
            continue
        if heading:
            heading = False
            continue
        why = never or (shape.status and _why_not(cells, shape))
        if why:
            yield Rejected(number, why)
            continue
        try:
            yield Row(number, address.read(_cell(cells, shape.address)), _agreed(cells, shape))
        except Unfit as unfit:
            yield Rejected(number, unfit.why)


def _cell(cells: list[str], column: Column) -> str:
    return cells[column.place] if column.place < len(cells) else ""


def _why_not(cells: list[str], shape: Shape) -> str:
    """Return why somebody is left out by what the list says of them; empty where it says that they read."""
    for column in shape.status:
        status = headings.plain(_cell(cells, column))
        fits = status in headings.READS if shape.kind == Kind.LISTMONK else status not in headings.LEFT
        if not fits:
            return "reader-list-status"
    return ""


def _agreed(cells: list[str], shape: Shape) -> str:
    return next((day for column in shape.agreed if (day := day_of(_cell(cells, column)))), "")


def day_of(cell: str) -> str:
    """Return the day at the start of a cell, as `2024-05-07` or `7.5.2024`, in ISO 8601; else an empty text."""
    text = cell.strip()
    try:
        if text[4:5] == "-":
            return date.fromisoformat(text[:10]).isoformat()
        return datetime.strptime(text.split()[0], "%d.%m.%Y").date().isoformat()  # noqa: DTZ007  # only its day is read
    except (ValueError, IndexError):
        return ""
