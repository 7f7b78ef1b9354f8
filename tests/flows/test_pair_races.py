"""Two to five persons press any two things at the same time: what comes of it equals one order of the two.

RACE_ROUNDS says how often each pair is played; without it a few pairs are, others on every day.
"""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.shaping import sections
from tests.flows.desk_scenes import DRAWN, Scene, Stage
from tests.flows.paper import ANA, BELLA, BORIS, CHRIS, CLARA, DESK, OLENA
from tests.flows.test_races import CONDITION, WITHOUT

pytestmark = pytest.mark.system

ROUNDS = int(os.environ.get("RACE_ROUNDS", "0"))
SAMPLE = 12
HANDS = (CLARA, CHRIS, OLENA, BORIS, BELLA)
Press = tuple[int, int, int, str]
TOP = Path(__file__).parents[2]
TWICE = "presses at once changed something more than once"
OF_ISSUE = ("publish", "reopen", "hold", "close", "issue-", "guard", "is-there", "again", "leave-out")
UNTOLD = (*DRAWN, "audit", "people")
"""What differs from one try to another though the same was decided: ids of messages, hashes and days."""


PENDING = (
    *("into.1:3:2", "into.2:3:2", "because.a3024726:3:2", "later.hours:3:2", "edit.title:3:2", "withdraw.yes:3:2"),
    *("add-source.0:3:2", "edit-language.uk:3:2", "edit-section.2:3:2", "why:3:2", "reject:3:2", "card:3:2"),
)
SHAPING = (
    *("undo:1:3", "item-move.down:1:3", "item-into.2:1:3", "item-over:1:3", "item-light:1:3", "item-edit:1:3"),
    *("withdraw.yes:1:3", "close:1:1", "issue-date.later:1:1", "edit.title:1:3"),
    *("undo:2:3", "item-move.up:2:3", "issue-skip.yes:1:1"),
)
SENDING = ("hold:1:3", "is-there:1:0", "again:1:0", "leave-out:1:0", "into.1:3:2")
CLOSED = ("publish:1:2", "reopen:1:2", "hold:1:2", "into.1:3:2", "undo:1:3")
GUARDED = ("guard-yes:1:0", "guard-no:1:0", "into.1:3:2")


def decided(stage: Stage) -> str:
    """Return all that was decided, without the moments at which it was."""
    found = stage.everything(UNTOLD)
    return repr({table: sorted(map(repr, rows)) for table, rows in found.items()})


def revision(stage: Stage, pair: tuple[str, str]) -> int:
    """Return the revision of the row that both presses name with one revision; 0 where they name two rows.

    A hold is left out: it stops an issue whichever its revision is.
    """
    (one, *row), (other, *same) = (data.split(":") for data in pair)
    kinds = {"issues" if action.startswith(OF_ISSUE) else "items" for action in (one, other)}
    if row != same or row[1] == "0" or len(kinds) == 2 or one.startswith("section") or "hold" in (one, other):
        return 0
    return int(stage.newsroom.rows(f"SELECT revision FROM {kinds.pop()} WHERE id = {row[0]}")[0][0])


def pressed(data: str, hand: int) -> Press:
    who = ANA if data.startswith("withdraw") else HANDS[hand]
    return who, ANA if who == ANA else DESK, 1, f"v1:{data}"


def orders_of(together: list[Press]) -> Iterator[list[Press]]:
    """Yield orders of these presses: as they came, then with every two of them first."""
    yield together
    for two in itertools.permutations(range(len(together)), 2):
        yield [*(together[n] for n in two), *(press for n, press in enumerate(together) if n not in two)]


def in_turn(stage: Stage, scene: Scene, presses: list[Press]) -> str:
    stage.set_back(scene)
    for press in presses:
        stage.newsroom.presses(*press)
    return decided(stage)


def race(stage: Stage, scene: Scene, pair: tuple[str, str], hands: int, random: Random) -> str:
    """Let several persons press one of two things each, all at once; say what no presses in turn would do."""
    together = [pressed(pair[hand % 2], hand) for hand in range(hands)]
    random.shuffle(together)
    stage.set_back(scene)
    before = revision(stage, pair)
    stage.newsroom.press_together(together)
    outcome, risen = decided(stage), revision(stage, pair) - before
    if risen > 1:
        return f"{TWICE}: {risen} times by {together}"
    like = any(in_turn(stage, scene, order) == outcome for order in orders_of(together))
    return "" if like else f"like no order of them: {together}"


def scenes(stage: Stage) -> Iterator[tuple[Scene, tuple[str, ...]]]:
    """Yield a scene with pending and approved links, one with a closed issue, one with an act that waits."""
    week = stage.keep()
    yield week, PENDING
    mark = sections.mark_of(stage.newsroom.run(stage.listed()))
    yield week, (*SHAPING, f"section-move.down-1:1:{mark}", f"section-remove.1-2:1:{mark}")
    stage.newsroom.presses(CLARA, DESK, 1, "v1:close:1:1")
    yield stage.keep(), CLOSED
    stage.newsroom.presses(CLARA, DESK, 1, "v1:publish:1:2")
    stage.newsroom.time_passes(1)
    stage.newsroom.run(stage.in_doubt())
    yield stage.keep(), SENDING
    stage.set_back(week)
    for data in ("guard.on:0:0", "close:1:1"):
        stage.newsroom.presses(OLENA, DESK, 1, f"v1:{data}")
    stage.newsroom.presses(OLENA, DESK, 1, "v1:guard.off:0:0")
    yield stage.keep(), GUARDED


def every_pair(stage: Stage) -> list[tuple[Scene, tuple[str, str]]]:
    return [
        (scene, pair)
        for scene, actions in list(scenes(stage))
        for pair in itertools.combinations_with_replacement(actions, 2)
    ]


@pytest.mark.timeout(0 if ROUNDS else 120)
def test_presses_at_the_same_time_do_what_some_order_of_them_does() -> None:
    stage = Stage()
    pairs = every_pair(stage)
    random = Random(datetime.now(UTC).date().isoformat())
    chosen = pairs * ROUNDS if ROUNDS else random.sample(pairs, SAMPLE)
    chosen.append((pairs[0][0], ("into.1:3:2", "into.2:3:2")))
    wrong = [race(stage, scene, pair, random.randint(2, 5), random) for scene, pair in chosen]
    assert not any(wrong), "\n".join(filter(None, wrong))
    print(f"{len(chosen)} races of {len(pairs)} pairs")
    stage.newsroom.close()


@pytest.mark.crash
def test_without_the_condition_on_the_revision_a_pair_has_more_than_one_effect(tmp_path: Path) -> None:
    for room in ("bot", "handlers", "store", "tests"):
        shutil.copytree(TOP / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "golden", "unit"))
    shutil.copy(TOP / "pyproject.toml", tmp_path)
    rule = tmp_path / "store" / "items.py"
    assert CONDITION in rule.read_text()
    rule.write_text(rule.read_text().replace(CONDITION, WITHOUT))
    chosen = f"tests/flows/test_pair_races.py::{test_presses_at_the_same_time_do_what_some_order_of_them_does.__name__}"
    command = [sys.executable, "-m", "pytest", "-m", "", "-p", "no:cacheprovider", "-p", "no:xdist", chosen]
    once = os.environ | {"RACE_ROUNDS": "1"}
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False, env=once)
    assert found.returncode == pytest.ExitCode.TESTS_FAILED, found.stdout + found.stderr
    assert TWICE in found.stdout
