"""Addresses of readers: the one form in which they are kept, sealed, and whose pace they share."""

from email_validator import EmailNotValidError, validate_email

from bot.seal import Sealer
from store.subscribers import Newcomer

ADDRESS = "address"
CHARACTERS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
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
    checked = validate_email(
        address, check_deliverability=False, test_environment=test_domains, allow_smtputf8=False, strict=True
    )
    return (checked.ascii_email or checked.normalized).lower()


def taken(text: str, *, test_domains: bool = False) -> str | None:
    """Return what somebody gave as their address in its normal form, None for what is none."""
    given = text.strip().removeprefix("mailto:").strip("<> ")
    if not given or len(given) > CHARACTERS:
        return None
    try:
        return normal(given, test_domains=test_domains)
    except EmailNotValidError:
        return None


def mark(sealer: Sealer, address: str) -> str:
    """Return the HMAC by which readers of an address are found, however somebody wrote it."""
    return sealer.mac(ADDRESS, taken(address, test_domains=True) or address.lower())


def provider(address: str) -> str:
    """Return the group of mail providers that share one pace."""
    domain = address.rpartition("@")[2]
    return GROUPS.get(domain, domain)[:60]


def mailbox(address: str) -> str:
    """Return the mailbox that an address in its normal form leads to, as far as its writing tells.

    What follows a `+` is a tag (RFC 5233 §1); at Gmail dots count for nothing.
    """
    name, _, domain = address.rpartition("@")
    name = name.partition("+")[0] or name
    if provider(address) == "gmail":
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


def mailbox_mac(sealer: Sealer, address: str) -> str:
    """Return the HMAC by which mails to one mailbox are counted; that of the address where it carries no tag."""
    return sealer.mac(ADDRESS, mailbox(address))


def sealed(sealer: Sealer, address: str) -> Newcomer:
    return Newcomer(sealer.seal(ADDRESS, address), sealer.mac(ADDRESS, address), provider(address))
