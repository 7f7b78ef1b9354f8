"""What the page is told: everything at first, then only what has changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from bot.sandbox.mailbox import Letter
from bot.sandbox.stage import DAN, ZONE, Stage
from bot.sandbox.telegram import Chat
from bot.sandbox.theatre import Theatre, Week

_GATHER_SECONDS = 0.1
_HEARTBEAT_TURNS = 100
_MESSAGE_EVENTS = ("message", "edited", "deleted", "unpinned")
_CHAT_EVENTS = ("chat", "member", "migrated")
_PLAYED = ("ana", "boris", "clara", "dan")

Json = dict[str, Any]


async def stream(theatre: Theatre, closing: asyncio.Event) -> AsyncIterator[str]:
    """The events of one open page, as Server-Sent Events, until the page or the theatre goes."""
    while not closing.is_set():
        week = theatre.week
        async for event in _of_one_week(theatre, week, closing):
            yield event


async def _of_one_week(theatre: Theatre, week: Week, closing: asyncio.Event) -> AsyncIterator[str]:
    happened: list[Json] = []
    listening = asyncio.create_task(_listen(week.stage, happened))
    letters, state = len(week.stage.mail.letters), _state(theatre)
    try:
        yield _event("all", _everything(theatre))
        quiet = 0
        while theatre.week is week and not closing.is_set():
            await asyncio.sleep(_GATHER_SECONDS)
            events, happened[:] = list(happened), []
            change = _changes(week.stage, events, letters)
            letters = len(week.stage.mail.letters)
            if (now := _state(theatre)) != state:
                state = now
                change["state"] = state | _clock(week.stage)
            quiet = 0 if change else quiet + 1
            if change:
                yield _event("change", change)
            elif quiet % _HEARTBEAT_TURNS == 0:
                yield ": still here\n\n"
    finally:
        listening.cancel()


async def _listen(stage: Stage, happened: list[Json]) -> None:
    async for event in stage.telegram.events():
        happened.append(event)


def _everything(theatre: Theatre) -> Json:
    stage = theatre.week.stage
    return {
        "cast": [_person(stage, name) for name in _PLAYED],
        "bot": stage.telegram.bot.name,
        "title": stage.channels[0].title,
        "readers": list(stage.readers),
        "panels": panels(stage),
        "chats": [_chat(stage, chat) for chat in stage.telegram.chats],
        "letters": [_letter(one) for one in stage.mail.letters],
        "web": stage.web,
        "zone": str(ZONE),
        "state": _state(theatre) | _clock(stage),
    }


def panels(stage: Stage) -> dict[str, int]:
    """The chats by the names of their panels on the page."""
    found = {"desk": stage.desk.id, "channel-1": stage.channels[0].id, "channel-2": stage.channels[1].id}
    return found | {name: person.private.id for name, person in stage.people.items()}


def _changes(stage: Stage, events: list[Json], letters: int) -> Json:
    """What happened since the page was told last, without what is the same."""
    changed = {
        (one["chat"], one["message_id"]) for one in events if one["kind"] in _MESSAGE_EVENTS and "message_id" in one
    }
    pictures = []
    for chat_id, message_id in sorted(changed):
        found = [one for one in stage.telegram.chat(chat_id).messages if one.message_id == message_id]
        pictures += [stage.telegram.picture(one) for one in found]
    told: Json = {
        "messages": pictures,
        "members": [_members(stage.telegram.chat(one["chat"])) for one in events if one["kind"] in _CHAT_EVENTS],
        "toasts": [_toast(stage, one) for one in events if one["kind"] == "answer" and one.get("text")],
        "faults": [{"name": one["name"], "chat": one["chat"]} for one in events if one["kind"] == "fault"],
        "letters": [_letter(one) for one in stage.mail.letters[letters:]],
    }
    return {key: value for key, value in told.items() if value}


def _person(stage: Stage, name: str) -> Json:
    person = stage.people.get(name)
    return {
        "key": name,
        "name": name.title(),
        "id": person.id if person else None,
        "mail": DAN if name == "dan" else "",
    }


def _chat(stage: Stage, chat: Chat) -> Json:
    pictures = [stage.telegram.picture(one) for one in chat.messages]
    return {"id": chat.id, "kind": chat.kind, "title": chat.title, "messages": pictures} | _members(chat)


def _members(chat: Chat) -> Json:
    return {"id": chat.id, "inside": [member.account.id for member in chat.members.values() if member.inside]}


def _toast(stage: Stage, event: Json) -> Json:
    name = ""
    with suppress(LookupError):
        name = stage.telegram.person_of(event["user"]).name
    return {"who": name, "text": event["text"], "alert": event["show_alert"], "chat": event["chat"]}


def _letter(letter: Letter) -> Json:
    shown = letter.shown
    return {key: shown[key] for key in ("number", "recipient", "subject", "from", "date")}


def _state(theatre: Theatre) -> Json:
    director, stage, counts = theatre.week.director, theatre.week.stage, theatre.counts()
    return {
        "caption": director.caption,
        "focus": director.focus,
        "play": director.state,
        "your_turn": director.your_turn,
        "bot_runs": stage.bot.running,
        "kills": stage.bot.kills,
        "mail_hangs": theatre.mail_hangs,
        "readers": list(stage.readers),
        "left": sorted(stage.left),
        "clock_line": stage.clock.line,
        "counts": {
            "lost": counts.lost,
            "doubled": counts.doubled,
            "perhaps": theatre.perhaps_sent,
            "under_way": counts.under_way,
        },
    }


def _clock(stage: Stage) -> Json:
    return {"now": stage.clock.now().timestamp(), "speed": stage.clock.speed}


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
