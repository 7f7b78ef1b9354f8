"""The doors of /people: everybody by role, one person, and what moderators and the owner may do about them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot import guarded, people
from bot.errors import Refused
from bot.guard import Act
from bot.intake import allowance
from bot.people import cards
from handlers import standing
from handlers.people import place
from handlers.visit import Answer, Visit, words
from store.messages import Card
from store.records import Person
from store.states import Role


async def directory(visit: Visit) -> Answer:
    """List everybody with a role, or show whom a word finds."""
    language = visit.spoken
    if not visit.words:
        return Answer(cards=(await cards.list_card(visit.tx, visit.here, 0, language, visit.now),))
    wanted = " ".join(visit.words.split()).casefold()
    found = [person for person in await cards.everybody(visit.tx) if wanted in person.pseudonym.casefold()]
    if not found:
        return words(visit.say_here("standing-unknown", name=visit.words[:60]))
    if len(found) == 1:
        return Answer(cards=(await place.person_card(visit, found[0].id),))
    return Answer(cards=(cards.found_card(visit.here, found, language, visit.now),))


async def page(visit: Visit) -> Answer:
    """Turn to another page of the list."""
    return await place.list_again(visit, page=place.number(visit.pressed.argument))


async def show(visit: Visit) -> Answer:
    """Show one person."""
    return await _looked(visit, None)


async def ask_mute(visit: Visit) -> Answer:
    """Ask for how many days somebody's links are not taken; a number of days on the button is the answer."""
    return await _kept_out(visit, "mute")


async def ask_ban(visit: Visit) -> Answer:
    """Ask for how many days somebody is kept out altogether; a number of days on the button is the answer."""
    return await _kept_out(visit, "ban")


async def free(visit: Visit) -> Answer:
    """End a mute and a ban."""

    async def act(who: Person) -> str:
        await people.free(visit.tx, visit.actor, who.id, visit.now)
        await standing.announce(visit, "standing-free", who)
        return visit.say("standing-free", who=who.pseudonym)

    return await _acted(visit, act)


async def ask_role(visit: Visit) -> Answer:
    """Ask which role somebody is to have."""
    return await _looked(visit, lambda who: cards.roles_card(who, visit.spoken))


async def give_role(visit: Visit) -> Answer:
    """Give somebody the role of the button; a higher one may need a second person."""
    press = visit.pressed
    if press.argument not in set(Role) or press.revision >= len(Role):
        raise Refused("people-changed")
    role, expected = Role(press.argument), list(Role)[press.revision]

    async def act(who: Person) -> str:
        if role.rank <= expected.rank:
            await people.change_role(visit.tx, visit.services.sealer, visit.actor, who.id, expected, role, visit.now)
            return visit.say("saved")
        if who.role != expected:
            raise Refused("people-changed")
        payload = {"person": who.id, "before": expected, "role": role}
        return visit.say("guard-asked" if await _asked(visit, Act.GRANT, payload) else "saved")

    return await _acted(visit, act)


async def reveal(visit: Visit) -> Answer:
    """Show the owner, in private, how somebody is reached in Telegram; it may need a second person."""

    async def act(who: Person) -> str:
        waits = await _asked(visit, Act.CONTACT, {"person": who.id})
        return visit.say("guard-asked" if waits else "contact-sent")

    return await _acted(visit, act)


async def revoke(visit: Visit) -> Answer:
    """Ask whether somebody's role is really to be taken away; the second press takes it, at once."""
    press = visit.pressed
    if press.argument != "yes":
        return await _looked(visit, lambda who: cards.sure_card(who, visit.spoken))

    async def act(who: Person) -> str:
        if who.role.rank != press.revision:
            raise Refused("people-changed")
        if not people.may_revoke(visit.who, who):
            raise Refused("people-higher")
        await people.revoke(visit.tx, visit.services.sealer, visit.actor, who.id, visit.now)
        return visit.say("person-revoked", who=who.pseudonym)

    return await _acted(visit, act)


async def _asked(visit: Visit, act: Act, payload: dict[str, object]) -> bool:
    """Do an act, or say that it waits for a second person."""
    sealer = visit.services.sealer
    return await guarded.do_or_ask(visit.tx, sealer, visit.here, visit.who, act, payload, visit.now) is not None


async def _kept_out(visit: Visit, kind: str) -> Answer:
    press = visit.pressed
    days = place.number(press.argument)
    if days not in cards.MUTE_DAYS:
        return await _looked(visit, lambda who: cards.days_card(kind, who, visit.spoken))

    async def act(who: Person) -> str:
        if who.role != Role.CONTRIBUTOR:
            raise Refused("standing-role", who=who.pseudonym, role=visit.say(f"role-{who.role}"))
        until = visit.now + timedelta(days=days)
        await (people.mute if kind == "mute" else people.ban)(visit.tx, visit.actor, who.id, until, visit.now)
        key = "standing-muted" if kind == "mute" else "standing-banned"
        await standing.announce(visit, key, who, until)
        return visit.say(key, who=who.pseudonym, **allowance.in_words(visit.here, visit.language, until))

    return await _acted(visit, act)


async def _looked(visit: Visit, draw: Callable[[Person], Card] | None) -> Answer:
    """Draw a view of the person of a button; of one who has no role any more, the list."""
    try:
        person = await place.there(visit, visit.pressed.subject)
    except Refused as refusal:
        return await place.list_again(visit, visit.say(refusal.key), alert=True)
    return Answer(redraw=draw(person) if draw else await place.person_card(visit, person.id))


async def _acted(visit: Visit, act: Callable[[Person], Awaitable[str]]) -> Answer:
    """Do what a button asks for and draw the person again; what is refused is said, and has changed nothing."""
    try:
        person = await place.there(visit, visit.pressed.subject)
    except Refused as refusal:
        return await place.list_again(visit, visit.say(refusal.key), alert=True)
    try:
        async with visit.tx.begin_nested():
            said = await act(person)
    except Refused as refusal:
        return await place.person_again(visit, person.id, visit.say(refusal.key, **refusal.values), alert=True)
    return await place.person_again(visit, person.id, said)
