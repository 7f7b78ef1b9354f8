"""Addresses as people send them: what is a link, which two links are the same page, how a host is shown."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from bot.errors import Refused
from bot.intake.hosts import ascii_host, readable_host, site

_LENGTH_LIMIT = 2048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT_FRAGMENTS = ("!", "/")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset("/!$&'()*+,;=:@")
_QUERY_SAFE = _PATH_SAFE | frozenset("?[]")
_TRACKING_FILE = Path(__file__).with_name("tracking.toml")


@dataclass(frozen=True, slots=True)
class _Tracking:
    """The data file: what to drop everywhere (`names`, `prefixes`, `versions` by value), and rules by site."""

    names: list[str]
    prefixes: list[str]
    versions: dict[str, list[str]]
    only: dict[str, list[str]]
    keep: dict[str, list[str]]


@cache
def _tracking() -> _Tracking:
    return _Tracking(**tomllib.loads(_TRACKING_FILE.read_text(encoding="utf-8")))


def check_link(url: str) -> str:
    """Return a link as a plain ASCII address, with a scheme; raises `Refused` for what is no web address.

    The host comes back in lower case and punycode; path, parameters and fragment stay as they were sent.
    """
    parts = _parts(url)
    checked = urlunsplit(parts)
    if len(checked) > _LENGTH_LIMIT:
        raise Refused("intake-link-too-long")
    return checked


def canonical(url: str) -> str:
    """Return the form of an address by which the same page is recognised; it is a name, not an address to open.

    Scheme, small-screen hosts, tracking parameters, their order and the like make no difference. Applying it twice
    changes nothing. Raises `Refused` like `check_link`.
    """
    parts = _parts(url)
    host = site(parts.hostname or "")
    path, query = _plain_path(parts.path), parts.query
    if host == "youtu.be" and path.count("/") == 1 and len(path) > 1:
        host, query, path = "youtube.com", f"v={path[1:]}&{query}", "/watch"
    port = parts.port if parts.port not in _DEFAULT_PORTS.values() else None
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    fragment = parts.fragment if parts.fragment.startswith(_KEPT_FRAGMENTS) else ""
    return urlunsplit(("https", netloc, path, _plain_query(host, query), _encoded(fragment, _QUERY_SAFE)))


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one site: the same host, or one a subdomain of the other."""
    first, second = (site(urlsplit(url).hostname or "") for url in (one, other))
    return bool(first and second) and (first == second or first.endswith(f".{second}") or second.endswith(f".{first}"))


def display_host(url: str) -> str:
    """Return the host as people know it; a host that only looks like another one stays in punycode."""
    return readable_host(_parts(url).hostname or "")


def _parts(url: str) -> SplitResult:
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
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    return SplitResult(
        parts.scheme,
        netloc,
        _encoded(parts.path, _PATH_SAFE),
        _encoded(parts.query, _QUERY_SAFE),
        _encoded(parts.fragment, _QUERY_SAFE),
    )


def _with_scheme(text: str) -> str:
    strange = any(letter.isspace() or unicodedata.category(letter) == "Cc" for letter in text)
    if not text or strange or "\\" in text:
        raise Refused("intake-link-unclear")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    if text.startswith("//"):
        return f"https:{text}"
    if scheme is None or re.match(r"[^/?#:]+\.[^/?#:]+:\d{1,5}(?:[/?#]|$)", text):
        if "." not in re.split(r"[/?#]", text)[0].strip("."):
            raise Refused("intake-link-unclear")
        return f"https://{text}"
    if scheme[1].lower() not in _DEFAULT_PORTS:
        raise Refused("intake-link-scheme")
    if not text[scheme.end() :].startswith("//"):
        raise Refused("intake-link-unclear")
    return text


def _encoded(text: str, safe: frozenset[str]) -> str:
    """Percent-encode what must be, decode what need not be, and write the rest in capitals (RFC 3986 §6.2.2)."""

    def piece(match: re.Match[str]) -> str:
        found = match[0]
        if len(found) == 3:
            letter = chr(int(found[1:], 16))
            return letter if letter in _UNRESERVED else found.upper()
        if found in safe:
            return found
        return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "replace"))

    return re.sub(r"%[0-9A-Fa-f]{2}|.", piece, text, flags=re.DOTALL)


def _plain_path(path: str) -> str:
    """Return a path without dot segments, the marks of AMP versions and the slash at its end."""
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    while True:
        before = list(segments)
        while segments and not segments[-1]:
            segments.pop()
        if len(segments) > 1 and segments[-1].lower() == "amp":
            segments.pop()
        if len(segments) > 1 and segments[0].lower() == "amp":
            segments.pop(0)
        if segments:
            segments[-1] = re.sub(r"(?i)(?<=.)\.amp(?=\.html?$|$)", "", segments[-1])
        if segments == before:
            return "/" + "/".join(segments)


def _plain_query(host: str, query: str) -> str:
    pairs = [pair for pair in query.replace("%20", "+").split("&") if pair.strip("=")]
    kept = [pair for pair in pairs if _names_page(host, *pair.partition("=")[::2])]
    return "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))


def _names_page(host: str, name: str, value: str) -> bool:
    """Tell whether a parameter says which page is meant, as the data file has it."""
    rules = _tracking()
    name = unquote(name).casefold()
    only = _site_rule(rules.only, host)
    if only is not None:
        return name in only
    if name in (_site_rule(rules.keep, host) or ()):
        return True
    if value.casefold() in rules.versions.get(name, ()):
        return False
    return name not in rules.names and not name.startswith(tuple(rules.prefixes))


def _site_rule(rules: dict[str, list[str]], host: str) -> list[str] | None:
    labels = host.split(".")
    suffixes = (".".join(labels[start:]) for start in range(len(labels)))
    return next((rules[suffix] for suffix in suffixes if suffix in rules), None)
