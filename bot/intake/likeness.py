"""How alike two titles are: the same, similar, or different. A person decides whether they tell one story."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from store.titles import all_words, words

# Longer titles say the same with other words around it; of few words nearly all must agree.
_SHARE_OF_ALL = 0.6
_SHARE_OF_THREE = 0.75
_SHARE_OF_SHORTER = 0.85
_TELLING_WORDS = 3
_SERIES_WORDS = 2
_PART_OF_A_WORD = 0.8
_ENDING_LETTERS = 3
_SHORTEST_BEGINNING = 4
_BREAK = re.compile(r"\s*[:|•·]\s+|\s+[-–—]+\s+|[.?!…]+[”\"»’]?\s+")


class Likeness(IntEnum):
    """SAME: the same words in the same order. SIMILAR: most of them, or all but the numbers."""

    DIFFERENT = 0
    SIMILAR = 1
    SAME = 2


def likeness(one: str, other: str) -> Likeness:
    """Return how alike two titles are, in whatever language; the order of the two does not matter."""
    first, second = _read(one), _read(other)
    if not first.every or not second.every:
        return Likeness.DIFFERENT
    if first.every == second.every:
        return Likeness.SAME
    if first.telling == second.telling and len(first.telling) >= _TELLING_WORDS:
        return Likeness.SAME
    if _differ_in_numbers(first, second) or _is_part(first, second) or _share_most(first, second):
        return Likeness.SIMILAR
    return Likeness.DIFFERENT


@dataclass(frozen=True, slots=True)
class _Title:
    """A title's words: every one, those that tell its story, and each of these once."""

    text: str
    every: tuple[str, ...]
    telling: tuple[str, ...]
    once: frozenset[str]


@lru_cache(maxsize=2)
def _read(title: str) -> _Title:
    """Return the words of a title; one title is compared with many, one after the other."""
    telling = words(title)
    return _Title(title, all_words(title), telling, frozenset(telling))


def _differ_in_numbers(one: _Title, other: _Title) -> bool:
    """Say whether two titles are of one series, such as `War diary, day 512` and `War diary, day 513`."""
    plain = [tuple(word for word in title.telling if not word[0].isdigit()) for title in (one, other)]
    return plain[0] == plain[1] and len(plain[0]) >= _SERIES_WORDS


def _is_part(one: _Title, other: _Title) -> bool:
    """Say whether one title stands in the other before or after a colon, a dash or a full stop."""
    whole, divided = (one, other) if len(one.telling) <= len(other.telling) else (other, one)
    if len(whole.telling) < _TELLING_WORDS or not whole.once <= divided.once:
        return False
    return whole.telling in [words(part) for part in _BREAK.split(divided.text) if part]


def _share_most(one: _Title, other: _Title) -> bool:
    fewer, more = sorted((len(one.once), len(other.once)))
    shared = _shared(one.once, other.once)
    if fewer < _TELLING_WORDS:
        return shared == fewer == more and fewer > 1
    of_all = shared / (fewer + more - shared)
    if fewer == _TELLING_WORDS:
        return of_all >= _SHARE_OF_THREE
    return of_all >= _SHARE_OF_ALL or (fewer > _TELLING_WORDS + 1 and shared >= _SHARE_OF_SHORTER * fewer)


def _shared(one: frozenset[str], other: frozenset[str]) -> int:
    """Count the words that two titles share, each once; a word with another ending counts as shared."""
    left: dict[str, list[str]] = {}
    for word in sorted(other - one):
        left.setdefault(word[:_SHORTEST_BEGINNING], []).append(word)
    count = len(one & other)
    for word in sorted(one - other):
        alike = left.get(word[:_SHORTEST_BEGINNING], [])
        match = next((there for there in alike if _one_word(word, there)), None)
        if match is not None:
            alike.remove(match)
            count += 1
    return count


def _one_word(one: str, other: str) -> bool:
    """Say whether two words differ in their endings alone; numbers never do."""
    shorter, longer = sorted((one, other), key=len)
    if shorter[0].isdigit() or len(shorter) < _SHORTEST_BEGINNING or len(longer) - len(shorter) > _ENDING_LETTERS:
        return False
    common = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    return common >= _PART_OF_A_WORD * len(shorter)
