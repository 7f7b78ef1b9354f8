"""From the bytes of a page to its letters, whatever the page claims about them."""

import codecs
import re

_LOOK_FOR_CHARSET_BYTES = 4096
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})|<\?xml[^>]{0,60}?encoding=[\"']([a-z0-9_-]{2,40})",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(rb"<html[^>]{0,300}?lang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)
_BY_LANGUAGE = {
    **dict.fromkeys(("uk", "ru", "be", "bg"), "windows-1251"),
    **dict.fromkeys(("pl", "cs", "sk", "hu"), "windows-1250"),
    "el": "windows-1253",
}
_WESTERN_CODECS = ("windows-1252", "cp1252", "iso8859-15", "cp1250", "iso8859-2")
_PAGE_CODECS = re.compile(
    r"cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[rut]|mac-\w+|utf-16(?:-[bl]e)?|gb\w+|big5\w*|shift_jis\w*|euc_\w+"
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# A page in UTF-8 may have a few bytes in it that are none, where texts were cut or pasted.
_BROKEN_SHARE = 0.05
_SAMPLE_BYTES = 200_000
# In Western pages letters beyond ASCII stand alone; where most stand in a row the page is in Cyrillic or Greek.
_ROW = re.compile(rb"[\x80-\xff]{3,}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ROW_SHARE = 0.6
_SURE_BYTES = 30
_FREQUENT = {"windows-1251": "оеаинтсіврОЕАИНТ", "koi8-u": "оеаинтсівр", "windows-1253": "αοιετσηνόυρίςάλή"}


def decoded(content: bytes, charset: str | None) -> str:
    """Return the text of a page: valid UTF-8 is taken as such, else what the header or the page itself declares.

    Where its letters stand as only Cyrillic or Greek do, a declared Western charset is not believed.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _plain(content[len(mark) :].decode(name, "replace"))
    try:
        # The end may be cut in the middle of a letter.
        return _plain(codecs.getincrementaldecoder("utf-8")().decode(content))
    except UnicodeDecodeError:
        pass
    sample = content[:_SAMPLE_BYTES]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    whole = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", sample))
    name = "utf-8" if broken <= _BROKEN_SHARE * whole else _declared(content, charset)
    return _plain(content.decode(name, "replace"))


def _declared(content: bytes, charset: str | None) -> str:
    head = content[:_LOOK_FOR_CHARSET_BYTES]
    within, language = _CHARSET.search(head), _LANGUAGE.search(head)
    fallback = _BY_LANGUAGE.get(language[1].decode("ascii").lower() if language else "", "windows-1252")
    seen = _seen(content[:_SAMPLE_BYTES])
    for name in (charset, (within[1] or within[2]).decode("ascii") if within else None):
        known = _known(name)
        if known is not None and (seen is None or known not in _WESTERN_CODECS):
            return known
    return seen or fallback


def _seen(sample: bytes) -> str | None:
    """Return the charset that fits a page whose letters beyond ASCII mostly stand in rows, None for any other page."""
    beyond = len(_BEYOND_ASCII.findall(sample))
    rows = b"".join(_ROW.findall(sample))
    if beyond < _SURE_BYTES or len(rows) < _ROW_SHARE * beyond:
        return None
    return max(_FREQUENT, key=lambda name: sum(map(rows.decode(name, "replace").count, _FREQUENT[name])))


def _known(name: str | None) -> str | None:
    """Return the codec of a charset that pages are written in, None for any other; UTF-8 has been tried before."""
    try:
        codec = codecs.lookup((name or "").strip()).name
    except (LookupError, ValueError, UnicodeError):
        return None
    if codec in ("iso8859-1", "ascii"):
        return "windows-1252"  # as browsers do (WHATWG Encoding §4.2)
    return codec if _PAGE_CODECS.fullmatch(codec) else None


def _plain(text: str) -> str:
    return text.replace("\x00", "")
