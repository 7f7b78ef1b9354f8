"""The moderators' chat and its topics, on pages of /settings."""

from bot import guarded
from bot.bulletin_settings import change, chats
from bot.errors import Refused
from bot.guard import Act
from bot.texts import say
from handlers.settings.menu import back
from handlers.visit import Answer, Visit
from store import bulletins
from store.messages import Button, Card, Text
from store.states import Topic


async def show(visit: Visit) -> Answer:
    """Show the moderators' chat and the groups that it could be; by the button's number, move it to one of them."""
    chosen = visit.pressed.argument
    if chosen:
        if not chosen.isdigit():
            raise Refused("set-unknown")
        title = await chats.may_moderate(visit.tx, visit.here, -int(chosen))
        payload, sealer = {"chat": -int(chosen), "title": title}, visit.services.sealer
        waits = await guarded.do_or_ask(visit.tx, sealer, visit.here, visit.who, Act.DESK, payload, visit.now)
        said = say(visit.spoken, "moderate-here-done", title=title) if waits is None else visit.say_here("guard-asked")
        return Answer(toast=visit.say("set-saved"), redraw=Card(Text(said), (back(visit.here, visit.spoken),)))
    return Answer(redraw=await _page(visit))


async def _page(visit: Visit) -> Card:
    language, here = visit.spoken, visit.here
    used = {other.moderators_chat for other in await bulletins.every(visit.tx)}
    rows: list[tuple[Button, ...]] = []
    title = say(language, "set-none")
    for key in await bulletins.facts_named(visit.tx, "chat:"):
        chat, about = int(key.removeprefix("chat:")), await bulletins.fact(visit.tx, key)
        if chat == here.moderators_chat:
            title = about["title"]
        elif about["kind"] != "channel" and chat not in used:
            rows.append((Button(f"→ {about['title']}"[:40], f"v1:set-desk.{-chat}:{here.id}:0"),))
    lines = [Text(say(language, "set-line", name=say(language, "button-set-desk"), value=title))]
    lines.append(Text(say(language, "desk-how")))
    return Card(Text.join("\n", lines), (*rows, back(here, language)))


async def topics(visit: Visit) -> Answer:
    """Show which messages have a topic of their own; by the button's word, let them come to the general one again."""
    bulletin, word = visit.here, visit.pressed.argument
    if word in set(Topic):
        await change.set_topic(visit.tx, bulletin, visit.actor, Topic(word), None, visit.now)
        bulletin = await bulletins.get(visit.tx, bulletin.id)
    language = visit.spoken
    own = [topic for topic in Topic if bulletin.thread_of(topic) is not None]
    names = [say(language, f"topic-{topic}") for topic in own]
    lines = [Text(say(language, "topics-own" if own else "topics-none", what=", ".join(names)))]
    lines.append(Text(say(language, "topics-how")))
    rows = [
        (
            Button(
                say(language, "button-topic-general", what=say(language, f"button-topic-{topic}")),
                f"v1:set-topics.{topic}:{bulletin.id}:0",
            ),
        )
        for topic in own
    ]
    return Answer(
        toast=visit.say("set-saved") if word else "",
        redraw=Card(Text.join("\n", lines), (*rows, back(bulletin, language))),
    )
