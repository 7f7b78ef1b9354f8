"""Contacts: sealed, found again by their keyed hash, and opened only to speak to somebody."""

from bot.seal import Sealer
from store import people as records
from store.database import Tx
from store.records import Person

CONTACT = "contact"


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
