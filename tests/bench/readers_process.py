"""A process that imports a list of readers in one of two ways, and tells how long it took and how much it held."""

import asyncio
import csv
import io
import json
import sqlite3
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from email_validator import EmailNotValidError, validate_email

from bot.cli.reader_import import import_readers
from bot.logs import set_up
from tests.bench.ledger_process import peak_megabytes

CONSENT = "paper list, May 2026"


def as_the_bot_does(folder: Path, file: Path) -> int:
    """Look, then import, as `bulletin subscribers import --yes` does; returns how many came."""
    told = io.StringIO()
    with redirect_stdout(told):
        asyncio.run(import_readers(file, consent=CONSENT, yes=True, json_=True, config=folder / "config.env"))
    return int(json.loads(told.getvalue())["imported"])


def as_a_plain_script_does(folder: Path, file: Path) -> int:
    """Read the table into a list, validate each address, insert each, one commit; nothing sealed, nothing looked up."""
    with file.open(newline="") as content:
        rows = list(csv.DictReader(content))
    database = sqlite3.connect(folder / "plain.db")
    database.execute("CREATE TABLE readers (id INTEGER PRIMARY KEY, address TEXT UNIQUE, consent TEXT)")
    for row in rows:
        try:
            address = validate_email(row["email"], check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            continue
        database.execute("INSERT OR IGNORE INTO readers (address, consent) VALUES (?, ?)", (address, CONSENT))
    database.commit()
    return int(database.execute("SELECT count(*) FROM readers").fetchone()[0])


WAYS = {way.__name__: way for way in (as_the_bot_does, as_a_plain_script_does)}


def imported(folder: str, file: str, way: str) -> dict[str, Any]:
    start = time.perf_counter()
    came = WAYS[way](Path(folder), Path(file))
    return {"came": came, "seconds": time.perf_counter() - start, "peak": peak_megabytes()}


if __name__ == "__main__":
    set_up("WARNING", "text", [])
    print(json.dumps(imported(*sys.argv[1:])))
