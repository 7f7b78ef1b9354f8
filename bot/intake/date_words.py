"""The words that dates are written with, from their data file, and how they are compared."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("months.toml")
_DASHES = re.compile(r"[‐‑‒–—−]")
_LATIN_I = re.compile(r"(?<=[а-яє])i|i(?=[а-яє])")


def fold(text: str) -> str:
    """Return text in lower case, without accents, with plain blanks, dashes and apostrophes."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(
        letter for letter in spread if not unicodedata.combining(letter) and letter not in "\u200b\u200e\u200f\ufeff"
    )
    plain = _DASHES.sub("-", plain).replace("’", "'").replace("ʼ", "'")
    # Some keyboards give a Latin i in Ukrainian words.
    return " ".join((_LATIN_I.sub("і", plain) if "i" in plain else plain).split())


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _numbered(names: str, start: int) -> dict[str, int]:
    return {
        fold(name): number
        for lines in _table()[names].values()
        for number, line in enumerate(lines, start)
        for name in line.split()
    }


@cache
def months() -> dict[str, int]:
    """Return the number of each month, January being 1, by its names."""
    return _numbered("months", 1)


@cache
def weekdays() -> dict[str, int]:
    """Return the number of each day of the week, Monday being 0, by its names."""
    return _numbered("weekdays", 0)


@cache
def before_words() -> frozenset[str]:
    return frozenset(fold(word) for line in _table()["before"].values() for word in line.split())


def one_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _any_weekday() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{one_of(weekdays())})(?!\w)")


def weekday_in(text: str) -> int | None:
    """Return the day of the week that a short text names; None for none, and where its words mean two."""
    found = {weekdays()[name] for name in _any_weekday().findall(fold(text))}
    return found.pop() if len(found) == 1 else None
