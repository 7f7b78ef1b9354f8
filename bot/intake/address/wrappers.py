"""Links that carry another address inside: redirects, share buttons, mail gateways, kept AMP versions, archives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import SplitResult, unquote

from bot.errors import Refused
from bot.intake.address import gateways
from bot.intake.address.link_parts import pairs, parts_of, value_of
from bot.intake.address.site_rules import read_data, suffixes

_COUNTRY = re.compile(r"(.+?)\.(?:com?\.)?[a-z]{2,3}")
_STAMP = re.compile(r"/(?:(\d{1,14}|\d{4}\.\d\d\.\d\d-\d{6})(?:[a-z]{2}_)?|(\d*\*))(?=/)")
_LAYERS_LIMIT = 12


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """A kind of link with an address inside; each field is explained in wrappers.toml."""

    hosts: list[str]
    path: str
    parameters: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    query: bool = False
    inside: bool = False
    copy: bool | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What was inside of a link; `archived` tells that the link is the address of a kept copy."""

    parts: SplitResult
    archived: bool = False


def layers(url: str) -> Iterator[Opened]:
    """Yield a link, what is inside of it, what is inside of that, and so on; raises `Refused` for a bottomless one."""
    opened: Opened | None = Opened(parts_of(url))
    for _ in range(_LAYERS_LIMIT):
        if opened is None:
            return
        yield opened
        opened = _open(opened.parts)
    raise Refused("intake-link-unclear")


def _open(parts: SplitResult) -> Opened | None:
    host = (parts.hostname or "").removeprefix("www.")
    inside = gateways.opened(host, parts)
    if inside is not None:
        return _sound(inside, False)
    for wrapper in _wrappers_of(host):
        rest = _behind(wrapper.path, parts.path)
        if rest is None:
            continue
        kept = wrapper.copy is not None
        for found, archived in _archived(rest, parts, wrapper) if kept else _wrapped(rest, parts, wrapper):
            opened = _sound(found, archived)
            if opened is not None:
                return opened
    return None


def _wrapped(rest: str, parts: SplitResult, wrapper: _Wrapper) -> Iterator[tuple[str, bool]]:
    if wrapper.query:
        yield unquote(parts.query), False
    if wrapper.inside:
        # Without a path before it any word with a dot could be meant.
        scheme = "" if not wrapper.path else "https" if wrapper.path.endswith("/s") else "http"
        yield _in_path(rest, parts, scheme), False
    for name in wrapper.parameters:
        yield _in_parameter(name, parts, wrapper), False


def _archived(rest: str, parts: SplitResult, archive: _Wrapper) -> Iterator[tuple[str, bool]]:
    for name in archive.parameters:
        value = unquote(value_of(parts.query, name).replace("+", " "))
        # Google's cache: `cache:key:address words`.
        cached = re.match(r"cache:(?:[\w-]{12}:)?([^ ]+)", value)
        yield (_with_scheme(cached[1]) if cached else value.strip()), False
    stamp = _STAMP.match(rest)
    if stamp is not None:
        yield _in_path(rest[stamp.end() :], parts, "http"), bool(archive.copy and stamp[1])
    yield _in_path(rest, parts, ""), bool(archive.copy)


def _sound(address: str, archived: bool) -> Opened | None:
    """Return what was found if it is a web address; else the link stays what it is."""
    if re.match(r"(?i)https?://", address) is None:
        return None
    try:
        return Opened(parts_of(address.replace(" ", "%20")), archived)
    except Refused:
        return None


def _in_parameter(name: str, parts: SplitResult, wrapper: _Wrapper) -> str:
    """Return the address in a parameter: whole, without its scheme, relative to the wrapper, or in base64."""
    raw = value_of(parts.query, name)
    value = unquote(raw)
    plain = "://" in raw and "?" in raw
    if plain:
        # It was put in as it is, so what follows it belongs to it, unless the wrapper itself adds it.
        names = [given.casefold() for given, _ in pairs(parts.query)]
        follow = pairs(parts.query)[names.index(name) + 1 :]
        value += "".join(f"&{given}={text}" for given, text in follow if given.casefold() not in wrapper.own)
    if value.startswith("//"):
        return f"https:{value}"
    if value.startswith("/") and len(value) > 1:
        return f"{parts.scheme}://{parts.netloc}{value}"
    return gateways.from_base64(value) or value


def _in_path(rest: str, parts: SplitResult, scheme: str) -> str:
    """Return the address that a path ends in; without a scheme of its own it needs one of ours."""
    rest = rest.removeprefix("/")
    if re.match(r"(?i)https?%3A", rest):
        rest = unquote(rest)
    whole = re.match(r"(?i)(https?):/{1,2}(?=[^/])", rest)
    if whole:
        address = f"{whole[1].lower()}://{rest[whole.end() :]}"
    elif scheme and re.match(r"(?i)(?:[\w-]+\.)+(?:[a-z]{2,}|xn--[\w-]+)(?::\d+)?(?:/|$)", rest):
        address = f"{scheme}://{rest}"
    else:
        return ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) and "#" not in address else ""
    return address + (f"?{parts.query}" if parts.query and "?" not in address else "") + fragment


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _behind(prefix: str, path: str) -> str | None:
    """Return what follows `prefix` in a path, None where the path does not begin so."""
    path = "/" + path.lstrip("/") if path.startswith("//") else path
    match = _beginning(prefix).match(path)
    return None if match is None else path[match.end() :]


@cache
def _beginning(prefix: str) -> re.Pattern[str]:
    steps = ("[^/]+" if step == "*" else re.escape(step) for step in prefix.split("/")[1:])
    return re.compile("(?i)" + "".join(f"/{step}" for step in steps) + "(?=/|$)")


@cache
def _by_host() -> dict[str, list[_Wrapper]]:
    data = read_data("wrappers.toml")
    known = [_Wrapper(**one) for one in data["wrapper"]] + [_Wrapper(**{"copy": True} | one) for one in data["archive"]]
    found: dict[str, list[_Wrapper]] = {}
    for wrapper in known:
        for host in wrapper.hosts:
            found.setdefault(host, []).append(wrapper)
    return found


def _wrappers_of(host: str) -> Iterator[_Wrapper]:
    for name in suffixes(host):
        yield from _by_host().get(name, ())
        country = _COUNTRY.fullmatch(name)
        if country is not None:
            yield from _by_host().get(f"{country[1]}.*", ())
