"""Bytes turned into text whatever charset they claim, or claim falsely; never raises."""

import codecs
import re
from functools import lru_cache

_NAME = re.compile(r"[\w.:+-]{1,40}", re.ASCII)
# Python knows text codecs that are slow or no charset (punycode, idna, unicode_escape): only charsets are let in.
_CHARSET = re.compile(
    r"ascii|utf-(?:7|8|8-sig|16|16-le|16-be|32|32-le|32-be)|iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z0-9-]+|gb2312"
    r"|gbk|gb18030|hz|big5(?:hkscs)?|euc_\w+|shift_jis\w*|iso2022_\w+|johab|tis-620|kz1048|ptcp154"
)
_UNSURE = frozenset({"", "ascii", "iso8859-1", "cp1252"})
_ALIASES = {"unicode-1-1-utf-7": "utf-7", "utf8mb4": "utf-8", "ks_c_5601-1987": "cp949", "cp-1251": "cp1251"}
_CYRILLIC_SHARE = 0.25
_LOOKED_AT_BYTES = 4_000


def decoded(data: bytes, charset: str = "") -> str:
    """Return the text of some bytes; an unknown charset is guessed, and what is lost is U+FFFD."""
    name = _known(charset.strip(" \"'").lower())
    if name in _UNSURE:
        return _guessed(data, name)
    return data.decode(name, "replace")


@lru_cache(256)
def _known(charset: str) -> str:
    """Return Python's name of a charset, empty for what is none."""
    charset = _ALIASES.get(charset, charset)
    if not _NAME.fullmatch(charset):
        return ""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    return name if _CHARSET.fullmatch(name) else ""


def _guessed(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if name in ("iso8859-1", "cp1252"):
        return data.decode("cp1252", "replace")
    return data.decode(_likely(data[:_LOOKED_AT_BYTES]), "replace")


def _likely(sample: bytes) -> str:
    """Return the charset that undeclared bytes look like: broken UTF-8, one of the Cyrillic ones, or Western."""
    high = [byte for byte in sample if byte >= 0x80]
    if sample.decode("utf-8", "replace").count("�") * 4 < len(high):
        return "utf-8"
    letters = sum(1 for byte in sample if byte >= 0x80 or chr(byte).isalpha())
    if not letters or len(high) / letters < _CYRILLIC_SHARE:
        return "cp1252"
    # Small letters stand at 0xE0–0xFF in windows-1251, at 0xC0–0xDF in KOI8.
    return "cp1251" if sum(byte >= 0xE0 for byte in high) * 2 >= len(high) else "koi8-u"
