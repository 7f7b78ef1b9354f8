"""Invitations: one-time links with a role and an end, taken up by one person or taken back by any moderator."""

from datetime import datetime, timedelta
from random import Random

from bot.errors import Refused
from bot.people.contacts import CONTACT, telegram_contact
from bot.people.roles import admit
from bot.people.telling import tell, tell_desks
from bot.seal import Sealer
from bot.tokens import fresh_token
from store import audit
from store import invitations as records
from store import people as people_records
from store.database import Tx
from store.invitations import Invitation
from store.records import Person
from store.states import Role

INVITATION_HOURS = 24
HOURS = (1, 24, 168)
"""For how long an invitation may be good."""

PERSON = "person "


async def invite(tx: Tx, sealer: Sealer, actor: str, role: Role, now: datetime, hours: int = INVITATION_HOURS) -> str:
    """Make a one-time invitation that is good for so many hours, and return its token."""
    token, token_mac = fresh(sealer)
    await offer(tx, token_mac, actor, role, now, hours)
    return token


def fresh(sealer: Sealer) -> tuple[str, str]:
    """Return a new token, and the keyed hash of it that is kept."""
    token = fresh_token()
    return token, sealer.mac("invitation", token)


async def offer(tx: Tx, token_mac: str, actor: str, role: Role, now: datetime, hours: int) -> None:
    """Let a token give a role for so many hours, once."""
    expires = now + timedelta(hours=hours)
    row = await records.add(tx, token_mac=token_mac, role=role, expires_at=expires, created_by=actor)
    await audit.note(tx, at=now, actor=actor, act="invite", subject=f"invitation {row}", role=role)


async def accept(
    tx: Tx, sealer: Sealer, random: Random, *, token: str, user: int, language: str, now: datetime
) -> Person:
    """Let somebody in by an invitation; who is here already keeps the higher of the two roles.

    The desks hear who came in, and by whom. Raises Refused when the invitation is used, over, taken back or unknown.
    """
    invitation = await records.use(tx, sealer.mac("invitation", token), now)
    if invitation is None:
        raise Refused("invitation-spent")
    known = await people_records.by_mac(tx, sealer.mac(CONTACT, telegram_contact(user)))
    person = await admit(tx, sealer, random, user=user, role=invitation.role, language=language, now=now)
    if known is None or known.revoked or known.role != person.role:
        await _tell_of(tx, person, invitation, now)
    return person


async def take_back(tx: Tx, actor: str, invitation_id: int, now: datetime) -> None:
    """Make an invitation worthless; raises Refused when it was used or is over."""
    if not await records.take_back(tx, invitation_id, now):
        raise Refused("invitation-over")
    await audit.note(tx, at=now, actor=actor, act="uninvite", subject=f"invitation {invitation_id}")


async def inviter_of(tx: Tx, invitation: Invitation) -> Person | None:
    """Return who made an invitation; None for the operator."""
    maker = invitation.created_by
    return await people_records.get(tx, int(maker.removeprefix(PERSON))) if maker.startswith(PERSON) else None


async def _tell_of(tx: Tx, person: Person, invitation: Invitation, now: datetime) -> None:
    host = await inviter_of(tx, invitation)
    values = {"who": person.pseudonym} | ({"host": host.pseudonym} if host is not None else {})
    key = "person-joined" if host is None else "person-joined-by"
    if not await tell_desks(tx, now, key, role=person.role, **values) and host is not None:
        await tell(tx, host.id, now, key, role=person.role, **values)
