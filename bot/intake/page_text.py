"""From the bytes of a page to its letters, whatever the page claims about them."""

import codecs
import re

_LOOK_FOR_CHARSET_BYTES = 4096
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})", re.IGNORECASE)
_CYRILLIC_PAGE = re.compile(rb"<html[^>]{0,300}?lang\s*=\s*[\"']?(?:uk|ru|be|bg)", re.IGNORECASE)
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
    """Return the codec of a charset name as browsers take it, None for one that is unknown or already failed."""
    try:
        codec = codecs.lookup((name or "").strip()).name
        b"a".decode(codec)
    except (LookupError, ValueError, UnicodeError, AttributeError):
        return None
    if codec in ("iso8859-1", "ascii"):
        return "windows-1252"
    return None if codec.startswith(("utf-7", "utf-8")) else codec


def _plain(text: str) -> str:
    return text.replace("\x00", "")
