"""The reading of lists of addresses: text, one a line, or CSV with a column of them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from email_validator import EmailNotValidError

from bot.subscriptions.addresses import normal

HEADINGS = ("email", "e-mail", "address", "mail")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of an import that is no address: its number, what stood there, and why it was left out."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an import file holds: addresses in order, each once, and what was left out."""

    addresses: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    doubled: int


def read_file(path: Path, *, test_domains: bool = False) -> Reading:
    """Read addresses from a text file (one a line) or a CSV file with a column of addresses."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return read_lines(file, test_domains=test_domains)


def read_lines(lines: Iterable[str], *, test_domains: bool = False, delimiter: str = ",") -> Reading:
    """Read addresses from lines; a heading names the column, else it is the first cell with an @."""
    column: int | None = None
    found: dict[str, None] = {}
    rejected: list[Rejected] = []
    doubled = 0
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        heading = [place for place, cell in enumerate(cells) if cell.strip().lower() in HEADINGS]
        if number == 1 and heading:
            column = heading[0]
            continue
        cell = _cell(cells, column)
        try:
            address = normal(cell, test_domains=test_domains)
        except EmailNotValidError as error:
            rejected.append(Rejected(number, cell, str(error)))
            continue
        doubled += address in found
        found[address] = None
    return Reading(tuple(found), tuple(rejected), doubled)


def _cell(cells: list[str], column: int | None) -> str:
    if column is not None:
        return cells[column].strip() if column < len(cells) else ""
    return next((cell.strip() for cell in cells if "@" in cell), cells[0].strip())
