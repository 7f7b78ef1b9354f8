"""What the sandbox's mail server has accepted: letters, mailboxes, their view for a page, their files."""

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path
from typing import Any

_RECHECK_SECONDS = 0.02
_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_UNFIT_FOR_A_FILE_NAME = re.compile(r"[^\w@.]+")
_NAME_PART_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Receipt:
    """One stored copy of a message: its Message-ID and a digest of its bytes, to compare copies."""

    message_id: str
    digest: str


@dataclass(frozen=True)
class Letter:
    """One message as it lies in one mailbox; `number` counts all letters in the order of arrival, from 1."""

    number: int
    envelope_from: str
    recipient: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(self.raw)

    @cached_property
    def text(self) -> str:
        return self._body("plain")

    @cached_property
    def html(self) -> str:
        return self._body("html")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def message_id(self) -> str:
        return message_id(self.raw)

    @cached_property
    def shown(self) -> dict[str, Any]:
        """The letter as a web page needs it, in JSON's types."""
        headers = [[name, str(value)] for name, value in self.message.items()]
        first = {name.lower(): value for name, value in reversed(headers)}
        return {
            "number": self.number,
            "envelope_from": self.envelope_from,
            "recipient": self.recipient,
            **{key: first.get(key, "") for key in ("subject", "from", "to", "date")},
            "text": self.text,
            "html": self.html,
            "headers": headers,
        }

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        if part is None:
            return ""
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return ""
        try:
            return content.decode(part.get_content_charset("utf-8"), "replace")
        except LookupError:  # a charset nobody knows must not hide the letter from the page
            return content.decode("utf-8", "replace")


class Mailroom:
    """All mailboxes of the sandbox; a mailbox comes into being with its first letter.

    With `keep_bodies=False` only receipts and counts are kept, so that a run over many thousand readers needs
    little memory: `letters`, `mailbox`, `snapshot` and `export` then stay empty.
    """

    def __init__(self, *, keep_bodies: bool = True) -> None:
        self.letters: list[Letter] = []
        self.received: dict[str, list[Receipt]] = {}
        self.accepted = 0
        self.connections_opened = 0
        self.answers: Counter[int] = Counter()
        self._keep_bodies = keep_bodies
        self._boxes: dict[str, list[Letter]] = {}
        self._changed = asyncio.Event()

    def accept(self, envelope_from: str, recipients: Sequence[str], raw: bytes) -> None:
        """Put one copy of `raw` into the mailbox of each recipient and wake everybody who waits."""
        receipt = Receipt(message_id(raw), hashlib.blake2b(raw, digest_size=16).hexdigest())
        for address in recipients:
            self.accepted += 1
            recipient = canonical(address)
            self.received.setdefault(recipient, []).append(receipt)
            if self._keep_bodies:
                letter = Letter(self.accepted, envelope_from, recipient, raw)
                self.letters.append(letter)
                self._boxes.setdefault(recipient, []).append(letter)
        self.notify()

    def notify(self) -> None:
        self._changed.set()

    def mailbox(self, address: str) -> list[Letter]:
        """The letters of one address in order of arrival; the domain's case does not matter."""
        return list(self._boxes.get(canonical(address), ()))

    async def until(self, predicate: Callable[[], bool], timeout: float) -> None:
        """Wait until `predicate()` is true; raise TimeoutError with the counts after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not predicate():
                    await self._change()
        except TimeoutError:
            state = f"{self.accepted} letters in {len(self.received)} mailboxes, answers {dict(self.answers)}"
            raise TimeoutError(f"not so within {timeout} seconds: {state}") from None

    def events(self, after: int | None = None) -> AsyncIterator[Letter]:
        """Every letter from this call on, or every one after number `after`; never ends by itself."""
        return self._follow(len(self.letters) if after is None else after)

    def snapshot(self, since: int = 0, limit: int = 200) -> dict[str, Any]:
        """Counts, and the newest `limit` letters numbered above `since`, in JSON's types for a web page."""
        newest = self.letters[max(since, len(self.letters) - limit) :]
        return {
            "accepted": self.accepted,
            "connections_opened": self.connections_opened,
            "mailboxes": {address: len(box) for address, box in self._boxes.items()},
            "letters": [letter.shown for letter in newest],
        }

    def export(self, directory: Path) -> list[Path]:
        """Write one .eml file a letter into `directory`, named by number, recipient and subject."""
        directory.mkdir(parents=True, exist_ok=True)
        paths = []
        for letter in self.letters:
            path = directory / _file_name(letter)
            path.write_bytes(letter.raw)
            paths.append(path)
        return paths

    async def _follow(self, position: int) -> AsyncIterator[Letter]:
        while True:
            while position >= len(self.letters):
                await self._change()
            yield self.letters[position]
            position += 1

    async def _change(self) -> None:
        # A predicate may look at more than this room, so it is asked again after a moment in any case.
        self._changed.clear()
        try:
            async with asyncio.timeout(_RECHECK_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            return


def canonical(address: str) -> str:
    """The address with its domain in lower case; the local part is the receiver's and stays as it is."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.lower()}" if at else address.lower()


def message_id(raw: bytes) -> str:
    head = raw.partition(b"\r\n\r\n")[0]
    found = _MESSAGE_ID.search(head)
    return found.group(1).decode("ascii", "replace") if found else ""


def _file_name(letter: Letter) -> str:
    parts = (_UNFIT_FOR_A_FILE_NAME.sub("-", part).strip("-.") for part in (letter.recipient, letter.subject))
    return "-".join([f"{letter.number:04d}", *(part[:_NAME_PART_CHARACTERS] for part in parts if part)]) + ".eml"
