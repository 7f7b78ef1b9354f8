"""The peer of our mail: the letter that the standard library builds anew for each reader, sent without a ledger."""

import asyncio
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib

from bot.render import mail
from tests.bench.closed_issue import PRESS, address, sample_week

TOKEN_LETTERS = 29


class Builder:
    """Builds the same issue as an EmailMessage for each reader; text and HTML are drawn once."""

    def __init__(self) -> None:
        self._issue = sample_week()
        self._sender = PRESS.sender()
        assert self._sender is not None
        self._parts = mail.render(self._issue, self._sender.leave)

    def letter(self, reader: int) -> EmailMessage:
        token, sender = f"{reader:0>{TOKEN_LETTERS}}", self._sender
        assert sender is not None
        letter = EmailMessage()
        letter["From"] = f"{self._issue.bulletin} <{sender.address}>"
        letter["To"] = address(reader)
        letter["Subject"] = self._parts.subject
        letter["Date"] = self._issue.closed_at
        letter["Message-ID"] = f"<{token}@{sender.domain}>"
        letter["Reply-To"] = sender.reply_to
        letter["List-Id"] = f"{self._issue.bulletin} <news.{sender.domain}>"
        letter["List-Unsubscribe"] = f"<{sender.leave}{token}>, <mailto:{sender.leave_mailbox}?subject=leave%20{token}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter["List-Post"] = "NO"
        letter["List-Archive"] = f"<{self._issue.home}>"
        letter["Feedback-ID"] = f"7:news:bulletin:{sender.domain}"
        letter.set_content(self._parts.text.replace(mail.LEAVE_PLACEHOLDER, token))
        letter.add_alternative(self._parts.html.replace(mail.LEAVE_PLACEHOLDER, token), subtype="html")
        return letter


async def send(url: str, readers: int, connections: int) -> None:
    """Send a letter to each reader over so many connections."""
    builder, place, waiting = Builder(), urlsplit(url), iter(range(1, readers + 1))

    async def work() -> None:
        smtp = aiosmtplib.SMTP(hostname=place.hostname, port=place.port, start_tls=False)
        await smtp.connect()
        for reader in waiting:
            envelope = f"bounce+{reader:0>{TOKEN_LETTERS}}@news.example"
            await smtp.send_message(builder.letter(reader), sender=envelope, recipients=[address(reader)])
        await smtp.quit()

    await asyncio.gather(*(work() for _ in range(connections)))
