"""The doors by which somebody is called otherwise, and spoken to in another language."""

from bot import desk, people
from bot.errors import Refused
from bot.render.tongues import language_name
from bot.texts import known_language, languages, say
from handlers.people import place
from handlers.visit import Answer, Asked, Visit, words
from store import audit
from store import people as records
from store.messages import Button, Card, Text

ASKED = "person-name"


async def rename(visit: Visit) -> Answer:
    """Take another pseudonym for oneself, or ask for it."""
    if not visit.words:
        return _question(visit, visit.who.id, visit.who.pseudonym)
    return await _renamed(visit, visit.who.id, visit.words)


async def ask_name(visit: Visit) -> Answer:
    """Ask for another pseudonym of the person of a button."""
    person = await place.there(visit, visit.pressed.subject)
    if not people.may_rename(visit.who, person):
        raise Refused("people-higher")
    return _question(visit, person.id, person.pseudonym)


async def take_name(visit: Visit) -> Answer:
    """Take the reply to the question for a pseudonym."""
    person = await place.there(visit, visit.subject)
    if not people.may_rename(visit.who, person):
        raise Refused("people-higher")
    return await _renamed(visit, person.id, visit.message.written or visit.message.text)


async def language(visit: Visit) -> Answer:
    """Choose the language in which the bot speaks to somebody."""
    wanted = visit.words.strip().casefold()
    if not wanted:
        return Answer(cards=(_languages(visit.language),))
    names = {language_name(code, spoken).casefold(): code for code in languages() for spoken in languages()}
    code = wanted if wanted in languages() else names.get(wanted, "")
    if not code:
        return Answer(cards=(_languages(visit.language),))
    return Answer(cards=(await _speak(visit, code),))


async def choose_language(visit: Visit) -> Answer:
    """Speak the language of the button from now on."""
    if visit.pressed.argument not in languages():
        return Answer(redraw=_languages(visit.language))
    card = await _speak(visit, visit.pressed.argument)
    return Answer(toast=card.text.text, redraw=card if visit.private else None)


def _question(visit: Visit, person_id: int, name: str) -> Answer:
    return Answer(asked=Asked(ASKED, say(visit.spoken, "rename-ask", name=name), person_id))


async def _renamed(visit: Visit, person_id: int, given: str) -> Answer:
    name = await people.rename(visit.tx, visit.actor, person_id, given, visit.now)
    await desk.redraw_named(visit.tx, person_id, visit.now)
    if person_id == visit.who.id:
        return words(visit.say_here("renamed-self", name=name))
    return Answer(cards=(await place.person_card(visit, person_id),))


async def _speak(visit: Visit, code: str) -> Card:
    code = known_language(code)
    await records.change(visit.tx, visit.who.id, language=code)
    await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="language", subject=f"person {visit.who.id}")
    return Card(Text(say(code, "language-set")), _choice(code))


def _languages(code: str) -> Card:
    return Card(Text(say(code, "language-ask")), _choice(code))


def _choice(code: str) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each language, in its own words; the one that is spoken is marked."""
    labels = [
        Button(("● " if each == code else "") + language_name(each, each).capitalize(), f"v1:language.{each}:0:0")
        for each in languages()
    ]
    return tuple(tuple(labels[start : start + 2]) for start in range(0, len(labels), 2))
