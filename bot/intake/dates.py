"""Publication dates as people and pages write them, in ten languages, as exact as they are and no more."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from bot.intake.date_words import before_words, fold, months, one_of, weekday_in, weekdays
from store.records import NO_DATE, Precision, PublicationDate

# A date without a year may announce something, but not further ahead than this.
_AHEAD = timedelta(days=60)
_YEARS = range(1900, 2101)
# Where a page names the weekday but no year, the year may be found so far back.
_YEARS_BACK = 6
_TEXT_LIMIT = 120
_RUNNING_TEXT_LIMIT = 1000
_MONTH_FIRST = frozenset(("en-us", "en-ph"))
_DAY_FIRST_ENGLISH = frozenset(("en-gb", "en-au", "en-nz", "en-ie", "en-za", "en-in", "en-ua", "en-eu", "en-mt"))

_DAY = r"(?P<{day}>[0-3]?\d)(?:st|nd|rd|th|er|[oae.°]|-?го|-?е|-?те|η)?"
_BETWEEN = r"(?:\s*[-./]\s*|\s+)(?:(?:of|de|del|di)\s+)?"
# "5 a 11 de fevereiro", "du 5 au 11 février", "з 5 по 11 лютого"
_UNTIL = r"(?:\s*-\s*|\s+(?:a|al|ao|au|to|through|bis|zum|do|по|до|[εe]ω[ςσ]|ω[ςσ]|μεχρι)\s+)"
_YEAR = (
    r"(?:(?:\s*,\s*|\s+|[-./])(?:(?:de|del|do)\s+)?(?P<year>\d{{4}})"
    r"(?:\s*(?:року|році|рокy|роцi|р|года|году|г|roku|r)\b\.?)?)"
)
_HALF = r"(?:[ap]\.?m\.?|[πμ]\.?μ\.?|uhr|hrs?|h|год)(?!\w)"
_HOUR = rf"\d{{1,2}}(?:(?:[:.]|\s?h\s?)\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:\s*{_HALF})?|\s?(?:[ap]\.?m\.?|uhr|h)(?!\w))"
_TIME = (
    rf"(?:(?:at|о|об|в|у|a|as|um|kl|ore|alle|godz\.?|στι[ςσ]|a las)\s+)?{_HOUR}"
    r"(?:\s*[a-zа-яі]{1,5}\b\.?|\s+[a-z]{3,9} time)?(?:\s*[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([^)]*\)?)?"
)
_APART = r"[\s,;|/•·@(\[-]+"
_FORMS = (
    # ISO 8601 with or without a time; the day is the one that its own zone shows
    r"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<m1>\d{{1,2}})(?P=mark)(?P<d1>\d{{1,2}})(?:[t\s]\d{{2}}:?\d{{2}}.*)?",
    r"(?P<year>(?:19|20)\d\d)(?P<m1>\d\d)(?P<d1>\d\d)(?:t?\d{{4}}.*)?",
    r"(?P<year>\d{{4}})[-/](?P<m1>\d\d)",
    r"(?P<first>\d{{1,2}})\s?(?P<mark>[-/.·])\s?(?P<second>\d{{1,2}})\s?(?P=mark)\s?(?P<year>\d{{4}}|\d\d)(?:\s*(?:р|г|r)\b\.?)?",
    # 20-26 February · 28 February - 3 March · February 20-26 · February 28 - March 3
    r"{d1}{until}{d2}{between}{m1}{year}?",
    r"{d1}{between}{m1}{until}{d2}{between}{m2}{year}?",
    r"{m1}\s+{d1}{until}{d2}{year}?",
    r"{m1}\s+{d1}{until}{m2}\s+{d2}{year}?",
    r"{d1}{between}{m1}{year}?",
    r"{m1}(?:\s+|-)(?:the\s+)?{d1}{year}?",
    r"(?P<year>\d{{4}})[\s,.-]+{m1}[\s-]+{d1}",
    r"{m1}{year}?",
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<{{month}}>{one_of(months())})\b\.?"
    parts = {
        "d1": _DAY.format(day="d1"),
        "d2": _DAY.format(day="d2"),
        "m1": month.format(month="m1"),
        "m2": month.format(month="m2"),
        "between": _BETWEEN,
        "until": _UNTIL,
        "year": _YEAR.format(),
    }
    return tuple(re.compile(form.format(**parts)) for form in _FORMS)


@cache
def _around() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what may stand before and after a date: words that say nothing about it, and the day of the week."""
    names = one_of([*weekdays(), *before_words()])
    before = re.compile(rf"(?:(?:{names})\b\.?[\s,]*)+(?=\S)")
    after = re.compile(rf"[\s,(]+(?:{one_of(weekdays())})\)?$")
    return before, after


def parse_date(text: str, *, language: str | None = None, near: date) -> PublicationDate:
    """Return the date that a text consists of, or NO_DATE.

    A date without a year takes the year that puts it nearest before `near`, or at most 60 days after it; with a day of
    the week the nearest such year in which it fell on that day. Figures that could be read two ways (02/03/2026) are
    read by the day of the week; else day first; but in English, or an unknown language, only where a country is
    declared: `language` may be a tag such as `en-gb`.
    """
    if len(text) > _TEXT_LIMIT:
        return NO_DATE
    plain = fold(text).strip("()[].,;:|•· ")
    plain = re.sub(rf"(?:{_APART}{_TIME})$|^{_TIME}{_APART}", "", plain)
    before, after = _around()
    last = after.search(plain)
    plain = re.sub(rf"(?:[\s,|-]+{_TIME})?(?=[\s,-]+\d{{4}}$)", "", plain[: last.start()] if last else plain)
    first = before.match(plain)
    bare = plain[first.end() :] if first else plain
    weekday = weekday_in((first[0] if first else "") + " " + (last[0] if last else ""))
    # "mar 5" is a day of March, "mar 5 febbraio" a Tuesday.
    for candidate in dict.fromkeys((plain, bare)):
        for pattern in _patterns():
            match = pattern.fullmatch(candidate)
            found = _read(match, language, near, weekday) if match else NO_DATE
            if found != NO_DATE:
                return found
    return NO_DATE


def dates_in(text: str, *, language: str | None = None, near: date, whole: bool = True) -> Iterator[PublicationDate]:
    """Yield the days named in running text, in order; with `whole` only those that name their year."""
    plain, start = fold(text[:_RUNNING_TEXT_LIMIT]), 0
    while match := _next_day(plain, start):
        found = _read(match, language, near, weekday_in(plain[max(start, match.start() - 16) : match.start()]))
        start = match.end()
        if found.precision is Precision.DAY and (match["year"] or not whole):
            yield found


def without_first_day(text: str) -> str:
    """Return running text, folded, without the first day that it names."""
    plain = fold(text[:_RUNNING_TEXT_LIMIT])
    match = _next_day(plain, 0)
    return f"{plain[: match.start()]} {plain[match.end() :]}" if match else plain


def _next_day(plain: str, start: int) -> re.Match[str] | None:
    matches = [match for match in (_found(pattern, plain, start) for pattern in _day_patterns()) if match]
    return min(matches, key=lambda match: (match.start(), -match.end()), default=None)


@cache
def _day_patterns() -> tuple[re.Pattern[str], ...]:
    named = (set(pattern.groupindex) for pattern in _patterns())
    return tuple(one for one, has in zip(_patterns(), named, strict=True) if {"d1", "m1"} <= has or "first" in has)


def _found(pattern: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    for match in pattern.finditer(text, start):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        if not (before.isalnum() or before in tuple("-/.,")) and not after.isalnum():
            return match
    return None


def _read(match: re.Match[str], language: str | None, near: date, weekday: int | None) -> PublicationDate:
    parts = match.groupdict()
    year = int(parts["year"]) if parts["year"] else None
    if "first" in parts:
        return _numeric(match, (language or "en").lower().replace("_", "-"), weekday)
    if year is not None and year not in _YEARS:
        return NO_DATE
    first = _month(parts["m1"])
    if not parts.get("d1"):
        return _dated(Precision.MONTH, (first, 1), None, year, near)
    start = (first, int(parts["d1"]))
    if not parts.get("d2"):
        return _dated(Precision.DAY, start, None, year, near, weekday)
    end = (_month(parts["m2"]) if parts.get("m2") else first, int(parts["d2"]))
    return _dated(Precision.RANGE, start, end, year, near)


def _month(name: str) -> int:
    return int(name) if name.isdigit() else months()[name]


def _numeric(match: re.Match[str], language: str, weekday: int | None) -> PublicationDate:
    """Read 21.11.2026, 21/11/2026, 11/21/2026, 21/11/26; what could mean two days is none."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    unclear = match["mark"] != "." and language.startswith("en")
    if year < 100:
        if unclear and language not in _MONTH_FIRST | _DAY_FIRST_ENGLISH:
            return NO_DATE
        year += 2000
    day_first, month_first = _valid(year, (second, first)), _valid(year, (first, second))
    if not (day_first and month_first and day_first != month_first):
        found = day_first or month_first
    elif weekday is not None and (day_first.weekday() == weekday) != (month_first.weekday() == weekday):
        found = day_first if day_first.weekday() == weekday else month_first
    elif unclear and language not in _DAY_FIRST_ENGLISH:
        found = month_first if language in _MONTH_FIRST else None
    else:
        found = day_first
    return PublicationDate(Precision.DAY, found) if found and year in _YEARS else NO_DATE


def _dated(
    precision: Precision,
    start: tuple[int, int],
    end: tuple[int, int] | None,
    year: int | None,
    near: date,
    weekday: int | None = None,
) -> PublicationDate:
    """Put months and days into a year; the year written at a range belongs to its end."""
    crosses = end is not None and end < start and end[0] != start[0]
    back = 1 if weekday is None else _YEARS_BACK
    years = range(near.year + 1, near.year - back - 1, -1) if year is None else [year - crosses]
    for candidate in years:
        first = _valid(candidate, start)
        last = _valid(candidate + crosses, end) if end else None
        if first is None or (end and (last is None or last <= first)):
            continue
        if year is not None or (first <= near + _AHEAD and weekday in (None, first.weekday())):
            return PublicationDate(precision, first, last)
    return NO_DATE


def _valid(year: int, day: tuple[int, int]) -> date | None:
    try:
        return date(year, *day)
    except ValueError:
        return None
