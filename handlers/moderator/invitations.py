"""Invitations: one-time links that let somebody in."""

from bot import people
from handlers.visit import Answer, Visit, words
from store.states import Role


async def invite(visit: Visit) -> Answer:
    """Make a one-time link: for a contributor by any moderator, for other roles by the owner."""
    role = Role(visit.words) if visit.words in set(Role) else Role.CONTRIBUTOR
    if visit.words and visit.words not in set(Role):
        return words(visit.say("invite-which", roles=", ".join(list(Role)[:3])))
    if role != Role.CONTRIBUTOR and visit.who.role != Role.OWNER:
        return words(visit.say("invite-owner-only"))
    token = await people.invite(visit.tx, visit.services.sealer, visit.actor, role, visit.now)
    link = f"https://t.me/{visit.services.bot_username}?start={token}"
    return words(visit.say("invite-link", link=link, role=visit.say(f"role-{role}"), n=people.INVITATION_HOURS))
