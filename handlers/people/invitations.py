"""The doors of invitations: one-time links that let somebody in, and those that can still be used."""

import re

from bot import guarded, people
from bot.errors import Refused
from bot.guard import Act
from bot.people import invitation_cards as cards
from bot.people.invitations import HOURS, fresh
from bot.texts import languages, say
from handlers.visit import Answer, Visit, words
from store.states import Role

SPANS = {1: "1[hг]", 24: "(24[hг]|1[dд])", 168: "(7[dд]|1[wт]|168[hг])"}


async def invite(visit: Visit) -> Answer:
    """Make a one-time link: for a contributor by any moderator, for other roles by the owner."""
    role, hours = _read(visit)
    return await _made(visit, role, hours)


async def ask(visit: Visit) -> Answer:
    """Ask to which role somebody is invited, then for how long the link is good."""
    press, language = visit.pressed, visit.spoken
    if press.argument in set(Role):
        return Answer(redraw=cards.hours_card(Role(press.argument), language))
    return Answer(redraw=cards.role_card(visit.who, language))


async def make(visit: Visit) -> Answer:
    """Make the link that was chosen."""
    press = visit.pressed
    if press.argument not in set(Role) or press.subject not in HOURS:
        return Answer(redraw=cards.role_card(visit.who, visit.spoken))
    return await _made(visit, Role(press.argument), press.subject)


async def list_open(visit: Visit) -> Answer:
    """List the invitations that can still be used."""
    return await _list(visit)


async def take_back(visit: Visit) -> Answer:
    """Make an invitation worthless; one person suffices."""
    try:
        await people.take_back(visit.tx, visit.actor, visit.pressed.subject, visit.now)
    except Refused as refusal:
        return await _list(visit, visit.say(refusal.key), alert=True)
    return await _list(visit, visit.say("invitation-taken-back"))


async def _list(visit: Visit, toast: str = "", *, alert: bool = False) -> Answer:
    card = await cards.open_card(visit.tx, visit.here, visit.spoken, visit.now)
    return Answer(toast=toast, alert=alert, redraw=card)


async def _made(visit: Visit, role: Role, hours: int) -> Answer:
    """Say the link; that of a higher role is shown in private only, and may need a second person to work."""
    if not cards.may_invite(visit.who, role):
        raise Refused("invite-owner-only")
    if role != Role.CONTRIBUTOR and not visit.private:
        raise Refused("invite-in-private")
    tx, services = visit.tx, visit.services
    token, token_mac = fresh(services.sealer)
    link = f"https://t.me/{services.bot_username}?start={token}"
    waits = None
    if role == Role.CONTRIBUTOR:
        await people.offer(tx, token_mac, visit.actor, role, visit.now, hours)
    else:
        payload = {"role": role, "hours": hours, "token_mac": token_mac}
        waits = await guarded.do_or_ask(tx, services.sealer, visit.here, visit.who, Act.INVITE, payload, visit.now)
    language = visit.spoken
    said = say(
        language, "invite-link", link=link, role=say(language, f"role-{role}"), time=cards.hours_words(hours, language)
    )
    return words(say(language, "invite-waits") + "\n" + said if waits is not None else said)


def _read(visit: Visit) -> tuple[Role, int]:
    """Read `moderator 7d`: a role by its name in any language, and a time, both with a default."""
    role, hours = Role.CONTRIBUTOR, people.INVITATION_HOURS
    names = {say(language, f"role-{role}"): role for role in Role for language in languages()}
    for word in visit.words.casefold().split():
        span = next((span for span, form in SPANS.items() if re.fullmatch(form, word)), None)
        if span is None and word not in names:
            raise Refused("invite-which", roles=", ".join(visit.say(f"role-{one}") for one in list(Role)[:3]))
        role, hours = names.get(word, role), span or hours
    return role, hours
