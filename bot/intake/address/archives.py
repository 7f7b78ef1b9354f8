"""Addresses of archived copies: told apart from other links, and taken out of what a moderator writes."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import Refused
from bot.intake.address.urls import canonical, check_link
from store.records import Citation

_HOSTS = (
    *("web.archive.org", "archive.org", "archive.today", "archive.ph", "archive.is", "archive.li", "archive.vn"),
    *("archive.fo", "archive.md", "perma.cc", "ghostarchive.org", "megalodon.jp", "webcitation.org", "arquivo.pt"),
)
_LABELLED = re.compile(r"(?:\barchived?(?: copy)?|\bархів(?:на копія)?)\s*:\s*(\S+\.\S+)", re.IGNORECASE)


class Found(NamedTuple):
    """What a moderator wrote, without the archived copy, and its address; None where there is none."""

    text: str
    links: tuple[str, ...]
    copy: str | None


def is_archive(url: str) -> bool:
    """Tell whether an address is one of a public archive of web pages."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return host in _HOSTS


def taken_out(text: str, links: tuple[str, ...]) -> Found:
    """Take the archived copy out of a text and its links: what `archive:` names, else a link to an archive.

    Raises Refused when what `archive:` names is no web address.
    """
    labelled = _LABELLED.search(text)
    if labelled is not None:
        named = labelled[1].strip("<>.,;")
        rest = tuple(link for link in links if link.rstrip("/") != named.rstrip("/"))
        return Found(_LABELLED.sub(" ", text, count=1).strip(), rest, check_link(named))
    for link in links:
        if is_archive(link):
            rest = tuple(other for other in links if other != link)
            return Found(text.replace(link, " ").strip(), rest, check_link(link))
    return Found(text, links, None)


def place_of(copy: str, citations: tuple[Citation, ...]) -> int | None:
    """Return the citation that a copy is of: the one whose address it holds, else the first one with an address."""
    cited = [place for place, one in enumerate(citations) if one.url]
    try:
        original = canonical(copy)
    except Refused:
        original = ""
    return next((place for place in cited if citations[place].canonical == original), cited[0] if cited else None)
