"""Reads whole lists of sources (a CSV table, JSON, a source a line) and takes them into the directory."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import sources
from bot.errors import Refused
from bot.intake.source_lines import read_entry, read_line
from bot.source_ways import fold
from bot.sources import Entry, Outcome
from store.database import Tx
from store.records import Source, Trust

_COLUMNS = {
    "name": ("name", "source", "publisher", "canonicalname", "назва", "джерело"),
    "aliases": ("aliases", "alias", "othernames", "інші назви", "псевдоніми"),
    "domains": ("domains", "domain", "site", "sites", "website", "url", "address", "сайт", "адреса", "домени"),
    "trust": ("trust", "довіра"),
    "language": ("language", "lang", "мова"),
    "note": ("note", "notes", "comment", "примітка"),
}
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list: where it stands, its text, and what it says or why that cannot be used."""

    number: int
    text: str
    entry: Entry | None
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a list: how many entries did what, which sources changed, what was left out and why."""

    counts: dict[str, int]
    changed: tuple[Source, ...]
    refused: tuple[tuple[Line, Refused], ...]


def read_list(text: str) -> list[Line]:
    """Read a list in any of its forms: JSON, a CSV table with a heading, or a source a line."""
    if text.lstrip()[:1] in ("[", "{"):
        return _json_lines(text)
    found = list(_table(text))
    return found or [
        _line(number, line, read_line, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]


def line_of(fields: dict[str, Any]) -> Line:
    """Return the line of an entry that came as plain values, with its number in `line`."""
    trust = fields["trust"]
    entry = Entry(
        name=fields["name"],
        aliases=tuple(fields["aliases"]),
        domains=tuple(fields["domains"]),
        trust=Trust(trust) if trust else None,
        language=fields["language"],
        note=fields["note"],
    )
    return Line(int(fields["line"]), entry.name, entry)


async def bring_in(tx: Tx, actor: str, lines: Iterable[Line], now: datetime) -> BroughtIn:
    """Take the entries of a list into the directory; what cannot be used is left out and named."""
    counts, changed, refused = Counter[str](), list[Source](), list[tuple[Line, Refused]]()
    for line in lines:
        if line.entry is None:
            refused.append((line, line.refusal or Refused("source-no-name")))
            continue
        try:
            source, outcome = await sources.merge(tx, actor, line.entry, now)
        except Refused as refusal:
            refused.append((line, refusal))
            continue
        counts[outcome] += 1
        changed += [] if outcome == Outcome.SAME else [source]
    each = {str(outcome): counts[outcome] for outcome in Outcome}
    return BroughtIn(each | {"refused": len(refused)}, tuple(changed), tuple(refused))


def _table(text: str) -> Iterator[Line]:
    """Yield the rows of a table whose first line names its columns; nothing where that is none."""
    lines = text.splitlines()
    heading = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=heading.count)
    names = {fold(name): field for field, known in _COLUMNS.items() for name in known}
    columns = [names.get(fold(cell)) for cell in next(csv.reader([heading], delimiter=delimiter), [])]
    if "name" not in columns or delimiter not in heading:
        return
    rows = csv.reader(lines[lines.index(heading) + 1 :], delimiter=delimiter)
    for cells in rows:
        if any(cell.strip() for cell in cells):
            fields = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
            number = lines.index(heading) + 1 + rows.line_num
            yield _line(number, delimiter.join(cells), read_entry, fields)


def _json_lines(text: str) -> list[Line]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("source-json") from None
    found = given.get("sources") if isinstance(given, dict) else given
    if not isinstance(found, list):
        raise Refused("source-json")
    lines = []
    for number, fields in enumerate(found, start=1):
        shown = json.dumps(fields, ensure_ascii=False)
        if not isinstance(fields, dict):
            lines.append(Line(number, shown, None, Refused("source-json")))
        else:
            lines.append(_line(number, shown, read_entry, fields))
    return lines


def _line(number: int, text: str, read: Callable[[Any], Entry], given: object) -> Line:
    try:
        return Line(number, text.strip(), read(given))
    except Refused as refusal:
        return Line(number, text.strip(), None, refusal)
