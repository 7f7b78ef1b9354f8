"""By what a letter is known again that comes a second time, on whichever road."""

import hashlib
import re

from bot.seal import Sealer

_PURPOSE = "letter"
_BODY_BYTES = 500_000
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_SPACE = re.compile(rb"\s+")


def letter_key(sealer: Sealer, raw: bytes) -> str:
    """Return the hex HMAC over a letter's Message-ID and the hash of its body.

    What a mail server writes above a letter (Received, Delivered-To …) and how its lines end make no difference, so
    that a letter fetched again, moved, or forwarded by another road has the same key; of a long one only the first
    half counts, since the roads cut it at a million bytes with what stands above it.
    """
    end = _HEAD_END.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    found = _MESSAGE_ID.search(head)
    message_id = _SPACE.sub(b"", found[1]) if found else hashlib.sha256(_lines(head)).digest()
    digest = hashlib.sha256(_lines(body)[:_BODY_BYTES]).hexdigest()
    return sealer.mac(_PURPOSE, f"{message_id.hex()}\n{digest}")


def _lines(text: bytes) -> bytes:
    """Return a text with one kind of line end, and without those at its end, which roads add and take away."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
