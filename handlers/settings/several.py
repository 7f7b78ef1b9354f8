"""Several bulletins in one installation: a new one, and which one a person speaks of."""

from dataclasses import replace

from bot.bulletin_settings import create
from bot.texts import say
from handlers.settings.menu import in_rows, overview
from handlers.visit import Answer, Asked, Visit, words
from store import bulletins
from store import people as people_records
from store.messages import Button, Card, Text
from store.records import Bulletin

TITLE_SHOWN = 30


async def ask_new(visit: Visit) -> Answer:
    """Ask for the title of a new bulletin."""
    return Answer(asked=Asked("bulletin-new", say(visit.spoken, "ask-bulletin-new"), visit.here.id))


async def take_new(visit: Visit) -> Answer:
    """Make a new bulletin of this title, and speak of it from now on."""
    bulletin = await create.create(visit.tx, visit.actor, visit.here, visit.message.text, visit.now)
    await people_records.change(visit.tx, visit.who.id, bulletin_id=bulletin.id)
    told = say(visit.spoken, "bulletin-made", title=bulletin.title, like=visit.here.title, slug=bulletin.slug)
    return Answer(cards=(Card(Text(told)), await overview(visit, bulletin)))


async def choose(visit: Visit) -> Answer:
    """Show the bulletins, the one that is spoken of marked, or speak of the one of the button from now on."""
    every = await bulletins.every(visit.tx)
    if visit.press is None:
        if len(every) == 1:
            return words(visit.say("bulletin-only", title=every[0].title))
        return Answer(cards=(_choice(visit, every, visit.here),))
    chosen = next((bulletin for bulletin in every if bulletin.id == visit.pressed.subject), None)
    if chosen is None:
        return Answer(toast=visit.say("bulletin-gone"), alert=True)
    await people_records.change(visit.tx, visit.who.id, bulletin_id=chosen.id)
    return Answer(toast=visit.say("set-saved"), redraw=_choice(visit, every, chosen))


def _choice(visit: Visit, every: list[Bulletin], chosen: Bulletin) -> Card:
    if not visit.private:
        return Card(Text(say(visit.spoken, "bulletin-of-desk", title=chosen.title)))
    buttons = [
        Button(("● " if each.id == chosen.id else "") + each.title[:TITLE_SHOWN], f"v1:bulletin:{each.id}:0")
        for each in every
    ]
    return Card(Text(visit.say("bulletin-choose", title=chosen.title)), in_rows(buttons, 1))


async def in_help(visit: Visit) -> str:
    """Return the end of /help: where there are several bulletins, which one a person speaks of."""
    if not await bulletins.are_several(visit.tx):
        return ""
    return "\n\n/bulletin – " + visit.say("help-bulletin", title=visit.here.title)


def about(answer: Answer, bulletin: Bulletin) -> Answer:
    """Return a command's answer with the bulletin that it is about named at its top."""
    name = Text.bold(bulletin.title)
    if answer.cards:
        first = answer.cards[0]
        named = Card(name + "\n" + first.text, first.buttons, first.ask)
        return replace(answer, cards=(named, *answer.cards[1:]))
    if answer.asked is not None:
        asked = Asked(answer.asked.purpose, f"{bulletin.title}\n{answer.asked.text}", answer.asked.subject)
        return replace(answer, asked=asked)
    return replace(answer, cards=(Card(name),)) if answer.then is not None else answer
