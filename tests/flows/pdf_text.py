"""The words of a PDF in reading order, taken out of its own bytes: text operators and the fonts' tables of letters."""

import re
import zlib

OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# Brackets within a string stand as they are where they pair.
INSIDE = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))*"
STRING = re.compile(rb"\((%b)\)" % INSIDE, re.DOTALL)
OPERATORS = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\(%b\)|[^\]()])*)\] ?TJ|(\(%b\)) ?Tj" % (INSIDE, INSIDE), re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """Return the text of all pages without white space, which a PDF does not keep where lines wrap."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type ?/Page\b", body)]
    return "".join(_page(_opened(objects[_named(b"Contents", page)]), _fonts(objects, page)) for page in pages)


def _named(key: bytes, body: bytes) -> int:
    """Return the number of the object to which a key of a dictionary points."""
    return int(re.search(rb"/%b (\d+) 0 R" % key, body)[1])


def _fonts(objects: dict[int, bytes], page: bytes) -> dict[bytes, dict[int, str]]:
    """Return the letters of the fonts of a page by the fonts' names, which each page gives anew."""
    resources = objects[_named(b"Resources", page)]
    return {name: _table(objects, int(number)) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}


def _opened(body: bytes) -> bytes:
    packed = STREAM.search(body)[1]
    return zlib.decompressobj().decompress(packed) if b"/FlateDecode" in body else packed


def _table(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Return the letters of a font by the number that stands for each in a text."""
    table = _opened(objects[_named(b"ToUnicode", objects[font])])
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\r?\n", table.partition(b"endcodespacerange")[2])
    return {int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in pairs}


def _page(content: bytes, tables: dict[bytes, dict[int, str]]) -> str:
    font, whole = b"", ""
    for name, several, one in OPERATORS.findall(content):
        font = name or font
        for string in STRING.findall(several or one):
            raw = ESCAPE.sub(_unescaped, string)
            glyphs = [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]
            whole += "".join(tables[font].get(glyph, "\ufffd") for glyph in glyphs)
    return "".join(whole.split())


def _unescaped(match: re.Match[bytes]) -> bytes:
    what = match[1]
    if what[:1].isdigit():
        return bytes([int(what, 8) & 0xFF])
    return b"" if what in (b"\n", b"\r\n") else LETTERS.get(what, what)
