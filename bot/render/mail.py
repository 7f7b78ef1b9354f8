"""An issue as mail: its text and HTML, and the message for each reader, cut from one template."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

from bot.render import headers, two_parts
from bot.render.layout import Layout, lay_out
from bot.render.style import safe_url
from bot.render.template import fill
from bot.render.text import plain
from bot.texts import say
from store.records import FrozenIssue

LEAVE_PLACEHOLDER = "LEAVE0TOKEN0b7Qm2Xz9Kc4Vt8Ny1Hd5"
"""Stands for the reader's leave token in text, HTML and headers; letters and digits only, so no encoding touches it."""

_RECIPIENT = "RECIPIENT0a3Wj6Rf2Ls8Pg5Ue9Tb1Qx"
_MESSAGE_ID = "MESSAGEID0c8Yk1Zn4Mv7Dh2Sw6Ga3Ro"
_HOLES = re.compile(f"({LEAVE_PLACEHOLDER}|{_RECIPIENT}|{_MESSAGE_ID})".encode("ascii"))
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
HTML_LIMIT_BYTES = 100_000  # some programs cut off what is longer


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail of a bulletin comes from.

    `leave` is an https address to which the reader's token is appended; `leave_mailbox` takes "leave TOKEN" as a
    subject; `choices` is an https address to which the same token is appended, for all else that a reader may choose;
    `domain` names the list for ever (List-Id), whatever host the mail leaves from.
    """

    address: str
    domain: str
    leave: str
    leave_mailbox: str
    reply_to: str = ""
    help: str = ""
    choices: str = ""


@dataclass(frozen=True, slots=True)
class MailParts:
    """Subject, text and HTML of an issue; the leave token is still LEAVE_PLACEHOLDER."""

    subject: str
    text: str
    html: str


def render(issue: FrozenIssue, leave: str = "", choices: str = "") -> MailParts:
    """Return the mail of an issue; `leave` and `choices` are addresses to which a reader's token is appended."""
    return of_page(lay_out(issue), plain(issue), leave, choices)


def of_page(page: Layout, words: str, leave: str, choices: str = "") -> MailParts:
    """Return a mail of what is laid out, and of the same as plain text, with what every mail ends with."""
    links = {
        key: f"{address}{LEAVE_PLACEHOLDER}"
        for key, address in (("render-choices", safe_url(choices)), ("render-leave", safe_url(leave)))
        if address
    }
    why = say(page.language, "render-why", bulletin=page.bulletin)
    goodbye = f"\n-- \n{why}\n" + "".join(f"{say(page.language, key)}: {link}\n" for key, link in links.items())
    html = fill("mail.html", language=page.language, page=page, why=why, links=links)
    return MailParts(headers.safe_header(page.heading), words + goodbye, html)


def _head(issue: FrozenIssue, sender: Sender, subject: str, moment: datetime) -> list[tuple[str, str]]:
    by_letter = f"mailto:{sender.leave_mailbox}?subject=leave%20{LEAVE_PLACEHOLDER}"
    unsubscribe = f"<{safe_url(sender.leave)}{LEAVE_PLACEHOLDER}>,\r\n <{by_letter}>"
    archive, address, help_at = safe_url(issue.home), safe_url(issue.address), safe_url(sender.help)
    optional = [
        ("Reply-To", f"<{sender.reply_to}>" if sender.reply_to else ""),
        ("List-Help", f"<{help_at}>" if help_at else ""),
        ("List-Archive", f"<{archive}>" if archive else ""),
        ("Archived-At", f"<{address}>" if address else ""),
    ]
    return [
        ("From", headers.mailbox("From", issue.bulletin, sender.address)),
        ("To", _RECIPIENT),
        ("Subject", headers.words("Subject", subject)),
        ("Date", format_datetime(moment.astimezone(UTC))),
        ("Message-ID", f"<{_MESSAGE_ID}>"),
        ("List-Id", headers.mailbox("List-Id", issue.bulletin, f"{issue.slug}.{sender.domain}")),
        ("List-Unsubscribe", unsubscribe),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Post", "NO"),
        *((name, value) for name, value in optional if value),
        ("Feedback-ID", f"{issue.number}:{issue.slug}:bulletin:{sender.domain}"),
    ]


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """The mail of an issue, serialised once and cut where one reader's differs from another's."""

    pieces: tuple[bytes, ...]

    @classmethod
    def of(cls, stored: bytes) -> "MailTemplate":
        """Return the template that was kept as `stored`."""
        return cls(tuple(_HOLES.split(stored)))

    @property
    def stored(self) -> bytes:
        """The whole template as bytes, to be kept with the issue."""
        return b"".join(self.pieces)

    @property
    def html_bytes(self) -> int:
        """Size of the HTML part as it is sent; above HTML_LIMIT_BYTES some programs cut it off."""
        return len(self.stored.rsplit(b"\r\n--=_", 2)[1])

    @classmethod
    def build(cls, issue: FrozenIssue, sender: Sender, *, preview: bool = False) -> "MailTemplate":
        """Return the template of an issue; a `preview` says so in its subject and is the same in all else.

        Raises as `about` does.
        """
        parts = render(issue, sender.leave, sender.choices)
        subject = say(issue.language, "preview-subject", subject=parts.subject) if preview else parts.subject
        return cls.about(issue, sender, replace(parts, subject=subject), issue.closed_at)

    @classmethod
    def about(cls, issue: FrozenIssue, sender: Sender, parts: MailParts, moment: datetime) -> "MailTemplate":
        """Return the template of a mail about an issue, of this subject and with these bodies, dated so.

        Raises ValueError for a sender that no mail can come from, `headers.ForgedHeader` if what was built does not
        read back with exactly the headers meant.
        """
        _check_sender(issue, sender)
        head = _head(issue, sender, parts.subject, moment)
        whole, names = two_parts.join(head, parts.text, parts.html, lay_out(issue).language, LEAVE_PLACEHOLDER)
        template = cls.of(whole)
        template._check(names, parts)
        return template

    def _check(self, names: list[str], parts: MailParts) -> None:
        wanted = 2 + (parts.text + parts.html).count(LEAVE_PLACEHOLDER)
        holes = self.pieces[1::2]
        if holes.count(LEAVE_PLACEHOLDER.encode()) != wanted or len(holes) != wanted + 2:
            raise headers.ForgedHeader(f"{len(holes)} places to fill where {wanted + 2} were meant")
        sample = self.fill("dan@reader.example", "sample@reader.example", "A" * len(LEAVE_PLACEHOLDER))
        two_parts.check(sample, names)

    def fill(self, recipient: str, message_id: str, leave_token: str) -> bytes:
        """Return the message for one reader, lines ending in CRLF, no dot stuffed; the same input gives the same bytes.

        `message_id` comes without angle brackets. Raises ValueError for what could break out of its place.
        """
        if not (two_parts.ADDRESS.fullmatch(recipient) and two_parts.ADDRESS.fullmatch(message_id)):
            raise ValueError("not an address that a header can carry")
        if not _TOKEN.fullmatch(leave_token):
            raise ValueError("not a leave token")
        values = {
            LEAVE_PLACEHOLDER.encode(): leave_token.encode(),
            _RECIPIENT.encode(): recipient.encode(),
            _MESSAGE_ID.encode(): message_id.encode(),
        }
        return b"".join(values.get(piece, piece) for piece in self.pieces)


def _check_sender(issue: FrozenIssue, sender: Sender) -> None:
    mailboxes = [sender.address, sender.leave_mailbox, *([sender.reply_to] if sender.reply_to else [])]
    if not all(two_parts.ADDRESS.fullmatch(each) for each in mailboxes):
        raise ValueError("a sender's address is not one that a header can carry")
    if not safe_url(sender.leave) or (sender.help and not safe_url(sender.help)):
        raise ValueError("the leave or help address is not an http or https address")
    if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", f"{issue.slug}.{sender.domain}".replace("_", "-")):
        raise ValueError("the slug and domain do not make a name for the list")
