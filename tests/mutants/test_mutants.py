"""Each one-line defect is put into a copy of the tree, where the machine of the desk must say what is broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.flows.desk_invariants import INVARIANTS

TOP = Path(__file__).parents[2]
MUTANTS: list[dict[str, str]] = tomllib.loads((TOP / "tests/mutants/desk.toml").read_text("utf-8"))["mutant"]
ROOMS = ("bot", "handlers", "store", "tests/flows", "tests/__init__.py", "tests/empty_store.py")
RUNS, STEPS = "60", "40"


def copied(into: Path) -> Path:
    """Copy what the machine needs, and return the top of it."""
    for room in ROOMS:
        if (TOP / room).is_dir():
            shutil.copytree(TOP / room, into / room, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (into / room).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / room, into / room)
    return into


def played(top: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Play the machine of the desk in a tree."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/flows/test_desk_machine.py"]
    given: dict[str, Any] = {**os.environ, "PYTHONPATH": str(top), "DESK_RUNS": RUNS, "DESK_STEPS": STEPS, **more}
    return subprocess.run(command, cwd=top, env=given, capture_output=True, text=True, timeout=900)


def test_every_invariant_has_its_defect_and_every_defect_its_line() -> None:
    assert {mutant["breaks"] for mutant in MUTANTS} == set(INVARIANTS)
    for mutant in MUTANTS:
        assert (TOP / mutant["file"]).read_text("utf-8").count(mutant["old"]) == 1, mutant["breaks"]


@pytest.mark.soak
@pytest.mark.timeout(1000)
@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant["breaks"] for mutant in MUTANTS])
def test_a_defect_is_found_by_the_invariant_that_it_breaks(tmp_path: Path, mutant: dict[str, str]) -> None:
    top = copied(tmp_path)
    file = top / mutant["file"]
    file.write_text(file.read_text("utf-8").replace(mutant["old"], mutant["new"]), "utf-8")
    done = played(top)
    assert done.returncode == 1, done.stdout[-3000:]
    # pytest shows the function in which it failed
    assert f"def {INVARIANTS[mutant['breaks']].__name__}(watchman" in done.stdout, done.stdout[-3000:]
