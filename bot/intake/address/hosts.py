"""Host names: in ASCII for machines, readable for people, and as the site they stand for."""

import re
import unicodedata

from bot.errors import Refused
from bot.intake.address.addresses import literal_address
from bot.intake.address.site_rules import sites

_HOST_LENGTH_LIMIT = 253
_LABEL_LENGTH_LIMIT = 63
# What nearly every host looks like: nothing to encode, and nothing to refuse.
_PLAIN_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z]{2,63}")
_MIRROR_LABELS = frozenset(("www", "m", "mobile", "mobil", "touch", "wap", "pda", "amp"))
# `m.co.uk` and `m.kyiv.ua` are sites of that name, not the small versions of `co.uk` and `kyiv.ua`.
_SECOND_LEVEL = frozenset(
    "co com org net gov gouv gob edu ac in or ne go ltd plc me mil sch info biz name press pp "
    "kyiv kiev kharkiv kharkov kh lviv lv odesa odessa od dnipro dp zp ck cv crimea sumy te vn uz rv".split()
)
_CYRILLIC_LOOKALIKES = frozenset("асеорхуіјѕһӏԁԛԝвкмнтгпъь")


def ascii_host(host: str) -> str:
    """Return a host in lower case and punycode, or its address where it spells one; raises `Refused`."""
    literal = literal_address(host)
    if literal is not None:
        if literal.version == 6 and "%" in str(literal):
            raise Refused("intake-link-host")
        return str(literal)
    name = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    if _PLAIN_HOST.fullmatch(name) and len(name) <= _HOST_LENGTH_LIMIT:
        return name
    labels = [_ascii_label(label) for label in name.split(".")]
    joined = ".".join(labels)
    if len(joined) > _HOST_LENGTH_LIMIT or re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        raise Refused("intake-link-host")
    return joined


def site(host: str) -> str:
    """Return a host without `www.`, `m.`, `mobile.`, `amp.` and the like in front of it."""
    name = host.lower().rstrip(".")
    while True:
        first, _, rest = name.partition(".")
        if first not in _MIRROR_LABELS or name in sites().not_mirrors or literal_address(rest):
            return name
        labels = rest.split(".")
        registry = rest in sites().homes or (len(labels) == 2 and labels[0] in _SECOND_LEVEL and len(labels[1]) == 2)
        if len(labels) < 2 or (registry and first != "www"):
            return name
        name = rest


def readable_host(host: str) -> str:
    """Return an ASCII host as people know it; one that only looks like another stays in punycode."""
    host = host.removeprefix("www.") if host.count(".") > 1 else host
    labels = host.split(".")
    return ".".join(_readable(label, latin_end=not labels[-1].startswith("xn--")) for label in labels)


def _ascii_label(label: str) -> str:
    """Return one label of a host in ASCII (RFC 5891 without the contextual rules; registries keep those)."""
    if not label or any(letter not in "-_" and unicodedata.category(letter)[0] not in "LMN" for letter in label):
        raise Refused("intake-link-host")
    if not label.isascii():
        label = "xn--" + label.encode("punycode").decode("ascii")
    if len(label) > _LABEL_LENGTH_LIMIT:
        raise Refused("intake-link-host")
    return label


def _readable(label: str, *, latin_end: bool) -> str:
    """Decode one label, unless it mixes scripts or, before a Latin ending, consists of look-alikes alone."""
    if not label.startswith("xn--"):
        return label
    try:
        shown = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    letters = {letter for letter in shown if letter.isalpha()}
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
    lookalike = latin_end and letters <= _CYRILLIC_LOOKALIKES
    plain = all(unicodedata.category(letter)[0] in "LMN" or letter in "-_" for letter in shown)
    return shown if plain and len(scripts) == 1 and not lookalike else label
