"""The measurements run from end to end; what they measure is for people to judge, on a quiet machine.

Those with bots and sites of their own are left out: they take long, and the flows and the tests of the fetch go there.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

TOP = Path(__file__).parents[2]
MEASURED = {
    "letters sent",
    "sender's CPU",
    "letter filled in",
    "letter unsealed, signed, filled in",
    "all editions of 29 items",
    "known already among 500 items, p99",
    "rows planned",
    "memory while planning",
    "rows claimed and settled",
}


def test_the_bench_prints_every_figure_beside_a_peers(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench", "--quick", "--readers", "16", "--json", "--folder", str(tmp_path)]
    run = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=100)
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout)
    assert {figure["what"] for figure in figures} == MEASURED
    assert all(figure["peer_name"] and figure["ratio"] > 0 for figure in figures)
    assert list(tmp_path.iterdir()) == []
