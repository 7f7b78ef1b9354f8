"""People: one-time invitations, roles, pseudonyms, and contacts that stay sealed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from bot.errors import Refused
from bot.seal import Sealer
from bot.tokens import fresh_token
from store import audit
from store import people as records
from store.database import Tx
from store.records import Person
from store.states import Role

INVITATION_HOURS = 24
CONTACT = "contact"
FIRST_WORDS = tuple(
    "amber brave bright calm clear coastal early eastern gentle golden green hidden honest kind late light little "
    "lucky mild misty modest northern open patient plain quick quiet ready red silver simple slow southern spring "
    "steady still strong summer sunny tall warm western white wide wild winter wise young".split()
)
SECOND_WORDS = tuple(
    "alder apple aspen badger beech birch bittern blackbird cedar cherry clover crane curlew deer dove elder elm fern "
    "finch fox goose hare hawk hazel heron ivy jay juniper kestrel lark linden lynx maple marten oak oriole otter owl "
    "pine plover poplar quail raven reed robin rowan sorrel sparrow starling stork swallow swift thistle thrush "
    "walnut willow wren yarrow".split()
)


def telegram_contact(user: int) -> str:
    """Return the contact under which a Telegram user is sealed and found."""
    return f"tg:{user}"


async def find(tx: Tx, sealer: Sealer, user: int) -> Person | None:
    """Return the person behind a Telegram id, None for a stranger and for somebody whose role was taken away."""
    person = await records.by_mac(tx, sealer.mac(CONTACT, telegram_contact(user)))
    return None if person is None or person.revoked else person


async def is_known(tx: Tx, sealer: Sealer, user: int) -> bool:
    """Say whether a Telegram user has, or once had, a role here."""
    return await records.by_mac(tx, sealer.mac(CONTACT, telegram_contact(user))) is not None


async def chat_of(tx: Tx, sealer: Sealer, person_id: int) -> int:
    """Return the private chat of a person."""
    contact = sealer.open(CONTACT, await records.sealed_contact(tx, person_id))
    return int(contact.removeprefix("tg:"))


async def invite(tx: Tx, sealer: Sealer, actor: str, role: Role, now: datetime) -> str:
    """Make a one-time invitation that is good for 24 hours, and return its token."""
    token = fresh_token()
    expires = now + timedelta(hours=INVITATION_HOURS)
    row = await records.add_invitation(tx, token_mac=sealer.mac("invitation", token), role=role, expires_at=expires)
    await audit.note(tx, at=now, actor=actor, act="invite", subject=f"invitation {row}", role=role)
    return token


async def accept(
    tx: Tx, sealer: Sealer, random: Random, *, token: str, user: int, language: str, now: datetime
) -> Person:
    """Let somebody in by an invitation; who is here already keeps the higher of the two roles.

    Raises Refused when the invitation is used, too old or unknown.
    """
    role = await records.use_invitation(tx, sealer.mac("invitation", token), now)
    if role is None:
        raise Refused("invitation-spent")
    return await admit(tx, sealer, random, user=user, role=role, language=language, now=now)


async def admit(
    tx: Tx, sealer: Sealer, random: Random, *, user: int, role: Role, language: str, now: datetime
) -> Person:
    """Give a Telegram user a role."""
    mac = sealer.mac(CONTACT, telegram_contact(user))
    known = await records.by_mac(tx, mac)
    if known is None:
        person_id = await records.add(
            tx,
            pseudonym=await _free_pseudonym(tx, random),
            role=role,
            language=language,
            contact=sealer.seal(CONTACT, telegram_contact(user)),
            contact_mac=mac,
        )
    else:
        person_id = known.id
        higher = role if known.revoked or role.rank > known.role.rank else known.role
        await records.change(tx, person_id, role=higher, revoked=False)
    if role == Role.OWNER:
        await records.void_invitations(tx, Role.OWNER)
    await audit.note(tx, at=now, actor=f"person {person_id}", act="join", subject=f"person {person_id}", role=role)
    return await records.get(tx, person_id)


async def revoke(tx: Tx, actor: str, person_id: int, now: datetime) -> None:
    """Take a person's role away, at once; one person suffices."""
    await records.change(tx, person_id, revoked=True)
    await audit.note(tx, at=now, actor=actor, act="revoke", subject=f"person {person_id}")


async def named(tx: Tx, pseudonym: str) -> Person | None:
    """Return the person with a role who is known by a pseudonym."""
    wanted = " ".join(pseudonym.split()).casefold()
    found = (person for person in await records.every(tx) if person.pseudonym.casefold() == wanted)
    return next((person for person in found if not person.revoked), None)


async def mute(tx: Tx, actor: str, person_id: int, until: datetime, now: datetime) -> None:
    """Take no links from a person until a moment; one person suffices."""
    await records.change(tx, person_id, muted_until=until)
    await audit.note(tx, at=now, actor=actor, act="mute", subject=f"person {person_id}", until=until.isoformat())


async def ban(tx: Tx, actor: str, person_id: int, until: datetime, now: datetime) -> None:
    """Keep a person out altogether until a moment; one person suffices."""
    await records.change(tx, person_id, banned_until=until)
    await audit.note(tx, at=now, actor=actor, act="ban", subject=f"person {person_id}", until=until.isoformat())


async def free(tx: Tx, actor: str, person_id: int, now: datetime) -> None:
    """End a mute and a ban."""
    await records.change(tx, person_id, muted_until=None, banned_until=None)
    await audit.note(tx, at=now, actor=actor, act="unmute", subject=f"person {person_id}")


async def _free_pseudonym(tx: Tx, random: Random) -> str:
    name = two_words(random)
    number = 1
    while await records.pseudonym_taken(tx, name):
        number += 1
        name = two_words(random) if number < 20 else f"{two_words(random)} {number}"
    return name


def two_words(random: Random, words: tuple[Sequence[str], Sequence[str]] = (FIRST_WORDS, SECOND_WORDS)) -> str:
    """Return a pseudonym that says nothing about a person."""
    return f"{random.choice(words[0])} {random.choice(words[1])}".title()
