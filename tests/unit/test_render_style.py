"""House style: what may be printed, how dates read in each language, and the order of items."""

import itertools
import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_sample import A_WEEK, FEBRUARY, day, item

from bot.render.style import citation_text, clean, clean_block, date_text, find_links, long_date, order, safe_url
from store.records import NO_DATE, Citation, Precision, PrintedItem, PublicationDate


def test_white_space_is_collapsed_and_the_title_stays_as_published():
    assert clean("  «Le  dernier\tmot\u00a0»\n– Général ") == "«Le dernier mot\u00a0» – Général"


def test_control_bidi_and_invisible_characters_go():
    assert clean("a\u0000b\u202ec\u2066d\u200be\ufefff\u2028g\ud800h\uffff") == "abcdef gh"


def test_emoji_sequences_stay_whole():
    family = "👩\u200d👩\u200d👧 🏳️\u200d🌈"
    assert clean(family) == family


def test_zalgo_is_bounded_to_three_marks():
    assert clean("Z" + "\u0301" * 40 + "o") == "Z\u0301\u0301\u0301o"


def test_a_block_keeps_its_lines_and_at_most_one_empty_line():
    assert clean_block("\n one \r\ntwo\n\n\n\n three\u202e\n") == "one\ntwo\n\nthree"


@settings(deadline=None)
@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("given_url", "printed"),
    [
        ("https://river.example/a?b=1&c=2#d", "https://river.example/a?b=1&c=2#d"),
        ("HTTP://River.Example:8080/A b", "http://river.example:8080/A%20b"),
        ("https://степ.example/рік?q=є", "https://xn--e1auee.example/%D1%80%D1%96%D0%BA?q=%D1%94"),
        ("https://river.example/(1)%20\\x<y>", "https://river.example/(1)%20%5Cx%3Cy%3E"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
    ],
)
def test_a_web_address_is_printed_in_ascii(given_url, printed):
    assert safe_url(given_url) == printed
    assert safe_url(printed) == printed


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "tg://resolve?domain=eve",
        "ftp://river.example/",
        "//river.example/x",
        "https:///x",
        "https://",
        "https://bank.example@eve.example/",
        "https://river.example:99999/",
        "https://river..example/",
        "https://river.example/\nBcc: x",
        "https://[::1",
        "https://ri ver.example/",
        "https://river.example/" + "x" * 3000,
    ],
)
def test_anything_else_prints_unlinked(url):
    assert safe_url(url) is None


def test_addresses_in_written_text_are_found_without_the_full_stop():
    text = "See https://river.example/x, or (https://meadow.example/y_(z)). Not javascript:x"
    pieces = list(find_links(text))
    assert "".join(shown for shown, _ in pieces) == text
    assert [url for _, url in pieces if url] == ["https://river.example/x", "https://meadow.example/y_(z)"]


DECEMBER = PublicationDate(Precision.MONTH, date(2022, 12, 1))
OVER_NEW_YEAR = PublicationDate(Precision.RANGE, date(2022, 12, 28), date(2023, 1, 3))
OVER_A_MONTH = PublicationDate(Precision.RANGE, date(2023, 1, 28), date(2023, 2, 3))


@pytest.mark.parametrize(
    ("language", "first", "fifth", "last_year", "month", "old_month", "week"),
    [
        ("en", "February 1st", "February 5th", "December 31st, 2022", "February", "December 2022", "20–26 February"),
        ("uk", "1 лютого", "5 лютого", "31 грудня 2022\u202fр.", "лютий", "грудень 2022\u202fр.", "20–26 лютого"),
        ("ru", "1 февраля", "5 февраля", "31 декабря 2022\u202fг.", "февраль", "декабрь 2022\u202fг.", "20–26 февраля"),
        ("fr", "1er février", "5 février", "31 décembre 2022", "février", "décembre 2022", "20–26 février"),
        ("de", "1. Februar", "5. Februar", "31. Dezember 2022", "Februar", "Dezember 2022", "20.–26. Februar"),
        (
            "es",
            "1 de febrero",
            "5 de febrero",
            "31 de diciembre de 2022",
            "febrero",
            "diciembre de 2022",
            "20–26 de febrero",
        ),
        ("pl", "1 lutego", "5 lutego", "31 grudnia 2022", "luty", "grudzień 2022", "20–26 lutego"),
        ("it", "1 febbraio", "5 febbraio", "31 dicembre 2022", "febbraio", "dicembre 2022", "20–26 febbraio"),
        (
            "pt",
            "1 de fevereiro",
            "5 de fevereiro",
            "31 de dezembro de 2022",
            "fevereiro",
            "dezembro de 2022",
            "20–26 de fevereiro",
        ),
        (
            "el",
            "1 Φεβρουαρίου",
            "5 Φεβρουαρίου",
            "31 Δεκεμβρίου 2022",
            "Φεβρουάριος",
            "Δεκέμβριος 2022",
            "20–26 Φεβρουαρίου",
        ),
    ],
)
def test_dates_read_as_each_language_writes_them(language, first, fifth, last_year, month, old_month, week):
    dates = (day(2023, 2, 1), day(2023, 2, 5), day(2022, 12, 31), FEBRUARY, DECEMBER, A_WEEK)
    assert tuple(date_text(each, language, 2023) for each in dates) == (
        first,
        fifth,
        last_year,
        month,
        old_month,
        week,
    )


def test_english_days_are_ordinal():
    wanted = {
        1: "1st",
        2: "2nd",
        3: "3rd",
        4: "4th",
        11: "11th",
        12: "12th",
        13: "13th",
        21: "21st",
        22: "22nd",
        31: "31st",
    }
    printed = {number: date_text(day(2023, 1, number), "en-GB", 2023) for number in wanted}
    assert printed == {number: f"January {ordinal}" for number, ordinal in wanted.items()}


def test_ranges_over_months_and_years_name_what_differs():
    assert date_text(OVER_A_MONTH, "en", 2023) == "28 January – 3 February"
    assert date_text(OVER_NEW_YEAR, "en", 2023) == "28 December 2022 – 3 January 2023"
    assert date_text(OVER_A_MONTH, "de", 2024) == "28. Januar – 3. Februar 2023"


def test_a_missing_or_unfinished_date_stays_missing():
    assert date_text(NO_DATE, "en", 2023) == ""
    assert date_text(PublicationDate(Precision.DAY), "en", 2023) == ""
    assert date_text(PublicationDate(Precision.RANGE, date(2023, 2, 20)), "en", 2023) == "February 20th"


def test_an_unknown_language_gets_english_dates():
    assert date_text(FEBRUARY, "xx-Nowhere", 2023) == "February"
    assert long_date(date(2023, 2, 5), "") == "5 February 2023"


@pytest.mark.parametrize(
    ("citation", "printed"),
    [
        (Citation("Meadow", None, None, day(2023, 2, 5)), "(Meadow, February 5th)"),
        (Citation("Meadow"), "(Meadow)"),
        (Citation(" \u202e ", None, None, FEBRUARY), "(February)"),
        (Citation(), ""),
    ],
)
def test_a_missing_part_of_a_citation_is_left_out(citation, printed):
    assert citation_text(citation, "en", 2023) == printed


def test_items_stand_newest_first_months_at_their_last_day_undated_last():
    wanted = [
        item("A month counts as the 28th", when=FEBRUARY),
        item("a range counts as its end, ties by title", when=A_WEEK),
        item("B on the same day", when=day(2023, 2, 26)),
        item("February fifth", when=day(2023, 2, 5)),
        item("The year before", when=day(2022, 12, 31)),
        item("Alpha, undated"),
        item("beta, undated"),
    ]
    for seed in range(20):
        arrived = random.Random(seed).sample(wanted, len(wanted))
        assert list(order(arrived)) == wanted


def test_the_first_dated_citation_decides():
    late = Citation("Meadow", None, None, day(2023, 2, 9))
    double = PrintedItem("Double", (Citation("River"), late))
    single = item("Single", when=day(2023, 2, 8))
    assert order([single, double]) == (double, single)


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=4), st.integers(0, 3)), max_size=8), st.randoms())
def test_the_order_does_not_depend_on_arrival(rows, chance):
    items = [item(title, when=day(2023, 2, 1 + number)) for title, number in rows]
    shuffled = chance.sample(items, len(items))
    assert order(shuffled) == order(items)
    days = [each.citations[0].date.start or date.min for each in order(items)]
    assert all(later - earlier <= timedelta(0) for earlier, later in itertools.pairwise(days))
