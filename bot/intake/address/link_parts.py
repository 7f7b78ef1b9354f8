"""How an address is written: its checked parts in plain ASCII, its percent-encoding, its pairs of parameters."""

import re
import unicodedata
from functools import cache
from urllib.parse import SplitResult, unquote, urlsplit

from bot.errors import Refused
from bot.intake.address.hosts import ascii_host

# Longer than any address that can be stored, since a mail program's wrapper may be much longer than what it wraps.
_LENGTH_LIMIT = 16_384
DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
PATH_SAFE = _UNRESERVED | frozenset("/!$&'()*+,;=:@")
QUERY_SAFE = PATH_SAFE | frozenset("?[]")
# What programs encode or leave as they like, and no server tells apart; `/`, `+`, `&`, `=`, `;`, `?`, `#` are not here.
_ALIKE_IN_PATH = frozenset("!$'()*,:@")
_ALIKE_IN_QUERY = _ALIKE_IN_PATH | frozenset("/?[]")
_STRANGE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\\]")
_ALIKE = re.compile(r"%([0-7][0-9A-F])")
_OUTSIDE_ASCII = re.compile(r"[A-Za-z]?(?:%[89A-F][0-9A-F])+")


def parts_of(url: str) -> SplitResult:
    """Return the parts of a web address, in ASCII and with a scheme; raises `Refused` for what is none.

    The host comes back in lower case and punycode; path, parameters and fragment stay as they were sent.
    """
    if len(url) > _LENGTH_LIMIT:
        raise Refused("intake-link-too-long")
    text = _with_scheme(url.strip().strip("\u200b\u200e\u200f\ufeff"))
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname
    except ValueError:
        raise Refused("intake-link-unclear") from None
    if "@" in parts.netloc:
        raise Refused("intake-link-userinfo")
    if not host:
        raise Refused("intake-link-host")
    name = ascii_host(host)
    netloc = f"[{name}]" if ":" in name else name
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return SplitResult(
        parts.scheme,
        netloc,
        encoded(parts.path, PATH_SAFE),
        encoded(parts.query, QUERY_SAFE),
        encoded(parts.fragment, QUERY_SAFE),
    )


def encoded(text: str, safe: frozenset[str]) -> str:
    """Percent-encode what must be, decode what need not be, and write the rest in capitals (RFC 3986 §6.2.2)."""

    def piece(match: re.Match[str]) -> str:
        found = match[0]
        if len(found) == 3:
            letter = chr(int(found[1:], 16))
            return letter if letter in _UNRESERVED else found.upper()
        return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "replace"))

    return _unsafe(safe).sub(piece, text)


@cache
def _unsafe(safe: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"%[0-9A-Fa-f]{{2}}|[^{re.escape(''.join(sorted(safe)))}]")


def one_spelling(text: str, *, query: bool = False) -> str:
    """Return an encoded path or query in the one spelling by which it is compared.

    What programs encode or not as they like is decoded, and letters with marks are composed (NFC).
    """
    alike = _ALIKE_IN_QUERY if query else _ALIKE_IN_PATH

    def composed(match: re.Match[str]) -> str:
        try:
            letters = unquote(match[0], errors="strict")
        except UnicodeDecodeError:
            return match[0]
        return encoded(unicodedata.normalize("NFC", letters), _UNRESERVED)

    def decoded(match: re.Match[str]) -> str:
        letter = chr(int(match[1], 16))
        return letter if letter in alike else match[0]

    return _ALIKE.sub(decoded, _OUTSIDE_ASCII.sub(composed, text)) if "%" in text else text


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a query as they stand, without empty ones and what HTML left of an ampersand."""
    found = (piece.removeprefix("amp;").partition("=") for piece in query.split("&"))
    return [(name, value) for name, _, value in found if name or value.strip("=")]


def joined(parameters: list[tuple[str, str]]) -> str:
    """Return parameters as a query."""
    return "&".join(f"{name}={value}" if value else name for name, value in parameters)


def value_of(query: str, *names: str) -> str:
    """Return the value of the first of these parameters that has one, as it stands."""
    found = {name.casefold(): value for name, value in reversed(pairs(query))}
    return next((found[name.casefold()] for name in names if found.get(name.casefold())), "")


def _with_scheme(text: str) -> str:
    if not text or _STRANGE.search(text):
        raise Refused("intake-link-unclear")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    if text.startswith("//"):
        return f"https:{text}"
    if scheme is None or re.match(r"[^/?#:]+\.[^/?#:]+:\d{1,5}(?:[/?#]|$)", text):
        if "." not in re.split(r"[/?#]", text)[0].strip("."):
            raise Refused("intake-link-unclear")
        return f"https://{text}"
    if scheme[1].lower() not in DEFAULT_PORTS:
        raise Refused("intake-link-scheme")
    if not text[scheme.end() :].startswith("//"):
        raise Refused("intake-link-unclear")
    return text
