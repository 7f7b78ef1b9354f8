"""The sandbox's own machinery of the play: the bot's process, the director's pace, the counters."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.counters import Counters
from bot.sandbox.director import Director
from bot.sandbox.play.cards import press_at_once, short_label
from bot.sandbox.stage import Stage
from bot.sandbox.theatre import Theatre

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
GREETER = "print('You are the owner: https://t.me/bulletin_bot?start=abc-1', flush=True); import time; time.sleep(600)"
LONGER_THAN_A_BEAT_SECONDS = 0.1
LINK = "http://kherson-herald.example/2026/11/16/lessons-by-telephone"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(SLEEPER, tmp_path) as opened:
        yield opened


@asynccontextmanager
async def no_report(_stage: Stage) -> AsyncIterator[Any]:
    async def none() -> None:
        return None

    yield none


async def say(stage: Stage, chat: int, text: str) -> None:
    """Say something as the bot, over its socket."""
    url = f"{stage.telegram.api_url}/bot{stage.telegram.token}/sendMessage"
    async with httpx.AsyncClient(trust_env=False) as client:
        (await client.post(url, json={"chat_id": chat, "text": text})).raise_for_status()


async def test_the_bot_is_killed_and_started_again_as_another_process(tmp_path: Path):
    async with Stage((sys.executable, "-c", GREETER), tmp_path) as stage:
        bot = stage.bot
        await bot.start()
        await stage.telegram.until(lambda: bot.owner_link, timeout=30)
        assert bot.owner_link == "https://t.me/bulletin_bot?start=abc-1"
        await bot.kill()
        assert (bot.running, bot.kills) == (False, 1)
        await bot.start()
        assert bot.running
        await bot.stop()
        assert not bot.running
        assert "You are the owner" in bot.tail()


async def test_a_paused_play_waits_and_a_step_plays_one_beat(stage: Stage):
    director = Director(stage, lambda: asyncio.sleep(0, None), pace=1000)

    async def play() -> None:
        for caption in ("one", "two", "three"):
            await director.beat(caption)

    director.pause()
    playing = asyncio.create_task(play())
    await asyncio.wait({playing}, timeout=LONGER_THAN_A_BEAT_SECONDS)
    assert director.caption == ""
    director.step()
    await stage.telegram.until(lambda: director.caption == "one")
    await asyncio.wait({playing}, timeout=LONGER_THAN_A_BEAT_SECONDS)
    assert (director.caption, director.state) == ("one", "paused")
    director.go_on()
    await asyncio.wait_for(playing, 5)
    assert director.caption == "three"


async def test_a_jump_of_the_clock_ends_where_it_should(stage: Stage):
    director = Director(stage, lambda: asyncio.sleep(0, None), pace=100)
    to = stage.clock.now().replace(day=18)
    await director.travel(to)
    assert 0 <= (stage.clock.now() - to).total_seconds() < 60
    with pytest.raises(ValueError, match="no such thing"):
        await director.until("nothing", lambda: int("no such thing"))


async def test_a_play_whose_bot_does_not_start_ends_at_once_and_says_so():
    async with Theatre((sys.executable, "-c", "print('I do not start')"), no_report, 1000) as theatre:
        theatre.begin()
        await theatre.ended()
        assert theatre.week.director.state == "failed"
        assert theatre.problem == "the bot has stopped by itself. Its last words: I do not start"
        assert theatre.problem in theatre.week.director.caption
        assert theatre.week.stage.bot.tail() == "I do not start"


async def test_the_port_of_the_bots_pages_is_the_bots_alone_while_it_is_down(stage: Stage):
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", stage.web_port))  # as whoever takes any port does, and whoever calls from one
    with socket.create_server(("127.0.0.1", stage.web_port)):
        pass


async def test_a_link_without_an_answer_is_under_way_and_in_the_end_lost(stage: Stage):
    counters = Counters(stage)
    stage.ana.send(f"Two for you: {LINK}")
    assert (counters.count().lost, counters.count().under_way) == (0, 1)
    assert counters.count(final=True).lost == 1
    await say(stage, stage.ana.private.id, "Received #1. Thank you.")
    assert counters.count(final=True).lost == 0
    stage.ana.send(f"And this: {LINK}")
    await say(stage, stage.ana.private.id, "#1 goes into the next issue.")
    assert counters.count(final=True).lost == 1, "the answer to an earlier message is no answer to this one"


async def test_a_link_that_is_refused_in_words_is_answered(stage: Stage):
    stage.marta.send(f"Look: {LINK}")
    await say(stage, stage.marta.private.id, "Це не схоже на вебадресу.")
    assert Counters(stage).count(final=True).lost == 0


async def test_a_post_that_stands_in_a_channel_twice_is_counted(stage: Stage):
    channel = stage.channels[0]
    stage.olena.add_bot(channel, can_post_messages=True)
    await say(stage, channel.id, "Issue 1")
    assert Counters(stage).count().doubled == 0
    await say(stage, channel.id, "Issue 1")
    assert Counters(stage).count().doubled == 1


async def test_a_reader_without_the_issue_is_lost_once_nothing_is_sent_any_more(stage: Stage):
    stage.readers = ("dan@readers.example", "lina@readers.example", "olga@readers.example")
    counters = Counters(stage)
    letter = b"Subject: Issue 1\r\nTo: x@readers.example\r\n\r\nhello\r\n"
    stage.mail.accept("b@sandbox.example", ["dan@readers.example", "lina@readers.example"], letter)
    assert (counters.count(sending=True).lost, counters.count(sending=True).under_way) == (0, 1)
    assert counters.count().lost == 1
    stage.mail.accept("b@sandbox.example", ["olga@readers.example", "dan@readers.example"], letter)
    counts = counters.count(final=True)
    assert (counts.lost, counts.letters, counts.letters_twice) == (0, 4, 1)


async def test_who_has_left_is_not_missed(stage: Stage):
    stage.readers = ("dan@readers.example", "lina@readers.example")
    stage.left["dan@readers.example"] = stage.clock.now()
    stage.mail.accept("b@sandbox.example", ["lina@readers.example"], b"Subject: Issue 2\r\n\r\nhello\r\n")
    assert Counters(stage).count(final=True).lost == 0


async def test_sections_are_found_by_their_short_labels(stage: Stage):
    director = Director(stage, lambda: asyncio.sleep(0, None))
    assert short_label(director, "News from Ukraine – general") == "Ukraine"
    card = stage.boris.send("no card at all", stage.desk)
    assert await press_at_once(director, card) == []
