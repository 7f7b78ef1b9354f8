"""The header of a letter or of one of its parts: its fields, their parameters, their encoded words."""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.letters.charsets import decoded

_BLOCK_LIMIT_BYTES = 128_000
_FIELDS_LIMIT = 1_000
VALUE_LIMIT = 16_000
_PARAMETERS_LIMIT = 2_000

_START = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*")
_ENVELOPE = (b"From ", b">From ")
# The lengths are bounded, so that a text full of `=?` is read in one go (RFC 2047 §2 allows 75 letters).
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*("(?:[^"\\]|\\.){0,1000}"|[^;\s]*)')
_BASE64_JUNK = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


@dataclass(frozen=True)
class Head:
    """The fields of one header in their order, names in lower case, values unfolded and not yet decoded."""

    fields: tuple[tuple[str, str], ...]

    @cached_property
    def _first(self) -> Mapping[str, str]:
        return dict(reversed(self.fields))

    def get(self, name: str) -> str:
        """Return the topmost value of a field, empty where it is not there."""
        return self._first.get(name, "")

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def text(self, name: str) -> str:
        """Return the topmost value as people read it."""
        return readable(self.get(name))


def split(block: bytes) -> tuple[Head, bytes]:
    """Return the header at the beginning of some bytes, whose lines end in LF, and the rest.

    A line that belongs to no field ends the header, as a missing empty line is a common fault.
    """
    fields: list[tuple[str, list[bytes]]] = []
    position, size = 0, len(block)
    while position < size:
        if position > _BLOCK_LIMIT_BYTES or len(fields) > _FIELDS_LIMIT:
            position = block.find(b"\n\n", position) + 1 or size
            break
        end = block.find(b"\n", position)
        end = size if end < 0 else end
        line = block[position:end]
        if not line.strip(b" \t"):
            position = end + 1
            break
        if not _taken(line, fields):
            break
        position = end + 1
    return Head(tuple((name, _value(lines)) for name, lines in fields)), block[position:]


def _taken(line: bytes, fields: list[tuple[str, list[bytes]]]) -> bool:
    if line[:1] in (b" ", b"\t"):
        if fields:
            fields[-1][1].append(line)
        return bool(fields)
    if start := _START.match(line):
        fields.append((start[1].decode("ascii").lower(), [line[start.end() :]]))
        return True
    return not fields and line.startswith(_ENVELOPE)


def _value(lines: list[bytes]) -> str:
    return decoded(b"".join(lines)[:VALUE_LIMIT]).strip(" \t")


def readable(value: str) -> str:
    """Return a value with its encoded words read (RFC 2047) and no control character left."""
    return " ".join(plain(_read(value)).split())


def plain(text: str) -> str:
    """Return a text without control characters, line ends taken as spaces."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def _read(value: str) -> str:
    pieces: list[str] = []
    run: list[bytes] = []
    charset, position = "", 0
    for word in _ENCODED.finditer(value):
        between = value[position : word.start()]
        name = word[1].partition("*")[0].lower()
        if run and (between.strip() or name != charset):
            pieces.append(decoded(b"".join(run), charset))
            run = []
        if between.strip() or not position:
            pieces.append(between)
        run.append(_word(word[2], word[3]))
        charset, position = name, word.end()
    if run:
        pieces.append(decoded(b"".join(run), charset))
    return "".join((*pieces, value[position:]))


def _word(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    return from_base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)


def from_base64(data: bytes) -> bytes:
    """Return what base64 stands for, whatever else stands between its letters and wherever it breaks off."""
    letters = data.translate(None, _BASE64_JUNK)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the first word of a value such as Content-Type in lower case, and its parameters (RFC 2045 §5.1)."""
    first, mark, rest = value[:_PARAMETERS_LIMIT].partition(";")
    return first.partition("(")[0].strip().lower(), dict(reversed(list(_pairs(mark + rest))))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for found in _PARAMETER.finditer(text):
        name, value = found[1].lower(), found[2]
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value.strip('"'))
        if name.endswith("*"):
            value = value.rpartition("'")[2]  # RFC 2231: charset'language'text
        yield name.partition("*")[0], value
