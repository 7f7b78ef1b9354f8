"""Text in which every address is written out: `<https://…>` behind the words that carry it, or as it was typed."""

import re
from collections.abc import Iterable
from typing import NamedTuple

WEB = re.compile(r"<(https?://[^\s<>]+)>|(https?://[^\s<>\"«»“”]+)", re.IGNORECASE)
# One letter of the private use area stands for each address while a line is taken apart.
_FIRST, _LAST = 0xE000, 0xF8FF
MARK = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_MARK_AND_STOP = re.compile(f"{MARK.pattern}[.,;:!?…]*")
_AFTER = ".,;:!?…'’\"»”]"


class Stretch(NamedTuple):
    """Words of a text that carry a hidden address; offset and length in UTF-16 units, as Telegram counts.

    `instead`: the words are the address itself, written without its beginning.
    """

    offset: int
    length: int
    url: str
    instead: bool = False


def written_out(text: str, hidden: Iterable[Stretch]) -> str:
    """Return a text with each hidden address behind the words that carry it."""
    units = text.encode("utf-16-le")
    for stretch in sorted(hidden, reverse=True):
        end = 2 * (stretch.offset + stretch.length)
        while units[end - 2 : end] in (b" \0", b"\n\0"):
            end -= 2
        begin = 2 * stretch.offset if stretch.instead else end
        units = units[:begin] + f" {bracketed(stretch.url)}".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")


def bracketed(url: str) -> str:
    """Return an address in angle brackets, so that words may follow it at once."""
    plain = "".join("%20" if letter.isspace() else letter for letter in url.strip())
    return f"<{plain.replace('<', '%3C').replace('>', '%3E')}>"


def take_addresses(text: str) -> tuple[str, list[str]]:
    """Return a text with one mark in place of each address, and the addresses in order."""
    found: list[str] = []

    def mark(match: re.Match[str]) -> str:
        if match[1]:
            return _marked(found, match[1])
        address = typed_address(match[2])
        return _marked(found, address) + match[2][len(address) :]

    return WEB.sub(mark, MARK.sub(" ", text)), found


def typed_address(typed: str) -> str:
    """Return an address without the marks of the sentence that it stands in."""
    while typed and (typed[-1] in _AFTER or (typed[-1] == ")" and typed.count("(") < typed.count(")"))):
        typed = typed[:-1]
    return typed


def addresses_in(text: str) -> list[str]:
    return take_addresses(text)[1]


def without_addresses(text: str) -> str:
    """Return the words of a text alone, in one line."""
    return " ".join(_MARK_AND_STOP.sub(" ", take_addresses(text)[0]).split())


def _marked(found: list[str], address: str) -> str:
    if _FIRST + len(found) > _LAST:
        return " "
    found.append(address)
    return chr(_FIRST + len(found) - 1)


def addresses_of(marked: str, found: list[str]) -> list[str]:
    """Return the addresses whose marks stand in a piece of text."""
    return [found[ord(mark) - _FIRST] for mark in MARK.findall(marked)]


def unmarked(text: str, found: list[str]) -> str:
    """Return a text with its addresses in place of their marks."""
    return MARK.sub(lambda match: found[ord(match[0]) - _FIRST], text)
