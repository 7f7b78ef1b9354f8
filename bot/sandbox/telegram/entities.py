"""Formatting of message texts: UTF-16 positions, what Telegram marks by itself, what it refuses."""

import re
from typing import Any

from bot.sandbox.telegram.errors import bad_request

Entity = dict[str, Any]

_KEPT_ENTITIES = 100
_TYPES = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "text_link",
        "text_mention",
    }
    | {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"}
    | {"code", "pre", "custom_emoji", "date_time"}
)
# Top-level domains that Telegram marks without a scheme; the real list is longer, the sandbox needs its own.
_BARE_DOMAINS = "com|org|net|info|eu|ua|fr|de|uk|me|example|test"
_FOUND_BY_ITSELF = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>(?:https?://|tg://|ftp://)[^\s<>\"«»]+"
    rf"|(?<![\w@./-])(?:[\w-]+\.)+(?:{_BARE_DOMAINS})(?![\w-])(?:[/?#][^\s<>\"«»]*)?)"
    r"|(?P<bot_command>(?<![\w/<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w))"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)",
    re.IGNORECASE,
)
_NOT_AT_THE_END = ".,:;!?'\"…"


def utf16_length(text: str) -> int:
    """The length of a text as Telegram counts it, in UTF-16 code units."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def find_entities(text: str) -> list[Entity]:
    """The links, commands, mentions, hashtags and addresses that Telegram marks in any text by itself."""
    found: list[Entity] = []
    for match in _FOUND_BY_ITSELF.finditer(text):
        words = match.group()
        if match.lastgroup == "url":
            words = _without_trailing_marks(words)
        offset = utf16_length(text[: match.start()])
        found.append({"type": match.lastgroup, "offset": offset, "length": utf16_length(words)})
    return found


def accept_entities(text: str, given: list[Entity]) -> list[Entity]:
    """The entities a message keeps: those given, once checked, and those found; at most a hundred, in order."""
    for entity in given:
        _check(text, entity)
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in given]
    own = [
        entity
        for entity in find_entities(text)
        if not any(start < entity["offset"] + entity["length"] and entity["offset"] < end for start, end in taken)
    ]
    in_order = sorted([*given, *own], key=lambda entity: (entity["offset"], -entity["length"]))
    return in_order[:_KEPT_ENTITIES]


def _check(text: str, entity: Any) -> None:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    if entity.get("type") not in _TYPES:
        raise bad_request(f"can't parse MessageEntity: Unsupported type {entity.get('type')!r} specified")
    if entity["type"] == "text_link" and not entity.get("url"):
        raise bad_request("can't parse MessageEntity: Can't find field \"url\"")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 1:
        raise bad_request("ENTITY_BOUNDS_INVALID")
    units = text.encode("utf-16-le")
    if 2 * (offset + length) > len(units) or _splits(units, offset) or _splits(units, offset + length):
        raise bad_request("ENTITY_BOUNDS_INVALID")


def _splits(units: bytes, position: int) -> bool:
    """Does a position stand between the two halves of a surrogate pair?"""
    following = units[2 * position : 2 * position + 2]
    return len(following) == 2 and 0xDC <= following[1] <= 0xDF


def _without_trailing_marks(url: str) -> str:
    while url and (url[-1] in _NOT_AT_THE_END or (url[-1] == ")" and url.count("(") < url.count(")"))):
        url = url[:-1]
    return url
