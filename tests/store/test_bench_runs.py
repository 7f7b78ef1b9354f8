"""The measurements run from end to end; what they measure is for people to judge, on a quiet machine."""

import json
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[2]
MEASURED = {
    "letters sent",
    "sender's CPU",
    "letter filled in",
    "letter unsealed, signed, filled in",
    "all editions of 29 items",
    "known already among 500 items, p99",
    "a gzip bomb of 16 MiB: memory more",
    "a gzip bomb of 16 MiB: time",
    "a trickle of bytes: given up after",
    "71 hostile pages: the longest",
    "71 hostile pages: the loop's worst lag",
    "71 hostile pages: the child's memory after, at most",
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
