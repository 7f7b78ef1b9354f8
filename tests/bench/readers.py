"""The import of a list of readers, and an issue to them: how long each takes, and how much memory it holds at most."""

import asyncio
import csv
import json
import sys
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.bench.post_office import TOP, post_office
from tests.bench.readers_process import as_a_plain_script_does, as_the_bot_does
from tests.cast import KEY, TOKEN
from tests.empty_store import empty_store
from tests.store.rows import add_bulletin

FEW = 10
LIMIT_SECONDS = 20.0
PLAIN = "csv, email-validator, sqlite3"


async def measure(readers: int, folder: Path) -> list[Figure]:
    """Import a list as the bot does, a tenth of it as well, and the list as a plain script does, each in a process.

    Then an issue goes to the readers who were imported, to each exactly once.
    """
    many, few = _list(folder, "many", readers), _list(folder, "few", readers // FEW)
    ours, tenth = await _imported(folder, many, as_the_bot_does), await _imported(folder, few, as_the_bot_does)
    plain = await _imported(folder, many, as_a_plain_script_does)
    what, then = f"import of {readers:,} readers", f"broadcast to the {readers:,} readers"
    to_many, to_few = await _broadcast(folder, many, readers), await _broadcast(folder, few, readers // FEW)
    rates = readers / to_many["sent"], readers // FEW / to_few["sent"]
    return [
        Figure(what, PLAIN, ours["seconds"], plain["seconds"], "s", limit=LIMIT_SECONDS),
        Figure(f"memory of the {what}", PLAIN, ours["peak"], plain["peak"], "MB at most"),
        Figure(f"memory of the {what}", f"{1 / FEW:.0%} of the readers", ours["peak"], tenth["peak"], "MB at most"),
        Figure(then, f"{1 / FEW:.0%} of them", *rates, "1/s", more_is_better=True),
        Figure(f"memory of the {then}", f"{1 / FEW:.0%} of them", to_many["peak"], to_few["peak"], "MB at most"),
    ]


def _list(folder: Path, name: str, readers: int) -> Path:
    """Write a list as people keep them: names beside, mixed case, a few domains in Unicode, some doubled."""
    file = folder / f"{name}.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(("name", "email", "town"))
        for number in range(readers):
            domain = f"bücher{number % 50}.example" if number % 100 == 0 else f"Readers{number % 500}.example"
            rows.writerow((f"Reader, {number}", f"Reader{number}@{domain}", "Lviv"))
            if number % 50 == 0:
                rows.writerow(("Again", f"reader{number}@{domain}", "Lviv"))
    return file


async def _imported(folder: Path, file: Path, way: Any) -> dict[str, Any]:
    """Import a list into a new store, and tell how long it took and the most memory held."""
    home = folder / f"{file.stem}-{way.__name__}"
    home.mkdir()
    store = await empty_store(home / "data" / "bulletin.db")
    async with store.transaction() as tx:
        await add_bulletin(tx)
    await store.close()
    settings = {"TELEGRAM_TOKEN": TOKEN, "SECRET_KEY": KEY, "DATA_DIR": home / "data"}
    (home / "config.env").write_text("".join(f"BULLETIN_{name}={value}\n" for name, value in settings.items()))
    return await _run("tests.bench.readers_process", home, file, way.__name__)


async def _broadcast(folder: Path, file: Path, readers: int) -> dict[str, Any]:
    """Send an issue to all whom the bot imported from a list."""
    data = folder / f"{file.stem}-{as_the_bot_does.__name__}" / "data"
    async with post_office() as office:
        found = await _run("tests.bench.broadcast", data, office.url)
        taken = await office.accepted()
    if taken != readers:
        raise RuntimeError(f"{taken} letters arrived where {readers} were sent")
    return found


async def _run(module: str, *arguments: object) -> dict[str, Any]:
    command = (sys.executable, "-m", module, *map(str, arguments))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=TOP)
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} failed")
    found: dict[str, Any] = json.loads(told)
    return found
