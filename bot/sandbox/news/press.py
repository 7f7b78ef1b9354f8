"""The invented sources and articles, dated by the Monday on which the week of the demo begins."""

import datetime as dt
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Habit = Literal["jsonld", "graph", "opengraph", "time", "words", "undated"]


@dataclass(frozen=True, slots=True)
class Source:
    """A site and its habits: where its pages say who published what when, and what on them misleads."""

    key: str
    name: str
    host: str
    language: str
    habit: Habit
    suffix: str
    motto: str = ""
    charset: str = "utf-8"  # "undeclared" is UTF-8 that is named nowhere
    date_pattern: str = "d MMMM y"
    banner: str = ""
    copyright: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What an article's page means to say; a reader of metadata should find just this.

    `date_iso` may be a day, a month ("2026-11") or None where the page names no date.
    """

    key: str
    url: str
    title: str
    source: str
    language: str
    date_iso: str | None
    authors: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()


def sources() -> dict[str, Source]:
    """All invented sources by key."""
    return {entry["key"]: Source(**entry) for entry in read_json("sources.json")}


def articles(start: dt.date) -> list[tuple[Source, Article]]:
    """All invented articles with their sources; day 0 is `start`."""
    known = sources()
    return [_dated(known[entry["source"]], entry, start) for entry in read_json("articles.json")]


def read_json(name: str) -> Any:
    """The content of one of this package's JSON files."""
    return json.loads((resources.files("bot.sandbox") / "news" / name).read_text("utf-8"))


def _dated(source: Source, entry: dict[str, Any], start: dt.date) -> tuple[Source, Article]:
    day = None if entry["day"] is None else start + dt.timedelta(days=entry["day"])
    parts = {} if day is None else {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
    path = entry["path"]
    for name, value in parts.items():
        path = path.replace("{" + name + "}", value)
    return source, Article(
        key=entry["key"],
        url=f"http://{source.host}{path}",
        title=entry["title"],
        source=source.name,
        language=source.language,
        date_iso=None if day is None else day.isoformat(),
        authors=tuple(entry["authors"]),
        paragraphs=tuple(entry["paragraphs"]),
    )
