"""How alike two titles are: the same, similar, or different. A person decides whether they tell one story."""

import re
from collections.abc import Collection
from enum import IntEnum

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
    if not (all_one := all_words(one)) or not (all_other := all_words(other)):
        return Likeness.DIFFERENT
    if all_one == all_other:
        return Likeness.SAME
    first, second = words(one), words(other)
    if first == second and len(first) >= _TELLING_WORDS:
        return Likeness.SAME
    if _differ_in_numbers(first, second) or _is_part(one, other) or _share_most(set(first), set(second)):
        return Likeness.SIMILAR
    return Likeness.DIFFERENT


def _differ_in_numbers(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Say whether two titles are of one series, such as `War diary, day 512` and `War diary, day 513`."""
    plain = [tuple(word for word in title if not word[0].isdigit()) for title in (one, other)]
    return plain[0] == plain[1] and len(plain[0]) >= _SERIES_WORDS


def _is_part(one: str, other: str) -> bool:
    """Say whether one title stands in the other before or after a colon, a dash or a full stop."""
    for whole, divided in ((words(one), other), (words(other), one)):
        parts = [words(part) for part in _BREAK.split(divided) if part]
        if len(parts) > 1 and len(whole) >= _TELLING_WORDS and whole in parts:
            return True
    return False


def _share_most(one: set[str], other: set[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    shared = _shared(one, other)
    if fewer < _TELLING_WORDS:
        return shared == fewer == more and fewer > 1
    of_all = shared / (fewer + more - shared)
    if fewer == _TELLING_WORDS:
        return of_all >= _SHARE_OF_THREE
    return of_all >= _SHARE_OF_ALL or (fewer > _TELLING_WORDS + 1 and shared >= _SHARE_OF_SHORTER * fewer)


def _shared(one: Collection[str], other: Collection[str]) -> int:
    """Count the words that two titles share, each once; a word with another ending counts as shared."""
    same = set(one) & set(other)
    left = sorted(set(other) - same)
    count = len(same)
    for word in sorted(set(one) - same):
        match = next((there for there in left if _one_word(word, there)), None)
        if match is not None:
            left.remove(match)
            count += 1
    return count


def _one_word(one: str, other: str) -> bool:
    """Say whether two words differ in their endings alone; numbers never do."""
    shorter, longer = sorted((one, other), key=len)
    if shorter[0].isdigit() or len(shorter) < _SHORTEST_BEGINNING or len(longer) - len(shorter) > _ENDING_LETTERS:
        return False
    common = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    return common >= max(_SHORTEST_BEGINNING, _PART_OF_A_WORD * len(shorter))
