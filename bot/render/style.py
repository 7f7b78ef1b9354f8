"""The house style: clean words, safe links, dates in ten languages, and the order of items in a section."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from store.records import Citation, Precision, PublicationDate

_MARKS_IN_A_ROW = 3
_URL_MAX_CHARS = 2048
_SPACES = re.compile(r"\s+")
_NO_BREAK = ("\u00a0", "\u202f")  # stands alone before French quotation marks and stays
_JOINERS = frozenset("\u200c\u200d")  # emoji and several scripts need them; every other format character may go
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"']+")
_TRAILING = ".,;:!?…»”’"
_DAY_FIRST = re.compile(r"d+(\.?)(.*)", re.DOTALL)


class Titled(Protocol):
    """What can be put in order: an item before or after it is printed."""

    @property
    def title(self) -> str: ...

    @property
    def citations(self) -> tuple[Citation, ...]: ...


T = TypeVar("T", bound=Titled)


def _is_noise(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category in ("Cc", "Cs"):
        return True
    if category == "Cf":
        return letter not in _JOINERS
    return category == "Cn" and (ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF)


def clean(text: str) -> str:
    """Return one line as it may be printed.

    White space is collapsed; control, bidi, invisible and broken characters go, and so does every combining mark
    after the third in a row.
    """
    kept: list[str] = []
    marks = 0
    for letter in _SPACES.sub(_one_space, text):
        if _is_noise(letter):
            continue
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(letter)
    return _SPACES.sub(_one_space, "".join(kept)).strip()


def _one_space(run: re.Match[str]) -> str:
    return run.group() if run.group() in _NO_BREAK else " "


def clean_block(text: str) -> str:
    """Return a text of several lines as it may be printed: each line clean, at most one empty line in a row."""
    lines = [clean(line) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, which empty lines part."""
    block = clean_block(text)
    return tuple(block.split("\n\n")) if block else ()


def safe_url(url: str | None) -> str | None:
    """Return an http or https address in ASCII, or None where it may not become a link.

    Refused are other schemes, user names before the host (they pretend to be one) and what cannot be read.
    """
    if not url or len(url) > _URL_MAX_CHARS or any(_is_noise(letter) for letter in url):
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:  # UnicodeError of a host that has no punycode form is one
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _is_host(host):
        return None
    place = f"[{host}]" if ":" in host else host
    netloc = place if port is None else f"{place}:{port}"
    rest = (quote(part, safe=_URL_SAFE) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, *rest))


def _is_host(host: str) -> bool:
    return re.fullmatch(r"[a-z0-9._:-]*[a-z0-9][a-z0-9._:-]*", host) is not None


def find_links(text: str) -> Iterable[tuple[str, str | None]]:
    """Yield the pieces of a text in order, each with its address where it is one."""
    end = 0
    for match in _URL_IN_TEXT.finditer(text):
        shown = match.group().rstrip(_TRAILING)
        while shown.endswith(")") and shown.count(")") > shown.count("("):
            shown = shown[:-1].rstrip(_TRAILING)
        url = safe_url(shown)
        if url is None:
            continue
        if match.start() > end:
            yield text[end : match.start()], None
        yield shown, url
        end = match.start() + len(shown)
    if end < len(text):
        yield text[end:], None


def locale_of(language: str | None) -> Locale:
    """Return the nearest locale that dates can be written in; English where there is none."""
    tag = (language or "en").replace("_", "-")
    for name in (tag, tag.split("-")[0]):
        try:
            return Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def language_tag(language: str | None) -> str:
    """Return a language as HTML names it, or "" where it is none that can be named."""
    tag = (language or "").replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else ""


def _english_ordinal(day: int) -> str:
    if day % 100 in (11, 12, 13):
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _written(moment: date, pattern: str, locale: Locale) -> str:
    text = str(format_date(moment, pattern, locale=locale))
    return re.sub(r"(?<!\d)1(?= )", "1er", text) if locale.language == "fr" else text


def _pattern(locale: Locale, with_year: bool) -> str:
    """Return how a locale writes a day of a month, by default "5 February" and "5 February 2023"."""
    if locale.language == "en":
        return "d MMMM y" if with_year else "d MMMM"
    if with_year:
        return str(locale.date_formats["long"].pattern)
    skeleton = locale.datetime_skeletons.get("MMMMd")
    return str(skeleton.pattern) if skeleton is not None else "d MMMM"


def long_date(moment: date, language: str | None) -> str:
    """Return a date with its year: "5 February 2023", "5 лютого 2023 р."."""
    locale = locale_of(language)
    return _written(moment, _pattern(locale, True), locale)


def short_date(moment: date, language: str | None, year: int) -> str:
    """Return a date within a sentence, its year only where it is not `year`: "29 January"."""
    locale = locale_of(language)
    return _written(moment, _pattern(locale, moment.year != year), locale)


def weekday_date(moment: date, language: str | None) -> str:
    """Return a date with its weekday: "Tuesday 21 February 2023"."""
    locale = locale_of(language)
    return _written(moment, "EEEE d MMMM y" if locale.language == "en" else "full", locale)


def _day(moment: date, locale: Locale, with_year: bool) -> str:
    if locale.language != "en":
        return _written(moment, _pattern(locale, with_year), locale)
    text = f"{format_date(moment, 'MMMM', locale=locale)} {_english_ordinal(moment.day)}"
    return f"{text}, {moment.year}" if with_year else text


def _range(start: date, end: date, locale: Locale, year: int) -> str:
    with_year = start.year != year or end.year != year
    pattern = _pattern(locale, with_year)
    split = _DAY_FIRST.match(pattern)
    if (start.year, start.month) == (end.year, end.month) and split:
        first = _written(start, f"d{split[1]} ", locale).strip()
        return f"{first}–{_written(end, pattern, locale)}"
    opening = pattern if start.year != end.year else _pattern(locale, with_year and not split)
    return f"{_written(start, opening, locale)} – {_written(end, pattern, locale)}"


def date_text(when: PublicationDate, language: str | None, year: int) -> str:
    """Return a publication date in words, as exact as it is known; its year only where it is not `year`."""
    locale = locale_of(language)
    if when.start is None or when.precision is Precision.NONE:
        return ""
    if when.precision is Precision.RANGE and when.end is not None and when.end > when.start:
        return _range(when.start, when.end, locale, year)
    if when.precision is Precision.MONTH:
        if when.start.year == year:
            return str(format_date(when.start, "LLLL", locale=locale))
        return str(format_skeleton("yMMMM", when.start, locale=locale))
    return _day(when.start, locale, when.start.year != year)


def citation_text(citation: Citation, language: str | None, year: int) -> str:
    """Return `(Source, February 5th)`; a missing part is left out, and with neither there are no brackets."""
    known = [part for part in (clean(citation.source), date_text(citation.date, language, year)) if part]
    return f"({', '.join(known)})" if known else ""


def last_day(when: PublicationDate) -> date | None:
    """Return the day a publication date counts as in the order of an issue: a month as its last day."""
    if when.start is None or when.precision is Precision.NONE:
        return None
    if when.precision is Precision.MONTH:
        return when.start.replace(day=monthrange(when.start.year, when.start.month)[1])
    return when.end or when.start if when.precision is Precision.RANGE else when.start


def order(items: Iterable[T]) -> tuple[T, ...]:
    """Return items newest first, undated last, ties by title; never by arrival, so that it betrays nobody.

    The date of an item is that of its first dated citation.
    """
    return tuple(sorted(items, key=place))


def place(item: Titled) -> tuple[int, str, str, str]:
    """Return what `order` sorts an item by."""
    days = (last_day(citation.date) for citation in item.citations)
    newest = next((day.toordinal() for day in days if day is not None), 0)
    addresses = " ".join(citation.url or "" for citation in item.citations)
    return -newest, clean(item.title).casefold(), item.title, addresses
