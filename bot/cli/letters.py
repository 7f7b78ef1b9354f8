"""`bulletin inspect --letter`: what the bot would make of letters that came in; needs no settings, stores nothing."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from bot.letters.letter import Letter
from bot.letters.parts import SIZE_LIMIT_BYTES
from bot.letters.reading import read

_NOT_THERE = "no-file"


def look_at(files: Sequence[Path], as_json: bool, out: TextIO) -> None:
    """Print one JSON object a line for each file, or one table for all; a file that is not there stops no other."""
    told = ((file, _read(file)) for file in files)
    if as_json:
        for file, letter in told:
            print(json.dumps(_object(file, letter), ensure_ascii=False), file=out, flush=True)
        return
    table = Table("file", "kind", "sender", "links", "recipients", "problem")
    for file, letter in told:
        table.add_row(*_row(file, letter))
    Console(file=out, highlight=False, markup=False).print(table)


def _read(file: Path) -> Letter | None:
    try:
        with file.open("rb") as opened:
            return read(opened.read(SIZE_LIMIT_BYTES + 1))
    except OSError:
        return None


def _object(file: Path, letter: Letter | None) -> dict[str, Any]:
    """Return what programs read; `kind` is null where a file cannot be read, and `problem` says what was wrong."""
    told: dict[str, Any] = {"file": str(file), "kind": None, "sender": "", "links": [], "recipients": []}
    if letter is None:
        return told | {"problem": _NOT_THERE}
    told |= {"kind": str(letter.kind), "sender": letter.sender, "links": list(letter.links)}
    told["recipients"] = [
        {"address": one.address, "verdict": str(one.verdict), "status": one.status} for one in letter.returned
    ]
    return told | ({"problem": letter.problem} if letter.problem else {})


def _row(file: Path, letter: Letter | None) -> tuple[str, ...]:
    if letter is None:
        return str(file), "–", "", "", "", "The file is not there or cannot be read."
    recipients = "\n".join(f"{one.address or '–'} {one.verdict} {one.status}".rstrip() for one in letter.returned)
    return str(file), str(letter.kind), letter.sender, "\n".join(letter.links), recipients, letter.problem
