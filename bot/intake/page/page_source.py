"""Whom a site names as the source of its story: "Source: Sirena"."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from bot.errors import Refused
from bot.intake.address.urls import display_host
from bot.intake.page.page_data import Node, names_of
from bot.intake.page.page_outline import Outline
from bot.intake.page.page_words import letters, plain, words

_NAME_LIMIT = 80
_NAME_WORDS = 8
# Further down several such lines are those of charts and quotations.
_NEAR_STEPS = range(-15, 60)
_METAS = ("original-source", "syndication-source", "article:source", "news_source", "source", "dc.source")
_END = re.compile(r"\s*(?:[|•·;]|\s[–—-]\s|\(|\.\s|,\s*(?:\d|[^\s,]*\s*https?://)).*$")
_ON = re.compile(r"\s(?:on|in|and|under|with|at|am|le|el|il|em)\s")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
# What is said of figures and pictures, and of the site itself.
_NO_SOURCE = frozenset(
    plain(name)
    for name in "photo own author here link original article тут посилання ссылка data ici hier aquí unknown".split()
)


def original_source_of(page: Outline, node: Node | None, source: str, url: str) -> str:
    """Return the name of the original source that a page tells, "" where it tells none, several, or its own site."""
    own = {letters(source), letters(display_host(url))}
    for names in (list(_announced(page, node)), list(_lines(page, near=True)), list(_lines(page, near=False))):
        told = {letters(name): name for name in names if letters(name) not in own}
        if len(told) == 1:
            return next(iter(told.values()))
    return ""


def _announced(page: Outline, node: Node | None) -> Iterator[str]:
    for key in ("isBasedOn", "isBasedOnUrl", "sourceOrganization"):
        value = node.get(key) if node else None
        publisher = value.get("publisher") if isinstance(value, dict) else None
        for name in names_of({"it": publisher or value}, "it", page.nodes):
            yield _tidy(name)
    yield from (tidy for value in (page.meta(name) for name in _METAS) if (tidy := _tidy(value)))


def _lines(page: Outline, *, near: bool) -> Iterator[str]:
    for step, line, link in page.story.sources:
        if (step in _NEAR_STEPS) is near:
            name = _after_label(line, link)
            if name:
                yield name


@cache
def _label() -> re.Pattern[str]:
    labels = "|".join(re.escape(word) for word in words().sources)
    phrases = "|".join(re.escape(phrase) for phrase in sorted(words().first_published, key=len, reverse=True))
    whole = r"(?:this (?:article|story|text|piece) was (?:originally )?)?"
    return re.compile(rf"(?:(?:{labels})\s*[:：—–-]|{whole}(?:{phrases})\s*:?)\s+")


def _after_label(line: str, link: str) -> str:
    """Return the name after "Source:"; the text of the link where the line goes on after it."""
    match = _label().match(plain(line) + " ")
    if match is None:
        return ""
    rest = line[_offset(line, match.end()) :]
    linked = link if link and rest.startswith(link) and not _LINK.match(link) else ""
    return _tidy(linked or _ON.split(rest, maxsplit=1)[0] if ":" not in match[0] else linked or rest)


def _offset(line: str, end: int) -> int:
    """Return the place in a line that a place in it without accents stands for."""
    place = length = 0
    while length < end and place < len(line):
        length += len(plain(line[place])) or 0
        place += 1
    return place


def _tidy(text: str) -> str:
    """Return a name without what follows it; the host where only an address is given; "" for what is no name."""
    link = _LINK.search(text)
    if link and not text[: link.start()].strip(" :–—-"):
        return _host(link[0])
    name = _END.sub("", text.strip()).strip(" .,:;–—-\"'«»“”„")
    said = plain(name)
    unfit = len(name) > _NAME_LIMIT or len(name.split()) > _NAME_WORDS or said in words().nobody | _NO_SOURCE
    return "" if unfit or not letters(name) or name.isdigit() else name


def _host(url: str) -> str:
    address = url if "://" in url else f"https://{url}"
    try:
        return display_host(address) if urlsplit(address).hostname else ""
    except (Refused, ValueError):
        return ""
