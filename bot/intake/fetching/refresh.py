"""Pages that lead on by themselves, by a meta element or a header `Refresh`, as if they were redirects."""

import re
from html.parser import HTMLParser

_HEAD_LETTERS = 8192
_LONGEST_DELAY_SECONDS = 5
# "0; url=…", "0;URL='…'", "0,…" (HTML Standard, shared declarative refresh steps). Blanks are folded beforehand.
_REFRESH = re.compile(r" ?(\d{1,4})(?:\.[\d.]*)? ?(?:[;,] ?| )(?:url ?= ?)?(.*)", re.IGNORECASE)
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
# What stands in these is text, or meant for browsers without scripts.
_SILENT = frozenset(("noscript", "template", "textarea", "title", "style", "script", "iframe", "xmp", "svg"))


def refresh_target(text: str) -> str | None:
    """Return where a page leads within five seconds by a meta element among its first letters, None if nowhere."""
    found = _Refresh()
    # Never closed: what is left open at the end, such as a comment, stays unread.
    found.feed(text[:_HEAD_LETTERS])
    return found.target


def refresh_address(content: str) -> str | None:
    """Return the address in the value of a Refresh, if it leads on within five seconds."""
    match = _REFRESH.fullmatch(" ".join(content[:_HEAD_LETTERS].split()))
    if match is None or int(match[1]) > _LONGEST_DELAY_SECONDS:
        return None
    address = match[2]
    if address[:1] in ("'", '"'):
        address = address[1:].partition(address[0])[0]
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return None
    return address.strip() or None


class _Refresh(HTMLParser):
    """Looks for the first refresh that a browser would obey."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.target: str | None = None
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "meta" and not self._silent and self.target is None:
            values = {name: value or "" for name, value in reversed(attrs)}
            if values.get("http-equiv", "").strip().lower() == "refresh":
                self.target = refresh_address(values.get("content", ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `<meta … />` is a meta; `<noscript/>` opens one all the same, but no page is written so on purpose.
        if tag == "meta":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
