"""Addresses in the fields of a letter, read by the grammar of RFC 5322 and not by guessing.

`email.utils.parseaddr` reads `a@trusted.org <x@evil>` as trusted; here only what stands where an address may stand
counts, and whatever is doubtful is no address.
"""

import re
import unicodedata
from collections.abc import Iterator

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*+"|[(]|[)]|<[^<>]*+>|[,;:]|[^"(),;:<>\s]++|\s++|.', re.DOTALL)
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_REPORTED = re.compile(r"[^\s<>\"(),;:@\[\]\\]{1,100}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|[a-z0-9_-]{1,63}")
_LENGTH_LIMIT = 254
_LIST_LIMIT = 200


def address(text: str) -> str:
    """Return an address in its one spelling, domain in lower case and punycode; empty for what is no address."""
    local, at, domain = text.strip().rpartition("@")
    if not at or len(text) > _LENGTH_LIMIT or not _LOCAL.fullmatch(local) or _deceives(local):
        return ""
    host = _host(domain)
    return f"{local}@{host}" if host else ""


def reported(text: str) -> str:
    """Return an address as a mail server reports it: with the dots that RFC 5322 forbids, and without a full domain."""
    local, at, domain = text.strip().rpartition("@")
    if not at or len(text) > _LENGTH_LIMIT or not _REPORTED.fullmatch(local):
        return ""
    host = _host(domain.strip("."), least=1)
    return f"{local}@{host}" if host else ""


def _deceives(local: str) -> bool:
    return unicodedata.normalize("NFKC", local) != local


def _host(domain: str, least: int = 2) -> str:
    try:
        host = (domain if domain.isascii() else domain.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        return ""
    labels = host.split(".")
    return host if all(_LABEL.fullmatch(label) for label in labels) and len(labels) >= least else ""


def only_address(value: str) -> str:
    """Return the one address of a From field, empty where there is none, more than one, a group or anything odd."""
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") and letter != "\t" for letter in value):
        return ""
    mailboxes = list(_mailboxes(value))
    return mailboxes[0] if len(mailboxes) == 1 else ""


def addresses(*values: str) -> list[str]:
    """Return the addresses of some fields in their order, each once; what is none is left out."""
    found = (one for value in values for one in _mailboxes(value) if one)
    return list(dict.fromkeys(found))[:_LIST_LIMIT]


def _mailboxes(value: str) -> Iterator[str]:
    """Yield the address of each mailbox in a list, empty for one that is doubtful."""
    words: list[str] = []
    angles: list[str] = []
    depth, doubtful = 0, False
    for found in _PIECE.finditer(value):
        piece = found[0]
        if piece == "(":
            depth += 1
        elif piece == ")":
            doubtful |= not depth
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif piece in (",", ";"):
            if words or angles or doubtful:
                yield "" if doubtful else _one(words, angles)
            words, angles, doubtful = [], [], False
        elif piece == ":":
            doubtful = True  # a group, or a route: neither names one sender
        elif piece in ("<", ">", '"'):
            doubtful = True
        elif piece.startswith("<"):
            angles.append(piece[1:-1])
        elif not piece.isspace():
            doubtful |= bool(angles) and not piece.startswith('"')
            words.append(piece)
    if depth:
        doubtful = True
    if words or angles or doubtful:
        yield "" if doubtful else _one(words, angles)


def _one(words: list[str], angles: list[str]) -> str:
    if angles:
        return address(angles[0]) if len(angles) == 1 else ""
    return address(words[0]) if len(words) == 1 else ""


def plus_part(mail: str) -> tuple[str, str]:
    """Return the localpart of an address before its first +, in lower case, and what stands behind it."""
    base, _, rest = mail.rpartition("@")[0].partition("+")
    return base.lower(), rest


def domain_of(mail: str) -> str:
    return mail.rpartition("@")[2].lower()
