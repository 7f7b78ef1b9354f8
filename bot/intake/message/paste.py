"""A pasted digest: the lines with their sections, sources and dates become entries; notices are kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile

from bot.intake.message.entries import Digest, Entry, GoingOn, Place, with_links
from bot.intake.message.headings import folded
from bot.intake.message.lines import Line, lines_of
from bot.intake.message.written import WEB
from store.messages import utf16_length
from store.records import NO_DATE, Bulletin, Section

CUT_UNITS = 3000
"""A message of at least so many UTF-16 units may be a part of a longer text, cut by Telegram at 4,096."""
FEWEST_ITEMS = 2
FEWEST_WORDS_OF_A_TITLE = 3
NO_TITLE = "…"


def read(text: str, bulletin: Bulletin, near: date, before: GoingOn | None = None) -> Digest | None:
    """Return the entries of a pasted digest, None for a message that is no digest.

    `text` is written out (`bot.intake.message.written`), `near` the day it was sent, `before` the state of the paste
    that it goes on with.
    """
    issue_day = before.issue_day if before is not None else None
    lines = lines_of(text, issue_day or near, bulletin.sections)
    if lines and issue_day is None and lines[0].names_issue(bulletin.title) and lines[0].day is not None:
        issue_day = lines[0].day
        lines = lines_of(text, lines[0].day, bulletin.sections)
    # Links alone may as well be another message, and would go to a line that they do not belong to.
    goes_on = before is not None and before.cut and not (lines and all(line.bare for line in lines))
    if not (goes_on or is_digest(lines, bulletin)):
        return None
    reader = _Reader(bulletin, before or GoingOn(), lines)
    for line in lines:
        reader.take(line)
    return reader.digest(cut=utf16_length(text) >= CUT_UNITS, issue_day=issue_day)


def is_digest(lines: Sequence[Line], bulletin: Bulletin) -> bool:
    """Tell a digest from a message with links and words.

    It is one when two lines carry a date behind their title, or one line does below a heading, or every line with a
    link names its source too, or it begins like an issue; one line alone is enough when it names source and date.
    """
    if all(line.bare for line in lines):
        return False
    headings = sum(line.heading(bulletin.sections)[1] is not None for line in lines)
    items = [line for line in lines if line.dated and not line.names_issue(bulletin.title)]
    linked = [line for line in lines if line.addresses and not line.bare]
    sourced = [line for line in linked if line.sourced]
    if len(items) >= FEWEST_ITEMS or (headings and (items or sourced)):
        return True
    if len(sourced) >= FEWEST_ITEMS and len(sourced) == len(linked):
        return True
    if any(line.names_issue(bulletin.title) for line in lines[:2]) and (headings or items or len(linked) > 1):
        return True
    return len(items) == 1 and _speaks_for_itself(items[0], lines)


def _speaks_for_itself(item: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a single dated line is meant as an item: it names its source, and the only links are its own."""
    if not any(cited.source and cited.date != NO_DATE for cited in item.citations):
        return False
    others = [line for line in lines if line is not item]
    links = [line for line in others if line.addresses]
    enough_words = len(item.title.split()) >= FEWEST_WORDS_OF_A_TITLE
    if item.addresses:
        return not links
    return enough_words and len(links) <= 1 and all(line.bare for line in links)


@dataclass
class _Reader:
    """Goes through the lines of one message."""

    bulletin: Bulletin
    before: GoingOn
    lines: Sequence[Line]
    entries: list[Entry] = field(default_factory=list)
    notices: list[list[str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    mended: Entry | None = None
    open_line: str = ""
    open_entry: bool = False
    title_block: bool = False

    def __post_init__(self) -> None:
        self.place, self.heading_id = self.before.place, self.before.heading_id
        self.notice_goes_on = self.place is Place.NOTICE
        self.footer = frozenset(folded(line) for line in self.bulletin.footer.splitlines() if len(line) > 10)
        sections = self.bulletin.sections
        self.has_body = any(line.dated or line.heading(sections)[0] for line in self.lines)
        loose = [line for line in self.lines if line.bare or (line.dated and not line.addresses)]
        self.links_first = bool(loose) and loose[0].bare and not loose[-1].bare
        if self.notice_goes_on:
            self.notices.append([])

    def take(self, line: Line) -> None:
        """Take one line for what it is at its place."""
        if line is self.lines[0] and self.before.cut and self.before.place is Place.ITEMS:
            if self._mends(line):
                return
            line = self._continued(line)
        self.open_line, self.open_entry = "", False
        heading, section = line.heading(self.bulletin.sections, strictly=self.place is Place.NOTICE)
        if self.place is Place.TOP and not self.entries and line.names_issue(self.bulletin.title):
            self.title_block = True
        elif line.tells_contents and self.place is Place.TOP:
            return
        elif section is not None or (heading and not line.opens_notices and self.place is not Place.NOTICE):
            if section is None and line is self.lines[-1]:
                self.open_line = line.text
            else:
                self._open_section(line, section)
        elif line.ends_digest(self.footer):
            self.place = Place.END
        elif line.opens_notices and (self.place is not Place.NOTICE or line.gap):
            self.place = Place.NOTICE
            self.notices.append([line.text])
        elif self.place is Place.NOTICE:
            self.notices[-1] += ["", line.text] if line.gap and self.notices[-1] else [line.text]
        elif self.place is not Place.END:
            self._item(line)

    def digest(self, *, cut: bool, issue_day: date | None) -> Digest:
        """Return what was read."""
        open_line = self.open_line if cut else ""
        going_on = GoingOn(self.place, self.heading_id, cut, open_line, cut and self.open_entry, issue_day)
        notices = tuple(_plain("\n".join(lines)) for lines in self.notices)
        goes_on = self.notice_goes_on and bool(notices and notices[0])
        kept = tuple(notice for notice in notices if notice)
        return Digest(tuple(self.entries), kept, "\n".join(self.words), going_on, self.mended, goes_on)

    def _open_section(self, line: Line, section: Section | None) -> None:
        if section is None and self.place is Place.TOP and self.title_block and not line.hashed:
            return
        if section is None and self.place is Place.TOP and not line.hashed:
            self.words.append(line.words)
        self.place = Place.ITEMS
        self.heading_id = section.id if section else None

    def _item(self, line: Line) -> None:
        if line.bare:
            self._bare(line)
        elif line.dated:
            self._cited(line)
        elif self.place is Place.TOP and self.title_block and self.has_body:
            return  # the words of an issue between its title and its first section
        elif line.addresses:
            self.entries.append(self._entry(line, sourced=line.sourced))
        elif self.heading_id is not None and len(line.words.split()) >= FEWEST_WORDS_OF_A_TITLE:
            self.entries.append(self._entry(line, sourced=True))
            self.open_line, self.open_entry = line.text, True
        else:
            self.words.append(line.words)
            self.open_line = line.text

    def _cited(self, line: Line) -> None:
        self.place = Place.ITEMS
        entry = self._entry(line, sourced=True)
        last = self.entries[-1] if self.entries else None
        if self.links_first and entry.lacks_link and last is not None and not last.title:
            self.entries[-1] = replace(entry, citations=with_links(entry.citations, last.citations))
        else:
            self.entries.append(entry)

    def _bare(self, line: Line) -> None:
        """Give addresses of a line of their own to the titles beside them."""
        lacking = 0 if self.links_first else self._lacking_at_the_end()
        if not lacking:
            self.entries += [self._filed(Entry("", (cited,))) for cited in line.citations]
            return
        # As many addresses as titles wait belong to them in order, else the next one belongs to the last title.
        place = len(self.entries) - (lacking if self._links_from(line) == lacking else 1)
        entry = self.entries[place]
        self.entries[place] = replace(entry, citations=with_links(entry.citations, line.citations))

    def _lacking_at_the_end(self) -> int:
        """Return how many entries without a link stand last."""
        return sum(1 for _ in takewhile(lambda entry: entry.lacks_link, reversed(self.entries)))

    def _links_from(self, line: Line) -> int:
        """Return how many lines of addresses alone follow one another from this one on."""
        place = next(place for place, other in enumerate(self.lines) if other is line)
        return sum(1 for _ in takewhile(lambda other: other.bare, self.lines[place:]))

    def _entry(self, line: Line, *, sourced: bool) -> Entry:
        """Return a line as an entry; what stands beside a link without a source is a title only until it is read."""
        citations = line.citations
        told = ["title"] if sourced and line.title else []
        told += ["source"] if sourced and any(cited.source for cited in citations) else []
        told += ["date"] if any(cited.date != NO_DATE for cited in citations) else []
        return self._filed(Entry(line.title, citations, None, tuple(told)))

    def _filed(self, entry: Entry) -> Entry:
        if self.heading_id is None:
            return entry
        return replace(entry, section_id=self.heading_id, told=(*entry.told, "section"))

    def _mends(self, line: Line) -> bool:
        """Complete the last entry of the message before, where Telegram cut it; says whether the line did."""
        if self.before.open_entry:
            whole = self._joined(line)
            if whole.dated or whole.addresses:
                self.mended = self._entry(whole, sourced=True)
        elif line.bare and not self.before.open_line:
            self.mended = Entry("", line.citations)
        elif line.text.startswith("(") and not self.before.open_line:
            citations = Line(f"{NO_TITLE} {line.text}", line.near).citations
            self.mended = Entry("", citations) if citations else None
        return self.mended is not None

    def _continued(self, line: Line) -> Line:
        """Return a line with the few words before it that stood at the end of the message before."""
        return self._joined(line) if self.before.open_line and not self.before.open_entry else line

    def _joined(self, line: Line) -> Line:
        return Line(f"{self.before.open_line} {line.text}", line.near, gap=True)


def _plain(text: str) -> str:
    """Return text with its addresses as plain ones."""
    return WEB.sub(lambda match: match[1] or match[2], text).strip()
