"""What people do on the page: write and press as somebody, leave, steer the play, break things."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.sandbox.play.cards import open_card, press_at_once
from bot.sandbox.stage import Stage
from bot.sandbox.telegram import Button, Message, Person
from bot.sandbox.theatre import Theatre

_FLOOD_SECONDS = 20
_FLOOD_TIMES = 3
_CARD_SECONDS = 20.0
_HOUR = timedelta(hours=1)
_SPARE_LINKS = ("strike-fund", "library", "market", "fishermen", "language-classes", "nurse-letter", "boots")

Json = dict[str, Any]


class Impossible(Exception):
    """What was asked for cannot be done now; the message says why, for whoever pressed."""


async def perform(theatre: Theatre, act: Json) -> str:
    """Do what the page asks for; returns a sentence to show, or "". Raises Impossible with a sentence."""
    kind = act.get("act")
    if kind == "control":
        control = _CONTROLS.get(str(act.get("what")))
        if control is None:
            raise Impossible("The page asked for something that does not exist. Load it again.")
        return await control(theatre)
    stage = theatre.week.stage
    if kind == "leave":
        done = await stage.leave(str(act.get("who", "")))
        return "The mail program has pressed unsubscribe." if done else "There is no leave link that works now."
    person = stage.people.get(str(act.get("who")))
    if person is None:
        raise Impossible("Choose Ana, Boris or Clara for this.")
    try:
        return _DEEDS[str(kind)](stage, person, act)
    except (LookupError, AssertionError, ValueError) as error:
        raise Impossible(str(error) or "That cannot be done here.") from None


def _send(stage: Stage, person: Person, act: Json) -> str:
    chat = stage.telegram.chat(int(act["chat"]))
    answered = act.get("reply_to")
    person.send(str(act["text"]), chat, reply_to=_message(stage, act["chat"], answered) if answered else None)
    return ""


def _press(stage: Stage, person: Person, act: Json) -> str:
    message, data = _message(stage, act["chat"], act["message_id"]), str(act["data"])
    # The bot may have changed its buttons while a finger was on its way: then it is the bot that says so.
    person.press(message, data, buttons=[[Button(data, data)]])
    return "" if stage.bot.running else "The bot is down: the press waits at Telegram until it is back."


def _open_link(_stage: Stage, person: Person, act: Json) -> str:
    person.open_link(str(act["url"]))
    return f"{person.name} opened the link."


def _message(stage: Stage, chat: Any, number: Any) -> Message:
    found = stage.telegram.chat(int(chat)).message(int(number))
    if found is None:
        raise Impossible("This message is gone.")
    return found


_DEEDS: dict[str, Callable[[Stage, Person, Json], str]] = {"send": _send, "press": _press, "open-link": _open_link}


async def _pause(theatre: Theatre) -> str:
    theatre.week.director.pause()
    return ""


async def _go_on(theatre: Theatre) -> str:
    theatre.week.director.go_on()
    return ""


async def _step(theatre: Theatre) -> str:
    theatre.week.director.step()
    return ""


async def _again(theatre: Theatre) -> str:
    await theatre.again()
    return ""


async def _hour(theatre: Theatre) -> str:
    theatre.week.stage.clock.jump(_HOUR)
    return "It is an hour later now."


async def _kill(theatre: Theatre) -> str:
    if not theatre.week.stage.bot.running:
        raise Impossible("The bot is down at this moment.")
    theatre.kill_the_bot()
    return "kill -9. It is started again in a moment, as a service manager does."


async def _flood(theatre: Theatre) -> str:
    theatre.week.stage.telegram.fault(
        "flood", method=("sendMessage", "editMessageText"), times=_FLOOD_TIMES, retry_after=_FLOOD_SECONDS
    )
    return f"Telegram answers the next {_FLOOD_TIMES} messages with: too many requests, wait {_FLOOD_SECONDS} seconds."


async def _mail_hangs(theatre: Theatre) -> str:
    if theatre.mail_hangs:
        theatre.let_mail_flow()
        return "The mail server answers again."
    theatre.let_mail_hang()
    return "The mail server takes letters and never answers, until you press this again."


async def _double_press(theatre: Theatre) -> str:
    """Boris and Clara press different buttons on one open card; where there is none, Ana sends a link first."""
    director, stage = theatre.week.director, theatre.week.stage
    card = open_card(director)
    if card is None:
        known = {one.words for one in stage.ana.private.messages}
        fresh = [stage.site.articles[key].url for key in _SPARE_LINKS]
        link = next((url for url in fresh if url not in known), None)
        if link is None or not stage.bot.running:
            raise Impossible("There is no open card: send a link as Ana first.")
        stage.ana.send(link)
        try:
            async with asyncio.timeout(_CARD_SECONDS):
                card = await director.until("a card", lambda: open_card(director))
        except TimeoutError:
            raise Impossible("There is no open card yet: try again in a moment.") from None
    answers = await press_at_once(director, card)
    if not answers:
        raise Impossible("Somebody has just decided that card.")
    return f"Boris was answered “{answers[0]}”, Clara “{answers[1]}”. One press counts."


_CONTROLS: dict[str, Callable[[Theatre], Awaitable[str]]] = {
    "pause": _pause,
    "go-on": _go_on,
    "step": _step,
    "again": _again,
    "hour": _hour,
    "kill": _kill,
    "flood": _flood,
    "mail-hangs": _mail_hangs,
    "double-press": _double_press,
}
