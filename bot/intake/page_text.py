"""From the bytes of a page to its letters, whatever the page claims about them."""

import codecs
import re

_LOOK_FOR_CHARSET_BYTES = 4096
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})", re.IGNORECASE)
_CYRILLIC_PAGE = re.compile(rb"<html[^>]{0,300}?lang\s*=\s*[\"']?(?:uk|ru|be|bg)", re.IGNORECASE)
_PAGE_CODECS = re.compile(
    r"cp(?:125\d|866|874|932|949)|iso8859-\d+|koi8-[rut]|mac-\w+|utf-16(?:-[bl]e)?|gb\w+|big5\w*|shift_jis\w*|euc_\w+"
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(content: bytes, charset: str | None) -> str:
    """Return the text of a page: valid UTF-8 is taken as such, else what the header or the page itself declares."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _plain(content[len(mark) :].decode(name, "replace"))
    try:
        # The end may be cut in the middle of a letter.
        text = codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        text = content.decode(_declared(content, charset), "replace")
    return _plain(text)


def _declared(content: bytes, charset: str | None) -> str:
    head = content[:_LOOK_FOR_CHARSET_BYTES]
    within = _CHARSET.search(head)
    fallback = "windows-1251" if _CYRILLIC_PAGE.search(head) else "windows-1252"
    for name in (charset, within[1].decode("ascii") if within else None):
        known = _known(name)
        if known is not None:
            return known
    return fallback


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
