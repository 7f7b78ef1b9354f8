"""All editions of one issue at once, as they are stored when it closes, and the issue as a stored record."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from bot.render import data, mail, pdf, telegram, text, web
from store.messages import Text
from store.records import FrozenIssue

TELEGRAM, MAIL = "telegram", "mail"
SPLIT = "split"
"""In which Telegram part each group stands; kept so that a correction moves nothing from one to another."""
_RECORD = TypeAdapter(FrozenIssue)
_TEXT = TypeAdapter(Text)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a bulletin stands on the web; all are "" without a public address."""

    public_url: str
    slug: str

    @property
    def home(self) -> str:
        return f"{self.public_url}/{self.slug}/" if self.public_url else ""

    @property
    def feed(self) -> str:
        return f"{self.home}feed.xml" if self.home else ""

    def issue(self, number: int) -> str:
        return f"{self.home}{number}" if self.home else ""

    def pdf(self, number: int) -> str:
        return f"{self.home}{number}.pdf" if self.home else ""


@dataclass(frozen=True, slots=True)
class Press:
    """Prints every edition of an issue. `mail_from` is "" where no mail goes out."""

    public_url: str = ""
    mail_from: str = ""
    mail_reply_to: str = ""

    def addresses(self, slug: str) -> Addresses:
        return Addresses(self.public_url, slug)

    def sender(self) -> mail.Sender | None:
        """Return who the mail comes from, None while mail is not set up."""
        host = urlsplit(self.public_url).hostname
        if not self.mail_from or not host:
            return None
        mailbox, _, domain = self.mail_from.partition("@")
        return mail.Sender(
            address=self.mail_from,
            domain=domain,
            leave=f"{self.public_url}/leave/",
            choices=f"{self.public_url}/choices/",
            leave_mailbox=f"{mailbox}+leave@{domain}",
            reply_to=self.mail_reply_to,
            help=f"{self.public_url}/",
        )

    def pdf(self, issue: FrozenIssue) -> bytes:
        return pdf.render(issue)

    def print(self, issue: FrozenIssue) -> list[tuple[str, int, bytes]]:
        """Return (format, part, content) of every edition; the same issue gives the same bytes."""
        groups = list(telegram.groups(issue))
        places = telegram.share_out(groups)
        parts = telegram.put_together(issue, groups, places, max(places, default=-1) + 1)
        editions = [(TELEGRAM, place, as_stored(part)) for place, part in enumerate(parts)]
        editions += [
            (SPLIT, 0, json.dumps(places).encode()),
            ("web", 0, web.render_issue(issue, feed_address=self.addresses(issue.slug).feed).encode()),
            ("fragment", 0, web.render_fragment(issue).encode()),
            ("text", 0, text.plain(issue).encode()),
            ("markdown", 0, text.markdown(issue).encode()),
            ("json", 0, data.to_json(issue).encode()),
            ("pdf", 0, self.pdf(issue)),
        ]
        sender = self.sender()
        if sender is not None:
            editions.append((MAIL, 0, b"".join(mail.MailTemplate.build(issue, sender).pieces)))
        return editions


def as_stored(text: Text) -> bytes:
    """Return a Telegram part as it is stored."""
    return _TEXT.dump_json(text)


def read_text(content: bytes) -> Text:
    """Return a stored Telegram part."""
    return _TEXT.validate_json(content)


def to_record(issue: FrozenIssue) -> dict[str, Any]:
    """Return an issue as plain values for the store."""
    record: dict[str, Any] = _RECORD.dump_python(issue, mode="json")
    return record


def from_record(record: dict[str, Any]) -> FrozenIssue:
    return _RECORD.validate_python(record)
