"""The pace: counted below Telegram's limits, and obeying what Telegram says."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.delivery.pace import GROUP_MOST, Kind, Pace

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
DAN = 4_001
CHANNEL = -1001


def moments(pace: Pace, chat: int, times: int, kind: Kind = "send") -> list[float]:
    """When so many acts in a row go out, in seconds from the start."""
    now, taken = START, []
    for _ in range(times):
        now = max(now, pace.ready_at(chat, now, kind))
        pace.took(chat, now, kind)
        taken.append((now - START).total_seconds())
    return taken


def test_a_chat_gets_a_small_burst_and_then_one_message_a_second() -> None:
    taken = moments(Pace(), DAN, 6)

    assert taken[:2] == [0, 0]
    assert all(later - earlier >= 1 for earlier, later in pairwise(taken[1:]))
    assert taken[-1] < 6


def test_a_channel_gets_no_more_than_twenty_messages_in_any_minute() -> None:
    taken = moments(Pace(), CHANNEL, 50)

    for earlier, later in zip(taken, taken[GROUP_MOST:], strict=False):
        assert later - earlier > 60
    assert taken[GROUP_MOST - 1] < 20, "the first twenty need not wait for the minute"


def test_a_private_chat_has_no_limit_by_the_minute() -> None:
    assert moments(Pace(), DAN, 40)[-1] < 45


def test_all_chats_together_stay_below_thirty_messages_in_any_second() -> None:
    pace, now, taken = Pace(), START, []
    for chat in range(1, 200):
        now = max(now, pace.ready_at(chat, now))
        pace.took(chat, now)
        taken.append((now - START).total_seconds())

    for earlier, later in zip(taken, taken[30:], strict=False):
        assert later - earlier >= 1
    assert taken[-1] < 8


def test_editing_does_not_wait_for_sending() -> None:
    pace = Pace()
    moments(pace, CHANNEL, GROUP_MOST)
    now = START + timedelta(seconds=25)

    assert pace.ready_at(CHANNEL, now, "send") > now
    assert pace.ready_at(CHANNEL, now, "edit") == now


def test_retry_after_is_obeyed_exactly_and_only_in_its_chat() -> None:
    pace, until = Pace(), START + timedelta(seconds=17)
    pace.told_to_wait(CHANNEL, until)
    pace.told_to_wait(CHANNEL, START + timedelta(seconds=3))

    assert pace.ready_at(CHANNEL, START, "send") == until
    assert pace.ready_at(CHANNEL, START, "edit") == until
    assert pace.ready_at(CHANNEL, until) == until
    assert pace.ready_at(CHANNEL - 1, START) == START


def test_chats_that_are_idle_are_forgotten_and_busy_ones_are_not() -> None:
    pace = Pace()
    for chat in range(1, 1_200):
        pace.took(chat, START + timedelta(seconds=chat))
    last = START + timedelta(seconds=1_199)
    pace.took(1_199, last)

    assert pace.ready_at(1_199, last) > last
    assert len(pace._places) < 1_100
