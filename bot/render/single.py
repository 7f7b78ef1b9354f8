"""A single mail: a question, an acknowledgement or an answer, as text and as small HTML, to one person."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

from bot.render import headers, two_parts
from bot.render.spans import written
from bot.render.style import clean, language_tag, safe_url
from bot.render.template import fill

Automatic = Literal["auto-replied", "auto-generated", ""]
"""What RFC 3834 §5 calls an answer to a letter, and a mail that nobody wrote; empty for one that a person wrote."""

_MESSAGE_ID = re.compile(r"<[^\s<>]{1,240}>")


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says: `text` in paragraphs, an empty line between them, then one link with its words, then `end`."""

    subject: str
    text: str
    link: str = ""
    link_words: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Who a mail is from and to, and what it is; `answers` is the Message-ID of the letter it answers, or empty."""

    bulletin: str
    sender: str
    reply_to: str
    recipient: str
    message_id: str
    moment: datetime
    language: str
    automatic: Automatic
    answers: str = ""


def build(head: Head, said: Said) -> bytes:
    """Return the message, lines ending in CRLF, no dot stuffed; the same input gives the same bytes.

    Raises ValueError for an address that no header can carry, `headers.ForgedHeader` if what was built does not read
    back with exactly the headers meant.
    """
    if not all(
        two_parts.ADDRESS.fullmatch(each) for each in (head.sender, head.reply_to, head.recipient, head.message_id)
    ):
        raise ValueError("not an address that a header can carry")
    language = language_tag(head.language) or "en"
    message, names = two_parts.join(_headers(head, said), _text(said), _html(head, said, language), language)
    two_parts.check(message, names)
    return message


def _headers(head: Head, said: Said) -> list[tuple[str, str]]:
    answered = head.answers if _MESSAGE_ID.fullmatch(head.answers) and head.answers.isascii() else ""
    return [
        ("From", headers.mailbox("From", head.bulletin, head.sender)),
        ("To", head.recipient),
        ("Reply-To", f"<{head.reply_to}>"),
        ("Subject", headers.words("Subject", said.subject)),
        ("Date", format_datetime(head.moment.astimezone(UTC))),
        ("Message-ID", f"<{head.message_id}>"),
        *([("In-Reply-To", answered), ("References", answered)] if answered else []),
        *([("Auto-Submitted", head.automatic), ("X-Auto-Response-Suppress", "All")] if head.automatic else []),
    ]


def _text(said: Said) -> str:
    link = safe_url(said.link)
    pieces = [_plain(said.text), f"{clean(said.link_words)}:\n{link}" if link else "", _plain(said.end)]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def _plain(text: str) -> str:
    return "\n".join(clean(line) for line in text.split("\n")).strip()


def _html(head: Head, said: Said, language: str) -> str:
    return fill(
        "single.html",
        language=language,
        title=clean(said.subject),
        bulletin=clean(head.bulletin),
        paragraphs=written(said.text),
        link=safe_url(said.link),
        words=clean(said.link_words),
        end=written(said.end),
    )
