"""The lines of a letter, from plain text or HTML alike: what they say, how deep they are quoted, where they lead."""

import html
import re
from dataclasses import dataclass

from bot.letters.links import links_in

_PLAIN_LIMIT = 150_000
_HTML_LIMIT = 120_000
_LINES_LIMIT = 4_000
_DEPTH_LIMIT = 30
_QUOTED = re.compile(r"(?:[ ]{0,3}>)+ ?")

# Each unclosed one runs to the end of the text, so that it is read once.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(style|script|title|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,30})((?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+)>?")
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]{1,4096})|'([^']{1,4096})|([^\s>\"']{1,4096}))", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_BREAKS = frozenset(
    "br p div tr li ul ol table h1 h2 h3 h4 h5 h6 hr pre blockquote section article dd dt center".split()
)
_CONTAINERS = frozenset("div blockquote span table p section".split())
_QUOTES = re.compile(
    r"gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|mail-editor-reference|moz-cite-prefix|gmail_attr|reply-intro"
)
_REST = re.compile(
    r"divrplyfwdmsg|appendonsend|outlookmessageheader|ms-outlook-mobile-reference|__quoted_text__|replyforwardmessage"
    r"|border-top:\s?solid #(?:e1e1e1|b5c4df)"
)
_SIGNED = re.compile(
    r"gmail_signature|moz-signature|applemailsignature|ms-outlook-mobile-signature|protonmail_signature|id=[\"']?(?:x_)?signature\b|signature_block|tutanota_signature"
)


@dataclass(slots=True)
class Line:
    """One line: `depth` of its quoting, `rest` where a program marked it as the letter answered or passed on."""

    text: str
    depth: int = 0
    rest: bool = False
    links: tuple[str, ...] = ()


def plain_lines(text: str) -> list[Line]:
    """Return the lines of a plain text, their marks of quoting taken off."""
    lines = []
    for written in text[:_PLAIN_LIMIT].split("\n", _LINES_LIMIT)[:_LINES_LIMIT]:
        marks = _QUOTED.match(written)
        said = written[marks.end() :] if marks else written
        found = links_in(said) if "://" in said or "www." in said.lower() else ()
        lines.append(Line(said.rstrip(), marks[0].count(">") if marks else 0, links=tuple(found)))
    return lines


def html_lines(markup: str) -> list[Line]:
    """Return the lines that a page shows; a link stands on the line of its words."""
    page = _Page()
    seen = _UNSEEN.sub(" ", markup)[:_HTML_LIMIT]
    position = 0
    for tag in _TAG.finditer(seen):
        page.say(seen[position : tag.start()])
        position = tag.end()
        if tag[1]:
            page.close(tag[2].lower())
        else:
            page.open(tag[2].lower(), tag[3])
    page.say(seen[position:])
    page.end_line()
    return page.lines[:_LINES_LIMIT]


def unescaped(text: str) -> str:
    """Return a text with its entities read; a number too long to be one stays as it is."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


class _Page:
    """What is seen of a page so far, and in which containers the next word stands."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._words: list[str] = []
        self._links: list[str] = []
        self._anchor = False
        self._rest = False
        self._within: list[list[object]] = []  # [tag, what it holds, how many of its kind are open inside]

    def say(self, text: str) -> None:
        if not text or self._holds("signature"):
            return
        said = unescaped(text)
        if not self._anchor and "://" in said:
            self._links += links_in(said)
        self._words.append(said)

    def open(self, tag: str, attributes: str) -> None:
        if tag in _BREAKS:
            self.end_line()
        if tag == "a":
            self._follow(attributes)
        if tag not in _CONTAINERS:
            return
        marks = attributes.lower() if len(attributes) > 3 else ""
        if marks and _REST.search(marks):
            self.end_line()
            self._rest = True
        if self._within and self._within[-1][0] == tag and not self._kind(tag, marks):
            self._within[-1][2] = int(str(self._within[-1][2])) + 1
        elif (kind := self._kind(tag, marks)) and len(self._within) < _DEPTH_LIMIT:
            self.end_line()
            self._within.append([tag, kind, 1])

    def _kind(self, tag: str, marks: str) -> str:
        if tag == "blockquote":
            return "quote"
        if not marks:
            return ""
        if _QUOTES.search(marks):
            return "history"
        return "signature" if _SIGNED.search(marks) else ""

    def _follow(self, attributes: str) -> None:
        found = _HREF.search(attributes)
        target = unescaped(next(filter(None, found.groups()), "")).strip() if found else ""
        self._anchor = bool(target)
        if target.lower().startswith(("http://", "https://")) and not self._holds("signature"):
            self._links.append(target)

    def close(self, tag: str) -> None:
        if tag == "a":
            self._anchor = False
        if tag in _BREAKS:
            self.end_line()
        if self._within and self._within[-1][0] == tag:
            inside = int(str(self._within[-1][2])) - 1
            self._within[-1][2] = inside
            if not inside:
                self.end_line()
                self._within.pop()

    def end_line(self) -> None:
        text = " ".join("".join(self._words).split())
        if text or self._links:
            depth = sum(kind == "quote" for _, kind, _ in self._within)
            marks = _QUOTED.match(text)
            depth += marks[0].count(">") if marks else 0
            said = text[marks.end() :] if marks else text
            rest = self._rest or self._holds("history")
            self.lines.append(Line(said, depth, rest, tuple(self._links)))
        self._words, self._links = [], []

    def _holds(self, kind: str) -> bool:
        return any(one[1] == kind for one in self._within)
