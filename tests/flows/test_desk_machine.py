"""Random people press, reply, command and wait at random, through the real doors and the real store: twelve invariants.

`make soak` plays it 500 times for a hundred steps; DESK_RUNS and DESK_STEPS say how often and how long.
"""

import os
import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from store.records import Gate
from tests.flows.desk_invariants import Watchman
from tests.flows.paper import ANA, BELLA, BORIS, CHRIS, CLARA, DESK, EVE, OLENA, REX, Newsroom

# A failure is looked at as it is found: to shrink it takes longer than to read it.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
RUNS, STEPS = int(os.environ.get("DESK_RUNS", "30")), int(os.environ.get("DESK_STEPS", "6"))
EVERYBODY = (BORIS, BELLA, CLARA, CHRIS, OLENA, ANA, EVE, REX)
COMMANDS = (
    *("/queue", "/moderate", "/issue", "/publish", "/hold", "/continue", "/close", "/reopen", "/report", "/correct 1"),
    *("/people", "/settings", "/mine", "/notice Open assembly, 25 November 2026, 18:30, Weavers’ Hall", "/invite"),
    *("/intro", "/skip", "/notices", "/help", "/sources", "/guard on", "/nonsense"),
)
WORDS = (
    "Another title",
    "Title (Herald, November 12th)",
    "31 February",
    "",
    "x" * 5000,
    "https://herald.example/other",
    "Herald, Kyiv",
    "12 November",
    "2",
    "‮ evil\u0000",
)
MINUTES = (0, 2, 2, 30, 61, 60 * 24, 60 * 24 * 6)


class DeskMachine(RuleBasedStateMachine):
    """Everybody at one desk; whatever button was ever shown may be pressed at any time by anybody."""

    newsroom: Newsroom

    def __init__(self) -> None:
        super().__init__()
        self.newsroom.begin()
        self.watchman = Watchman(self.newsroom)
        self.sent = 0

    @initialize(quorum=st.sampled_from([1, 1, 2]), gate=st.sampled_from(list(Gate)), out=st.booleans())
    def begin(self, quorum: int, gate: Gate, out: bool) -> None:
        """Begin with links that wait, two of which have been pressed on, and perhaps with an issue that is out."""
        self.newsroom.settle(quorum=quorum, gate=gate)
        self.send_links(ANA, 4, again=False)
        self.send_links(BORIS, 1, again=False)
        self.decide(CLARA, 0, "into", 2)
        if out:
            self.decide(CHRIS, 0, "into", quorum - 1)
            self.watchman.look()
            self.the_hour_comes(1, 0)
            for editor in (CLARA, CHRIS):
                self._press_latest(editor, "publish", 0)
                self.watchman.look()
            self.the_hour_comes(61, 3)

    @rule(who=st.sampled_from([ANA, ANA, ANA, BORIS, EVE]), count=st.integers(1, 4), again=st.booleans())
    def send_links(self, who: int, count: int, again: bool) -> None:
        first = 0 if again else self.sent
        self.sent = max(self.sent, first + count)
        lines = [f"http://herald.example/{number}" for number in range(first, first + count)]
        self.newsroom.writes(who, f"title: Story {first}\n{lines[0]}" if count == 1 else "\n".join(lines))
        self.newsroom.read_pages()
        self.newsroom.say_what_waits()

    @rule(who=st.sampled_from(EVERYBODY), place=st.integers(0, 10**6), newest=st.booleans())
    def press(self, who: int, place: int, newest: bool) -> None:
        shown = self.newsroom.paper.pressable
        if not shown:
            return
        chat, message, data = shown[-1 - place % min(len(shown), 12)] if newest else shown[place % len(shown)]
        self.newsroom.presses(chat if chat != DESK and chat > 0 else who, chat, message, data)

    @rule(
        who=st.sampled_from([BORIS, BELLA, CLARA, CHRIS]),
        place=st.integers(0, 20),
        what=st.sampled_from(["into", "into", "into", "reject", "because", "undo", "later", "edit", "wake"]),
        count=st.integers(1, 3),
    )
    def decide(self, who: int, place: int, what: str, count: int) -> None:
        """Press buttons of one kind that stand at the desk now."""
        for _ in range(count):
            shown = [
                (said, data)
                for said in self.newsroom.paper.said.values()
                for data in said.data
                if said.chat == DESK and re.match(rf"v1:{what}\b", data)
            ]
            if shown:
                said, data = shown[-1 - place % len(shown)]
                self.newsroom.presses(who, said.chat, said.message, data)
                self.newsroom.say_what_waits()

    @rule(minutes=st.sampled_from([1, 61]), posts=st.integers(0, 3))
    def the_hour_comes(self, minutes: int, posts: int) -> None:
        """Let the open issue's hour come, and perhaps the end of its countdown, and posts go out."""
        due = self.newsroom.rows("SELECT due_at FROM issues WHERE number IS NULL")[0][0]
        left = datetime.fromisoformat(due).replace(tzinfo=UTC) - self.newsroom.clock.now()
        self.newsroom.time_passes(max(left.total_seconds() / 60, 0) + 1)
        self.newsroom.time_passes(minutes)
        for _ in range(posts):
            self.newsroom.send_posts()
        self.newsroom.say_what_waits()

    @rule(
        who=st.sampled_from([CLARA, CHRIS]),
        words=st.sampled_from(["/close", "/reopen", "/publish", "/hold", "/continue", "/correct"]),
    )
    def release(self, who: int, words: str) -> None:
        self.newsroom.writes(who, words, desk=True)
        self.newsroom.say_what_waits()

    @rule(who=st.sampled_from(EVERYBODY), words=st.sampled_from(WORDS), place=st.integers(0, 5))
    def reply(self, who: int, words: str, place: int) -> None:
        asked = [said for said in self.newsroom.paper.said.values() if said.ask]
        if asked and words:
            said = asked[-1 - place % len(asked)]
            desk = said.chat == DESK
            self.newsroom.writes(who if desk else said.chat, words, desk=desk, reply_to=said.message)

    @rule(who=st.sampled_from(EVERYBODY), words=st.sampled_from(COMMANDS), desk=st.booleans())
    def command(self, who: int, words: str, desk: bool) -> None:
        self.newsroom.writes(who, words, desk=desk)
        self.newsroom.say_what_waits()

    @rule(
        who=st.sampled_from([BORIS, CLARA, EVE, ANA]),
        data=st.sampled_from(["into.1", "undo", "because.0", "publish", "close", "edit", "withdraw"]),
        subject=st.integers(0, 6),
        revision=st.integers(0, 4),
    )
    def forge(self, who: int, data: str, subject: int, revision: int) -> None:
        self.newsroom.presses(who, who, 1, f"v1:{data}:{subject}:{revision}")

    @rule(who=st.sampled_from([CLARA, CHRIS]), field=st.integers(0, 4), words=st.sampled_from(WORDS))
    def correct(self, who: int, field: int, words: str) -> None:
        """Correct the first item of the latest issue, with whatever comes to mind."""
        self.newsroom.writes(who, "/correct", desk=True)
        for action, place in (("correct-in", 0), ("correct-item", 0), ("correct-ask", field)):
            self._press_latest(who, action, place)
        asked = [said for said in self.newsroom.paper.said.values() if said.ask]
        if asked and words:
            self.newsroom.writes(who, words, desk=asked[-1].chat == DESK, reply_to=asked[-1].message)
        self._press_latest(who, "correct-do", 0)

    def _press_latest(self, who: int, action: str, place: int) -> None:
        shown = [said for said in self.newsroom.paper.said.values() if said.chat == DESK]
        offers = [(said, [d for d in said.data if d.startswith(f"v1:{action}")]) for said in shown]
        latest = max((offer for offer in offers if offer[1]), key=lambda offer: offer[0].message, default=None)
        if latest is not None:
            said, data = latest
            self.newsroom.presses(who, said.chat, said.message, data[min(place, len(data) - 1)])

    @rule(minutes=st.sampled_from(MINUTES))
    def wait(self, minutes: int) -> None:
        self.newsroom.time_passes(minutes)
        self.newsroom.say_what_waits()

    @rule()
    def post(self) -> None:
        self.newsroom.send_posts()

    @invariant()
    def the_watchman_is_content(self) -> None:
        self.watchman.look()

    def teardown(self) -> None:
        for _ in range(2):
            self.newsroom.time_passes(3)
            self.newsroom.say_what_waits()
        self.watchman.look()


@pytest.mark.system
class TestDesk(DeskMachine.TestCase):
    settings = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )

    def setUp(self) -> None:
        DeskMachine.newsroom = Newsroom()

    def tearDown(self) -> None:
        DeskMachine.newsroom.close()
