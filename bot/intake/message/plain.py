"""A message with links and words: each link is an entry, labelled words its fields, the others the note."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from bot.intake.dates import parse_date
from bot.intake.message.entries import Entry
from bot.intake.message.headings import folded, section_of, words_file
from bot.intake.message.lines import Line
from bot.intake.message.written import without_addresses
from store.records import NO_DATE, Citation, Section

LABELLED = re.compile(r"^\W{0,3}([^\W\d_]{2,20})\s*[:\uff1a]\s*(\S.*)$")


@dataclass
class _Slot:
    """A link of the message, with what was told of it."""

    url: str
    paragraph: int
    fields: dict[str, str] = field(default_factory=dict)
    section: Section | None = None


def read(
    written: str, links: Sequence[str], sections: Sequence[Section], near: date, *, labelled: bool = True
) -> tuple[list[Entry], str]:
    """Return an entry for each of these links, and the words around them.

    `written` is the text with every address written out; `links` may hold more, as of buttons. Without `labelled`
    words such as "source: …" are words like others: they are not the sender's own.
    """
    reader = _Reader(sections, near, labelled)
    for line in written.splitlines():
        reader.take(line)
    written_links = {slot.url for slot in reader.slots}
    reader.slots += [_Slot(link, -1) for link in links if link not in written_links]
    reader.settle()
    wanted = set(links)
    slots = [slot for slot in reader.slots if slot.url in wanted]
    words = [word for word in " ".join(reader.words).split() if word not in wanted]
    return [_entry(slot, near) for slot in slots], " ".join(words)


class _Reader:
    """Goes through the lines of one message."""

    def __init__(self, sections: Sequence[Section], near: date, labelled: bool) -> None:
        self.sections, self.near, self.labelled = sections, near, labelled
        self.slots: list[_Slot] = []
        self.words: list[str] = []
        self.section: Section | None = None
        self.section_used = True
        self.section_paragraph = -1
        self.paragraph = 0
        self.waiting: list[tuple[str, str, int, int]] = []

    def take(self, raw: str) -> None:
        """Take one line."""
        if not raw.strip():
            self._end_paragraph()
            return
        line = Line(raw.strip(), self.near)
        told = self._told(line)
        if told is not None:
            name, value = told
            section = section_of(value, self.sections, loosely=True) if name == "section" else None
            if section is not None:
                self._label(section)
            else:
                self.waiting.append((name, value, self.paragraph, len(self.slots)))
        elif self.labelled and (section := line.heading(self.sections)[1]) is not None:
            self._open(section)
        else:
            self.words.append(line.words)
        for address in line.addresses:
            self.section_used = True
            self.slots.append(_Slot(address, self.paragraph, section=self.section))

    def settle(self) -> None:
        """Give each field to its link, and a section at the end to the links before it."""
        for slot in self.slots:
            if not self.section_used and slot.section is None:
                slot.section = self.section
        for name, value, paragraph, place in self.waiting:
            before = [slot for slot in self.slots[:place] if slot.paragraph == paragraph]
            slots = before[-1:] or self.slots[place : place + 1] or self.slots[-1:]
            for slot in slots:
                slot.fields.setdefault(name, value)

    def _open(self, section: Section) -> None:
        self.section, self.section_used, self.section_paragraph = section, False, self.paragraph

    def _label(self, section: Section) -> None:
        """Give a labelled section to the links above it in its paragraph; without one it is a heading."""
        above = self._above()
        for slot in above:
            slot.section = section
        if not above:
            self._open(section)

    def _end_paragraph(self) -> None:
        """Take a section's name below the links of its paragraph, with nothing behind it, for theirs."""
        if not self.section_used and self.section is not None and self.section_paragraph == self.paragraph:
            above = self._above()
            for slot in above:
                slot.section = self.section
            if above:
                self.section, self.section_used = None, True
        self.paragraph += 1

    def _above(self) -> list[_Slot]:
        return [slot for slot in self.slots if slot.paragraph == self.paragraph and slot.section is None]

    def _told(self, line: Line) -> tuple[str, str] | None:
        """Return the field that a line names, and what it says; None when it names none or says nothing."""
        match = LABELLED.match(without_addresses(line.text)) if self.labelled else None
        name = _labels().get(folded(match[1])) if match else None
        if match is None or name is None:
            return None
        if name == "date" and parse_date(match[2], near=self.near) == NO_DATE:
            return None
        if name == "section" and section_of(match[2], self.sections, loosely=True) is None:
            return None
        return name, match[2].strip()


def _entry(slot: _Slot, near: date) -> Entry:
    when = parse_date(slot.fields["date"], near=near) if "date" in slot.fields else NO_DATE
    cited = Citation(slot.fields.get("source", ""), slot.url, date=when)
    told: list[str] = [name for name in ("title", "source", "date") if name in slot.fields]
    told += ["section"] if slot.section else []
    return Entry(slot.fields.get("title", ""), (cited,), slot.section.id if slot.section else None, tuple(told))


@cache
def _labels() -> dict[str, str]:
    table: dict[str, str] = words_file()["labels"]
    return {folded(word): name for name, words in table.items() for word in words.split()}
