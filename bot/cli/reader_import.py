"""`bulletin subscribers import`: a list is looked at, shown, and taken in once that was confirmed."""

import csv
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot import reader_lists
from bot.cli.reach import Config, Hand, Slug, writing
from bot.errors import OperatorError
from bot.reader_lists import Batch, Rejected, Shape, words
from bot.texts import say
from store.seen import Seen

SHOWN = 10
REPORT_HEADING = ("line", "reason")


@dataclass(slots=True)
class Found:
    """What a list brings: readers who are new, known, away for good, stand there again; and lines left out.

    `came` is None while nobody was brought in.
    """

    rows: int = 0
    known: int = 0
    away: int = 0
    doubled: int = 0
    rejected: int = 0
    first: list[Rejected] = field(default_factory=list)
    came: int | None = None

    @property
    def new(self) -> int:
        return self.rows - self.known - self.away


@dataclass(frozen=True, slots=True)
class Source:
    """A list being read: its content, how it is read, and the bulletin it is for."""

    content: BinaryIO
    shape: Shape
    bulletin: str | None


async def import_readers(
    file: Path,
    *,
    consent: Annotated[str, Parameter(help="When and how these people agreed, such as: paper list, May 2025.")],
    dry_run: Annotated[bool, Parameter(negative=(), help="Only say what would happen.")] = False,
    yes: Annotated[bool, Parameter(negative=(), help="Import without asking.")] = False,
    report: Annotated[Path | None, Parameter(help="Write every line that is left out, with its reason, here.")] = None,
    json_: Annotated[bool, Parameter(name="--json", negative=(), help="For programs: one JSON object.")] = False,
    bulletin: Slug = None,
    config: Config = None,
) -> int:
    """Subscribe the readers of a list: a text, a table, or what Mailman, listmonk or Mailchimp writes.

    What the file is taken for and what it would bring is shown first. Who left, or must not be written to, stays so.
    """
    if not file.is_file():
        raise OperatorError(f"There is no file {file}.")
    if not consent.strip():
        raise OperatorError("Say with --consent when and how these people agreed to be written to.")
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not json_
    if not (dry_run or yes or asks):
        raise OperatorError("Nobody can be asked here: look with --dry-run first, then add --yes.")
    with file.open("rb") as content:
        source = Source(content, reader_lists.look(content, reader_lists.hint_of(file.name)), bulletin)
        if not json_:
            print("\n".join(words.described(source.shape, "en")))
        async with writing(config) as hand:
            found = await _read(hand, source, report, consent.strip() if yes and not dry_run else None)
            if not json_:
                _show(found, report)
            if not (yes or dry_run) and found.new and _agrees(found.new):
                found.came = (await _read(hand, source, None, consent.strip())).came
    if json_:
        print(json.dumps(_as_json(source.shape, found), ensure_ascii=False))
    else:
        print(f"{found.came:,} new reader{'s' * (found.came != 1)} came." if found.came else "Nothing was imported.")
    return 0


async def _read(hand: Hand, source: Source, report: Path | None, consent: str | None) -> Found:
    """Read a list to its end, and ask who of it is known, or with proof of consent bring them in.

    Raises OperatorError when no line is there.
    """
    found, content = Found(), source.content
    with ExitStack() as stack:
        seen, bar = stack.enter_context(Seen()), stack.enter_context(_progress())
        rejections = stack.enter_context(_written(report)) if report is not None else None
        size = os.fstat(content.fileno()).st_size
        task = bar.add_task("Looking" if consent is None else "Importing", total=size)
        for batch in reader_lists.batches(content, source.shape, seen):
            await _deal_with(hand, source, batch, found, consent)
            if rejections is not None:
                lines = ((one.line, say("en", one.why)) for one in batch.rejected)
                csv.writer(rejections, lineterminator="\n").writerows(lines)
            bar.update(task, completed=batch.place)
    if not found.rows and not found.rejected:
        raise OperatorError("There is no address in this file.")
    return found


async def _deal_with(hand: Hand, source: Source, batch: Batch, found: Found, consent: str | None) -> None:
    """Look at a batch, or bring it in, and count what came of it."""
    if consent is None:
        addresses = [row.address for row in batch.rows]
        done = await hand.perform("look-at-readers", bulletin=source.bulletin, addresses=addresses)
    else:
        rows = [[row.address, row.agreed] for row in batch.rows]
        done = await hand.perform("import-readers", bulletin=source.bulletin, rows=rows, consent=consent)
        found.came = (found.came or 0) + int(done["came"])
    found.rows += len(batch.rows)
    found.known += int(done["known"])
    found.away += int(done["away"])
    found.doubled += batch.doubled
    found.rejected += len(batch.rejected)
    found.first += batch.rejected[: SHOWN - len(found.first)]


def _written(report: Path) -> Any:
    """Open a new file for its owner alone; raises OperatorError where one is already, or none can be."""
    try:
        out = os.fdopen(os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    except FileExistsError:
        raise OperatorError(f"{report} is there already; give another name to --report.") from None
    except OSError as error:
        raise OperatorError(f"{report} cannot be written: {error.strerror}.") from None
    csv.writer(out, lineterminator="\n").writerow(REPORT_HEADING)
    return out


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def _show(found: Found, report: Path | None) -> None:
    print(f"{found.new:>9,}  new readers")
    print(f"{found.known:>9,}  readers already")
    print(f"{found.away:>9,}  left or may not be written to, and stay so")
    print(f"{found.doubled:>9,}  stand there more than once")
    print(f"{found.rejected:>9,}  lines left out")
    for rejected in found.first:
        print(f"           line {rejected.line}: {say('en', rejected.why)}")
    if found.rejected > len(found.first):
        more = found.rejected - len(found.first)
        print(f"           and {more:,} more" + ("" if report is not None else "; --report FILE writes them all"))


def _agrees(count: int) -> bool:
    return input(f"Import {count:,} readers? [y/N] ").strip().lower() in ("y", "yes")


def _as_json(shape: Shape, found: Found) -> dict[str, Any]:
    return {
        "format": str(shape.kind),
        "encoding": words.ENCODINGS[shape.encoding],
        "delimiter": shape.delimiter,
        "heading": shape.heading,
        "columns": {
            "address": shape.address.heading or shape.address.place + 1,
            "agreed": [column.heading for column in shape.agreed],
            "status": [column.heading for column in shape.status],
        },
        "new": found.new,
        "known": found.known,
        "left_or_barred": found.away,
        "doubled": found.doubled,
        "rejected": found.rejected,
        "first_rejected": [{"line": one.line, "reason": say("en", one.why)} for one in found.first],
        "imported": found.came,
    }
