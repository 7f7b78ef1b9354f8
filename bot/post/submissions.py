"""Links by letter: the same intake as by chat, for a contributor whose secret address and sender are both genuine."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake import allowance, submit
from bot.intake.message.found import Found, find
from bot.intake.message.written import addresses_in, bracketed, without_addresses
from bot.intake.submit import Road
from bot.post import kept, letterbox
from bot.post.answers import say_by_mail
from bot.post.arrival import Arrival
from bot.post.kept import Kept
from bot.services import Services
from bot.subscriptions import ADDRESS
from bot.texts import say
from store import audit, letters, outbox, senders
from store.database import Tx
from store.desk_letters import ERASED
from store.messages import Incoming
from store.records import Bulletin, Person

CARD = "own-letter"
"""The kind of a letter to a secret address, and of the outbox row that asks a contributor whether it is theirs."""


def incoming_of(letter: Kept, now: datetime) -> Incoming:
    """Return a letter as the intake reads a message: its words, and below them the links that stand behind words."""
    shown = set(addresses_in(letter.words))
    hidden = [bracketed(link) for link in letter.links if link not in shown]
    written = "\n".join([letter.words, *hidden]).strip()
    note = without_addresses(letter.words)
    return Incoming(0, 0, 0, now, True, letter.words, letter.links, note, written=written)


def found_in(letter: Kept, bulletin: Bulletin, now: datetime) -> Found:
    return find(incoming_of(letter, now), bulletin, now.astimezone(ZoneInfo(bulletin.timezone)).date())


async def from_contributor(arrival: Arrival, person: Person) -> None:
    """Take a letter to somebody's secret address in where it is proven to be from its sender, else ask them."""
    if not kept.is_proven(arrival.letter):
        await ask_whose(arrival, person)
        return
    await arrival.finish()
    letter = kept.keep(arrival.letter)
    await _take_in(arrival.tx, arrival.services, arrival.bulletin, person, letter, arrival.key, arrival.now)


async def ask_whose(arrival: Arrival, person: Person) -> None:
    """Keep a letter and ask in the contributor's chat whether it is theirs; who wrote it hears nothing."""
    await arrival.wait(CARD, person.id)
    await draw_own(arrival.tx, arrival.id, person.id, arrival.now)


async def draw_own(tx: Tx, letter_id: int, person_id: int, now: datetime) -> None:
    """Queue the drawing of the question to a contributor whether a letter is theirs."""
    key = f"{CARD}:{letter_id}"
    await outbox.put(tx, now=now, kind=CARD, payload={}, person_id=person_id, subject_id=letter_id, merge_key=key)


async def settle_own(
    tx: Tx, services: Services, bulletin: Bulletin, person: Person, letter_id: int, *, is_own: bool, now: datetime
) -> str:
    """Do what a contributor says of a letter to their secret address; returns the key of what is said to them.

    Raises Refused for a letter of somebody else, and for one that was decided before.
    """
    stored = await letters.get(tx, letter_id)
    if stored is not None and stored.kind == ERASED:
        raise Refused("letter-erased")
    if stored is None or stored.kind != CARD or stored.content is None:
        raise Refused("own-letter-settled")
    letter = kept.unseal(services.sealer, stored.content)
    if letter.person != person.id or not await letters.finish(tx, letter_id):
        raise Refused("own-letter-settled")
    await audit.note(tx, at=now, actor="contributor", act="own letter", subject="letter", yes=is_own, person=person.id)
    if not is_own:
        return "own-letter-not"
    # Its sender is not proven, so that nothing may be told to that address.
    await _store(tx, services, bulletin, person, letter, stored.key, now, Road(senders.LETTER_IN_CHAT))
    return "own-letter-taken"


async def _take_in(
    tx: Tx, services: Services, bulletin: Bulletin, person: Person, letter: Kept, key: str, now: datetime
) -> None:
    """Take links in and answer by mail; somebody at risk is answered in their chat alone, where nothing is told."""
    sealer = services.sealer
    address = sealer.seal(ADDRESS, letter.sender)
    road = Road(senders.LETTER_IN_CHAT) if person.at_risk else Road(senders.LETTER, address, person.language)
    more = {"answers": kept.reference(letter.message_id), "title": bulletin.title}
    if not person.at_risk:
        more["answer_to"] = await letterbox.token_of(tx, sealer, person.id)
    try:
        number, links = await _store(tx, services, bulletin, person, letter, key, now, road)
    except Refused as refusal:
        if person.at_risk:
            payload = {"key": refusal.key, "values": refusal.values}
            await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person.id)
            return
        why = say(person.language, refusal.key, **refusal.values)
        await say_by_mail(tx, bulletin.id, address, "letter-not-taken", person.language, now, why=why, **more)
        return
    if not person.at_risk:
        values = {"number": number, "n": links, **more}
        await say_by_mail(tx, bulletin.id, address, "letter-received", person.language, now, **values)


async def _store(
    tx: Tx,
    services: Services,
    bulletin: Bulletin,
    person: Person,
    letter: Kept,
    key: str,
    now: datetime,
    road: Road,
) -> tuple[int, int]:
    """Store what a letter holds; returns its number and how many links it has."""
    allowance.check_standing(bulletin, person, now)
    found = found_in(letter, bulletin, now)
    quotas = allowance.quotas_of(services.settings)
    incoming = incoming_of(letter, now)
    number = await submit.take_in(tx, bulletin, person, incoming, key, now, found=found, quotas=quotas, road=road)
    return number or 0, len(found.entries)
