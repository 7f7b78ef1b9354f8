"""How settings read to people."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from bot.render.reasons import reason_words
from bot.render.style import long_date
from bot.texts import say
from store.records import Bulletin

DAY_MINUTES = 1440
HOUR_MINUTES = 60
TEXT_SHOWN = 80
REASON_SHOWN = 30


def shown(field: str, value: Any, language: str) -> str:
    """Return the value of a setting in words."""
    if field in ("cutoff_minutes", "gate_minutes"):
        return span(value, language) if value else say(language, "span-none")
    if field == "remind_hours":
        return span(value * HOUR_MINUTES, language) if value else say(language, "set-never")
    if field == "summary_time":
        return value or say(language, "set-never")
    if field == "schedule":
        day, clock = value.split()
        return f"{say(language, f'schedule-{day}')} {clock}"
    if field == "language":
        return str(Locale(value).get_display_name(value) or value)
    if field == "gate":
        return say(language, f"gate-kind-{value}")
    if field == "approve_own":
        return say(language, "set-yes" if value else "set-no")
    return cut(str(value)) or say(language, "set-none")


def cut(text: str, length: int = TEXT_SHOWN) -> str:
    """Return the beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def span(minutes: int, language: str) -> str:
    """Return a span of time in words."""
    days, rest = divmod(minutes, DAY_MINUTES)
    hours, left = divmod(rest, HOUR_MINUTES)
    parts = [("span-days", days), ("span-hours", hours), ("span-minutes", left)]
    return " ".join(say(language, key, n=number) for key, number in parts if number)


def moment(due: datetime, timezone: str, language: str) -> str:
    """Return an hour in words, in a bulletin's zone."""
    local = due.astimezone(ZoneInfo(timezone))
    return f"{long_date(local.date(), language)}, {local:%H:%M}"


def reasons(bulletin: Bulletin, language: str) -> str:
    """Return the reasons for a rejection in words."""
    if bulletin.reasons is None:
        return say(language, "reasons-house")
    return "; ".join(cut(reason_words(language, reason), REASON_SHOWN) for reason in bulletin.reasons)
