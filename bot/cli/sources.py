"""`bulletin sources …`: the directory of publishers."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from bot.cli.reach import Config, reading, writing
from bot.errors import OperatorError, Refused
from bot.intake import source_lists
from bot.sources import Outcome, matches
from bot.texts import say
from store import sources
from store.records import Source

app = App(name="sources", help="The directory of publishers.")
FILE_LIMIT_BYTES = 2_000_000
BATCH = 200
SHOWN = 20
LINE_SHOWN = 80


@app.command(name="list")
async def list_sources(
    word: str = "",
    *,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="For programs, and for `import`.")] = False,
    config: Config = None,
) -> None:
    """List the sources, or those with a word in their names, domains or note."""
    async with reading(config) as shelf, shelf.store.reading() as tx:
        every = await sources.every(tx)
    found = [source for source in sorted(every, key=lambda one: one.name.casefold()) if matches(source, word)]
    if json_:
        print(json.dumps([_as_json(source) for source in found], ensure_ascii=False, indent=1))
        return
    for source in found:
        others = f" ({', '.join(source.names[1:])})" if source.names[1:] else ""
        print(f"{source.trust:<9} {source.name}{others}  {', '.join(source.domains)}".rstrip())


def _as_json(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "aliases": list(source.names[1:]),
        "domains": list(source.domains),
        "trust": str(source.trust),
        "language": source.language or "",
        "note": source.note,
    }


@app.command(name="import")
async def import_sources(
    file: Path,
    *,
    dry_run: Annotated[bool, Parameter(negative=(), help="Only say what would happen.")] = False,
    config: Config = None,
) -> int:
    """Take a list of sources into the directory: CSV with a heading, JSON, or a source a line.

    CSV columns and JSON keys are name, aliases, domains, trust, language, note; a line is
    `Name | alias, alias | domain, domain | trust | language | note` or `Name (Alias) – https://site/`. What is known
    already is completed, nothing is taken away; importing a file again changes nothing. The exit code is 1 when a
    line was left out.
    """
    lines = _read(file)
    entries = [{"line": line.number, **asdict(line.entry)} for line in lines if line.entry is not None]
    counts, left_out = Counter[str](), list[tuple[int, str]]()
    async with writing(config) as hand:
        for start in range(0, len(entries), BATCH):
            batch = entries[start : start + BATCH]
            done = await hand.perform("import-sources", entries=batch, dry_run=dry_run)
            counts += Counter({what: done[what] for what in Outcome})
            left_out += [(number, why) for number, why in done["left_out"]]
    texts = {line.number: line.text for line in lines}
    refused = [(line.number, say("en", r.key, **r.values)) for line in lines if (r := line.refusal) is not None]
    refused += left_out
    would = "would be " if dry_run else ""
    print(
        f"{counts[Outcome.ADDED]} {would}new, {counts[Outcome.CHANGED]} {would}completed, "
        f"{counts[Outcome.SAME]} known already."
    )
    for number, why in sorted(refused)[:SHOWN]:
        print(f"  {number}: {texts[number][:LINE_SHOWN]!r} is left out: {why}")
    if len(refused) > SHOWN:
        print(f"  and {len(refused) - SHOWN} more are left out")
    return 1 if refused else 0


def _read(file: Path) -> list[source_lists.Line]:
    if not file.is_file():
        raise OperatorError(f"There is no file {file}.")
    if file.stat().st_size > FILE_LIMIT_BYTES:
        raise OperatorError(f"{file} is larger than {FILE_LIMIT_BYTES // 1_000_000} MB; give it in smaller pieces.")
    try:
        lines = source_lists.read_list(file.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise OperatorError(f"{file} is no text in UTF-8; save it so, then import it again.") from None
    except Refused as refusal:
        raise OperatorError(say("en", refusal.key, **refusal.values)) from None
    if not lines:
        raise OperatorError(f"There is no source in {file}.")
    return lines
