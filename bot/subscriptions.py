"""Readers: imported with proof of consent, leaving at once, never revived against their will."""

from datetime import datetime

from email_validator import validate_email

from bot.seal import Sealer
from store import audit, bulletins, subscribers
from store.database import Tx
from store.records import Bulletin
from store.subscribers import Newcomer

ADDRESS = "address"
GROUPS = {
    "gmail.com": "gmail",
    "googlemail.com": "gmail",
    "outlook.com": "microsoft",
    "hotmail.com": "microsoft",
    "live.com": "microsoft",
    "msn.com": "microsoft",
    "yahoo.com": "yahoo",
    "ymail.com": "yahoo",
}


def normal(address: str, *, test_domains: bool = False) -> str:
    """Return an address in the one form in which it is kept, its domain in ASCII.

    Raises EmailNotValidError for what is none, and for one that plain SMTP cannot carry.
    """
    checked = validate_email(address, check_deliverability=False, test_environment=test_domains, allow_smtputf8=False)
    return (checked.ascii_email or checked.normalized).lower()


def provider(address: str) -> str:
    """Return the group of mail providers that share one pace."""
    domain = address.rpartition("@")[2]
    return GROUPS.get(domain, domain)[:60]


def sealed(sealer: Sealer, address: str) -> Newcomer:
    return Newcomer(sealer.seal(ADDRESS, address), sealer.mac(ADDRESS, address), provider(address))


async def bring_in(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, addresses: list[str], *, consent: str, actor: str, now: datetime
) -> int:
    """Subscribe addresses whose consent the operator vouches for; returns how many are new."""
    newcomers = [sealed(sealer, address) for address in addresses]
    came = await subscribers.import_readers(
        tx, bulletin.id, newcomers, language=bulletin.language, consent=consent, day=now.date()
    )
    subject = f"bulletin {bulletin.id}"
    await audit.note(tx, at=now, actor=actor, act="import readers", subject=subject, came=came, consent=consent)
    return came


async def leave(tx: Tx, subscription_id: int, generation: int, now: datetime) -> None:
    """End a subscription at its reader's wish, at once."""
    await subscribers.leave(tx, subscription_id, generation, now.date())


async def bulletin_of(tx: Tx, subscription_id: int, generation: int) -> Bulletin | None:
    """Return the bulletin that a genuine leave link belongs to."""
    found = await subscribers.bulletin_of(tx, subscription_id, generation)
    return None if found is None else await bulletins.get(tx, found)
