"""One SMTP conversation of the sandbox's mail server (RFC 5321, with PIPELINING, SIZE, STARTTLS, AUTH)."""

import re
import ssl
from dataclasses import dataclass

from bot.sandbox.mail_faults import FaultBook
from bot.sandbox.mailbox import Mailroom
from bot.sandbox.smtp_auth import Login
from bot.sandbox.smtp_connection import Connection

_COMMAND_LINE_BYTES = 64 * 1024  # far above RFC 5321 §4.5.3.1.4: a tolerant server
_END_OF_DATA = b"\r\n.\r\n"  # the only end there is; accepting "\n.\n" would let letters be smuggled in
_PATH = re.compile(rb"^(?:FROM|TO):[ ]*<((?:\"(?:\\.|[^\"\\])*\"|[^<>\"])*)>(.*)$", re.IGNORECASE)
_SIZE = re.compile(rb"(?:^| )SIZE=(\d{1,20})(?: |$)", re.IGNORECASE)
_REFUSALS = {
    "defer": "451 4.7.1 Try again later",
    "defer-greylist": "450 4.2.0 Recipient address rejected: Greylisted",
    "refuse": "550 5.1.1 No such user here",
    "refuse-listed": "550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the server announces and asks for."""

    host: str
    max_bytes: int
    user: str | None
    password: str
    starttls: ssl.SSLContext | None
    require_tls: bool


class Session(Connection):
    """Answers commands in order and puts accepted letters into the mailroom."""

    def __init__(self, room: Mailroom, faults: FaultBook, policy: Policy, open_connections: set[Connection]) -> None:
        super().__init__(room.answers, open_connections)
        self._room = room
        self._faults = faults
        self._policy = policy
        self._login = None if policy.user is None else Login(policy.user, policy.password)
        self._greeted = False
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._in_data = self._oversized = False
        self._scanned = 0

    def opened(self) -> None:
        self._room.connections_opened += 1
        self._room.notify()
        match self._faults.strike_connection():
            case "drop-before":
                self.abort()
            case "mute":
                self.hold()
            case "too-many":
                self.say(f"421 4.7.0 {self._policy.host} Too many connections, try again later")
                self.close()
            case _:
                self.say(f"220 {self._policy.host} ESMTP sandbox")

    def secured(self) -> None:
        self._greeted = False
        self._forget_letter()

    def read(self) -> bool:
        if self._in_data:
            return self._read_letter()
        end = self.inbox.find(b"\n")
        if end < 0:
            if len(self.inbox) > _COMMAND_LINE_BYTES:
                self.say("500 5.5.6 Line too long")
                self.close()
            return False
        line = bytes(self.inbox[:end]).rstrip(b"\r")
        del self.inbox[: end + 1]
        if self._login is not None and self._login.waits_for_a_line:
            self.say(self._login.take(line))
        else:
            verb, _, argument = line.partition(b" ")
            self._command(verb.upper(), argument.strip())
        return True

    def _command(self, verb: bytes, argument: bytes) -> None:
        match verb:
            case b"MAIL":
                self._mail(argument)
            case b"RCPT":
                self._rcpt(argument)
            case b"DATA":
                self._data()
            case b"EHLO" | b"HELO":
                self._hello(verb, argument)
            case b"RSET":
                self._forget_letter()
                self.say("250 2.0.0 Forgotten")
            case b"NOOP":
                self.say("250 2.0.0 Fine")
            case b"VRFY":
                self.say("252 2.1.5 Send some mail and see")
            case b"QUIT":
                self.say(f"221 2.0.0 {self._policy.host} closes")
                self.close()
            case b"STARTTLS":
                self._starttls()
            case b"AUTH":
                self._auth(argument)
            case _:
                self.say("502 5.5.1 No such command here")

    def _hello(self, verb: bytes, argument: bytes) -> None:
        if not argument:
            self.say("501 5.5.4 Say your name")
            return
        self._greeted = True
        self._forget_letter()
        if verb == b"HELO":
            self.say(f"250 {self._policy.host}")
            return
        lines = [self._policy.host, "PIPELINING", f"SIZE {self._policy.max_bytes}", "8BITMIME"]
        if self._policy.starttls is not None and not self.secure:
            lines.append("STARTTLS")
        if self._login is not None and not self._tls_is_missing:
            lines.append("AUTH PLAIN LOGIN")
        lines.append("ENHANCEDSTATUSCODES")
        self.say(*(f"250 {line}" for line in lines))

    @property
    def _tls_is_missing(self) -> bool:
        return self._policy.require_tls and not self.secure

    def _starttls(self) -> None:
        if self._policy.starttls is None:
            self.say("502 5.5.1 No such command here")
        elif self.secure:
            self.say("503 5.5.1 TLS is on already")
        else:
            self.start_tls(self._policy.starttls, "220 2.0.0 Go ahead")

    def _auth(self, argument: bytes) -> None:
        if self._login is None:
            self.say("502 5.5.1 No such command here")
        elif self._tls_is_missing:
            self.say("530 5.7.0 STARTTLS first")
        else:
            self.say(self._login.start(argument))

    def _mail(self, argument: bytes) -> None:
        path = _PATH.match(argument)
        size = _SIZE.search(path.group(2)) if path else None
        if not self._greeted:
            self.say("503 5.5.1 EHLO first")
        elif self._tls_is_missing:
            self.say("530 5.7.0 STARTTLS first")
        elif self._login is not None and not self._login.granted:
            self.say("530 5.7.0 Authentication required")
        elif self._sender is not None:
            self.say("503 5.5.1 One sender is enough")
        elif path is None:
            self.say("501 5.5.4 MAIL FROM:<address>")
        elif size is not None and int(size.group(1)) > self._policy.max_bytes:
            self.say("552 5.3.4 Too big")
        else:
            self._sender = path.group(1).decode("utf-8", "replace")
            self.say("250 2.1.0 Ok")

    def _rcpt(self, argument: bytes) -> None:
        path = _PATH.match(argument)
        if self._sender is None:
            self.say("503 5.5.1 MAIL first")
            return
        if path is None or b"@" not in path.group(1):
            self.say("501 5.1.3 RCPT TO:<address>")
            return
        recipient = path.group(1).decode("utf-8", "replace")
        fault = self._faults.strike_recipient(recipient)
        if fault is None:
            self._recipients.append(recipient)
            self.say("250 2.1.5 Ok")
        else:
            self.say(_REFUSALS[fault])
            self._room.notify()

    def _data(self) -> None:
        if not self._recipients:
            self.say("503 5.5.1 No valid recipients")
            return
        self.say("354 End with a dot on a line of its own")
        self._in_data = True
        self.inbox[:0] = b"\r\n"  # so that a dot in the first line is found like any other

    def _read_letter(self) -> bool:
        end = self.inbox.find(_END_OF_DATA, max(0, self._scanned - len(_END_OF_DATA)))
        if end < 0:
            if len(self.inbox) > self._policy.max_bytes * 2:  # go on reading, but keep no more of it
                self._oversized = True
                del self.inbox[: -len(_END_OF_DATA)]
            self._scanned = len(self.inbox)
            return False
        raw = bytes(self.inbox[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]  # RFC 5321 §4.5.2
        del self.inbox[: end + len(_END_OF_DATA)]
        if self._oversized or len(raw) > self._policy.max_bytes:
            self.say("552 5.3.4 Too big")
        else:
            self._finish(raw)
        self._forget_letter()
        return True

    def _finish(self, raw: bytes) -> None:
        fault = self._faults.strike_letter(self._recipients)
        name = fault.name if fault is not None else None
        if name in ("refuse-policy", "hang"):
            self._room.notify()
            if name == "hang":
                self.hold()
            else:
                self.say("550 5.7.1 Refused by policy")
            return
        self._room.accept(self._sender or "", self._recipients, raw)
        if name == "drop-after-dot":
            self.close()
        elif fault is not None and name == "slow":
            self.say_later("250 2.0.0 Ok: queued", fault.seconds)
        else:
            self.say("250 2.0.0 Ok: queued")

    def _forget_letter(self) -> None:
        self._sender = None
        self._recipients = []
        self._in_data = self._oversized = False
        self._scanned = 0
