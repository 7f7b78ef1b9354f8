"""Host names: in ASCII for machines, readable for people, and as the site they stand for."""

import re
import unicodedata

from bot.errors import Refused
from bot.intake.addresses import literal_address

_HOST_LENGTH_LIMIT = 253
_LABEL_LENGTH_LIMIT = 63
_MIRROR_LABELS = ("www", "m", "mobile", "amp")
# `m.co.uk` is a site of that name, not the small version of `co.uk`.
_SECOND_LEVEL = ("co", "com", "org", "net", "gov", "edu", "ac", "in")
_CYRILLIC_LOOKALIKES = frozenset("асеорхуіјѕһӏԁԛԝвкмнтгпъь")


def ascii_host(host: str) -> str:
    """Return a host in lower case and punycode, or its address where it spells one; raises `Refused`."""
    literal = literal_address(host)
    if literal is not None:
        if literal.version == 6 and "%" in str(literal):
            raise Refused("intake-link-host")
        return str(literal)
    name = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    labels = [_ascii_label(label) for label in name.split(".")]
    joined = ".".join(labels)
    if len(joined) > _HOST_LENGTH_LIMIT or re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        raise Refused("intake-link-host")
    return joined


def site(host: str) -> str:
    """Return a host without `www.`, `m.`, `mobile.`, `amp.` in front of it."""
    name = host.lower().rstrip(".")
    while True:
        first, _, rest = name.partition(".")
        labels = rest.split(".")
        suffix_only = len(labels) < 2 or (len(labels) == 2 and labels[0] in _SECOND_LEVEL and len(labels[1]) == 2)
        if first not in _MIRROR_LABELS or suffix_only or literal_address(rest):
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
