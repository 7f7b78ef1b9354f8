"""What a message holds: a digest's lines, or links with words, each link checked and each page once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.errors import Refused
from bot.intake.address import urls
from bot.intake.message import paste, plain
from bot.intake.message.entries import Entry, GoingOn
from store.messages import Incoming
from store.records import Bulletin, Citation


@dataclass(frozen=True, slots=True)
class Found:
    """What is read out of one message: entries to store, notices for the editors, and links that cannot be taken.

    `going_on` is None for a message that is no digest. `mended` and `notice_goes_on` complete what the message before
    left open.
    """

    entries: tuple[Entry, ...]
    note: str = ""
    notices: tuple[str, ...] = ()
    refused: tuple[tuple[str, Refused], ...] = ()
    going_on: GoingOn | None = None
    mended: Entry | None = None
    notice_goes_on: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.entries or self.notices or self.mended)


def clean_link(raw: str) -> str:
    """Return a link as it is stored: the address that is meant, checked; raises Refused with the reason if it cannot.

    Every link that a person sends passes here.
    """
    return urls.unwrapped(raw)


def find(incoming: Incoming, bulletin: Bulletin, near: date, before: GoingOn | None = None) -> Found:
    """Read a message; `near` is the day it was sent, `before` where the paste that it goes on with stands."""
    digest = paste.read(incoming.written, bulletin, near, before)
    if digest is None:
        labelled = not incoming.forwarded
        entries, note = plain.read(incoming.written, incoming.links, bulletin.sections, near, labelled=labelled)
        checked, refused = _checked(entries)
        return Found(tuple(checked), note, refused=tuple(refused.items()))
    checked, refused = _checked(digest.entries)
    mended = digest.mended
    if mended is not None:
        mended, more = _with_clean_links(mended)
        refused |= more
    return Found(
        tuple(checked),
        digest.note,
        digest.notices,
        tuple(refused.items()),
        digest.state,
        mended,
        digest.notice_goes_on,
    )


def _checked(entries: Sequence[Entry]) -> tuple[list[Entry], dict[str, Refused]]:
    """Return the entries with their links checked, each page once; one without a link is kept for its title."""
    kept: list[Entry] = []
    seen: set[str] = set()
    refused: dict[str, Refused] = {}
    for entry in entries:
        clean, more = _with_clean_links(entry)
        refused |= more
        pages = {cited.canonical for cited in clean.citations if cited.canonical}
        if (clean.lacks_link and not clean.title) or (pages and pages <= seen):
            continue
        seen |= pages
        kept.append(clean)
    return kept, refused


def _with_clean_links(entry: Entry) -> tuple[Entry, dict[str, Refused]]:
    refused: dict[str, Refused] = {}
    citations: list[Citation] = []
    for cited in entry.citations:
        try:
            citations.append(_with_clean_link(cited))
        except Refused as error:
            refused[cited.url or ""] = error
            citations.append(replace(cited, url=None, canonical=None))
    return replace(entry, citations=tuple(citations)), refused


def _with_clean_link(cited: Citation) -> Citation:
    """Return a citation with its address as it is stored, and at least the site as its source."""
    if not cited.url:
        return cited
    url = clean_link(cited.url)
    source = cited.source or urls.display_host(url)
    archived = cited.archived or urls.archived_copy(cited.url)
    return replace(cited, url=url, canonical=urls.canonical(url), source=source, archived=archived)
