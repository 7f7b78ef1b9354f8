"""Reading a notice as an editor types it: its date, time and place; it prints as it was written."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.intake.dates import dates_in
from bot.render import style
from store.records import NO_DATE, Notice, NoticeKind, Precision

CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)|(?<![\d.])([01]?\d|2[0-3])[:.]([0-5]\d)(?!\.?\d)",
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
TITLE_LENGTH = 255


def read(text: str, near: date, timezone: str, links: tuple[str, ...] = ()) -> Notice:
    """Return a notice with what can be read from its text; what is not there stays empty.

    `near` is the day it was written, for dates without a year. A notice with a day is a meeting, due that day.
    """
    text = style.clean_block(text)
    found = next(dates_in(text, near=near, whole=False), NO_DATE)
    day = found.start if found.precision == Precision.DAY else None
    clock = _clock(text)
    starts = datetime.combine(day, clock, ZoneInfo(timezone)).astimezone(UTC) if day and clock else None
    title = next((line for line in text.splitlines() if line.strip()), "")
    return Notice(
        kind=NoticeKind.MEETING if day else NoticeKind.OTHER,
        text=text,
        title=title[:TITLE_LENGTH],
        starts=starts,
        timezone=timezone if starts else None,
        place=_place(text),
        join_url=links[0] if links else None,
        until=day,
    )


def summary(notice: Notice, language: str) -> str:
    """Return date, time and place in one line, "" when none was found."""
    if notice.starts is not None and notice.timezone:
        local = notice.starts.astimezone(ZoneInfo(notice.timezone))
        when = f"{style.weekday_date(local.date(), language)}, {local:%H:%M}"
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


def _place(text: str) -> str:
    labelled = LABELLED_PLACE.search(text)
    if labelled:
        return labelled[1].strip()
    lines = [line.strip() for line in text.splitlines() if "//" not in line.replace("://", "")]
    return next((line for line in reversed(lines[1:]) if PLACE_WORDS.search(line)), "")
