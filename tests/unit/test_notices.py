"""What is read out of a notice as an editor types it: day, hour with its zone, place; nothing is made up."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from render_sample import ISSUE

from bot import notices
from bot.errors import OperatorError
from bot.render.announcement import announcement
from store.records import Notice, NoticeKind, Speaker

MONDAY = date(2026, 11, 16)
KYIV = "Europe/Kyiv"


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("Meeting\nTuesday 8 December, 18:30", at(2026, 12, 8, 16, 30)),
        ("Meeting on 20 January at 7 pm", at(2027, 1, 20, 17)),
        ("Tuesday 8th of December from 6:30 p.m.", at(2026, 12, 8, 16, 30)),
        ("Зустріч 8 грудня о 18:30", at(2026, 12, 8, 16, 30)),
        ("Réunion le 12 janvier à 18h30", at(2027, 1, 12, 16, 30)),
        ("Call on 2026-12-01 19:00 CET", at(2026, 12, 1, 18)),
        ("3 December, 18:30 London time", at(2026, 12, 3, 18, 30)),
        ("30 November, 19.30 New York time", at(2026, 12, 1, 0, 30)),
        ("Зустріч 8 грудня о 18:30 за Києвом", at(2026, 12, 8, 16, 30)),
        ("As told on 1 November: we meet on 25.11.2026 at 10.30", at(2026, 11, 25, 8, 30)),
        ("Tonight, 16 November, 12 am", at(2026, 11, 15, 22)),
    ],
)
def test_the_start_is_read_in_the_zone_that_is_named(text: str, starts: datetime) -> None:
    read = notices.read(text, MONDAY, KYIV)
    assert read.starts == starts
    assert read.kind is NoticeKind.MEETING


@pytest.mark.parametrize(
    "text", ["Sign by Friday", "Rally of 1 November", "20-26 February", "In December", "Room 18.30"]
)
def test_what_is_no_day_to_come_is_none(text: str) -> None:
    read = notices.read(text, MONDAY, KYIV)
    assert (read.kind, read.starts, read.until) == (NoticeKind.OTHER, None, None)
    assert notices.summary(read, "en") == ""


def test_a_day_without_an_hour_is_kept_as_a_day() -> None:
    read = notices.read("Vigil on 30 November\nWhere: Freedom Square", MONDAY, KYIV)
    assert (read.starts, read.until, read.place) == (None, date(2026, 11, 30), "Freedom Square")
    assert notices.summary(read, "en") == "Monday 30 November 2026 · Freedom Square"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A meeting\nBoothroyd Room, Portcullis House, London SW1A 2LW\nTea from six", "Boothroyd Room"),
        ("Зустріч\nМісце: вулиця Річкова, 5", "вулиця Річкова, 5"),
        ("A talk\n8 December\nOnline", "Online"),
        ("A talk about a hall", ""),
        ("A talk\nhttps://house.example/hall", ""),
    ],
)
def test_the_place_is_a_line_that_reads_like_one(text: str, place: str) -> None:
    read = notices.read(text, MONDAY, KYIV)
    assert read.place.startswith(place)
    assert bool(read.place) == bool(place)


def test_the_text_prints_as_it_was_written_with_links_that_stood_behind_words() -> None:
    text = "A   talk\u202e\n\n\n\nJoin here"
    read = notices.read(text, MONDAY, KYIV, ("https://meet.example/x",))
    assert read.text == "A talk\n\nJoin here\nhttps://meet.example/x"
    assert (read.title, read.join_url) == ("A talk", "https://meet.example/x")


def test_the_summary_tells_in_which_zone_the_hour_is_meant() -> None:
    read = notices.read("Talk on 8 December, 18:30", MONDAY, KYIV)
    assert notices.summary(read, "en") == "Tuesday 8 December 2026, 18:30 (Kyiv time, UTC+2)"
    assert notices.summary(read, "uk").startswith("вівторок, 8 грудня 2026")


def printed(notice: Notice) -> list[str]:
    """Return what of a notice prints beside its text."""
    shown = announcement(notice, replace(ISSUE, timezone=KYIV))
    facts = ["".join(span.text for span in fact) for fact in shown.facts]
    return [*facts, *(entry for listing in shown.lists for entry in listing.entries)]


@pytest.mark.parametrize(
    "text",
    [
        "Meeting\nTuesday 8 December, 18:30\nMill Hall, 2 Mill Lane",
        "Meeting on 20 January at 7 pm\nPlace: Mill Hall",
        "Talk of Nadia West\n8th of December from 6:30 p.m.",
        "Зустріч 8 грудня о 18:30 за Києвом",
        "Réunion le 12 janvier à 18h30",
        "3 December, 18:30 London time\nhttps://meet.example/x",
    ],
)
def test_what_was_read_out_of_a_text_is_not_printed_beside_it(text: str) -> None:
    assert printed(notices.read(text, MONDAY, KYIV)) == []


def test_what_an_editor_adds_to_a_text_prints_beside_it() -> None:
    read = notices.read("Open assembly of the weavers", MONDAY, KYIV)
    assert printed(replace(read, starts=at(2026, 12, 8, 16, 30), timezone=KYIV, place="Mill Hall")) == [
        "Tuesday 8 December 2026, 18:30 (Kyiv time, UTC+2)",
        "Mill Hall",
    ]
    more = replace(read, speakers=(Speaker("Nadia West"), Speaker("the weavers", "Union")), demands=("Heat", "weavers"))
    more = replace(more, languages=("Ukrainian: https://uk.example/a",), signatories="1,240 people")
    assert printed(more) == ["Ukrainian: https://uk.example/a", "Signed by 1,240 people", "Nadia West", "Heat"]


def test_an_hour_in_another_zone_is_printed_where_the_text_names_none() -> None:
    read = notices.read("Meeting\n8 December, 18:30", MONDAY, KYIV)
    moved = replace(read, starts=at(2026, 12, 8, 18, 30), timezone="Europe/London")
    assert printed(moved) == ["Tuesday 8 December 2026, 18:30 (London time, UTC)"]


LETTER = """Open letter: heat for the hospitals

We demand:
- Generators for every ward
- No power cuts

Signed by 1,240 people and 35 organisations. Sign by 5 December.
Ukrainian: https://letters.example/uk
Sign here: https://letters.example/sign"""


def test_demands_signatories_and_languages_are_read_out_of_a_letter_and_print_once() -> None:
    read = notices.read(LETTER, MONDAY, KYIV)
    assert (read.kind, read.starts, read.until) == (NoticeKind.CAMPAIGN, None, date(2026, 12, 5))
    assert read.demands == ("Generators for every ward", "No power cuts")
    assert read.signatories == "1,240 people and 35 organisations"
    assert read.languages == ("Ukrainian: https://letters.example/uk",)
    assert printed(read) == []


@pytest.mark.parametrize(
    "text", ["A hall for 200 people", "Ukrainian evening: 200 people came", "Our demands are simple: heat", "Sign: 5"]
)
def test_what_only_looks_like_a_letter_is_none(text: str) -> None:
    read = notices.read(text, MONDAY, KYIV)
    assert (read.kind, read.demands, read.signatories, read.languages) == (NoticeKind.OTHER, (), "", ())


def test_speakers_are_read_from_the_lines_under_their_word() -> None:
    read = notices.read("A talk\nSpeakers:\nNadia West, Union of Weavers\nPavlo Miner\n\nTea", MONDAY, KYIV)
    assert read.speakers == (Speaker("Nadia West", "Union of Weavers"), Speaker("Pavlo Miner"))


def test_a_file_gives_every_field_and_a_wrong_one_is_named() -> None:
    given = {
        "kind": "campaign",
        "title": "Heat",
        "demands": ["Generators"],
        "signatories": "12 unions",
        "languages": ["Greek: https://letters.example/el"],
        "until": "2026-12-05",
    }
    read = notices.read_json(given, KYIV)
    assert (read.demands, read.signatories, read.languages) == (
        *(("Generators",), "12 unions"),
        ("Greek: https://letters.example/el",),
    )
    with pytest.raises(OperatorError, match="demands is to be a list"):
        notices.read_json({**given, "demands": "Generators"}, KYIV)
    late = notices.read_json({"starts": "2026-12-08T23:30:00-05:00", "timezone": "America/New_York"}, KYIV)
    assert late.until == date(2026, 12, 8)
