"""Channels: listed, added by a forwarded post or a name, looked at, paused, opened again, taken out."""

import re

from bot import guarded
from bot.bulletin_settings import chats
from bot.errors import NotSent, Refused
from bot.guard import Act
from bot.services import Services
from bot.texts import say
from handlers.settings.menu import back, in_rows
from handlers.visit import Answer, Asked, Later, Visit
from store import bulletins
from store.messages import Button, Buttons, Card, Text
from store.records import Channel, Person

NAME = re.compile(r"(?:https?://)?(?:t\.me/|@)(\w{4,32})/?(?:\d+)?", re.ASCII)
CHAT = re.compile(r"-\d{6,15}")


async def listed(visit: Visit) -> Answer:
    """Show the channels with their states."""
    return Answer(redraw=await _list(visit))


async def _list(visit: Visit) -> Card:
    language, found = visit.spoken, await bulletins.channels_of(visit.tx, visit.here.id)
    lines = [Text.bold(say(language, "button-set-channels"))]
    lines += [Text(f"· {channel.title} – {_state(channel, language)}") for channel in found]
    lines += [] if found else [Text(say(language, "channels-none"))]
    buttons = [Button(channel.title[:30], f"v1:channel:{channel.id}:0") for channel in found]
    add = (Button("+ " + say(language, "button-channel-add"), f"v1:channel-add:{visit.here.id}:0"),)
    return Card(Text.join("\n", lines), (*in_rows(buttons), add, back(visit.here, language)))


def _state(channel: Channel, language: str) -> str:
    if not channel.paused:
        return say(language, "channel-open")
    if channel.problem in ("", chats.BY_HAND):
        return say(language, "channel-paused")
    return say(language, "channel-trouble", problem=channel.problem)


async def show(visit: Visit) -> Answer:
    """Show one channel; by the button's word it is looked at, paused, opened again or taken out first."""
    channel, act = await _there(visit), visit.pressed.argument
    if act in ("check", "open"):
        return Answer(then=looking(visit, channel.chat_id, channel.bulletin_id, adds=act == "open"))
    if act == "pause":
        await chats.pause(visit.tx, channel, visit.actor, visit.now)
        return Answer(toast=visit.say("set-saved"), redraw=_view(visit, await _there(visit)))
    if act == "away":
        return Answer(redraw=_sure(visit, channel))
    if act == "remove":
        await chats.remove(visit.tx, channel, visit.actor, visit.now)
        return Answer(toast=visit.say("set-saved"), redraw=await _list(visit))
    return Answer(redraw=_view(visit, channel))


async def _there(visit: Visit) -> Channel:
    found = await bulletins.channels_of(visit.tx, visit.here.id)
    channel = next((channel for channel in found if channel.id == visit.pressed.subject), None)
    if channel is None:
        raise Refused("channel-gone")
    return channel


def _view(visit: Visit, channel: Channel) -> Card:
    language, subject = visit.spoken, f"{channel.id}:0"
    turn = "open" if channel.paused else "pause"
    buttons: Buttons = (
        (
            Button(say(language, f"button-channel-{turn}"), f"v1:channel.{turn}:{subject}"),
            Button(say(language, "button-channel-check"), f"v1:channel.check:{subject}"),
        ),
        (
            Button("✗ " + say(language, "button-channel-remove"), f"v1:channel.away:{subject}"),
            Button("‹ " + say(language, "button-set-channels"), f"v1:channels:{channel.bulletin_id}:0"),
        ),
    )
    return Card(Text.bold(channel.title) + "\n" + _state(channel, language), buttons)


def _sure(visit: Visit, channel: Channel) -> Card:
    language = visit.spoken
    yes = Button("✗ " + say(language, "button-channel-sure"), f"v1:channel.remove:{channel.id}:0")
    no = Button(say(language, "button-back"), f"v1:channel:{channel.id}:0")
    return Card(Text(say(language, "channel-sure", title=channel.title)), ((yes,), (no,)))


async def ask(visit: Visit) -> Answer:
    """Ask for a post of the channel, or its name."""
    key = "channel-ask" if visit.private else "channel-ask-name"
    return Answer(asked=Asked("set-channel", say(visit.spoken, key), visit.here.id))


async def take(visit: Visit) -> Answer:
    """Take a forwarded post of a channel, or a channel's name, and look whether the bot may post there."""
    message = visit.message
    if message.origin:
        about = {"title": message.origin_title, "kind": "channel", "can_post": False}
        await bulletins.set_fact(visit.tx, f"chat:{message.origin}", about)
        return Answer(then=looking(visit, message.origin, visit.here.id, adds=True, title=message.origin_title))
    text = message.text.strip()
    if name := NAME.fullmatch(text):
        return Answer(then=looking(visit, f"@{name[1]}", visit.here.id, adds=True, title=f"@{name[1]}"))
    if CHAT.fullmatch(text):
        return Answer(then=looking(visit, int(text), visit.here.id, adds=True, title=text))
    raise Refused("channel-not-read")


async def try_again(visit: Visit) -> Answer:
    """Look once more whether the bot may post in a chat, and make it a channel."""
    chat = visit.pressed.argument
    about = await bulletins.fact(visit.tx, f"chat:-{chat}") if chat.isdigit() else None
    if about is None:
        raise Refused("chat-unknown")
    return Answer(then=looking(visit, -int(chat), visit.here.id, adds=True, title=about["title"]))


def looking(visit: Visit, chat: int | str, bulletin_id: int, *, adds: bool, title: str = "") -> Later:
    """Return what asks Telegram for the bot's rights in a chat, and adds it or says what is missing."""
    press, where, who, language = visit.press, visit.chat, visit.who, visit.spoken
    thread = visit.incoming.thread if visit.incoming else None

    async def look(services: Services) -> None:
        text, buttons = await _looked(services, chat, bulletin_id, adds=adds, title=title, who=who, language=language)
        way_back = (Button("‹ " + say(language, "button-set-channels"), f"v1:channels:{bulletin_id}:0"),)
        rows = (*buttons, way_back)
        if press is not None:
            await services.courier.edit(where, press.message, Text(text), rows)
        else:
            await services.courier.send(where, Text(text), rows, thread=thread)

    return look


async def _looked(
    services: Services, chat: int | str, bulletin_id: int, *, adds: bool, title: str, who: Person, language: str
) -> tuple[str, Buttons]:
    """Return what is said of the bot's rights in a chat, after it was added where they suffice."""
    again: Buttons = ()
    if isinstance(chat, int):
        label = say(language, "button-try-again")
        again = ((Button(label, f"v1:channel-try.{-chat}:{bulletin_id}:0"),),)
    try:
        facts = await services.courier.facts(chat)
    except NotSent:
        return say(language, "channel-not-in", title=title or str(chat)), again
    if facts.kind == "private":
        return say(language, "channel-no-person"), ()
    if not facts.can_post:
        key = "channel-may-not" if facts.kind == "channel" else "channel-may-not-write"
        return say(language, key, title=facts.title), again
    if not adds:
        return say(language, "channel-may", title=facts.title), ()
    async with services.store.transaction() as tx:
        bulletin, payload = await bulletins.get(tx, bulletin_id), {"chat": facts.chat, "title": facts.title}
        now = services.clock.now()
        waits = await guarded.do_or_ask(tx, services.sealer, bulletin, who, Act.CHANNEL, payload, now)
    services.bell.ring()
    return say(language, "publish-here-done" if waits is None else "guard-asked", title=facts.title), ()
