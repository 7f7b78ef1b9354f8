"""The messages that two contributors send in the week of the demo, and what should become of each link."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.sandbox.news.press import articles, read_json

Outcome = Literal["approved", "duplicate", "dead", "rejected"]
_ZONE = ZoneInfo("Europe/Kyiv")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a message; `section` is set where it is approved, `reason` where it is not."""

    url: str
    outcome: Outcome
    section: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the bot: when, from whom ("ana" or "marta"), its text and the links in it."""

    at: dt.datetime
    sender: str
    text: str
    links: tuple[Link, ...]


def week(start: dt.date) -> list[Message]:
    """The eight messages of the week that begins on Monday `start`, in order of time."""
    addresses = {article.key: article.url for _, article in articles(start)}
    return [_message(entry, start, addresses) for entry in read_json("week.json")]


def _message(entry: dict[str, Any], start: dt.date, addresses: dict[str, str]) -> Message:
    at = dt.datetime.combine(
        start + dt.timedelta(days=entry["day"]), dt.time.fromisoformat(entry["time"]), tzinfo=_ZONE
    )
    links = tuple(
        Link(item["link"].format_map(addresses), item["outcome"], item.get("section"), item.get("reason"))
        for item in entry["items"]
    )
    return Message(at, entry["sender"], entry["text"].format_map(addresses), links)
