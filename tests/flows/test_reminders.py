"""Reminders at the desk: each morning, of what waits for long, before the cut-off; once each, and none stale."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.telegram import Message
from store import bulletins
from tests.cast import SUNDAY_HOUR, World, settled_world
from tests.flows.acts import approved, at_desk, in_ukrainian, pressed, quiet, sent
from tests.flows.test_card_edit import pressed_in_menu
from tests.flows.test_cards import set_up

pytestmark = pytest.mark.system

KYIV = ZoneInfo("Europe/Kyiv")
TUESDAY = datetime(2026, 11, 17, tzinfo=KYIV)
MORNING = "link waits for a decision.\nThe oldest came "


def said(newsroom: World, words: str) -> list[Message]:
    """Return what was said at the desk with these words."""
    return [message for message in newsroom.desk.visible() if words in message.words]


async def looked(newsroom: World) -> None:
    """Wait until the clock has been looked at since now, and all that is due was said."""
    until = newsroom.clock.now() + timedelta(seconds=40)
    await newsroom.until(lambda: newsroom.clock.now() > until)
    await quiet(newsroom)


async def test_a_morning_summary_comes_only_where_something_waits_and_once(newsroom: World) -> None:
    await set_up(newsroom, remind_hours=0)
    card = await sent(newsroom, "a")
    await pressed(newsroom, newsroom.boris, card, "☾ Later")
    await pressed_in_menu(newsroom, newsroom.boris, card, "After this issue")
    newsroom.jump_to(TUESDAY.replace(hour=9))
    await looked(newsroom)
    assert said(newsroom, MORNING) == []
    await pressed_in_menu(newsroom, newsroom.boris, card, "☀ Wake")
    newsroom.jump_to(TUESDAY.replace(day=18, hour=9))
    summary = (await newsroom.until(lambda: said(newsroom, MORNING)))[0]
    assert summary.text.startswith(
        "1 link waits for a decision.\nThe oldest came 47 h ago.\nCut-off: 22 November, 17:00 ("
    )
    assert summary.labels == ["Moderate here", "Queue"]
    await pressed(newsroom, newsroom.boris, summary, "Queue")
    await newsroom.until(lambda: newsroom.desk.find("1. Story of a"))
    await looked(newsroom)
    assert len(said(newsroom, MORNING)) == 1
    await set_up(newsroom, summary_time="")
    newsroom.jump_to(TUESDAY.replace(day=19, hour=9))
    await looked(newsroom)
    assert len(said(newsroom, MORNING)) == 1


async def test_after_a_restart_nothing_is_said_twice_and_nothing_stale(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        async with around.running():
            await set_up(around, remind_hours=0)
            await sent(around, "a")
            around.jump_to(TUESDAY.replace(hour=9))
            await around.until(lambda: said(around, MORNING))
        async with around.running():
            await looked(around)
            assert len(said(around, MORNING)) == 1
        around.jump_to(TUESDAY.replace(day=18, hour=23))
        async with around.running():
            await looked(around)
            assert len(said(around, MORNING)) == 1
        around.jump_to(TUESDAY.replace(day=19, hour=11))
        async with around.running():
            await around.until(lambda: len(said(around, MORNING)) == 2)


async def test_what_waits_for_long_is_told_of_together_once_in_its_period(newsroom: World) -> None:
    await set_up(newsroom, summary_time="", remind_hours=10)
    await sent(newsroom, "a")
    newsroom.jump(hours=1)
    await sent(newsroom, "b")
    newsroom.jump(hours=8)
    await approved(newsroom, "c")
    newsroom.jump(hours=1.5)
    reminder = (await newsroom.until(lambda: said(newsroom, "for more than 10 h:")))[0]
    assert reminder.text.splitlines() == ["1 link has waited for more than 10 h:", "· Story of a · 10 h"]
    newsroom.jump(hours=5)
    await looked(newsroom)
    assert len(said(newsroom, "for more than 10 h:")) == 1
    newsroom.jump(hours=7)
    again = (await newsroom.until(lambda: said(newsroom, "for more than 10 h:")[1:]))[0]
    assert again.text.startswith("2 links have waited for more than 10 h:\n· Story of a · 2")


async def test_before_the_cutoff_it_is_told_once_how_many_wait_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await set_up(newsroom, summary_time="", remind_hours=0)
    await sent(newsroom, "a")
    newsroom.jump_to(SUNDAY_HOUR - timedelta(hours=5))
    await looked(newsroom)
    assert said(newsroom, "рішення до") == []
    newsroom.jump_to(SUNDAY_HOUR - timedelta(hours=3, minutes=50))
    told = (await newsroom.until(lambda: said(newsroom, "рішення до")))[0]
    assert told.text == "1 посилання чекає, рішення до 17:00."
    await sent(newsroom, "b")
    newsroom.jump(hours=1)
    await looked(newsroom)
    assert len(said(newsroom, "рішення до")) == 1


async def test_alerts_come_to_the_topic_of_alarms(newsroom: World) -> None:
    newsroom.desk.forum = True
    thread = newsroom.olena.open_topic(newsroom.desk, "Alarms")
    await set_up(newsroom, alarm_thread=thread)
    await sent(newsroom, "a")
    newsroom.jump_to(TUESDAY.replace(hour=9))
    summary = (await newsroom.until(lambda: said(newsroom, MORNING)))[0]
    assert summary.thread_id == thread
    queue = await at_desk(newsroom, newsroom.boris, "/queue", "1 link waits for a decision.")
    assert queue.thread_id is None
    async with newsroom.services.store.reading() as tx:
        assert (await bulletins.first(tx)).alarm_thread == thread
