"""A notice as the JSON of a file describes it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import OperatorError
from store.records import Notice, NoticeKind, Speaker

Json = dict[str, Any]


def read_json(given: Json, timezone: str) -> Notice:
    """Return the notice that a JSON object describes; raises OperatorError naming the key that is wrong.

    Its keys are kind, title, text, starts, timezone, place, directions, join_url, speakers ({"name", "organisation"}),
    demands, signatories, languages ("Ukrainian: https://…") and until.
    """
    try:
        zone = str(given.get("timezone") or timezone)
        starts = datetime.fromisoformat(given["starts"]) if given.get("starts") else None
        if starts is not None and starts.tzinfo is None:
            starts = starts.replace(tzinfo=ZoneInfo(zone))
        until = date.fromisoformat(given["until"]) if given.get("until") else _day_of(starts, zone)
        place = ", ".join(part for part in (given.get("place"), given.get("directions")) if part)
        return Notice(
            kind=NoticeKind(given.get("kind", "other")),
            title=str(given.get("title", "")),
            text=str(given.get("text", "")),
            starts=starts,
            timezone=zone if starts else None,
            place=place,
            join_url=given.get("join_url"),
            speakers=tuple(Speaker(s["name"], s.get("organisation", "")) for s in given.get("speakers", [])),
            until=until,
            demands=_lines(given, "demands"),
            signatories=str(given.get("signatories", "")),
            languages=_lines(given, "languages"),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise OperatorError(
            f"The notice cannot be read: {error}. `bulletin issue notice --help` names its keys."
        ) from None


def _day_of(starts: datetime | None, zone: str) -> date | None:
    return starts.astimezone(ZoneInfo(zone)).date() if starts else None


def _lines(given: Json, key: str) -> tuple[str, ...]:
    lines = given.get(key, [])
    if not isinstance(lines, list):
        raise TypeError(f"{key} is to be a list")
    return tuple(str(each) for each in lines)
