"""Publication dates as people and pages write them, in ten languages, as exact as they are and no more."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from store.records import NO_DATE, Precision, PublicationDate

_MONTHS_FILE = Path(__file__).with_name("months.toml")
# A date without a year may announce something, but not further ahead than this.
_AHEAD = timedelta(days=60)
_YEARS = range(1900, 2101)

_DAY = r"(?P<{day}>[0-3]?\d)(?:st|nd|rd|th|er|[oae.]|-?го|-?е|η)?"
_BETWEEN = r"(?:\s*-\s*|\s+)(?:(?:of|de|del)\s+)?"
_YEAR = r"(?:(?:\s*,\s*|\s+|-)(?:(?:de|del)\s+)?(?P<year>\d{{4}})(?:\s*(?:року|роцi|рокy|р|года|году|г|roku|r)\b\.?)?)"
_TIME = (
    r"(?:(?:at|о|об|в|a|um|kl|ore|alle|godz\.?|στις|a las)\s+)?\d{1,2}(?:[:.]|h)\d{2}(?::\d{2})?"
    r"(?:\s*(?:[ap]\.?m\.?|uhr|h)(?!\w))?(?:\s*[a-z]{2,4}\b)?(?:\s*[+-]\d{2}:?\d{2})?(?:\s*\([^)]*\)?)?"
)
_FORMS = (
    # ISO 8601 with or without a time; the day is the one that its own zone shows
    r"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<m1>\d{{1,2}})(?P=mark)(?P<d1>\d{{1,2}})(?:[t\s]\d{{2}}:?\d{{2}}.*)?",
    r"(?P<year>(?:19|20)\d\d)(?P<m1>\d\d)(?P<d1>\d\d)(?:t\d{{4}}.*)?",
    r"(?P<year>\d{{4}})[-/](?P<m1>\d\d)",
    r"(?P<first>\d{{1,2}})(?P<mark>[-/.])\s?(?P<second>\d{{1,2}})(?P=mark)\s?(?P<year>\d{{4}}|\d\d)(?:\s*(?:р|г|r)\b\.?)?",
    # 20-26 February · 28 February - 3 March · February 20-26 · February 28 - March 3
    r"{d1}\s*-\s*{d2}{between}{m1}{year}?",
    r"{d1}{between}{m1}\s*-\s*{d2}{between}{m2}{year}?",
    r"{m1}\s+{d1}\s*-\s*{d2}{year}?",
    r"{m1}\s+{d1}\s*-\s*{m2}\s+{d2}{year}?",
    r"{d1}{between}{m1}{year}?",
    r"{m1}(?:\s+|-)(?:the\s+)?{d1}{year}?",
    r"{m1}{year}?",
)


@cache
def _months() -> dict[str, int]:
    table = tomllib.loads(_MONTHS_FILE.read_text(encoding="utf-8"))["months"]
    return {
        _fold(name): number for names in table.values() for number, line in enumerate(names, 1) for name in line.split()
    }


@cache
def _before() -> re.Pattern[str]:
    table = tomllib.loads(_MONTHS_FILE.read_text(encoding="utf-8"))["before"]
    words = {_fold(word) for line in table.values() for word in line.split()}
    return re.compile(rf"(?:(?:{_one_of(words)})\b\.?[\s,]*)+(?=\S)")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<{{month}}>{_one_of(_months())})\b\.?"
    parts = {
        "d1": _DAY.format(day="d1"),
        "d2": _DAY.format(day="d2"),
        "m1": month.format(month="m1"),
        "m2": month.format(month="m2"),
        "between": _BETWEEN,
        "year": _YEAR.format(),
    }
    return tuple(re.compile(form.format(**parts)) for form in _FORMS)


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _fold(text: str) -> str:
    """Return text in lower case, without accents, with plain blanks and dashes."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[‐‑‒–—−]", "-", plain).replace("’", "'").replace("ʼ", "'").split())


def parse_date(text: str, *, language: str | None = None, near: date) -> PublicationDate:
    """Return the date that a text consists of, or NO_DATE.

    A date without a year takes the year that puts it nearest before `near`, or at most 60 days after it. Figures that
    could be read two ways (02/03/2026) are read day first, but in English or an unknown language not at all.
    """
    plain = _fold(text).strip("()[].,;: ")
    plain = re.sub(rf"(?:[\s,|-]+{_TIME})$|^{_TIME}[\s,|-]+", "", plain)
    plain = _before().sub("", plain, count=1) if _before().match(plain) else plain
    plain = re.sub(rf"(?:[\s,|-]+{_TIME})?(?=[\s,-]+\d{{4}}$)", "", plain)
    for pattern in _patterns():
        match = pattern.fullmatch(plain)
        if match:
            found = _read(match, language, near)
            if found != NO_DATE:
                return found
    return NO_DATE


def dates_in(text: str, *, language: str | None = None, near: date, whole: bool = True) -> Iterator[PublicationDate]:
    """Yield the days named in running text, in order; with `whole` only those that name their year."""
    plain, start = _fold(text), 0
    days = [
        pattern for pattern in _patterns() if {"d1", "m1"} <= set(pattern.groupindex) or "first" in pattern.groupindex
    ]
    while True:
        matches = [match for match in (_found(pattern, plain, start) for pattern in days) if match]
        if not matches:
            return
        match = min(matches, key=lambda match: (match.start(), -match.end()))
        start = match.end()
        found = _read(match, language, near)
        if found.precision is Precision.DAY and (match["year"] or not whole):
            yield found


def _found(pattern: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    for match in pattern.finditer(text, start):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        if not (before.isalnum() or before in tuple("-/.,")) and not after.isalnum():
            return match
    return None


def _read(match: re.Match[str], language: str | None, near: date) -> PublicationDate:
    parts = match.groupdict()
    year = int(parts["year"]) if parts["year"] else None
    if "first" in parts:
        return _numeric(match, language)
    if year is not None and year not in _YEARS:
        return NO_DATE
    first = _month(parts["m1"])
    if not parts.get("d1"):
        return _dated(Precision.MONTH, (first, 1), None, year, near)
    start = (first, int(parts["d1"]))
    if not parts.get("d2"):
        return _dated(Precision.DAY, start, None, year, near)
    end = (_month(parts["m2"]) if parts.get("m2") else first, int(parts["d2"]))
    return _dated(Precision.RANGE, start, end, year, near)


def _month(name: str) -> int:
    return int(name) if name.isdigit() else _months()[name]


def _numeric(match: re.Match[str], language: str | None) -> PublicationDate:
    """Read 21.11.2026, 21/11/2026, 11/21/2026; two figures for a year count only between full stops."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if year < 100:
        if match["mark"] != ".":
            return NO_DATE
        year += 2000
    day, month = first, second
    if second > 12:
        day, month = second, first
    elif match["mark"] == "/" and first <= 12 and first != second and (language or "en").startswith("en"):
        return NO_DATE
    start = _valid(year, (month, day))
    return PublicationDate(Precision.DAY, start) if start and year in _YEARS else NO_DATE


def _dated(
    precision: Precision, start: tuple[int, int], end: tuple[int, int] | None, year: int | None, near: date
) -> PublicationDate:
    """Put months and days into a year; the year written at a range belongs to its end."""
    crosses = end is not None and end < start and end[0] != start[0]
    years = [near.year + 1, near.year, near.year - 1] if year is None else [year - crosses]
    for candidate in years:
        first = _valid(candidate, start)
        last = _valid(candidate + crosses, end) if end else None
        if first is None or (end and (last is None or last <= first)):
            continue
        if year is not None or first <= near + _AHEAD:
            return PublicationDate(precision, first, last)
    return NO_DATE


def _valid(year: int, day: tuple[int, int]) -> date | None:
    try:
        return date(year, *day)
    except ValueError:
        return None
