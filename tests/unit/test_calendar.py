"""When an issue is due: every week at its hour, in every zone, and once on the days when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import WEEKDAYS, moment, next_due, parse

KYIV = "Europe/Kyiv"
ZONES = [
    *(KYIV, "Europe/London", "America/Sao_Paulo", "America/St_Johns", "Asia/Kathmandu", "Asia/Beirut", "Africa/Cairo"),
    *("Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Chatham", "Pacific/Kiritimati", "UTC"),
]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SCHEDULES = st.builds("{} {:02}:{:02}".format, st.sampled_from(WEEKDAYS), st.integers(0, 23), st.integers(0, 59))


def test_a_schedule_is_a_day_and_an_hour() -> None:
    assert parse("sun 18:00") == (6, time(18))
    assert parse("mon 00:05") == (0, time(0, 5))


@pytest.mark.parametrize(
    "wrong", ["", "sun", "sun 25:00", "sun 18:60", "sunday 18:00", "18:00 sun", "sun 18", "Sun 18:00"]
)
def test_what_is_no_schedule_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse(wrong)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        ("2026-11-22", "18:00", KYIV, "2026-11-22 16:00"),
        ("2026-07-05", "18:00", KYIV, "2026-07-05 15:00"),
        ("2026-03-29", "03:30", KYIV, "2026-03-29 01:00"),  # there is no 03:30 on that day: 04:00 is the first there is
        ("2026-03-29", "03:00", KYIV, "2026-03-29 01:00"),
        ("2026-03-29", "02:59", KYIV, "2026-03-29 00:59"),
        ("2026-03-29", "04:00", KYIV, "2026-03-29 01:00"),
        ("2026-10-25", "03:30", KYIV, "2026-10-25 00:30"),  # twice on that day: the first one counts
        ("2026-10-25", "04:00", KYIV, "2026-10-25 02:00"),
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03 15:30"),  # a change of half an hour
        ("2026-03-29", "02:30", "Antarctica/Troll", "2026-03-29 01:00"),  # a change of two hours
        ("2026-03-29", "00:00", "Asia/Beirut", "2026-03-28 22:00"),  # a day that begins at one
    ],
)
def test_an_hour_is_found_also_where_there_is_none_or_two(day: str, clock: str, zone: str, expected: str) -> None:
    found = moment(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))
    assert found == datetime.fromisoformat(f"{expected}+00:00")
    assert found.tzinfo is UTC


def test_the_hour_itself_is_not_due_once_more() -> None:
    due, local, day = next_due("sun 18:00", KYIV, datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    assert (due, local, day) == (datetime(2026, 11, 22, 16, tzinfo=UTC), "2026-11-22 18:00", date(2026, 11, 22))
    assert next_due("sun 18:00", KYIV, due)[1] == "2026-11-29 18:00"


def test_the_local_hour_stays_through_the_changes_of_a_year() -> None:
    due = datetime(2026, 1, 1, tzinfo=UTC)
    hours, spans = set(), []
    for _ in range(52):
        before, (due, local, day) = due, next_due("sun 18:00", KYIV, due)
        hours.add((due.astimezone(ZoneInfo(KYIV)).strftime("%a %H:%M"), local.partition(" ")[2], day.weekday()))
        spans.append(due - before)
    assert hours == {("Sun 18:00", "18:00", 6)}
    assert sorted(set(spans[1:])) == [timedelta(hours=week) for week in (167, 168, 169)]


@pytest.mark.parametrize("schedule", ["sun 03:30", "sun 03:00", "sun 04:00"])
def test_the_night_of_a_change_has_one_issue(schedule: str) -> None:
    due, found = datetime(2026, 3, 1, tzinfo=UTC), []
    while due < datetime(2026, 11, 5, tzinfo=UTC):
        due, local, _ = next_due(schedule, KYIV, due)
        found.append((due.date(), local))
    assert len({day for day, _ in found}) == len({local for _, local in found}) == len(found) == 37


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
def test_the_next_hour_is_later_within_eight_days_and_none_is_passed_over(
    schedule: str, zone: str, now: datetime
) -> None:
    due, local, day = next_due(schedule, zone, now)
    assert timedelta(0) < due - now <= timedelta(days=8)
    assert WEEKDAYS[day.weekday()] == schedule[:3]
    assert local == f"{day} {schedule[4:]}"
    there = due.astimezone(ZoneInfo(zone))
    assert timedelta(0) <= there.replace(tzinfo=None) - datetime.fromisoformat(local) <= timedelta(hours=2)
    assert next_due(schedule, zone, due - timedelta(microseconds=1))[0] == due
    assert next_due(schedule, zone, due)[0] > due
