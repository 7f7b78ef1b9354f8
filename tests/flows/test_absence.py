"""What the bot does when it comes back after it was away."""

from pathlib import Path

import pytest

from tests.cast import SUNDAY_HOUR, World, settled_world

pytestmark = pytest.mark.system


async def _approve_one(room: World) -> None:
    room.site.add_article("http://herald.example/a", "Teachers of Kherson refuse", "Herald", "2026-11-15", "en")
    room.ana.send("http://herald.example/a")
    card = await room.card("Teachers of Kherson refuse")
    room.boris.press(card, "Occupied areas")
    await room.until(lambda: "✓" in card.text)


async def test_a_broadcast_missed_by_more_than_a_day_waits_for_a_person(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as room:
        async with room.running():
            await room.readers(5)
            await _approve_one(room)
            room.mail.fault("defer")
            room.clara.send("/publish")
            await room.until(lambda: room.channels[0].find("Teachers of Kherson"))
            await room.mail.until(lambda: room.mail.answers[451] >= 5, 10)
        room.mail.recover()
        room.jump(days=2)
        async with room.running():
            card = await room.until(lambda: room.desk.find("on hold"))
            assert room.mail.letters == []
            room.clara.press(card, "Continue")
            await room.mail.until(lambda: len(room.mail.letters) == 5, 10)


async def test_an_issue_whose_countdown_ran_out_two_days_ago_waits_for_a_person(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as room:
        async with room.running():
            await _approve_one(room)
            room.jump_to(SUNDAY_HOUR)
            await room.until(lambda: room.desk.find("It is published at"))
        room.jump(days=2)
        async with room.running():
            card = await room.until(lambda: room.desk.find("missed by more than a day"))
            assert room.channels[0].find("Teachers of Kherson") is None
            room.clara.press(card, "Publish now")
            await room.until(lambda: room.channels[0].find("Teachers of Kherson"))


async def test_an_hour_missed_by_some_hours_is_caught_up(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as room:
        async with room.running():
            await _approve_one(room)
        room.jump_to(SUNDAY_HOUR)
        room.jump(hours=6)
        async with room.running():
            await room.until(lambda: room.desk.find("It is published at"))
            room.jump(hours=1)
            await room.until(lambda: room.channels[0].find("Teachers of Kherson"))
