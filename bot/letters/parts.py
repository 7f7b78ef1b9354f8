"""A letter taken apart into the parts that may be read, within bounds and in linear time.

The standard library's parser can take minutes for, or raise on, letters that are made for it; this one only looks for
the lines of a boundary, each level once.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.letters.charsets import decoded
from bot.letters.fields import Head, from_base64, parameters, split

SIZE_LIMIT_BYTES = 1_000_000
PARTS_LIMIT = 50
DEPTH_LIMIT = 10

TEXT = ("text/plain", "text/html")
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
FEEDBACK = "message/feedback-report"
ORIGINAL = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"})
_READ = frozenset(
    {*TEXT, *STATUS, FEEDBACK, *ORIGINAL, "text", "text/x-plain", "text/enriched", "message/disposition-notification"}
)

_GUESSED = re.compile(rb"^--([^\s-][^\n]{0,100}?)[ \t]*$", re.MULTILINE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Part:
    """One part that may be read: its type, its header, its body as it was sent."""

    kind: str
    parameters: dict[str, str]
    head: Head
    body: bytes

    def text(self) -> str:
        """Return the text of the part, its transfer encoding and charset undone, lines ended by LF."""
        coding = self.head.get("content-transfer-encoding").partition(";")[0].strip().lower()
        data = self.body
        if coding == "base64":
            data = from_base64(data)
        elif coding == "quoted-printable":
            data = binascii.a2b_qp(data)
        text = decoded(data, self.parameters.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


@dataclass(slots=True)
class Parcel:
    """A letter taken apart: its own header, its parts in their order, and what was wrong with it."""

    head: Head
    kind: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    problem: str = ""
    seen: int = 0

    def first(self, *kinds: str) -> Part | None:
        return next((part for part in self.parts if part.kind in kinds), None)

    def original(self) -> Head | None:
        """Return the header of the letter that a report encloses."""
        part = self.first(*ORIGINAL)
        return split(part.body.lstrip(b"\n"))[0] if part else None


def take_apart(raw: bytes) -> Parcel:
    """Take a letter apart; what lies beyond 1 MB, 50 parts or depth 10 is left out and named in `problem`."""
    data = bytes(raw[:SIZE_LIMIT_BYTES])
    if data.startswith(_UTF16):
        data = data.decode("utf-16", "replace").encode("utf-8")
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removeprefix(b"\xef\xbb\xbf").lstrip(b"\n")
    head, body = split(data)
    kind, values = parameters(head.get("content-type"))
    parcel = Parcel(head, kind or "text/plain", values)
    if len(raw) > SIZE_LIMIT_BYTES:
        parcel.problem = "too-long"
    _open(parcel, head, body, depth=0, default="text/plain")
    return parcel


def _open(parcel: Parcel, head: Head, body: bytes, *, depth: int, default: str) -> None:
    parcel.seen += 1
    if parcel.seen > PARTS_LIMIT:
        parcel.problem = parcel.problem or "too-many-parts"
        return
    kind, values = parameters(head.get("content-type"))
    kind = kind if "/" in kind else default
    if not kind.startswith("multipart/"):
        if kind in _READ and not _attached(head, kind):
            parcel.parts.append(Part(kind, values, head, body))
        return
    if depth >= DEPTH_LIMIT:
        parcel.problem = parcel.problem or "too-deep"
        return
    inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    pieces = list(_pieces(body, values.get("boundary", ""), PARTS_LIMIT + 1))
    if not pieces:
        parcel.problem = parcel.problem or "no-boundary"
        parcel.parts.append(Part("text/plain", values, Head(()), body))
    for piece in pieces:
        part_head, part_body = split(piece)
        _open(parcel, part_head, part_body, depth=depth + 1, default=inner)
        if parcel.seen > PARTS_LIMIT:
            return


def _attached(head: Head, kind: str) -> bool:
    """Tell whether a text was attached as a file; reports are read whichever way they are enclosed."""
    if not kind.startswith("text/") or kind in ORIGINAL:
        return False
    way, values = parameters(head.get("content-disposition"))
    return way == "attachment" or "filename" in values


def _pieces(body: bytes, boundary: str, limit: int) -> Iterator[bytes]:
    """Yield what stands between the lines of a boundary; a boundary that is missing or wrong is guessed."""
    mark = boundary.encode("utf-8", "replace").rstrip()
    found = _between(body, mark, limit) if 0 < len(mark) <= 200 else []
    if not found and (guess := _GUESSED.search(body)):
        found = _between(body, guess[1].removesuffix(b"--"), limit)
    yield from found


def _between(body: bytes, mark: bytes, limit: int) -> list[bytes]:
    pieces: list[bytes] = []
    start: int | None = None
    for line in re.finditer(rb"^--" + re.escape(mark) + rb"(--)?[ \t]*$", body, re.MULTILINE):
        if start is not None:
            pieces.append(body[start : max(start, line.start() - 1)])
        start = None if line[1] else line.end() + 1
        if line[1] or len(pieces) >= limit:
            return pieces
    if start is not None:
        pieces.append(body[start:])
    return pieces
