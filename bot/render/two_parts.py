"""A mail of two parts, the same said as text and as HTML: put together, and read back."""

import hashlib
import re

from bot.render import headers
from bot.render.headers import Headers

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""What may stand in a header as an address or, without its brackets, as a Message-ID."""

_PART_HEADERS = ("Content-Type", "Content-Language", "Content-Transfer-Encoding")


def join(head: Headers, text: str, html: str, language: str, placeholder: str = "") -> tuple[bytes, list[str]]:
    """Return the message and the names of its headers: those of `head`, then those of MIME.

    Lines end in CRLF, no dot is stuffed, `placeholder` survives the encoding; the same input gives the same bytes.
    """
    bodies = [
        _part(media_type, content, language, placeholder)
        for media_type, content in (("text/plain", text), ("text/html", html))
    ]
    # "=_" never stands in quoted-printable, so this boundary cannot stand in a body (RFC 2045 §6.7)
    boundary = "=_" + hashlib.sha256(b"".join(bodies)).hexdigest()[:32]
    full = [*head, ("MIME-Version", "1.0"), ("Content-Type", f'multipart/alternative; boundary="{boundary}"')]
    mark = f"--{boundary}".encode("ascii")
    parts = b"".join(b"\r\n" + mark + b"\r\n" + body for body in bodies)
    return headers.block(full) + parts + b"\r\n" + mark + b"--\r\n", [name for name, _ in full]


def check(message: bytes, names: list[str]) -> None:
    """Raise `headers.ForgedHeader` unless a message reads back with exactly these headers."""
    headers.check(message, names, _PART_HEADERS)


def _part(media_type: str, content: str, language: str, placeholder: str) -> bytes:
    values = (f"{media_type}; charset=utf-8", language, "quoted-printable")
    head = headers.block(tuple(zip(_PART_HEADERS, values, strict=True)))
    return head + b"\r\n" + headers.quoted_printable(content, placeholder)
