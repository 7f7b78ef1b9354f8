"""What sites put in the place of a page: proofs of being human, questions of consent, doors for members; pure."""

import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

_WALL = "intake-page-wall"
_CONSENT = "intake-page-consent"
_LOGIN = "intake-page-login"

# What else these say stands in their body; 202 is what AWS gives with its proof of being human.
WALL_STATUSES = (401, 403, 405, 429, 503)
LOOKED_AT_BYTES = 100_000

_FILE = Path(__file__).with_name("walls.toml")
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,400})", re.IGNORECASE)
# A page that describes itself as a story is one, whatever it is called and whatever it quotes.
_STORY = re.compile(rb"og:title|application/ld\+json|<article[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Signs:
    """The data file; all in lower case."""

    marks: list[str]
    titles: list[str]
    consent_titles: list[str]
    consent_hosts: list[str]
    login_hosts: list[str]
    login_paths: list[str]
    headers: dict[str, list[str]]


@cache
def _signs() -> _Signs:
    return _Signs(**tomllib.loads(_FILE.read_text(encoding="utf-8")))


def door_at(address: str, asked: str) -> str | None:
    """Return the text key of the door at which a link ended in place of its page, None where it ended at a page.

    `asked` is the address that a person sent: who sends the address of a door wants the door.
    """
    signs, (label, word), (first_label, first_word) = _signs(), _place(address), _place(asked)
    if label != first_label and label in signs.consent_hosts:
        return _CONSENT
    led_to_host = label != first_label and label in signs.login_hosts
    return _LOGIN if led_to_host or (word != first_word and word in signs.login_paths) else None


def wall_in(headers: Mapping[str, str], body: bytes) -> str | None:
    """Return the text key of what an answer asks for in place of a page, None where it is a page.

    `headers` has lower-case names, or finds them in any case; of the body only the first 100,000 bytes count.
    """
    if any(headers.get(name, "").strip().lower() in values for name, values in _signs().headers.items()):
        return _WALL
    start = body[:LOOKED_AT_BYTES]
    if _STORY.search(start):
        return None
    title = _title(start)
    if title.startswith(tuple(_signs().consent_titles)):
        return _CONSENT
    lowered = start.lower()
    return _WALL if title in _signs().titles or any(mark.encode() in lowered for mark in _signs().marks) else None


def _place(address: str) -> tuple[str, str]:
    """Return the first label of an address's host and the last word of its path."""
    parts = urlsplit(address)
    return (parts.hostname or "").partition(".")[0], parts.path.rstrip("/").rpartition("/")[2].lower()


def _title(start: bytes) -> str:
    """Return a page's title in one line and lower case, without the dots of "Just a moment..."."""
    match = _TITLE.search(start)
    words = html.unescape(match[1].decode("utf-8", "replace")) if match else ""
    return " ".join(words.replace("’", "'").split()).lower().rstrip(".… ")
