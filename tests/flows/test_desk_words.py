"""What stands at the desk is in the desk's words: its language, the names that people have now, labels that fit."""

from collections.abc import Iterator

import pytest

from bot.shaping.sections import SHOWN_WHOLE
from bot.texts import languages, say
from tests.flows.desk_scenes import Stage
from tests.flows.paper import ANA, BORIS, CLARA, DESK

QUEUE = ("filter", "select", "bring-cards", "seat")


@pytest.fixture(scope="module")
def opened() -> Iterator[Stage]:
    there = Stage()
    yield there
    there.newsroom.close()


@pytest.fixture
def week(opened: Stage) -> Iterator[Stage]:
    """A week with links that wait, as it is at the start of each test."""
    begun = opened.keep()
    yield opened
    opened.set_back(begun)


def answered(week: Stage, who: int, data: str, words: str) -> str:
    """Press a button that asks at the desk, reply to the question, and return what is said then."""
    week.newsroom.presses(who, DESK, 1, f"v1:{data}")
    asked = next(said for said in reversed(week.newsroom.paper.said.values()) if said.ask)
    week.newsroom.writes(who, words, desk=True, reply_to=asked.message)
    return week.newsroom.paper.every[-1][1]


def speak_ukrainian(week: Stage, who: int) -> None:
    week.newsroom.seen.execute(f"UPDATE people SET language = 'uk' WHERE id = {week.newsroom.ids[who]}")


def test_a_reply_at_the_desk_is_refused_in_the_desks_language(week: Stage) -> None:
    speak_ukrainian(week, CLARA)
    refused = answered(week, CLARA, "edit.date:3:2", "31 February")
    assert "February" in refused
    assert not any("а" <= letter <= "я" for letter in refused.lower())
    week.newsroom.presses(CLARA, DESK, 1, "v1:into.1:3:1")
    assert any("а" <= letter <= "я" for letter in week.newsroom.paper.answers[-1].lower())


def test_a_command_that_is_refused_at_the_desk_is_answered_in_its_language(week: Stage) -> None:
    speak_ukrainian(week, BORIS)
    week.newsroom.writes(BORIS, "/guard", desk=True)
    assert week.newsroom.paper.every[-1][1].startswith("For this you need the role of owner")


def test_open_cards_carry_the_new_pseudonym(week: Stage) -> None:
    before = week.newsroom.rows(f"SELECT pseudonym FROM people WHERE id = {week.newsroom.ids[ANA]}")[0][0]
    cards = [message for chat, message in week.newsroom.paper.said if chat == DESK and card_of(week, message, before)]
    assert len(cards) >= 3
    week.newsroom.writes(ANA, "/rename Patient Heron")
    week.draw()
    assert [message for message in cards if not card_of(week, message, "Patient Heron")] == []
    assert [message for message in cards if card_of(week, message, before)] == []


def card_of(week: Stage, message: int, name: str) -> bool:
    said = week.newsroom.paper.said[DESK, message]
    return name in said.text and bool(said.data)


def test_sending_again_with_nothing_left_writes_nothing_down(week: Stage) -> None:
    for data in ("close:1:1", "publish:1:2"):
        week.newsroom.presses(CLARA, DESK, 1, f"v1:{data}")
    week.newsroom.time_passes(1)
    noted = week.newsroom.rows("SELECT count(*) FROM audit")
    week.newsroom.presses(CLARA, DESK, 1, "v1:report-again:1:0")
    assert week.newsroom.paper.answers[-1] == "Nothing is left that could be sent again."
    assert week.newsroom.rows("SELECT count(*) FROM audit") == noted


def test_what_is_settled_for_good_and_never_stood_at_the_desk_is_not_posted(week: Stage) -> None:
    week.newsroom.seen.execute("DELETE FROM cards WHERE kind = 'card' AND subject_id = 1")
    week.newsroom.presses(CLARA, DESK, 1, "v1:close:1:1")
    week.newsroom.presses(CLARA, DESK, 1, "v1:publish:1:2")
    week.newsroom.time_passes(1)
    before = len(week.newsroom.paper.every)
    week.draw()
    shown = [text for chat, text in week.newsroom.paper.every[before:] if chat == DESK and text.startswith("■")]
    assert [text for text in shown if "Story 1" in text]
    assert [text for text in shown if "Story 0" in text] == []


def test_two_labels_in_a_row_of_the_queue_fit_a_phone() -> None:
    labels = [say(language, f"button-{label}") for language in languages() for label in QUEUE]
    assert [label for label in labels if len(label) > SHOWN_WHOLE] == []
