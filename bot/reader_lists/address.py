"""One address of a list: read in the one form in which addresses are kept, or refused with the reason.

email-validator takes about 0.1 ms for an address, five times that for one with a domain in letters of its own. So what
is plainly right is told by two expressions, and an odd domain is looked at once; a test compares them with it.
"""

import re
from functools import lru_cache

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError

from bot.subscriptions import normal

LOCAL_CHARACTERS = 64
ADDRESS_CHARACTERS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
LONGEST_CHARACTERS = 1000  # what is longer is not even looked at
DOMAINS_KEPT = 4096
_LOCAL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z]{{2,63}}", re.ASCII)
_ANGLE = re.compile(r"<([^<>]*)>[^<>]*$")
_AROUND = " \t\"'<>()[].,;:\u00a0\u200b\ufeff"


class Unfit(Exception):
    """What stands there is no address that can be used; `why` is the key of the sentence that says so."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(cell: str) -> str:
    """Return the address of a cell, also out of `Name <address>`; raises Unfit."""
    if "<" in cell and (angle := _ANGLE.search(cell)):
        cell = angle[1]
    text = bare(cell)
    if len(text) > LONGEST_CHARACTERS:
        raise Unfit("reader-list-long")
    if "@" not in text:
        raise Unfit("reader-list-no-address")
    if text.count("@") > 1:
        raise Unfit("reader-list-several")
    return plain(text) or _by_the_book(text)


def bare(text: str) -> str:
    """Return a text without what people and programs put around an address."""
    text = text.strip(_AROUND)
    return text[7:] if text[:7].lower() == "mailto:" else text


def plain(text: str) -> str:
    """Return an address that is plainly right, else an empty text: that one needs a closer look."""
    local, _, domain = text.lower().partition("@")
    if len(local) > LOCAL_CHARACTERS or not text.isascii() or not _LOCAL.fullmatch(local):
        return ""
    fit = len(domain) <= ADDRESS_CHARACTERS - 1 - len(local) and _DOMAIN.fullmatch(domain)
    if fit and "--" not in domain and domain.rpartition(".")[2] not in SPECIAL_USE_DOMAIN_NAMES:
        return f"{local}@{domain}"
    return ""


def _by_the_book(text: str) -> str:
    local, _, domain = text.rpartition("@")
    try:
        if text[: len(local)].isascii() and _LOCAL.fullmatch(local.lower()) and len(local) <= LOCAL_CHARACTERS:
            known = _domain(domain)
            if known and len(local) + 1 + len(known) <= ADDRESS_CHARACTERS:
                return f"{local.lower()}@{known}"
        return normal(text)
    except EmailNotValidError:
        raise Unfit(_why(local, domain)) from None


@lru_cache(DOMAINS_KEPT)
def _domain(domain: str) -> str:
    """Return a domain in ASCII, an empty text for one that is none."""
    try:
        return normal(f"a@{domain}").partition("@")[2]
    except EmailNotValidError:
        return ""


def _why(local: str, domain: str) -> str:
    if len(local) + 1 + len(domain) > ADDRESS_CHARACTERS:
        return "reader-list-long"
    if not _domain(domain):
        return "reader-list-domain"
    return "reader-list-local" if local.isascii() else "reader-list-letters"
