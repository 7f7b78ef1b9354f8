"""Reading a notice as an editor types it: its date, time and place; it prints as it was written."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.intake.dates import dates_in
from bot.render import style
from bot.render.announcement import ZONE_IN_WORDS, when_text
from bot.render.tongues import language_code
from store.records import Notice, NoticeKind, Precision, Speaker

CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)|(?<![\d.])([01]?\d|2[0-3])[:.h]([0-5]\d)(?!\.?\d)",
    re.IGNORECASE,
)
LABELLED_PLACE = re.compile(
    r"^\s*(?:where|place|venue|location|місце|де|où|ort)\s*:\s*(.+)$", re.IGNORECASE | re.MULTILINE
)
PLACE_WORDS = re.compile(
    r"\b(room|hall|house|street|st\.|square|avenue|building|centre|center|library|university|church|zoom|online|"
    r"вулиця|вул\.|площа|зал|будинок|онлайн|rue|place|salle|straße|platz|saal)\b|\b[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}\b",
    re.IGNORECASE,
)
ZONES = {
    **{"UTC": "UTC", "GMT": "UTC", "BST": "Europe/London", "UK": "Europe/London", "Kiev": "Europe/Kyiv"},
    **{"CET": "Europe/Paris", "CEST": "Europe/Paris", "EET": "Europe/Kyiv", "EEST": "Europe/Kyiv"},
}
ADDRESS = re.compile(r"https?://\S+")
BULLET = re.compile(r"^\s*(?:[-–—•*·]|\d{1,2}[.)])\s+")
SPEAKERS = re.compile(r"(?:the |our )?speakers|доповідачі|виступають|спікери", re.IGNORECASE)
DEMANDS = re.compile(r"(?:the |our )?demands|we demand|вимоги|наші вимоги|(?:ми )?вимагаємо", re.IGNORECASE)
CAMPAIGN = re.compile(
    r"\b(open letter|petition|campaign|appeal|відкритий лист|петиція|кампанія|звернення)\b", re.IGNORECASE
)
_COUNT = r"\d[\d.,\u00a0\u202f ]*\+?\s+"
_PEOPLE = r"(?:people|persons?|individuals|signatories|signatures|осіб|людей|підписантів|підписів)"
_GROUPS = r"(?:organi[sz]ations?|unions?|groups?|організаці[йія]|профспіл\w+|груп\w*)"
SIGNATORIES = re.compile(
    rf"(?<!\w)(?:{_COUNT}{_PEOPLE}(?:\s+(?:and|та|і|й)\s+{_COUNT}{_GROUPS})?|{_COUNT}{_GROUPS})(?!\w)", re.IGNORECASE
)
SIGNED = re.compile(r"sign|підпис", re.IGNORECASE)
LANGUAGE_LINE = re.compile(r"^(?:in |in the )?([^\W\d_][\w -]{1,30}?)\s*[:–—-]\s*https?://\S+$")
MOST_LINES = 20
TITLE_LENGTH = 255
# Dates of articles lie behind their reader, those of notices ahead: a date is looked for from here on.
BACK_DAYS = 30
AHEAD_OF_ARTICLES_DAYS = 305


def read(text: str, near: date, timezone: str, links: tuple[str, ...] = ()) -> Notice:
    """Return a notice with what can be read from its text; what is not there stays empty.

    `near` is the day it was written, for dates without a year. A notice with a day to come is a meeting, due that day.
    Its hour is in the zone of `timezone` unless the text names another. Links hidden behind words come after the text.
    """
    text = style.clean_block("\n".join([text, *(link for link in links if link not in text)]))
    day = _day_to_come(text, near)
    clock, timezone = _clock(text), _zone(text) or timezone
    starts = datetime.combine(day, clock, ZoneInfo(timezone)).astimezone(UTC) if day and clock else None
    title = next((line for line in text.splitlines() if line.strip()), "")
    demands, signatories = _under(text, DEMANDS), _signatories(text)
    versions = tuple(line for line in text.splitlines() if _is_language_version(line))
    elsewhere = " ".join(versions)
    signed = bool(demands or signatories or CAMPAIGN.search(title))
    return Notice(
        kind=NoticeKind.CAMPAIGN if signed and not starts else NoticeKind.MEETING if day else NoticeKind.OTHER,
        text=text,
        title=title[:TITLE_LENGTH],
        starts=starts,
        timezone=timezone if starts else None,
        place=_place(text),
        join_url=next((link for link in links if link not in elsewhere), None),
        until=day,
        speakers=tuple(speaker(line) for line in _under(text, SPEAKERS)),
        demands=demands,
        signatories=signatories,
        languages=versions,
    )


def speaker(line: str) -> Speaker:
    """Return the speaker of a line such as "Name, Organisation"."""
    name, _, organisation = style.clean(line).partition(",")
    return Speaker(name.strip(), organisation.strip())


def without_bullet(line: str) -> str:
    return BULLET.sub("", style.clean(line))


def zone_named(words: str) -> str | None:
    """Return the time zone that somebody names: "London time", "CET", "Europe/Kyiv", a city."""
    plain = style.clean(words)
    city = plain.removesuffix(" time").strip()
    known = ZONES.get(plain.upper()) or _zone(plain) or _cities().get(city) or _cities().get(city.title())
    return known or (plain if plain in available_timezones() else None)


def clock_in(text: str) -> time | None:
    """Return the hour that a text names first."""
    return _clock(text)


def _under(text: str, heading: re.Pattern[str]) -> tuple[str, ...]:
    """Return the lines under a heading such as "Demands:", up to an empty line or another heading."""
    found: list[str] | None = None
    for line in text.splitlines():
        if found is None:
            found = [] if heading.fullmatch(line.strip().rstrip(":").strip()) else None
        elif not line.strip() or line.rstrip().endswith(":"):
            break
        else:
            found.append(without_bullet(line))
    return tuple(found or ())[:MOST_LINES]


def _signatories(text: str) -> str:
    """Return how many have signed, as a line that speaks of signing tells it."""
    found = (SIGNATORIES.search(line) for line in text.splitlines() if SIGNED.search(line))
    return next((match.group().strip() for match in found if match), "")


def _is_language_version(line: str) -> bool:
    match = LANGUAGE_LINE.match(line.strip())
    return match is not None and language_code(match[1]) is not None


def _day_to_come(text: str, near: date) -> date | None:
    found = dates_in(text, near=near + timedelta(days=AHEAD_OF_ARTICLES_DAYS - BACK_DAYS), whole=False)
    days = (when.start for when in found if when.precision == Precision.DAY)
    return next((day for day in days if day is not None and day >= near), None)


def summary(notice: Notice, language: str) -> str:
    """Return date, time and place in one line, "" when none was found."""
    if notice.starts is not None and notice.timezone:
        when = when_text(notice.starts, ZoneInfo(notice.timezone), language)
    else:
        day = notice.until if notice.kind == NoticeKind.MEETING else None
        when = style.weekday_date(day, language) if day else ""
    return " · ".join(part for part in (when, notice.place) if part)


def day(moment: date, language: str) -> str:
    return style.long_date(moment, language)


def _clock(text: str) -> time | None:
    match = CLOCK.search(text)
    if match is None:
        return None
    if match[4]:
        return time(int(match[4]), int(match[5]))
    hour = int(match[1]) % 12 + (12 if match[3].lower().startswith("p") else 0)
    return time(hour, int(match[2] or 0)) if 1 <= int(match[1]) <= 12 and int(match[2] or 0) < 60 else None


def _zone(text: str) -> str | None:
    """Return the time zone that a text names, such as "London time" or "CET"."""
    for match in ZONE_IN_WORDS.finditer(text):
        named = "Kyiv" if match[3] else match[1] or match[2]
        if zone := ZONES.get(named) or _cities().get(named):
            return zone
    return None


@cache
def _cities() -> dict[str, str]:
    return {name.rpartition("/")[2].replace("_", " "): name for name in sorted(available_timezones()) if "/" in name}


def _place(text: str) -> str:
    labelled = LABELLED_PLACE.search(text)
    if labelled:
        return labelled[1].strip()
    lines = [line.strip() for line in text.splitlines() if "//" not in line.replace("://", "")]
    return next((line for line in reversed(lines[1:]) if PLACE_WORDS.search(ADDRESS.sub("", line))), "")
