"""The lines of a digest: bullets and wrapped lines mended, each line seen as what it may be."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.intake.message.citations import read_line
from bot.intake.message.headings import begins_with, folded, section_of, words_file
from bot.intake.message.written import WEB, addresses_in, without_addresses
from store.records import NO_DATE, Citation, Precision, Section

BULLET = re.compile(r"^(?:[-*+•·◦‣▪▫■□●○►▶➤➜→✓✔✅☑🔹🔸🔵🔴📌👉–—]\ufe0f?|\d{1,3}[.)])\s+")
_PICTURES = ("So", "Sk")
_SIGNS = "№°©®"
HASHES = re.compile(r"^#{1,6}\s+")
MOST_WORDS_OF_A_HEADING = 12
SURELY_A_HEADING_WORDS = 4
LONGEST_TITLE_BLOCK = 120
_NUMBERED = re.compile(r"\b\d{1,4}$")


@dataclass(frozen=True)
class Line:
    """One line: `gap` says that a blank one stood before it, `hashed` that it was marked as a heading."""

    text: str
    near: date
    gap: bool = False
    hashed: bool = False

    @cached_property
    def addresses(self) -> list[str]:
        return addresses_in(self.text)

    @cached_property
    def words(self) -> str:
        return without_addresses(self.text).strip("*_ ")

    @cached_property
    def cited(self) -> tuple[str, tuple[Citation, ...]]:
        return read_line(self.text, self.near)

    @property
    def title(self) -> str:
        return self.cited[0]

    @property
    def citations(self) -> tuple[Citation, ...]:
        return self.cited[1]

    @property
    def dated(self) -> bool:
        """Tell whether it is surely an item: a title with a source's date behind it."""
        return bool(self.title) and any(cited.date != NO_DATE for cited in self.citations)

    @property
    def sourced(self) -> bool:
        """Tell whether it may be an item: words, a source in brackets, and an address after them."""
        named = [
            cited.source for cited in self.citations if cited.source and not cited.source.endswith(("!", "?", "."))
        ]
        first = WEB.match(self.text)
        return bool(named and self.addresses) and first is None and len(self.title.split()) > 1

    @property
    def bare(self) -> bool:
        """Tell whether it is an address and nothing else."""
        return bool(self.addresses) and not self.words

    def heading(self, sections: Sequence[Section], *, strictly: bool = False) -> tuple[bool, Section | None]:
        """Return whether it is a heading, and the section that it means; `strictly` only for its whole name."""
        count = len(self.words.split())
        if self.addresses or not 0 < count <= MOST_WORDS_OF_A_HEADING or self.dated:
            return False, None
        if strictly and not self.hashed:
            named = next((one for one in sections if folded(one.title) == folded(self.words)), None)
            return named is not None, named
        marked = self.hashed or self.words.endswith(":")
        section = section_of(self.words, sections, loosely=marked or count <= SURELY_A_HEADING_WORDS)
        return marked or section is not None, section

    def names_issue(self, bulletin: str) -> bool:
        """Tell whether it is the title block of an issue: a digest's name and number, its date behind them."""
        if len(self.words) > LONGEST_TITLE_BLOCK or not re.search(r"\d", self.words):
            return False
        if any(cited.source for cited in self.citations):
            return False
        plain = f" {folded(self.words)} "
        if f" {folded(bulletin)} " in plain:
            return True
        named = any(f" {name} " in plain for name in folded(words_file()["digest"]["names"]).split())
        return self.dated and (named or _NUMBERED.search(self.title) is not None)

    @property
    def day(self) -> date | None:
        """Return the day that stands behind its title."""
        return next((cited.date.start for cited in self.citations if cited.date.precision is Precision.DAY), None)

    @property
    def opens_notices(self) -> bool:
        short = len(self.words.split()) <= MOST_WORDS_OF_A_HEADING and not self.addresses
        return short and not self.dated and begins_with(self.words, words_file()["notices"]["words"])

    @property
    def tells_contents(self) -> bool:
        return begins_with(self.words, words_file()["digest"]["contents"])

    def ends_digest(self, footer: frozenset[str]) -> bool:
        """Tell whether it belongs to the standing words at the end; `footer` holds the bulletin's own, folded."""
        if self.dated:
            return False
        return folded(self.words) in footer or begins_with(self.words, words_file()["endings"]["words"])


def lines_of(text: str, near: date, sections: Sequence[Section]) -> list[Line]:
    """Return the lines of a text without bullets, with wrapped ones put together."""
    paragraphs = list(_paragraphs(text, near))
    if len(paragraphs) > 1:
        paragraphs = [_unwrapped(paragraph, sections) for paragraph in paragraphs]
    return [line for paragraph in paragraphs for line in paragraph]


def _paragraphs(text: str, near: date) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    for raw in text.splitlines():
        stripped = raw.strip().strip("\u200b\u200e\u200f\ufeff").strip()
        if not stripped:
            if paragraph:
                yield paragraph
            paragraph = []
            continue
        hashed = HASHES.match(stripped) is not None
        plain = BULLET.sub("", _without_pictures(HASHES.sub("", stripped))) or stripped
        paragraph.append(Line(plain, near, gap=not paragraph, hashed=hashed))
    if paragraph:
        yield paragraph


def _without_pictures(text: str) -> str:
    """Return a line without the pictures that decorate its beginning, such as flags."""
    place = 0
    while place < len(text) and _is_picture(text[place]):
        place += 1
    return text[place:]


def _is_picture(letter: str) -> bool:
    return letter in "\ufe0f\u200d " or (unicodedata.category(letter) in _PICTURES and letter not in _SIGNS)


def _unwrapped(paragraph: list[Line], sections: Sequence[Section]) -> list[Line]:
    """Put a paragraph together whose only citation ends it: its title was wrapped."""
    links = [line for line in paragraph if line.bare]
    lines = [line for line in paragraph if not line.bare]
    wrapped = len(lines) > 1 and paragraph[: len(lines)] == lines and lines[-1].dated
    if not wrapped or any(_stands_alone(line, sections) for line in lines[:-1]):
        return paragraph
    whole = " ".join(line.text for line in lines)
    return [Line(whole, lines[0].near, gap=True), *links]


def _stands_alone(line: Line, sections: Sequence[Section]) -> bool:
    """Tell whether a line is no part of a wrapped title."""
    ended = line.words.endswith((".", "!", "?", ":"))
    return ended or line.dated or bool(line.addresses) or line.heading(sections)[0]
