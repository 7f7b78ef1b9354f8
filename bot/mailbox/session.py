"""One connection to a mailbox over IMAP; everything here blocks and is called in a thread of its own."""

import imaplib
import re
import select
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from bot.mailbox.account import Account, Unreachable

LETTER_BYTES = 1_000_000
ANSWER_SECONDS = 30.0
SLICE_SECONDS = 1.0  # how often an idle connection looks whether it shall end
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_WORDS_CHARACTERS = 200


class Session:
    """Reads one folder. Each method raises Unreachable when the connection is of no use any more."""

    def __init__(self, account: Account, tls: ssl.SSLContext | None = None) -> None:
        """Connect, log in and choose the folder; `tls` takes the place of the system's trust."""
        self._account = account
        self._ending = False
        self._places: dict[str, str] = {}
        self.validity = 0  # UIDVALIDITY: with another one, all numbers of letters mean others (RFC 3501 §2.3.1.1)
        self._box = _opened(account, tls)
        try:
            self._log_in()
            self._choose()
        except BaseException:
            self.cut()
            raise

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self._box.client.capabilities

    def waiting(self) -> list[int]:
        """Return the numbers (UIDs) of the letters in the folder that nobody has struck out, oldest first."""
        with _told(self._account):
            self._box.client.noop()
            self._box.client.untagged_responses.pop("EXISTS", None)  # one that comes from now on is news to `idle`
            return sorted(map(int, self._box.uids("UNDELETED", charset=None)))

    def fetch(self, uid: int) -> bytes | None:
        """Return a letter, or its first million bytes, and leave it unseen; None where it is not there any more."""
        with _told(self._account):
            size = self._part(uid, "RFC822.SIZE")
            if size is None:
                return None
            found = _SIZE.search(size)
            small = found is not None and int(found[1]) <= LETTER_BYTES
            return self._part(uid, "BODY.PEEK[]" if small else f"BODY.PEEK[]<0.{LETTER_BYTES}>")

    def move(self, uid: int, folder: str) -> None:
        """Move a letter to a folder, which is made where it is missing; one that is gone stays gone."""
        with _told(self._account):
            place = self._place(folder)
            if "MOVE" in self._box.client.capabilities:
                self._asked("MOVE", str(uid), encode_folder(place))
                return
            self._asked("COPY", str(uid), encode_folder(place))
            self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._box.client.capabilities:  # a plain EXPUNGE would take what others struck out too
                self._asked("EXPUNGE", str(uid))

    def idle(self, seconds: float) -> None:
        """Wait until the server has news (RFC 2177), at most so many seconds, or until `end` is called."""
        with _told(self._account):
            client, until = self._box.client, time.monotonic() + seconds
            tag = client._command("IDLE")
            while client._get_response() is not None:  # news may come before the server says that it waits
                if client.tagged_commands[tag]:
                    raise Unreachable(f"{self._account.host} offers to tell of new letters and refuses it")
            while not (self._ending or "EXISTS" in client.untagged_responses) and time.monotonic() < until:
                if self._heard(min(SLICE_SECONDS, max(until - time.monotonic(), 0.0))):
                    break
            client.send(b"DONE\r\n")
            self._box.consume_until_tagged_response(tag)

    def end(self) -> None:
        """Let `idle` return within a second; may be called from another thread."""
        self._ending = True

    def close(self) -> None:
        """Say goodbye."""
        with suppress(Unreachable), _told(self._account):
            self._box.client.sock.settimeout(SLICE_SECONDS)
            self._box.logout()

    def cut(self) -> None:
        """Break the connection, so that whatever waits for its answer ends; may be called from another thread."""
        with suppress(OSError):
            self._box.client.sock.shutdown(socket.SHUT_RDWR)

    def _log_in(self) -> None:
        user, password = self._account.user, self._account.password
        login = self._box.login if (user + password).isascii() else self._box.login_utf8
        try:
            with _told(self._account):
                login(user, password, initial_folder=None)
                # what may be done is told anew to those who are let in
                _, told = self._box.client.capability()
                self._box.client.capabilities = tuple(b" ".join(told).decode("ascii", "replace").upper().split())
        except Unreachable as error:
            if not _is_refusal(error.__cause__) or "UNAVAILABLE" in str(error):  # RFC 5530: it cannot tell just now
                raise
            raise Unreachable("the mail server refuses the user or the password", setting=True) from None

    def _choose(self) -> None:
        try:
            with _told(self._account):
                self._box.folder.set(self._found(self._account.folder) or self._account.folder)
        except Unreachable as error:
            if not _is_refusal(error.__cause__):
                raise
            raise Unreachable(f"there is no folder {self._account.folder!r}", setting=True) from None
        told = self._box.client.untagged_responses.get("UIDVALIDITY") or [b"0"]
        self.validity = int(told[-1]) if isinstance(told[-1], bytes) else 0

    def _part(self, uid: int, what: str) -> bytes | None:
        """Return what one FETCH says of a letter: the bytes of its body, or the line that holds the rest."""
        for answer in self._asked("FETCH", str(uid), f"({what})"):
            if isinstance(answer, tuple):
                return bytes(answer[1])
            if isinstance(answer, bytes) and what.startswith("RFC822") and _SIZE.search(answer):
                return answer
        return None

    def _asked(self, *command: str | bytes) -> list[object]:
        answer = self._box.client.uid(*command)  # type: ignore[arg-type]  # it takes bytes as they are
        if answer[0] != "OK":
            raise UnexpectedCommandStatusError(answer, "OK")
        return list(answer[1])

    def _found(self, folder: str) -> str | None:
        """Return the name that a folder has on the server, None where there is no such folder.

        Its levels are parted in the server's own way, and may all lie below the inbox.
        """
        if "/" not in folder and folder.upper() == "INBOX":
            return folder
        for name in self._names(folder):
            if self._box.folder.exists(name):
                return name
        return None

    def _names(self, folder: str) -> tuple[str, str]:
        parted = next((each.delim for each in self._box.folder.list("", "INBOX")), "/")
        parted = parted if parted not in ("", "NIL") else "/"
        name = folder.replace("/", parted)
        return name, f"INBOX{parted}{name}"

    def _place(self, folder: str) -> str:
        """Return the server's name of a folder to move letters to, after making it where it is missing."""
        if folder not in self._places:
            self._places[folder] = self._found(folder) or self._made(folder)
        return self._places[folder]

    def _made(self, folder: str) -> str:
        name, below_inbox = self._names(folder)
        try:
            self._box.folder.create(name)
        except MailboxFolderCreateError:
            self._box.folder.create(below_inbox)  # servers that keep all folders of a mailbox below it
            name = below_inbox
        with suppress(imaplib.IMAP4.error):
            self._box.client.subscribe(encode_folder(name))  # type: ignore[arg-type]  # it takes bytes as they are
        return name

    def _heard(self, seconds: float) -> bool:
        """Say whether the server said anything within so many seconds, or is gone; nothing of it is read."""
        client = self._box.client
        if self._buffered(client):
            return True
        poll = select.poll()
        poll.register(client.sock, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _buffered(self, client: imaplib.IMAP4) -> bool:
        """Say whether something was received already that no poll of the socket tells of."""
        sock = client.sock
        file: Any = getattr(client, "_file", None) or client.file  # renamed in Python 3.14
        before = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            sock.settimeout(before)


def _opened(account: Account, tls: ssl.SSLContext | None) -> BaseMailBox:
    with _told(account):
        if account.tls == "none":
            return MailBoxUnencrypted(account.host, account.port, timeout=ANSWER_SECONDS)
        context = tls or ssl.create_default_context()
        kind = MailBox if account.tls == "direct" else MailBoxStartTls
        return kind(account.host, account.port, timeout=ANSWER_SECONDS, ssl_context=context)


@contextmanager
def _told(account: Account) -> Iterator[None]:
    """Tell whatever breaks while a mail server is asked as Unreachable."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate of {account.host} is not to be trusted: {error.verify_message}"
        raise Unreachable(why, setting=True) from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
        words = (str(error) or type(error).__name__)[:_WORDS_CHARACTERS]
        raise Unreachable(f"{account.host}:{account.port}: {words}") from error


def _is_refusal(error: BaseException | None) -> bool:
    """Say whether a server that is there refused what it was asked."""
    refusal = isinstance(error, UnexpectedCommandStatusError | imaplib.IMAP4.error)
    return refusal and not isinstance(error, imaplib.IMAP4.abort)
