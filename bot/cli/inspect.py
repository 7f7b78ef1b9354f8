"""`bulletin inspect`: what the bot would make of a page, or of many; nothing is stored."""

import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TextIO

from cyclopts import Parameter
from rich.console import Console
from rich.progress import track

from bot.cli.letters import look_at
from bot.clocks import SystemClock
from bot.errors import OperatorError, Refused, Unreadable
from bot.intake.address.urls import canonical, unwrapped
from bot.intake.fetching.fetch import GuardedFetcher
from bot.intake.fetching.walls import wall_in
from bot.intake.page.metadata import PageFacts, PageReader, bare_facts
from bot.intake.page.page_facts import HTML_LIMIT_BYTES
from bot.ports import Page
from bot.settings import load, plain
from bot.texts import say
from store.records import MediaType, Precision, PublicationDate

AsJson = Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON object a line.")]
Url = Annotated[str | None, Parameter(help="Where the page of the file comes from.")]
Batch = Annotated[Path | None, Parameter(help='File with a line {"url": …, "file": …} for each page.')]
Letters = Annotated[
    list[Path] | None,
    Parameter(name="--letter", consume_multiple=True, negative=(), help="Files of letters, each as it came in."),
]
Config = Annotated[Path | None, Parameter(name="--config", help="File of settings, for the proxy of a fetched page.")]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made of one page; `problems` are keys of the sentences that `bot.texts` has for them."""

    url: str
    facts: PageFacts
    problems: tuple[str, ...] = ()


async def inspect(
    target: str | None = None,
    *,
    url: Url = None,
    batch: Batch = None,
    letter: Letters = None,
    json_: AsJson = False,
    config: Config = None,
) -> None:
    """Show what the bot would make of a page, or of letters, without storing anything.

    Give an address, which is fetched as the bot fetches it; or an HTML file with --url; or --batch with a file of many;
    or --letter with one file or more.
    """
    if letter:
        if target is not None or batch is not None:
            raise OperatorError("Letters are looked at alone: leave the page out, or give it in a command of its own.")
        look_at(letter, json_, sys.stdout)
        return
    if (target is None) == (batch is None):
        raise OperatorError("Give an address, an HTML file with --url, --batch with many pages, or --letter.")
    out = sys.stdout
    async with _reader() as reader:
        if batch is not None:
            await _many(reader, batch, json_, out)
            return
        assert target is not None
        seen = await _fetched(reader, target, config) if "://" in target else await _saved(reader, Path(target), url)
    _show(seen, json_, out)


@asynccontextmanager
async def _reader() -> AsyncIterator[PageReader]:
    reader = PageReader(SystemClock())
    try:
        yield reader
    finally:
        await reader.close()


async def _fetched(reader: PageReader, url: str, config: Path | None) -> Seen:
    fetcher = GuardedFetcher(proxy=plain(load(config).fetch_proxy))
    link = unwrapped(url)
    try:
        return _seen(url, await reader.read(await fetcher.fetch(link)))
    except Unreadable as error:
        facts = bare_facts(link)
        kind = MediaType(error.media_type) if error.media_type else facts.media_type
        return Seen(url, PageFacts(source=facts.source, media_type=kind), (error.key,))


async def _saved(reader: PageReader, file: Path, url: str | None) -> Seen:
    if not file.is_file():
        raise OperatorError(f"There is no file {file}; an address to fetch begins with https://.")
    if url is None:
        raise OperatorError(f"Say with --url where the page in {file} comes from.")
    return await _read_file(reader, file, url)


async def _read_file(reader: PageReader, file: Path, url: str) -> Seen:
    link = unwrapped(url)
    with file.open("rb") as opened:
        body = opened.read(HTML_LIMIT_BYTES)
    if wall := wall_in({}, body):
        return Seen(url, bare_facts(link), (wall,))
    try:
        return _seen(url, await reader.read(Page(link, 200, "text/html", None, body)))
    except Unreadable as error:
        return Seen(url, bare_facts(url), (error.key,))


def _seen(url: str, facts: PageFacts) -> Seen:
    return Seen(url, facts, () if facts.title else ("intake-no-title",))


async def _many(reader: PageReader, batch: Path, as_json: bool, out: TextIO) -> None:
    """Show every page of a batch, in order; a line that is none, or a page that is not there, stops no other."""
    try:
        lines = batch.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    except OSError:
        raise OperatorError(f"There is no file {batch} that could be read.") from None
    bar = Console(stderr=True)
    for line in track(_filled(lines), "Reading", console=bar, disable=not bar.is_terminal, transient=True):
        _show(await _of_line(reader, line, batch.parent), as_json, out)


def _filled(lines: Iterable[str]) -> Sequence[str]:
    return [line for line in lines if line.strip()]


async def _of_line(reader: PageReader, line: str, folder: Path) -> Seen:
    given = _object(line)
    url, file = given.get("url"), given.get("file")
    if not isinstance(url, str) or not isinstance(file, str):
        return Seen(str(url or ""), PageFacts(), ("inspect-bad-line",))
    try:
        return await _read_file(reader, folder / file, url)
    except Refused as refused:
        return Seen(url, PageFacts(), (refused.key,))
    except (OSError, ValueError):
        return Seen(url, bare_facts(url), ("inspect-no-file",))


def _object(line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _show(seen: Seen, as_json: bool, out: TextIO) -> None:
    told = _told(seen)
    if as_json:
        print(json.dumps(told, ensure_ascii=False), file=out, flush=True)
        return
    told["published"] = told["published"]["value"]
    told["authors"] = ", ".join(told["authors"])
    told["problems"] = " ".join(say("en", key) for key in seen.problems)
    for name, value in told.items():
        print(f"{name.replace('_', ' '):<16} {value or '–'}", file=out)
    print(file=out, flush=True)


def _told(seen: Seen) -> dict[str, Any]:
    facts = seen.facts
    return {
        "url": seen.url,
        "canonical": facts.canonical or _canonical(seen.url),
        "title": facts.title or None,
        "source": facts.source or None,
        "authors": list(facts.authors),
        "published": {"value": _value(facts.published), "precision": str(facts.published.precision)},
        "language": facts.language,
        "media_type": str(facts.media_type),
        "original_source": facts.original_source or None,
        "problems": list(seen.problems),
    }


def _canonical(url: str) -> str | None:
    try:
        return canonical(url)
    except Refused:
        return None


def _value(when: PublicationDate) -> str | None:
    """Return a date as exact as it is: 2024-02-05, 2024-02, or 2024-02-20/2024-02-26."""
    if when.start is None:
        return None
    if when.precision is Precision.RANGE and when.end is not None:
        return f"{when.start.isoformat()}/{when.end.isoformat()}"
    return when.start.isoformat()[:7] if when.precision is Precision.MONTH else when.start.isoformat()
