"""Coming in by chat: anybody asks for the bulletin, here or by e-mail; an editor asks for one person."""

from bot import subscriptions
from bot.errors import Refused
from bot.subscriptions import here
from bot.texts import known_language
from handlers.visit import Answer, Asked, Visit, words
from store import audit, bulletins
from store.messages import Button, Card, Text
from store.records import Bulletin

PURPOSE = "subscribe-address"
GIVEN_SHOWN = 60


async def subscribe(visit: Visit) -> Answer:
    """Ask in private whether it is to come here or by e-mail, and first which bulletin where there are several.

    An address after the command is taken at once.
    """
    if not visit.private:
        return words(visit.say_here("subscribe-in-private"))
    every = await bulletins.every(visit.tx)
    if len(every) > 1:
        rows = tuple((Button(each.title[:GIVEN_SHOWN], f"v1:subscribe:{each.id}:0"),) for each in every)
        return Answer(cards=(Card(Text(visit.say("subscribe-which")), rows),))
    if visit.words:
        return await _ask(visit, visit.here, visit.words)
    return Answer(cards=(await _ways(visit),))


async def chosen(visit: Visit) -> Answer:
    """Ask whether the bulletin of the button is to come here or by e-mail."""
    return Answer(redraw=await _ways(visit)) if visit.private else Answer(toast=visit.say("subscribe-in-private"))


async def by_mail(visit: Visit) -> Answer:
    """Ask for the address to which the bulletin of the button is to come."""
    _check_mail(visit)
    if not visit.private:
        return Answer(toast=visit.say("subscribe-in-private"))
    return Answer(asked=Asked(PURPOSE, visit.say("subscribe-address", title=visit.here.title), visit.here.id))


async def take_address(visit: Visit) -> Answer:
    """Take the address of a reply; ask again for what is none."""
    return await _ask(visit, visit.here, visit.message.text)


async def add(visit: Visit) -> Answer:
    """`/readers add ADDRESS`: write to one person, who confirms by themselves."""
    given = visit.words.partition(" ")[2]
    if not given.strip():
        return words(visit.say_here("readers-how"))
    _check_mail(visit)
    address = _address(visit, given)
    if address is None:
        raise Refused("readers-no-address", given=_short(given))
    bulletin, sealer = visit.here, visit.services.sealer
    consent = f"asked for by an editor, {visit.today}"
    await subscriptions.ask(visit.tx, sealer, bulletin, address, bulletin.language, visit.now, consent=consent)
    about = f"bulletin {bulletin.id}"
    await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="ask a reader", subject=about)
    return words(visit.say_here("readers-asked", title=bulletin.title))


async def _ask(visit: Visit, bulletin: Bulletin, given: str) -> Answer:
    _check_mail(visit)
    address = _address(visit, given)
    if address is None:
        question = visit.say("subscribe-no-address", given=_short(given))
        return Answer(asked=Asked(PURPOSE, question, bulletin.id))
    sealer, language = visit.services.sealer, known_language(visit.language)
    await subscriptions.ask(visit.tx, sealer, bulletin, address, language, visit.now, consent="Telegram")
    return words(visit.say("subscribe-asked", title=bulletin.title))


def _address(visit: Visit, given: str) -> str | None:
    return subscriptions.taken(given, test_domains=bool(visit.services.settings.demo_clock))


async def _ways(visit: Visit) -> Card:
    """Draw the ways by which a bulletin can come, without those that are not open."""
    title, about = visit.here.title, f"{visit.here.id}:0"
    reads = await here.reader_at(visit.tx, visit.services.sealer, visit.here, visit.chat) is not None
    ways = [] if reads else [Button(visit.say("button-here"), f"v1:subscribe-here:{about}")]
    if visit.services.postman is not None:
        ways.append(Button(visit.say("button-by-mail"), f"v1:subscribe-mail:{about}"))
    words = visit.say("subscribe-here-already" if reads else "subscribe-how", title=title)
    return Card(Text(words), tuple((way,) for way in ways))


def _check_mail(visit: Visit) -> None:
    if visit.services.postman is None:
        raise Refused("subscribe-no-mail")


def _short(given: str) -> str:
    plain = " ".join(given.split())
    return plain if len(plain) <= GIVEN_SHOWN else plain[:GIVEN_SHOWN] + "…"
