"""The days that readers of a page see, told apart: of publication, of a change, of something else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from bot.intake.date_words import fold, one_of, weekdays
from bot.intake.dates import dates_in, parse_date, without_first_day
from bot.intake.page.page_stamp_kind import kind_of
from bot.intake.page.page_story import Stamp
from bot.intake.page.page_words import plain, words
from store.records import NO_DATE, Precision, PublicationDate

_EARLIEST = date(1990, 1, 2)
_AHEAD = timedelta(days=1)
# So early or late in UTC it can be another day at a site in Asia or America.
_NEXT_DAY_FROM_HOUR = 14
_DAY_BEFORE_UNTIL_HOUR = 11
# A line that is nothing but a date dates the story only close to the heading.
_NEAR_STEPS = range(-25, 45)
_NEAR_MARKED_STEPS = range(-25, 70)
_MONTH_STEPS = range(-8, 15)
# After so many paragraphs what is dated is another story, unless the box of this one holds it.
_TEXT_PARAGRAPHS = 2
_BESIDE_WORDS = 8
_UTC = re.compile(r"(?:Z|UTC|GMT|[+-]00:?00)$", re.IGNORECASE)
_HOUR = re.compile(r"[T\s](\d\d):?\d\d", re.IGNORECASE)
_APART = re.compile(r"[\s|•·,;:/()–—-]+")
_EPOCH = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Reading:
    """By what dates are read: the page's language tag, the day of reading, the day to which a year is found."""

    language: str | None
    today: date
    before: date


@dataclass(frozen=True, slots=True)
class Seen:
    """The days that readers see: `named` as that of publication, `near` the heading, `apart` from it in the story.

    `as_of` is the day that German pages give as "Stand": often the only one, else that of a change.

    Each is NO_DATE where nothing is seen, or where what is seen contradicts itself.
    """

    named: PublicationDate = NO_DATE
    near: PublicationDate = NO_DATE
    apart: PublicationDate = NO_DATE
    as_of: PublicationDate = NO_DATE

    def all(self) -> list[PublicationDate]:
        return [found for found in (self.named, self.near, self.apart) if found != NO_DATE]


def machine_date(value: str, by: Reading) -> tuple[PublicationDate, int | None]:
    """Return the date of a machine-readable value, and its hour where it is in UTC rather than in the site's zone."""
    text = value.strip()
    if _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(text[:10]), UTC)
        return sound(PublicationDate(Precision.DAY, moment.date()), by.today), moment.hour
    found = sound(parse_date(text, language=by.language, near=by.before), by.today)
    hour = _HOUR.search(text)
    return found, int(hour[1]) if hour and _UTC.search(text) else None


def sound(found: PublicationDate, today: date) -> PublicationDate:
    """Drop what no story can have: a day to come, or the first day of a computer's calendar."""
    ends = [day for day in (found.start, found.end) if day is not None]
    return found if all(_EARLIEST <= day <= today + _AHEAD for day in ends) else NO_DATE


def as_shown(found: PublicationDate, utc_hour: int | None, shown: Iterable[PublicationDate]) -> PublicationDate:
    """Prefer the day that readers see to the same moment's day in UTC, where the site can lie so far east or west."""
    if utc_hour is None or found.start is None:
        return found
    possible = []
    if utc_hour >= _NEXT_DAY_FROM_HOUR:
        possible.append(found.start + timedelta(days=1))
    if utc_hour < _DAY_BEFORE_UNTIL_HOUR:
        possible.append(found.start - timedelta(days=1))
    return next((day for day in shown if day.precision is Precision.DAY and day.start in possible), found)


def seen_in(stamps: Sequence[Stamp], by: Reading, *, headed: bool) -> Seen:
    """Return the days that readers see; `headed` says whether the heading of the story was found."""
    named: list[tuple[Stamp, PublicationDate]] = []
    marked: list[tuple[Stamp, PublicationDate]] = []
    lines: list[tuple[Stamp, PublicationDate]] = []
    as_of: list[tuple[Stamp, PublicationDate]] = []
    for stamp in stamps:
        kind = kind_of(stamp)
        found = NO_DATE if kind in ("updated", "other") else sound(_stamped(stamp, by), by.today)
        if found == NO_DATE:
            continue
        if kind == "as of":
            as_of.append((stamp, found))
        elif kind == "published":
            named.append((stamp, found))
        elif stamp.steps < 0 and headed and (not stamp.inside or (found.start == by.today and not stamp.value)):
            continue  # above the headline many sites print today's date
        elif stamp.paragraphs and (stamp.linked or (found.start == by.today and not stamp.marked)):
            continue  # below the text what has a headline beside it dates another story, and a clock shows today
        elif stamp.marked or (stamp.value and machine_date(stamp.value, by)[0] == found):
            marked.append((stamp, found))
        elif _is_only_date(stamp, found, by):
            lines.append((stamp, found))
    near = [one for one in marked if one[0].steps in _NEAR_MARKED_STEPS and _before_text(one[0])]
    near = [one for one in near if one[0].inside] or ([] if _only(near) == NO_DATE else near)
    close = [one for one in lines if one[0].steps in _NEAR_STEPS and one[0].paragraphs < (2 if one[0].inside else 1)]
    if len({(day.start, stamp.line) for stamp, day in close}) > 1:  # perhaps a list of other stories
        close = [one for one in close if one[0].paragraphs == 0]
    close = [one for one in close if one[0].inside] or close
    apart = [one for one in (*marked, *lines) if one[0].inside]
    below = [one for one in (*marked, *close) if one[0].inside and one[0].paragraphs == 0 and one[0].steps >= 0]
    return Seen(
        _first(named),
        _first(below or near or close) if headed else _only(near),
        _only(apart if headed else marked),
        _first(as_of),
    )


def _before_text(stamp: Stamp) -> bool:
    return stamp.inside or stamp.paragraphs < _TEXT_PARAGRAPHS


def _first(found: Sequence[tuple[Stamp, PublicationDate]]) -> PublicationDate:
    """Return the day nearest after the heading, else before it; the earlier one of two on one line."""
    exact = [one for one in found if one[1].precision is not Precision.MONTH] or found
    after = [one for one in exact if one[0].steps >= 0]
    pool = after or exact[::-1]
    if not pool:
        return NO_DATE
    stamp, day = pool[0]
    beside = [other for one, other in pool if one.line == stamp.line and other.precision is day.precision]
    return min(beside, key=lambda one: one.start or date.max)


def _only(found: Sequence[tuple[Stamp, PublicationDate]]) -> PublicationDate:
    days = {day.start for _, day in found}
    return found[0][1] if len(days) == 1 else NO_DATE


def _stamped(stamp: Stamp, by: Reading) -> PublicationDate:
    """Return the day a stamp gives: its machine date, else its text up to where it speaks of a change."""
    shown = _in_text(stamp, by)
    machine, utc_hour = machine_date(stamp.value, by) if stamp.value else (NO_DATE, None)
    if machine.precision is not Precision.DAY:
        return shown
    if machine.start == by.today and shown.precision is Precision.DAY and shown.start != by.today:
        return shown  # a template that gives the day on which the page was drawn
    return as_shown(machine, utc_hour, [shown])


def _in_text(stamp: Stamp, by: Reading) -> PublicationDate:
    told, is_named = _told(stamp)
    whole = parse_date(told, language=by.language, near=by.before)
    if whole != NO_DATE:
        # A bare name of a month may be a person's, and figures such as 2026-02 anything.
        clear = whole.precision is not Precision.MONTH or is_named or _names_month(told, stamp)
        return whole if clear else NO_DATE
    return next(dates_in(told, language=by.language, near=by.before, whole=not stamp.marked), NO_DATE)


def _names_month(told: str, stamp: Stamp) -> bool:
    """Tell whether a text such as "November 2025" is meant as a date: in words, and before the text of the story."""
    close = stamp.steps in _MONTH_STEPS and stamp.paragraphs == 0
    return " " in told and close and (stamp.marked or re.search(r"\d{4}", told) is not None)


def _told(stamp: Stamp) -> tuple[str, bool]:
    """Return what a text says after it speaks of publication and before it speaks of a change; and whether it does."""
    text = stamp.text
    letters = [plain(letter) for letter in text]
    places = [place for place, letter in enumerate(letters) for _ in letter]
    told = "".join(letters)
    named = _published().search(told)
    start = named.end() if named else 0
    changed = _updated().search(told, start)
    if named is None and changed is None:
        return text, False
    first = places[start] if start < len(places) else len(text)
    last = places[changed.start()] if changed else len(text)
    return text[first:last].strip(" .,:;|-–—()"), named is not None


@cache
def _published() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of(words().published)})\b")


@cache
def _updated() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of(words().updated)})\b")


def _is_only_date(stamp: Stamp, found: PublicationDate, by: Reading) -> bool:
    """Tell whether a line consists of its date, alone or with names, places, times or counts, and is no sentence."""
    told = _told(stamp)[0]
    if parse_date(told, language=by.language, near=by.before) == found:
        return True
    rest = without_first_day(told)
    beside = [word for word in _APART.split(rest) if word]
    last = rest.split()[-1:]
    if len(beside) > _BESIDE_WORDS or (rest.strip().endswith((".", "!", "?")) and words().beside.isdisjoint(last)):
        return False
    fitting = {fold(word) for word in _APART.split(told) if word[:1].isupper()} | words().beside | weekdays().keys()
    return all(not word[0].isalpha() or len(word) < 3 or word in fitting for word in beside)
