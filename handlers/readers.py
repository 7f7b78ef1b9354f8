"""The editors' doors to readers by e-mail: /readers, and what its first word asks for."""

from bot import guarded, stats
from bot.errors import Refused
from bot.guard import Act
from handlers.subscribing import add
from handlers.visit import Answer, Door, Visit, words
from store import reader_copies
from store.messages import Card

MOST_EXPORTED = 300_000
"""More do not fit into a file that Telegram takes, with room to spare."""
EXPORT = "export"


async def readers(visit: Visit) -> Answer:
    """Go to the door of the first word; without a word, count the readers."""
    word = visit.words.strip().casefold().partition(" ")[0]
    door = WORDS.get(word)
    if door is None:
        raise Refused("readers-word", word=word[:40])
    return await door(visit)


async def count(visit: Visit) -> Answer:
    """Say how many read, left or cannot be reached; never a number so small that it tells of somebody."""
    return Answer(cards=(Card(await stats.readers_now(visit.tx, visit.here, visit.spoken)),))


async def export(visit: Visit) -> Answer:
    """Send all readers as a file, in private; where far-reaching acts need two persons, once a second one agreed."""
    if not visit.private:
        raise Refused("readers-export-private")
    there = sum((await reader_copies.by_state(visit.tx, visit.here.id)).values())
    if not there:
        raise Refused("readers-export-none")
    if there > MOST_EXPORTED:
        raise Refused("readers-export-large", n=MOST_EXPORTED)
    payload, sealer = {"title": visit.here.title}, visit.services.sealer
    waits = await guarded.do_or_ask(visit.tx, sealer, visit.here, visit.who, Act.EXPORT, payload, visit.now)
    return words(visit.say("readers-export-coming" if waits is None else "guard-asked"))


WORDS: dict[str, Door] = {"": count, "add": add, "додати": add, EXPORT: export, "експорт": export}
