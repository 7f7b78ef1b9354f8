"""The words by which the reading of a page finds its way, from their data file, and how words are compared."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("page_words.toml")
_NAMES_LIMIT = 300
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Words:
    """The data file; each list as a set of words."""

    elsewhere: frozenset[str]
    elsewhere_names: frozenset[str]
    wrappers: frozenset[str]
    logos: frozenset[str]
    dates: frozenset[str]
    dates_perhaps: frozenset[str]
    authors: frozenset[str]
    headlines: frozenset[str]
    ends: frozenset[str]
    published: frozenset[str]
    published_names: frozenset[str]
    updated: frozenset[str]
    bare_dates: frozenset[str]
    event_facts: frozenset[str]
    as_of: frozenset[str]
    other_dates: frozenset[str]
    other_names: frozenset[str]
    beside: frozenset[str]
    rights: frozenset[str]
    walls: frozenset[str]
    by: frozenset[str]
    offices: frozenset[str]
    nobody: frozenset[str]
    editorial: frozenset[str]
    sources: frozenset[str]
    first_published: frozenset[str]
    interviews: frozenset[str]
    labels: frozenset[str]
    kinds: dict[str, frozenset[str]]
    video_sites: frozenset[str]
    audio_sites: frozenset[str]
    languages: dict[str, frozenset[str]]


@cache
def words() -> Words:
    """Return the words of the data file."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Words(
        **{
            key: {name: _as_set(line) for name, line in value.items()} if isinstance(value, dict) else _as_set(value)
            for key, value in table.items()
        }  # type: ignore[arg-type]  # each table by its form in the file
    )


def _as_set(value: str | list[str]) -> frozenset[str]:
    return frozenset(plain(word) for word in (value.split() if isinstance(value, str) else value))


def plain(text: str) -> str:
    """Return text without accents and in lower case."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    spread = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def letters(text: str) -> str:
    """Return only the letters and digits of a text, in lower case: what makes two titles the same."""
    return "".join(letter for letter in plain(text) if letter.isalnum())


def tokens(text: str) -> set[str]:
    """Return the single words of a text, in lower case without accents."""
    return set(re.split(r"[\W_]+", plain(text)))


@lru_cache(maxsize=4096)
def names_in(text: str) -> frozenset[str]:
    """Return the single words of classes and ids, those joined by humps too: `datePublished` has three names."""
    text = text[:_NAMES_LIMIT]
    return frozenset(re.split(r"[\W_]+", _HUMP.sub(" ", text).lower())) | frozenset(re.split(r"[\W_]+", text.lower()))
