"""Which section of the bulletin a heading means: by its name, its short label, a part of it, or another language."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from store.records import Section

_FILE = Path(__file__).with_name("paste.toml")
_FEWEST_WORDS_OF_A_PART = 2
_WORDS = re.compile(r"[^\w]+")


@cache
def words_file() -> dict[str, Any]:
    """Return the data file of words."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def folded(text: str) -> str:
    """Return words in lower case, without accents, with one blank in place of everything else."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    return _WORDS.sub(" ", "".join(letter for letter in spread if not unicodedata.combining(letter))).strip()


def begins_with(text: str, beginnings: Iterable[str]) -> bool:
    """Tell whether a text begins with one of these, accents and capitals apart."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").strip())
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return plain.startswith(tuple(_plain_beginnings(tuple(beginnings))))


@cache
def _plain_beginnings(beginnings: tuple[str, ...]) -> tuple[str, ...]:
    spread = (unicodedata.normalize("NFKD", word.casefold()) for word in beginnings)
    return tuple("".join(letter for letter in word if not unicodedata.combining(letter)) for word in spread)


def section_of(heading: str, sections: Sequence[Section], *, loosely: bool = False) -> Section | None:
    """Return the one section that a heading means, None when it is none or could be two.

    `loosely` also takes what says the same in another language, which is right only for what is surely a heading.
    """
    wanted = folded(heading)
    if not wanted:
        return None
    for section in sections:
        if wanted in (folded(section.title), folded(section.short)):
            return section
    found = [section for section in sections if _is_part(wanted, folded(section.title))]
    if len(found) == 1:
        return found[0]
    return _by_meaning(wanted, sections) if loosely else None


def _is_part(heading: str, title: str) -> bool:
    """Tell whether a heading of several words stands in a title as it is."""
    return len(heading.split()) >= _FEWEST_WORDS_OF_A_PART and f" {heading} " in f" {title} "


def _by_meaning(heading: str, sections: Sequence[Section]) -> Section | None:
    meanings = _meanings(heading)
    found = [section for section in sections if meanings & _meanings(folded(f"{section.title} {section.short}"))]
    return found[0] if len(found) == 1 else None


def _meanings(words: str) -> set[str]:
    table: dict[str, list[str]] = words_file()["sections"]
    return {name for name, stems in table.items() if any(f" {folded(stem)}" in f" {words}" for stem in stems)}
