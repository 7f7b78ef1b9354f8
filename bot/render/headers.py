"""Mail headers that nothing from outside can shape, and bodies whose placeholders survive the encoding."""

import binascii
import re
from collections.abc import Sequence
from email import message_from_bytes
from email.header import Header
from email.policy import SMTP

from bot.render.style import clean

_LINE_BYTES = 998  # RFC 5322 §2.1.1
_LINE_CHARS = 74  # `Header` goes two beyond it, and an encoded word ends at 75 (RFC 2047 §2)
_WORD = re.compile(r"=\?|\?=")
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")

Headers = Sequence[tuple[str, str]]


class ForgedHeader(ValueError):
    """The mail we built does not read back with exactly the headers we gave it; it must not be sent."""


def safe_header(value: str) -> str:
    """Return a value that cannot end its header, nor hide a line end in an encoded word (RFC 2047)."""
    plain = clean(value)
    while _WORD.search(plain):  # taking one out may bring two halves of another together
        plain = _WORD.sub("", plain)
    return clean(plain)


def words(name: str, value: str) -> str:
    """Return free text as the value of the header `name`, encoded and folded where it must be."""
    plain = safe_header(value)
    charset = "us-ascii" if plain.isascii() else "utf-8"
    return Header(plain, charset, maxlinelen=_LINE_CHARS, header_name=name).encode(linesep="\r\n")


def mailbox(name: str, title: str, address: str) -> str:
    """Return `title <address>` as the value of the header `name`; the title quoted or encoded as it needs."""
    plain = safe_header(title)
    if not plain:
        return f"<{address}>"
    if plain.isascii() and not _PLAIN_NAME.fullmatch(plain):
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{words(name, plain)} <{address}>"


def block(headers: Headers) -> bytes:
    """Return headers as they stand in a message, without the empty line after them."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def quoted_printable(text: str, placeholder: str) -> bytes:
    """Return `text` in quoted-printable, each placeholder alone on a line, so that any token may take its place.

    An empty placeholder is none.
    """
    plain = text.replace("\r\n", "\n").replace("\n", "\r\n")
    *pieces, last = plain.split(placeholder) if placeholder else [plain]
    # one letter more, taken off again, leaves room for the "=" that ends the line before the placeholder
    encoded = [_encoded(f"{piece}x")[:-1] for piece in pieces]
    encoded.append(_encoded(last))
    return f"=\r\n{placeholder}=\r\n".encode("ascii").join(encoded)


def _encoded(text: str) -> bytes:
    # binascii folds with a bare line feed where the text itself has no line end
    return _BARE_LINE_FEED.sub(b"\r\n", binascii.b2a_qp(text.encode(), istext=True))


def check(message: bytes, names: Sequence[str], part_names: Sequence[str]) -> None:
    """Raise ForgedHeader unless `message` reads back with exactly these headers, in this order, in it and its parts."""
    if any(len(line) > _LINE_BYTES for line in message.split(b"\r\n")):
        raise ForgedHeader("a line is longer than mail may carry")
    if b"\n" in message.replace(b"\r\n", b"") or b"\r" in message.replace(b"\r\n", b""):
        raise ForgedHeader("a line does not end in CRLF")
    read = message_from_bytes(message, policy=SMTP)
    parts = list(read.iter_parts()) if read.is_multipart() else []
    found = [list(read.keys()), *(list(part.keys()) for part in parts)]
    if found != [list(names), *(list(part_names) for _ in parts)] or len(parts) != 2:
        raise ForgedHeader(f"the headers read back as {found}")
    if read.defects or any(part.defects or part.is_multipart() for part in parts):
        raise ForgedHeader("the message does not read back whole")
