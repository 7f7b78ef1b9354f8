"""Two to five persons press any two things at the same time: what comes of it equals one order of the two.

Each press comes as Telegram brings it, over a connection of its own to the bot's webhook door, while the others do.
RACE_ROUNDS says how often each pair is played; without it a few pairs are, others on every day. RACE_SEED chooses
another day's hands.
"""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from handlers import routes
from tests.flows.desk_scenes import DRAWN, Scene, Stage
from tests.flows.race_scenes import ALONE, Meeting, meetings
from tests.flows.test_forged_presses import VIEWS
from tests.flows.test_races import CONDITION, WITHOUT
from tests.flows.webhook_door import WebhookDoor

pytestmark = pytest.mark.system

ROUNDS = int(os.environ.get("RACE_ROUNDS", "0"))
SEED = os.environ.get("RACE_SEED") or datetime.now(UTC).date().isoformat()
SAMPLE = 40
SHUFFLES = 2
"""In how many orders so many hands press one pair: what presses in turn come to is worked out once for each order."""

OVERLAPPING = 0.9
"""In which part of the races at least two presses are inside the bot at once."""

TELLING = (("into.1:3:2", "into.2:3:2"), ("later.hours:3:2", "later.hours:3:2"))
"""Pairs that are always played: the second has more than one effect where a press is not bound to a revision."""

Press = tuple[int, int, int, str]
Pair = tuple[Meeting, tuple[str, str]]
TOP = Path(__file__).parents[2]
TWICE = "presses at once changed something more than once"
OF_ITEM = (
    *("into.", "because.", "later.", "wake:", "withdraw.", "wish.", "undo:", "item-", "cite.", "translate."),
    *("separate:", "part:", "edit-"),
)
OF_ISSUE = ("publish:", "reopen:", "continue:", "close:", "issue-date.", "issue-skip.", "issue-unskip:", "issue-no.")
UNTOLD = (*DRAWN, "audit")
"""What differs from one try to another though the same was decided: ids of messages, and hashes."""


def revision(stage: Stage, pair: tuple[str, str]) -> int:
    """Return the revision of the row that both presses name with one revision; 0 where they name two rows, or none.

    A hold is left out: it stops an issue whichever its revision is.
    """
    row, same = (data.split(":")[1:] for data in pair)
    for table, kinds in (("items", OF_ITEM), ("issues", OF_ISSUE)):
        if row == same and all(data.startswith(kinds) for data in pair):
            return int(stage.newsroom.rows(f"SELECT revision FROM {table} WHERE id = {row[0]}")[0][0])
    return 0


@dataclass(slots=True)
class Course:
    """Where races are run: a newsroom, its door, and what was worked out of presses in turn."""

    stage: Stage
    door: WebhookDoor
    in_turn: dict[tuple[int, tuple[Press, ...]], str] = field(default_factory=dict)
    together: int = 0

    def decided(self) -> str:
        """Return all that was decided, without the moments at which it was; what is sealed is new each time."""
        found = self.stage.everything(UNTOLD)
        return repr(
            {table: sorted(repr([_opaque(each) for each in row]) for row in rows) for table, rows in found.items()}
        )

    def pressed_in_turn(self, scene: Scene, presses: tuple[Press, ...]) -> str:
        """Return what these presses come to one after the other."""
        key = id(scene), presses
        if key not in self.in_turn:
            self.stage.set_back(scene)
            for press in presses:
                self.stage.newsroom.presses(*press)
            self.in_turn[key] = self.decided()
        return self.in_turn[key]

    def race(self, meeting: Meeting, pair: tuple[str, str], hands: int, shuffle: int) -> str:
        """Let several persons press one of two things each, all at once; say what no presses in turn would do."""
        together = [meeting.pressed(pair[hand % 2], hand) for hand in range(hands)]
        Random(f"{SEED} {pair} {hands} {shuffle}").shuffle(together)
        self.stage.set_back(meeting.scene)
        before = revision(self.stage, pair)
        came = self.door.bring_together(self.stage.newsroom.updates_of(together))
        self.together += self.door.trace.most > 1
        outcome, risen = self.decided(), revision(self.stage, pair) - before
        if risen > 1:
            return f"{TWICE}: {risen} times by {together}"
        orders = itertools.chain([came], itertools.permutations(range(hands)))
        like = any(self.pressed_in_turn(meeting.scene, _ordered(together, order)) == outcome for order in orders)
        return "" if like else f"like no order of them: {together}"


def _opaque(value: object) -> object:
    return "sealed" if isinstance(value, bytes) else value


def _ordered(presses: Sequence[Press], order: Sequence[int]) -> tuple[Press, ...]:
    return tuple(presses[place] for place in order)


def every_pair(stage: Stage) -> list[Pair]:
    return [
        (meeting, pair)
        for meeting in list(meetings(stage))
        for pair in itertools.combinations_with_replacement(meeting.actions, 2)
    ]


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    stage = Stage()
    door = WebhookDoor(stage.newsroom).open()
    yield Course(stage, door)
    door.close()
    stage.newsroom.close()


@pytest.fixture(scope="module")
def pairs(course: Course) -> list[Pair]:
    return every_pair(course.stage)


def action(data: str) -> str:
    return data.partition(":")[0].partition(".")[0]


def test_every_button_that_decides_something_is_raced(pairs: list[Pair]) -> None:
    raced = {action(data) for _, pair in pairs for data in pair}
    assert set(routes.BUTTONS) - raced - VIEWS == set(ALONE)
    assert raced <= set(routes.BUTTONS)


@pytest.mark.timeout(0 if ROUNDS else 120)
def test_presses_at_the_same_time_do_what_some_order_of_them_does(course: Course, pairs: list[Pair]) -> None:
    random = Random(SEED)
    chosen = pairs if ROUNDS else random.sample(pairs, SAMPLE)
    chosen = chosen + [(pairs[0][0], pair) for pair in TELLING]
    wrong: list[str] = []
    for number in range(1, max(1, ROUNDS) + 1):
        played = [course.race(*one, random.randint(2, 5), random.randrange(SHUFFLES)) for one in chosen]
        wrong += filter(None, played)
        races = number * len(chosen)
        print(f"{number}: {races} races of {len(pairs)} pairs, {course.together} with handlers at work at once", end="")
        print(f", {len(course.in_turn)} orders of presses in turn, {len(wrong)} like none", flush=True)
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert course.together > races * OVERLAPPING


@pytest.mark.crash
@pytest.mark.timeout(300)
def test_without_the_condition_on_the_revision_a_pair_has_more_than_one_effect(tmp_path: Path) -> None:
    for room in ("bot", "handlers", "store", "tests"):
        shutil.copytree(TOP / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "golden", "unit"))
    shutil.copy(TOP / "pyproject.toml", tmp_path)
    rule = tmp_path / "store" / "items.py"
    assert CONDITION in rule.read_text()
    rule.write_text(rule.read_text().replace(CONDITION, WITHOUT))
    chosen = f"tests/flows/test_pair_races.py::{test_presses_at_the_same_time_do_what_some_order_of_them_does.__name__}"
    command = [sys.executable, "-m", "pytest", "-m", "", "-p", "no:cacheprovider", "-p", "no:xdist", chosen]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)
    assert found.returncode == pytest.ExitCode.TESTS_FAILED, found.stdout + found.stderr
    assert TWICE in found.stdout
