"""The settings of a bulletin: what each may hold, how it is read from words and from a button, and its choices."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.bulletin_settings import spoken
from bot.errors import Refused
from bot.render.style import clean
from bot.settings import Settings
from bot.texts import languages
from store.records import Gate

NOTHING = ("-", "–", "—")
SUBTITLE_LENGTH = 200
FOOTER_LENGTH = 1500
QUORUMS = (1, 2, 3, 4, 5)
LONGEST_GATE_MINUTES = 1440
LONGEST_REMINDER_HOURS = 24 * 14
CLOCK = re.compile(r"([01]\d|2[0-3]):?([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. `read` makes its value of typed words, `pressed` of a button's; both raise Refused."""

    read: Callable[[str], Any]
    pressed: Callable[[str], Any]
    choices: tuple[Any, ...] = ()
    typed: bool = False


def _accepted(setting: str, value: object, key: str) -> Any:
    """Return a value that the operator's setting of this name would take as well; raises Refused for another."""
    try:
        rule: TypeAdapter[Any] = TypeAdapter(Settings.model_fields[setting].rebuild_annotation())
        return rule.validate_python(value)
    except ValidationError:
        raise Refused(key) from None


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))


def _title(text: str) -> str:
    title = _one_line(text)
    if re.search(r"https?://|\bt\.me/", title):
        raise Refused("title-link")
    return str(_accepted("title", title, "title-wrong"))


def _subtitle(text: str) -> str:
    subtitle = "" if text.strip() in NOTHING else _one_line(text)
    if len(subtitle) > SUBTITLE_LENGTH:
        raise Refused("text-too-long", n=SUBTITLE_LENGTH)
    return subtitle


def _footer(text: str) -> str:
    footer = "" if text.strip() in NOTHING else text.strip()
    if len(footer) > FOOTER_LENGTH:
        raise Refused("text-too-long", n=FOOTER_LENGTH)
    return footer


def _schedule(text: str) -> str:
    return str(_accepted("schedule", spoken.schedule(text), "schedule-day"))


def _schedule_pressed(words: str) -> str:
    day, _, hour = words.partition("-")
    return str(_accepted("schedule", f"{day} {hour[:2]}:{hour[2:]}", "set-unknown"))


def _zone_pressed(words: str) -> str:
    return str(_accepted("timezone", words.replace("--", "/"), "set-unknown"))


def _cutoff(minutes: int) -> int:
    return int(_accepted("cutoff", minutes, "cutoff-wrong"))


def _gate_minutes(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_GATE_MINUTES:
        raise Refused("gate-minutes-wrong")
    return minutes


def _number(words: str) -> int:
    if not re.fullmatch(r"\d{1,5}", words, re.ASCII):
        raise Refused("set-unknown")
    return int(words)


def _one_of(choices: tuple[Any, ...]) -> Callable[[str], Any]:
    """Return what reads one of some values from a button."""

    def read(words: str) -> Any:
        found = [choice for choice in choices if written(choice) == words]
        if not found:
            raise Refused("set-unknown")
        return found[0]

    return read


def _reminder(words: str) -> int:
    hours = -(-spoken.minutes(words) // 60)
    if hours > LONGEST_REMINDER_HOURS:
        raise Refused("reminder-wrong")
    return hours


def _summary(words: str) -> str:
    return "" if words.strip() in NOTHING else spoken.clock(words)


def _summary_pressed(words: str) -> str:
    if words == "off":
        return ""
    match = CLOCK.fullmatch(words)
    if match is None:
        raise Refused("set-unknown")
    return f"{match[1]}:{match[2]}"


def _never(_words: str) -> Any:
    raise Refused("set-unknown")


def _chosen(choices: tuple[Any, ...]) -> Field:
    return Field(_never, _one_of(choices), choices)


FIELDS = {
    "title": Field(_title, _never, typed=True),
    "subtitle": Field(_subtitle, _never, typed=True),
    "footer": Field(_footer, _never, typed=True),
    "language": _chosen(languages()),
    "timezone": Field(_never, _zone_pressed, typed=True),
    "schedule": Field(_schedule, _schedule_pressed, typed=True),
    "cutoff_minutes": Field(
        lambda words: _cutoff(spoken.minutes(words)),
        lambda words: _cutoff(_number(words)),
        (0, 30, 60, 120, 360, 1440),
        typed=True,
    ),
    "gate": _chosen(tuple(Gate)),
    "gate_minutes": Field(
        lambda words: _gate_minutes(spoken.minutes(words)),
        lambda words: _gate_minutes(_number(words)),
        (15, 30, 60, 120),
        typed=True,
    ),
    "quorum": _chosen(QUORUMS),
    "approve_own": _chosen((True, False)),
    "remind_hours": Field(_reminder, _one_of((0, 12, 24, 48, 72)), (0, 12, 24, 48, 72), typed=True),
    "summary_time": Field(_summary, _summary_pressed, ("", "08:00", "09:00", "10:00"), typed=True),
}
PAGES = {
    "language": ("language",),
    "cutoff": ("cutoff_minutes",),
    "gate": ("gate", "gate_minutes"),
    "votes": ("quorum", "approve_own"),
    "reminders": ("remind_hours", "summary_time"),
}


def written(value: object) -> str:
    """Return a value as it stands in a button's data: letters, digits, hyphens."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace(":", "").replace("/", "--").replace(" ", "-") or "off"


def page_of(name: str) -> str:
    """Return the page on which a setting is changed, "" for one with a page of its own or none."""
    return next((page for page, fields in PAGES.items() if name in fields), "")
