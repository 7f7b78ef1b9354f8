"""The words by which the reading of a page finds its way, from their data file, and how words are compared."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("page_words.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """The data file; each list as a set of words."""

    elsewhere: frozenset[str]
    elsewhere_names: frozenset[str]
    wrappers: frozenset[str]
    dates: frozenset[str]
    authors: frozenset[str]
    headlines: frozenset[str]
    published: frozenset[str]
    updated: frozenset[str]
    rights: frozenset[str]
    walls: frozenset[str]
    interviews: frozenset[str]
    video_sites: frozenset[str]
    audio_sites: frozenset[str]


@cache
def words() -> Words:
    """Return the words of the data file."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Words(**{key: frozenset(plain(word) for word in _listed(value)) for key, value in table.items()})


def _listed(value: str | list[str]) -> list[str]:
    return value.split() if isinstance(value, str) else value


def plain(text: str) -> str:
    """Return text without accents and in lower case."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def letters(text: str) -> str:
    """Return only the letters and digits of a text, in lower case: what makes two titles the same."""
    return "".join(letter for letter in plain(text) if letter.isalnum())


def tokens(text: str) -> set[str]:
    """Return the single words of a class, an id or a text, in lower case without accents."""
    return set(re.split(r"[\W_]+", plain(text)))
