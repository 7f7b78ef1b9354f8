"""The language a letter is written in, where its own header or its letters tell."""

import re

from bot.letters.fields import Head

_TAG = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})?\b", re.IGNORECASE)
_LOOKED_AT = 2_000
_ONLY_IN = (("uk", "іїєґ"), ("ru", "ыэъё"))
_CYRILLIC = re.compile("[а-яіїєґё]")


def language_of(head: Head, words: str) -> str:
    """Return a language of two letters, empty where nothing tells; letters go before the header, which is a setting."""
    said = words[:_LOOKED_AT].lower()
    counted = {name: sum(map(said.count, letters)) for name, letters in _ONLY_IN}
    best = max(counted, key=lambda name: counted[name])
    if counted[best]:
        return best
    tag = _TAG.match(head.get("content-language").strip())
    if tag and not _CYRILLIC.search(said):
        return tag[1].lower()
    return ""
