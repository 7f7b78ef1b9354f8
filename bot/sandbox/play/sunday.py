"""Sunday: the gate, the broadcast with a flood answer and a kill in its middle, recovery, the report, a farewell."""

import re
import time
from datetime import datetime, timedelta

from bot.sandbox.director import Director, Stuck
from bot.sandbox.play.cards import buttons
from bot.sandbox.site import WEEK_START
from bot.sandbox.stage import DAN, ZONE
from bot.sandbox.telegram import Message

_DUE = datetime(WEEK_START.year, WEEK_START.month, WEEK_START.day, 18, tzinfo=ZONE) + timedelta(days=6)
_FLOOD_SECONDS = 25
_SLOW_MAIL_SECONDS = 0.45  # real time, so that a kill falls among letters under way
_LETTERS_BEFORE_KILL = 5
_SENDING_SECONDS = 180.0
_IS_THERE, _AGAIN = "v1:is-there:", "v1:again:"
_PART = re.compile(r"\b(?:part|message) (\d+)")


async def close_issue(director: Director) -> None:
    """Play the Sunday to the moment when the last letter lies in its box and Dan has left."""
    await director.travel(_DUE)
    gate = await director.until("the card of the issue", lambda: _gate(director))
    await director.beat(
        "Sunday, six o’clock: the issue is ready. Publish now, Hold, or let it go out at seven.", "desk"
    )
    already_out = not buttons(gate, "v1:hold:")  # somebody who watches pressed Publish now
    _prepare_trouble(director)
    await director.travel(_DUE + timedelta(minutes=59, seconds=30))
    await director.beat("Seven o’clock. It goes out to two channels and fourteen readers.", "channel-1", beats=0.3)
    await _while_held(director)
    if not already_out:
        await _kill_in_the_middle(director)
    await _settle(director)
    await director.beat("Every post is there once, every reader has the issue; what came twice is marked.", "mail")
    await director.stage.leave(DAN)
    await director.beat("Dan leaves with one click, as his mail program offers. No further issue comes to him.", "mail")


def _gate(director: Director) -> Message | None:
    cards = reversed(director.stage.desk.visible())
    return next((one for one in cards if buttons(one, "v1:publish:") or "Issue 1" in one.words), None)


def _prepare_trouble(director: Director) -> None:
    """Set what goes wrong: a flood answer in one channel, an answer that never comes in the other, slow mail."""
    stage = director.stage
    first, second = stage.channels
    stage.telegram.fault("flood", chat=first, method="sendMessage", retry_after=_FLOOD_SECONDS)
    stage.telegram.fault("hang-after", chat=second, method="sendMessage")
    stage.mail.fault("slow", seconds=_SLOW_MAIL_SECONDS)


async def _while_held(director: Director) -> None:
    """Wait for whoever watches, if they put the issue on hold."""
    if _held(director):
        await director.beat("Somebody holds the issue. Go on as Clara: Publish now, or Continue.", "desk", beats=0)
        while _held(director):
            await director.look(0.2)


def _held(director: Director) -> bool:
    gate = _gate(director)
    return gate is not None and bool(buttons(gate, "v1:continue:"))


async def _kill_in_the_middle(director: Director) -> None:
    stage = director.stage
    letters = stage.mail.accepted + _LETTERS_BEFORE_KILL
    await director.until(
        "the broadcast is in its middle",
        lambda: stage.mail.accepted >= letters and stage.posts(stage.channels[1]),
    )
    await stage.bot.kill()
    stage.telegram.clear_faults()
    sent = len(stage.mail.received)
    await director.beat(
        f"kill -9, with {sent} of {len(stage.readers)} letters out and a post on its way.",
        "mail",
        beats=1.5,
    )
    stage.mail.recover()
    await stage.bot.start()
    await director.beat("Started again, the bot goes on where it stopped. It never guesses.", "desk")


async def _settle(director: Director) -> None:
    """Wait until all is sent; a moderator looks into the channel and settles each post that was perhaps sent."""
    ends_at = time.monotonic() + _SENDING_SECONDS
    while not await _is_sent(director):
        director.expect_the_bot()
        doubt = _doubt(director)
        if doubt is not None:
            await _look_and_press(director, doubt)
        elif _held(director):
            await _while_held(director)
        elif time.monotonic() > ends_at:
            raise Stuck("the issue is not sent yet")
        else:
            await director.look(0.2)
    await director.until("the report", lambda: director.stage.desk.find("Issue 1"))
    await director.look()


async def _is_sent(director: Director) -> bool:
    report = await director.report()
    return report is not None and report["state"] == "sent"


def _doubt(director: Director) -> Message | None:
    return next((one for one in director.stage.desk.visible() if buttons(one, _IS_THERE)), None)


async def _look_and_press(director: Director, doubt: Message) -> None:
    """Let Boris do what the card asks: look whether the post is in the channel."""
    stage = director.stage
    there = _is_there(director, doubt)
    place = "channel-2" if stage.channels[1].title in doubt.words else "channel-1"
    answer = "It is there, and he says so." if there else "It is not there: send it again."
    await director.beat(f"One post was perhaps sent. It is never sent again by itself: Boris looks. {answer}", place)
    button = buttons(doubt, _IS_THERE if there else _AGAIN)
    if button:
        await director.press(stage.boris, doubt, button[0])
        await director.until("the question is settled", lambda: not buttons(doubt, _IS_THERE))


def _is_there(director: Director, doubt: Message) -> bool:
    part = _PART.search(doubt.words)
    channel = next((one for one in director.stage.channels if one.title in doubt.words), director.stage.channels[1])
    return len(director.stage.posts(channel)) >= (int(part[1]) if part else 1)
