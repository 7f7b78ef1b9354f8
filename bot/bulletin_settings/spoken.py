"""Reads times as people write them, in English and Ukrainian: "Sundays 18:00", "Неділя 18:00", "2 hours", "9:30"."""

import re

from bot.calendar import WEEKDAYS
from bot.errors import Refused

FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STEMS = ("понеділ", "вівт", "серед", "четвер", "п'ятниц", "субот", "неділ")
SHORT = ("пн", "вт", "ср", "чт", "пт", "сб", "нд")
HOUR = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|год\w*)?(?![\d:.])", re.IGNORECASE)
SPAN = re.compile(r"(\d{1,5})\s*([^\W\d]*)\.?", re.IGNORECASE)
MINUTES = {"": 1, "m": 1, "min": 1, "minute": 1, "хв": 1, "хвилин": 1, "h": 60, "hr": 60, "hour": 60, "год": 60}
MINUTES |= {"годин": 60, "d": 1440, "day": 1440, "дн": 1440, "день": 1440, "дні": 1440, "днів": 1440, "доб": 1440}
HALF_A_DAY = 12


def schedule(text: str) -> str:
    """Return a schedule as it is stored, `sun 18:00`; raises Refused when it names no day or no hour, or several."""
    words = re.findall(r"[^\W\d]+(?:'[^\W\d]+)?", _plain(text))
    days = {found for word in words if (found := _weekday(word)) is not None}
    if len(days) != 1:
        raise Refused("schedule-day")
    try:
        return f"{WEEKDAYS[days.pop()]} {clock(text)}"
    except Refused:
        raise Refused("schedule-hour") from None


def _weekday(word: str) -> int | None:
    """Return the day that a word names in any of its forms (Monday is 0)."""
    for day in range(len(WEEKDAYS)):
        if word == SHORT[day] or word.removeprefix("що").startswith(STEMS[day]):
            return day
        if len(word) > 2 and (FULL[day] + "s").startswith(word):
            return day
    return None


def clock(text: str) -> str:
    """Return an hour of the day as it is stored, `09:00`; raises Refused for what is none."""
    found = list(HOUR.finditer(_plain(text)))
    if len(found) != 1:
        raise Refused("clock-wrong")
    hour, minute, half = int(found[0][1]), int(found[0][2] or 0), found[0][3] or ""
    if half in ("am", "pm"):
        if not 1 <= hour <= HALF_A_DAY:
            raise Refused("clock-wrong")
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Refused("clock-wrong")
    return f"{hour:02}:{minute:02}"


def minutes(text: str) -> int:
    """Return a span of time such as "90", "2 hours", "1:30" or "1 год 30 хв"; raises Refused for what is none."""
    plain = _plain(text).strip()
    if by_clock := re.fullmatch(r"(\d{1,3}):([0-5]\d)", plain):
        return int(by_clock[1]) * 60 + int(by_clock[2])
    found = SPAN.findall(plain)
    if not found or re.search(r"\d[.,]\d", plain) or SPAN.sub("", plain).strip(" ,"):
        raise Refused("span-wrong")
    return sum(int(number) * _unit(word) for number, word in found)


def _unit(word: str) -> int:
    for name in (word, word.rstrip("s"), word.rstrip("иауі")):
        if name in MINUTES:
            return MINUTES[name]
    raise Refused("span-wrong")


def _plain(text: str) -> str:
    return re.sub(r"[’ʼ`]", "'", text).casefold()
