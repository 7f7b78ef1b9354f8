"""Roles: given, changed, and taken away with all that hung on them."""

from datetime import datetime
from random import Random
from typing import Any

from bot import guard
from bot.errors import Refused
from bot.people.contacts import CONTACT, chat_of, telegram_contact
from bot.people.names import free_pseudonym
from bot.people.telling import tell, tell_desks
from bot.seal import Sealer
from store import audit, bulletins, invitations, outbox
from store import people as records
from store.database import Tx
from store.records import Person
from store.states import Role


async def admit(
    tx: Tx, sealer: Sealer, random: Random, *, user: int, role: Role, language: str, now: datetime
) -> Person:
    """Give a Telegram user a role; who has a higher one keeps it."""
    mac = sealer.mac(CONTACT, telegram_contact(user))
    known = await records.by_mac(tx, mac)
    if known is None:
        person_id = await records.add(
            tx,
            pseudonym=await free_pseudonym(tx, random),
            role=role,
            language=language,
            contact=sealer.seal(CONTACT, telegram_contact(user)),
            contact_mac=mac,
        )
    else:
        person_id = known.id
        higher = role if known.revoked or role.rank > known.role.rank else known.role
        await records.change(tx, person_id, role=higher, revoked=False)
    await records.seen(tx, person_id, now.date())
    if role == Role.OWNER:
        await invitations.void(tx, Role.OWNER)
    await audit.note(tx, at=now, actor=f"person {person_id}", act="join", subject=f"person {person_id}", role=role)
    return await records.get(tx, person_id)


def may_revoke(viewer: Person, person: Person) -> bool:
    """Say whether somebody may take a person's role away: moderators, of everybody who has no higher role."""
    return viewer.role.includes(Role.MODERATOR) and viewer.role.includes(person.role)


def may_change_role(viewer: Person) -> bool:
    """Say whether somebody may give another role."""
    return viewer.role.includes(Role.OWNER)


def may_rename(viewer: Person, person: Person) -> bool:
    """Say whether somebody may change a pseudonym: everybody their own, editors those of others below or beside."""
    return viewer.id == person.id or (viewer.role.includes(Role.EDITOR) and viewer.role.includes(person.role))


async def change_role(
    tx: Tx, sealer: Sealer, actor: str, person_id: int, expected: Role, role: Role, now: datetime
) -> None:
    """Give somebody another role, on condition of the one they have; they and the desks hear it.

    Raises Refused when it was changed meanwhile, and for the last owner.
    """
    person = await records.get(tx, person_id)
    if person.revoked or person.role != expected or role == expected:
        raise Refused("people-changed")
    if role.rank < expected.rank:
        await _check_last_owner(tx, person)
    await records.change(tx, person_id, role=role)
    await audit.note(tx, at=now, actor=actor, act="role", subject=f"person {person_id}", before=expected, after=role)
    if role.rank < expected.rank:
        await _let_go(tx, sealer, person, now)
    await tell(tx, person_id, now, "role-now", role=role)
    await tell_desks(tx, now, "person-role", role=role, who=person.pseudonym)


async def revoke(tx: Tx, sealer: Sealer, actor: str, person_id: int, now: datetime) -> None:
    """Take a person's role away, at once; one person suffices. What they held ends, and they and the desks hear it.

    Raises Refused when it was taken away before, and for the last owner.
    """
    person = await records.get(tx, person_id)
    await _check_last_owner(tx, person)
    if not await records.revoke(tx, person_id):
        raise Refused("people-changed")
    await audit.note(tx, at=now, actor=actor, act="revoke", subject=f"person {person_id}")
    await _let_go(tx, sealer, person, now)
    await tell(tx, person_id, now, "role-taken")
    await tell_desks(tx, now, "person-revoked", who=person.pseudonym)


async def _check_last_owner(tx: Tx, person: Person) -> None:
    owners = await records.with_role(tx, Role.OWNER)
    if [owner.id for owner in owners] == [person.id]:
        raise Refused("people-last-owner")


async def _let_go(tx: Tx, sealer: Sealer, person: Person, now: datetime) -> None:
    """End what somebody held by a role: claims, the seat at the queue, questions, invitations, guarded acts."""
    chat = await chat_of(tx, sealer, person.id)
    for item_id, bulletin_id in await records.let_go(tx, person.id, sealer.mac("chat", str(chat))):
        bulletin = await bulletins.get(tx, bulletin_id)
        card: dict[str, Any] = {"kind": "card", "payload": {}, "subject_id": item_id, "merge_key": f"card:{item_id}"}
        await outbox.put_at_desk(tx, bulletin, now=now, **card)
    await invitations.void_of(tx, f"person {person.id}")
    await guard.drop_acts_of(tx, person.id, now)
    if person.role.includes(Role.EDITOR):
        await guard.note_alone(tx, now)
