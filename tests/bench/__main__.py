"""`make bench`: measures, prints a table of figures beside their peers', and as JSON where a program reads it."""

import argparse
import asyncio
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.logs import set_up
from tests.bench import drawing, known, ledger, mailing, readers, resistance
from tests.bench.figures import Figure, show
from tests.bench.post_office import TOP


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured with; 0 leaves a part out, and memory counts only with a process `apart`."""

    readers: int = 2_000
    rounds: int = 3
    letters: int = 2_000
    ledger_rows: int = 100_000
    settled: int = 1_000
    items: int = 50_000
    looks: int = 200
    bomb_mebibytes: int = 1024
    limit_seconds: float = 5.0
    page_bytes: int = 1_000_000
    links: int = 1_000
    desk_links: int = 500
    imported: int = 100_000
    apart: bool = True


QUICK = Size(
    readers=40,
    rounds=1,
    letters=40,
    ledger_rows=400,
    settled=100,
    items=500,
    looks=20,
    bomb_mebibytes=0,
    links=0,
    desk_links=0,
    imported=0,
    apart=False,
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the figures that the documents name.")
    parser.add_argument("--readers", type=int, help="readers of the mail (default 2,000)")
    parser.add_argument("--rounds", type=int, help="rounds of which the median counts (default 3)")
    parser.add_argument("--quick", action="store_true", help="small numbers, to see that it runs")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--folder", type=Path, help="where the databases are made: name a disk, not memory")
    return parser.parse_args()


async def measure(size: Size, folder: Path) -> list[Figure]:
    say("drawing")
    figures = drawing.measure(size.rounds, size.letters)
    say("the known-already look-up")
    figures += await known.measure(size.items, size.rounds, size.looks, folder)
    say("the ledger")
    figures += await ledger.measure(size.ledger_rows, size.rounds, size.settled, folder, apart=size.apart)
    if size.imported:
        say("the import of readers")
        figures += await readers.measure(size.imported, folder)
    if size.bomb_mebibytes:
        say("bombs, trickles and hostile pages")
        figures += await resistance.measure(size.bomb_mebibytes, size.limit_seconds, size.page_bytes)
    if size.links:
        say("intake")
        figures += await _apart("intake", size.items, size.links, folder)
    if size.desk_links:
        say("a rush at the desk")
        figures += await _apart("desk_rush", size.desk_links, folder)
    say("mail")
    return await mailing.measure(size.readers, size.rounds, folder) + figures


async def _apart(what: str, *arguments: object) -> list[Figure]:
    """Measure from a process of its own, since it plays Telegram and a news site besides."""
    command = (sys.executable, "-m", f"tests.bench.{what}", *(str(one) for one in arguments))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=TOP)
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"measuring {what} failed")
    return [Figure(**figure) for figure in json.loads(told)]


def say(words: str) -> None:
    print(f"measuring {words} …", file=sys.stderr, flush=True)


def main() -> None:
    given = arguments()
    chosen = {name: value for name in ("readers", "rounds") if (value := getattr(given, name)) is not None}
    size = Size(**{**asdict(QUICK if given.quick else Size()), **chosen})
    set_up("WARNING", "text", [])
    say(f"with {os.cpu_count()} cores, of which others use {os.getloadavg()[0]:.1f} at the moment")
    with TemporaryDirectory(prefix="bulletin-bench-", dir=given.folder) as folder:
        figures = asyncio.run(measure(size, Path(folder)))
    if given.json:
        print(json.dumps([{**asdict(figure), "ratio": figure.ratio} for figure in figures], ensure_ascii=False))
    else:
        show(figures)


if __name__ == "__main__":
    main()
