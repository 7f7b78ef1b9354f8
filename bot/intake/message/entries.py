"""What is read out of a message before it is stored: the entries that become items, and where a paste goes on."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from store.records import Citation


class Place(StrEnum):
    """Where in a digest a line stands."""

    TOP = "top"
    ITEMS = "items"
    NOTICE = "notice"
    END = "end"


@dataclass(frozen=True, slots=True)
class Entry:
    """What will become an item; `told` names the fields that its sender has given."""

    title: str
    citations: tuple[Citation, ...]
    section_id: int | None = None
    told: tuple[str, ...] = ()

    @property
    def lacks_link(self) -> bool:
        return not any(cited.url for cited in self.citations)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """Where a paste stands at the end of a message; `cut` says that its text may go on in the next one.

    `open_line` is the last line when nothing was read behind its words, `open_entry` whether it became an entry.
    `issue_day` is the date of the issue that was pasted: dates without a year are near it.
    """

    place: Place = Place.TOP
    heading_id: int | None = None
    cut: bool = False
    open_line: str = ""
    open_entry: bool = False
    issue_day: date | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a pasted text holds. `mended` completes the last entry of the message before.

    Its title is "" when it only adds citations. `notice_goes_on`: the first notice goes on from the message before.
    """

    entries: tuple[Entry, ...]
    notices: tuple[str, ...]
    note: str
    state: GoingOn
    mended: Entry | None = None
    notice_goes_on: bool = False


def with_links(citations: tuple[Citation, ...], links: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """Return citations with these addresses, one each in order; further ones become citations of their own."""
    paired = [
        replace(cited, url=link.url, canonical=link.canonical) for cited, link in zip(citations, links, strict=False)
    ]
    return (*paired, *citations[len(paired) :], *links[len(paired) :])
