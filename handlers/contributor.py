"""The contributor's doors: coming in by an invitation, sending links, asking what became of them."""

from bot import desk, people
from bot.errors import Refused
from bot.intake import submit
from bot.texts import known_language
from handlers import reader
from handlers.visit import Answer, Visit, words
from store.states import Role

TOO_LONG = 64


async def start(visit: Visit) -> Answer:
    """Let somebody in by the token of a one-time link, or greet."""
    if not visit.words:
        if visit.person is None:
            return words(await reader.about(visit))
        return words(visit.say(f"welcome-{visit.person.role}"))
    services = visit.services
    try:
        person = await people.accept(
            visit.tx,
            services.sealer,
            services.random,
            token=visit.words[:TOO_LONG],
            user=visit.user,
            language=known_language(visit.language),
            now=visit.now,
        )
    except Refused:
        if visit.person is None:
            raise
        return words(visit.say("joined-already", name=visit.person.pseudonym))
    greeting = visit.say("joined", name=person.pseudonym) + "\n\n" + visit.say(f"welcome-{person.role}")
    if person.role == Role.OWNER:
        await desk.ask_purposes(visit.tx, person.id, visit.now)
        greeting += "\n\n" + visit.say("owner-next", bot=services.bot_username)
    return words(greeting)


async def message(visit: Visit) -> Answer:
    """Take in the links of a message; everything said about them goes through the outbox."""
    if visit.person is None:
        return words(await reader.about(visit))
    if not visit.message.readable:
        return words(visit.say("submit-unreadable"))
    if not visit.message.links:
        return words(visit.say("submit-no-link"))
    await submit.submit(visit.tx, visit.services.sealer, visit.here, visit.who, visit.message, visit.now)
    return Answer()
