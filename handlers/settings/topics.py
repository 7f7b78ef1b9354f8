"""Topics of the moderators' chat: cards, the issue and alarms can have one each."""

from bot.bulletin_settings import change
from handlers.visit import Answer, Visit, words
from store import bulletins
from store.messages import Button, Card, Text
from store.states import Topic

WORDS = {
    **{topic.value: (topic,) for topic in Topic},
    **{"картки": (Topic.CARDS,), "випуск": (Topic.ISSUE,), "тривоги": (Topic.ALARMS,)},
    **{"all": tuple(Topic), "усе": tuple(Topic)},
}


async def topic(visit: Visit) -> Answer:
    """Let some of the desk's messages come to the topic in which this is written, or ask which."""
    if not visit.at_desk:
        return words(visit.say_here("topic-where"))
    thread, wanted = visit.message.thread, visit.words.strip().casefold()
    if wanted in WORDS:
        return await _settled(visit, WORDS[wanted], thread)
    if wanted:
        return words(visit.say_here("topic-which"))
    return Answer(cards=(_menu(visit, thread),))


async def here(visit: Visit) -> Answer:
    """Let the messages of the button come to the topic in which the question was asked."""
    wanted = WORDS.get(visit.pressed.argument)
    if wanted is None or visit.pressed.subject != visit.here.id:
        return Answer()
    thread = visit.pressed.revision or None
    await _settle(visit, wanted, thread)
    return Answer(toast=visit.say("set-saved"), redraw=Card(Text(_said(visit, wanted, thread))))


async def _settled(visit: Visit, wanted: tuple[Topic, ...], thread: int | None) -> Answer:
    await _settle(visit, wanted, thread)
    return words(_said(visit, wanted, thread))


async def _settle(visit: Visit, wanted: tuple[Topic, ...], thread: int | None) -> None:
    for each in wanted:
        bulletin = await bulletins.get(visit.tx, visit.here.id)
        await change.set_topic(visit.tx, bulletin, visit.actor, each, thread, visit.now)


def _said(visit: Visit, wanted: tuple[Topic, ...], thread: int | None) -> str:
    what = ", ".join(visit.say(f"topic-{each}") for each in wanted)
    return visit.say("topic-here" if thread else "topic-general", what=what)


def _menu(visit: Visit, thread: int | None) -> Card:
    choices = [(visit.say(f"button-topic-{each}"), each.value) for each in Topic]
    choices.append((visit.say("button-topic-all"), "all"))
    buttons = [Button(label, f"v1:topic.{word}:{visit.here.id}:{thread or 0}") for label, word in choices]
    return Card(Text(visit.say("topic-ask")), (tuple(buttons[:2]), tuple(buttons[2:])))
