"""Dates as people and pages write them; a wrong one is worse than none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.dates import dates_in, parse_date
from store.records import NO_DATE, Precision, PublicationDate

ISSUE_DAY = date(2023, 2, 5)


def day(year: int, month: int, number: int) -> PublicationDate:
    return PublicationDate(Precision.DAY, date(year, month, number))


def month(year: int, number: int) -> PublicationDate:
    return PublicationDate(Precision.MONTH, date(year, number, 1))


def days(start: date, end: date) -> PublicationDate:
    return PublicationDate(Precision.RANGE, start, end)


WRITTEN = [
    # as real issues have them
    ("February 5th", day(2023, 2, 5)),
    ("31 January", day(2023, 1, 31)),
    ("Nov 21st", day(2022, 11, 21)),
    ("December 31st", day(2022, 12, 31)),
    ("December 2022", month(2022, 12)),
    ("August 2024", month(2024, 8)),
    ("(February)", month(2023, 2)),
    ("20-26 February", days(date(2023, 2, 20), date(2023, 2, 26))),
    ("20–26 February 2023", days(date(2023, 2, 20), date(2023, 2, 26))),
    ("February 20-26", days(date(2023, 2, 20), date(2023, 2, 26))),
    ("February 28 – March 3, 2026", days(date(2026, 2, 28), date(2026, 3, 3))),
    ("28 December – 3 January", days(date(2022, 12, 28), date(2023, 1, 3))),
    ("28 December – 3 January 2023", days(date(2022, 12, 28), date(2023, 1, 3))),
    # a range in words
    ("5 a 11 de fevereiro de 2022", days(date(2022, 2, 5), date(2022, 2, 11))),
    ("du 5 au 11 février 2022", days(date(2022, 2, 5), date(2022, 2, 11))),
    ("5. bis 11. Februar 2022", days(date(2022, 2, 5), date(2022, 2, 11))),
    ("5 по 11 лютого 2022", days(date(2022, 2, 5), date(2022, 2, 11))),
    ("30 de enero al 5 de febrero de 2022", days(date(2022, 1, 30), date(2022, 2, 5))),
    # figures
    ("2026-11-21", day(2026, 11, 21)),
    ("2026/11/21", day(2026, 11, 21)),
    ("2026-02-05T22:30:00+02:00", day(2026, 2, 5)),
    ("2026-02-05T22:30:00.123Z", day(2026, 2, 5)),
    ("2026-02-05 10:00", day(2026, 2, 5)),
    ("20260205", day(2026, 2, 5)),
    ("2026-02", month(2026, 2)),
    ("21.11.2026", day(2026, 11, 21)),
    ("5. 2. 2026", day(2026, 2, 5)),
    ("5.2.26", day(2026, 2, 5)),
    ("21/11/2026", day(2026, 11, 21)),
    ("11/21/2026", day(2026, 11, 21)),
    ("05/05/2026", day(2026, 5, 5)),
    # machines
    ("Thu, 05 Feb 2026 10:00:00 GMT", day(2026, 2, 5)),
    ("Thu Feb 05 2026 10:00:00 GMT+0200 (EET)", day(2026, 2, 5)),
    ("Fri Feb 6 14:20:00 2026", day(2026, 2, 6)),
    ("Sun 5 Feb 2026 10.00 GMT", day(2026, 2, 5)),
    ("January 31, 2023 12:01AM EST", day(2023, 1, 31)),
    ("05.02.2026 10:00", day(2026, 2, 5)),
    # languages
    ("Thursday, 5th of February, 2026", day(2026, 2, 5)),
    ("Feb. 5, 2026 at 5:30 pm", day(2026, 2, 5)),
    ("5 лютого 2026 року", day(2026, 2, 5)),
    ("П’ятниця, 3 лютого 2023, 14:20", day(2023, 2, 3)),
    ("14:20, 3 лютого 2023", day(2023, 2, 3)),
    ("5-го лютого", day(2023, 2, 5)),
    ("лютий 2026", month(2026, 2)),
    ("3 февраля 2023 г.", day(2023, 2, 3)),
    ("12 мая 2022 года", day(2022, 5, 12)),
    ("1er février 2026", day(2026, 2, 1)),
    ("le 3 aout 2022 à 14h30", day(2022, 8, 3)),
    ("Freitag, 5. März 2021, 14:30 Uhr", day(2021, 3, 5)),
    ("3. Jänner 2023", day(2023, 1, 3)),
    ("5 de febrero de 2026", day(2026, 2, 5)),
    ("5 lutego 2026 r.", day(2026, 2, 5)),
    ("środa, 5 października 2022", day(2022, 10, 5)),
    ("5 gennaio 2023", day(2023, 1, 5)),
    ("1º de março de 2022", day(2022, 3, 1)),
    ("5 Φεβρουαρίου 2026", day(2026, 2, 5)),
    ("ΔΕΥΤΕΡΑ 5 ΜΑΪΟΥ 2025", day(2025, 5, 5)),
    ("Сентябрь 2022", month(2022, 9)),
    ("5 сiчня 2026", day(2026, 1, 5)),  # with a Latin i
    ("5.fev.2026 às 10h30", day(2026, 2, 5)),
    ("05/fev/2026 10h30", day(2026, 2, 5)),
    ("5 de fev. de 2026 às 10:30", day(2026, 2, 5)),
    ("lundi 5 janvier 2026 à 10 h 30", day(2026, 1, 5)),
    ("mar 3 febbraio 2026, ore 10.30", day(2026, 2, 3)),
    ("mar 5, 2026", day(2026, 3, 5)),
    ("Δευτέρα, 05 Ιανουαρίου 2026 10:30 μ.μ.", day(2026, 1, 5)),
    ("5 февраля 2026, 10:30 МСК", day(2026, 2, 5)),
    ("10:30 | 05.02.2026", day(2026, 2, 5)),
    ("05.02.2026 • 10:30", day(2026, 2, 5)),
    ("5 лютого 2026, четвер", day(2026, 2, 5)),
    ("Feb 5, 2026 4pm ET", day(2026, 2, 5)),
    ("5 Feb 2026 at 10:30 Kyiv time", day(2026, 2, 5)),
    ("05 Φεβρουαρίου 2026 στις 10:30", day(2026, 2, 5)),
    ("2026, February 5", day(2026, 2, 5)),
    ("05 / 02 / 26", NO_DATE),
    # the day of the week decides which figure is the day, and in which year a day without one fell
    ("Thu, 02/05/2026 - 10:30", day(2026, 2, 5)),
    ("Sat, 02/05/2026 - 10:30", day(2026, 5, 2)),
    ("Wed, 02/05/2026 - 10:30", NO_DATE),
    ("Friday, 5 February", day(2021, 2, 5)),
    ("Sunday, 5 February", day(2023, 2, 5)),
]

NO_DATES = [
    "",
    "31 February",
    "29 February",
    "29 February 2023",
    "0 May",
    "32 May",
    "26-20 February",
    "2023",
    "02/03/2026",
    "5/2/26",
    "2026-13-01",
    "13.13.2026",
    "0001-01-01",
    "5 May 3022",
    "Kyiv 5 May",
    "5 May Kyiv",
    "hello",
    "yesterday",
    "(",
    "5",
]


@pytest.mark.parametrize(("text", "meant"), WRITTEN)
def test_a_date_is_read_as_exactly_as_it_is_written(text: str, meant: PublicationDate) -> None:
    assert parse_date(text, near=ISSUE_DAY) == meant


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_clear_date_stays_without_one(text: str) -> None:
    assert parse_date(text, near=ISSUE_DAY) == NO_DATE


def test_figures_are_read_day_first_where_people_write_so() -> None:
    assert parse_date("02/03/2026", language="fr", near=ISSUE_DAY) == day(2026, 3, 2)
    assert parse_date("02/03/26", language="it", near=ISSUE_DAY) == day(2026, 3, 2)
    assert parse_date("02-03-2026", language="uk", near=ISSUE_DAY) == day(2026, 3, 2)


def test_in_english_only_a_country_tells_the_day_from_the_month() -> None:
    assert parse_date("02/03/2026", language="en-GB", near=ISSUE_DAY) == day(2026, 3, 2)
    assert parse_date("02/03/2026", language="en_US", near=ISSUE_DAY) == day(2026, 2, 3)
    assert parse_date("02.03.2026", language="en-US", near=ISSUE_DAY) == day(2026, 3, 2)
    for unclear in ("en", "en-CA", None):
        assert parse_date("02/03/2026", language=unclear, near=ISSUE_DAY) == NO_DATE
        assert parse_date("02-03-2026", language=unclear, near=ISSUE_DAY) == NO_DATE


@pytest.mark.parametrize(
    ("text", "year"), [("April 6th", 2023), ("April 7th", 2022), ("6 February", 2023), ("5 May", 2022)]
)
def test_a_date_without_a_year_is_at_most_sixty_days_ahead(text: str, year: int) -> None:
    found = parse_date(text, near=ISSUE_DAY)
    assert found.start is not None
    assert found.start.year == year


def test_a_leap_day_without_a_year_belongs_to_the_nearest_leap_year() -> None:
    assert parse_date("February 29th", near=date(2024, 3, 3)) == day(2024, 2, 29)
    assert parse_date("February 29th", near=date(2025, 1, 3)) == day(2024, 2, 29)


@given(st.dates(date(1999, 3, 1), date(2090, 1, 1)), st.integers(-300, 59))
def test_a_day_and_month_near_the_issue_find_their_year(issue_day: date, offset: int) -> None:
    published = issue_day + timedelta(days=offset)
    written = f"{published:%B} {published.day}"
    assert parse_date(written, near=issue_day) == PublicationDate(Precision.DAY, published)


@given(st.text("0123456789-/.,:() thfebruay–лютогоé", max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert parse_date(text, near=ISSUE_DAY).precision in Precision
    assert len(list(dates_in(text, near=ISSUE_DAY))) <= len(text)


def test_days_are_found_in_running_text_in_their_order() -> None:
    text = "12.05.2023: Published on August 31, 2023, updated 2 September 2023. On 5 May, version 1.2.3 of 2020."
    assert list(dates_in(text, near=ISSUE_DAY)) == [day(2023, 5, 12), day(2023, 8, 31), day(2023, 9, 2)]


def test_a_day_without_its_year_is_found_only_when_asked_for() -> None:
    assert list(dates_in("Опубліковано 5 лютого, 12:30", near=ISSUE_DAY)) == []
    assert list(dates_in("Опубліковано 5 лютого, 12:30", near=ISSUE_DAY, whole=False)) == [day(2023, 2, 5)]


def test_a_long_text_takes_no_long_time() -> None:
    assert parse_date("5 May " * 20_000, near=ISSUE_DAY) == NO_DATE
    assert parse_date("1" * 100_000, near=ISSUE_DAY) == NO_DATE
