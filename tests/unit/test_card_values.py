"""What moderators type for a field is taken as it is meant, or refused with the sentence that says why."""

from datetime import date

import pytest

from bot.errors import Refused
from bot.moderation import values
from bot.render.reasons import HOUSE, mark, reason_words
from bot.render.tongues import language_code, language_name
from store.records import NO_DATE, Precision

NEAR = date(2026, 11, 16)
LINKS = ("https://a.example/b", "See www.a.example", "a.example/b")
NOTHING = ("", "  \n", "\u200b\u2060")


@pytest.mark.parametrize(
    ("read", "words", "key"),
    [
        *[(values.title, words, "edit-title-empty") for words in NOTHING],
        (values.title, "м" * 501, "edit-title-long"),
        *[
            (values.title, words, "edit-title-link")
            for words in ("https://a.example/b", "See www.a.example", "a.example/b")
        ],
        *[(values.source, words, "edit-source-empty") for words in NOTHING],
        (values.source, "x" * 121, "edit-source-long"),
        (values.source, "http://a.example", "edit-source-link"),
        *[(values.authors, words, "edit-authors-empty") for words in (*NOTHING, "; ;")],
        (values.authors, "x" * 101, "edit-authors-long"),
        (values.authors, ";".join(f"A{n}" for n in range(21)), "edit-authors-long"),
        (values.authors, "Ana; https://a.example", "edit-authors-link"),
        *[(values.language, words, "edit-language-empty") for words in NOTHING],
        *[
            (values.language, words, "edit-language-none")
            for words in ("Klingonish", "x", "en-abcdefgh-abcdefgh", "en-", "31", "💥")
        ],
        *[(values.reason, words, "why-empty") for words in NOTHING],
        (values.reason, "x" * 301, "why-long"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_sentence(read, words, key):
    with pytest.raises(Refused) as refusal:
        read(words)
    assert refusal.value.key == key


@pytest.mark.parametrize("words", ["31 February", "tomorrow", "0 May", "https://a.example", "x" * 5000])
def test_what_is_no_date_is_refused(words):
    with pytest.raises(Refused) as refusal:
        values.publication_date(words, NEAR)
    assert refusal.value.key == "edit-date-none"


@pytest.mark.parametrize("name", ["Herald, 31 February", "Степ, 31 лютого", "Herald, February 30th"])
def test_a_date_that_is_none_is_not_taken_for_a_part_of_the_source(name):
    with pytest.raises(Refused) as refusal:
        values.check_source(name)
    assert refusal.value.key == "edit-date-none"
    values.check_source("May 9 Movement, Kyiv")
    values.check_source("Herald, 31 Street")


def test_titles_names_and_dates_are_taken_as_they_are_meant():
    assert values.title("  What Booking.com\nleaves  behind ") == "What Booking.com leaves behind"
    assert values.title("м" * 500)
    assert values.authors("Olena Tymkiv; Ivan Koval ;Olena Tymkiv") == ("Olena Tymkiv", "Ivan Koval")
    assert values.authors("–") == ()
    assert values.publication_date("-", NEAR) == NO_DATE
    assert values.publication_date("August 2024", NEAR).precision == Precision.MONTH
    assert values.language("–") is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("uk", "uk"),
        ("PT-br", "pt-BR"),
        ("Georgian", "ka"),
        ("грузинська", "ka"),
        ("Ελληνικά", "el"),
        ("français", "fr"),
    ],
)
def test_a_language_is_known_by_its_code_and_its_names(words, code):
    assert language_code(words) == code
    assert language_code(language_name(code.split("-")[0], "uk")) == code.split("-")[0]


def test_a_reason_of_the_house_is_spoken_in_every_language_and_others_stay_as_they_are():
    assert reason_words("uk", HOUSE[0]) == "Не за темою"
    assert reason_words("uk", "reason-to-stay") == "reason-to-stay"
    assert reason_words("en", "") == ""
    assert len({mark(reason) for reason in (*HOUSE, "Off topic")}) == len(HOUSE) + 1
