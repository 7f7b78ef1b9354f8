"""Titles that are the same, similar or different, from the habits of papers in ten languages."""

from pathlib import Path

import pytest

from bot.intake.known import is_home
from bot.intake.likeness import Likeness, likeness
from store.titles import marks, stems_of, words

SIGNS = {"=": Likeness.SAME, "~": Likeness.SIMILAR, "!": Likeness.DIFFERENT}
LINES = (Path(__file__).with_name("title_pairs.txt")).read_text("utf-8").splitlines()[1:]
PAIRS = [(*[part.strip() for part in line[1:].split(" | ", 1)], SIGNS[line[0]]) for line in LINES]


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS)
def test_titles_are_told_apart_as_a_person_would(one: str, other: str, expected: Likeness) -> None:
    assert likeness(one, other) == likeness(other, one) == expected


def test_the_table_is_long_enough_to_mean_something() -> None:
    counts = {grade: len({pair[:2] for pair in PAIRS if pair[2] == grade}) for grade in Likeness}
    assert sum(counts.values()) >= 60
    assert min(counts.values()) >= 20


@pytest.mark.parametrize(("one", "other"), [pair[:2] for pair in PAIRS if pair[2] != Likeness.DIFFERENT])
def test_titles_that_are_alike_share_what_they_are_found_by(one: str, other: str) -> None:
    assert len(marks(one) & marks(other)) >= min(2, len(stems_of(one)))


def test_words_of_a_title_are_those_that_tell_its_story() -> None:
    assert words("Russia’s war on Ukraine – what now?") == ("russia", "war", "ukraine", "now")
    assert words("Who are we?") == ("who", "are", "we")
    assert words("Не без надії: «Ми не здаємось»") == ("не", "без", "надіі", "не", "здаємось")
    assert words("https://herald.example/a") == ()
    assert max(len(mark) for mark in marks("x" * 500 + " " + "9" * 500)) <= 40
    assert len(marks("a\ud800b " + " ".join(f"word{n}" for n in range(100_000)))) <= 40


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("https://herald.example/", True),
        ("https://herald.example", True),
        ("https://herald.example/?p=17", False),
        ("https://herald.example/a", False),
    ],
)
def test_a_home_page_says_nothing_of_the_story_that_led_there(address: str, home: bool) -> None:
    assert is_home(address) == home
