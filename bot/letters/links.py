"""Links in a text, found in one pass; what is a good address is for the intake to say."""

import re

_LINK = re.compile(r"(?:https?://|www\.(?=[\w-]+\.))[^\s<>\"«»“”„{}|\\^`\0-\x20]{1,2048}", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~…’"
_PAIRS = {")": "(", "]": "["}


def links_in(text: str) -> list[str]:
    """Return the web links of a text in their order, without the punctuation that follows them in a sentence."""
    return [_trimmed(found[0]) for found in _LINK.finditer(text)]


def _trimmed(link: str) -> str:
    while link:
        last = link[-1]
        if last in _TRAILING or (last in _PAIRS and link.count(last) > link.count(_PAIRS[last])):
            link = link[:-1]
        else:
            break
    return link if "://" in link else f"https://{link}"
