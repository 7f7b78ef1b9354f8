"""The letters of a list: in which encoding its bytes are, and its lines one by one, however large it is."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

CHUNK_BYTES = 1 << 16
SAMPLE_BYTES = 1 << 18
LINE_CHARACTERS = 1 << 16
_ZEROS_SAMPLE_BYTES = 4000


def encoding_of(file: BinaryIO) -> str:
    """Guess the encoding of a whole file: UTF-16, UTF-8, else an old alphabet of one byte a letter."""
    file.seek(0)
    start = file.read(_ZEROS_SAMPLE_BYTES)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.count(0) > len(start) // 5:
        return "utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"
    if _is_utf8(file):
        return "utf-8-sig"
    file.seek(0)
    return "cp1251" if _is_cyrillic(file.read(SAMPLE_BYTES)) else "cp1252"


def _is_utf8(file: BinaryIO) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_cyrillic(sample: bytes) -> bool:
    """Tell whether foreign letters stand together, as in whole words of Cyrillic; in French they are alone."""
    together = alone = run = 0
    for byte in (*sample, 0):
        if byte >= 0xC0 or byte in b"\xa5\xaa\xaf\xb2\xb3\xb4\xba\xbf":
            run += 1
        elif run:
            together += run if run > 1 else 0
            alone += run == 1
            run = 0
    return together > alone


def lines(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file from its start with their numbers, without their ends; one too long is cut."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline=None)
    try:
        number = 0
        while line := text.readline(LINE_CHARACTERS):
            number += 1
            yield number, line.rstrip("\n").replace("\0", "")
            while line and not line.endswith("\n") and len(line) == LINE_CHARACTERS:
                line = text.readline(LINE_CHARACTERS)
    finally:
        text.detach()
