"""The road from a mail server on this machine: LMTP (RFC 2033), where 250 means that the letter is committed.

Our server never sends a letter back to whoever wrote it because something is wrong with us: it has no limit of size or
line length that would refuse a letter (what is beyond the first million bytes is not kept), and every failure of ours
is a 451, after which the mail server tries again.
"""

import asyncio
import os
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from bot.errors import OperatorError
from bot.logs import logger
from bot.mailbox.key import letter_key
from bot.mailbox.taking import MOST_TRIES, TAKE_SECONDS, Alarm, Take, place_of
from bot.seal import Sealer

LETTER_BYTES = 1_000_000
MOST_CONNECTIONS = 50
MOST_RECIPIENTS = 100
SILENT_SECONDS = 300.0
STOP_SECONDS = 4.0
COUNTED_LETTERS = 1000
ALARMS = (MOST_TRIES, 4 * MOST_TRIES, 16 * MOST_TRIES)  # after about a quarter of an hour, some hours, two days
TAKEN = "250 2.0.0 Taken"
LATER = "451 4.3.0 We failed with it; try again later"
_PATH = re.compile(r'<((?:[^<>"]|"(?:[^"\\]|\\.)*")*)>\s*(.*)', re.DOTALL)
log = logger("mailbox")


class Porter:
    """Hands letters to the rest of the bot and says what to answer; knows the connections that are open."""

    def __init__(self, take: Take, alarm: Alarm, sealer: Sealer) -> None:
        self._take = take
        self._alarm = alarm
        self._sealer = sealer
        self._failures: Counter[str] = Counter()
        self.open: set[Line] = set()

    async def deliver(self, raw: bytes, sender: str, recipients: tuple[str, ...]) -> str:
        """Return the answer to a letter; 250 only after it is committed."""
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._take(raw, sender, recipients)
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail server keeps the letter
            log.error("a letter could not be taken; the mail server keeps it", why=place_of(error))
            await self._count(raw)
            return LATER
        if self._failures:
            self._failures.pop(letter_key(self._sealer, raw), None)
        return TAKEN

    async def _count(self, raw: bytes) -> None:
        """Tell the moderators when a letter failed again and again, since in the end it would be sent back."""
        key = letter_key(self._sealer, raw)
        self._failures[key] += 1
        if self._failures[key] in ALARMS:
            with suppress(Exception):
                await self._alarm("mailbox-not-taken")
        if len(self._failures) > COUNTED_LETTERS:
            del self._failures[next(iter(self._failures))]

    async def handle_RCPT(
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients; the rest in another go"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Fine"

    async def handle_exception(self, error: Exception) -> str:
        log.error("a mail server said what nobody could answer", why=place_of(error))
        return LATER

    async def finish(self) -> None:
        """Let the letters under way be answered, then hang up; what is not answered comes again."""
        under_way = [line.answering for line in self.open if line.answering is not None]
        if under_way:
            await asyncio.wait(under_way, timeout=STOP_SECONDS)
        for line in list(self.open):
            line.hang_up()


class Line(LMTP):
    """One connection of a mail server."""

    def __init__(self, porter: Porter) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            porter,
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname="bulletin.localhost",
            ident="Bulletin Bot",
            timeout=SILENT_SECONDS,
            loop=loop,
        )
        self._porter = porter
        self.answering: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self._porter.open) >= MOST_CONNECTIONS and isinstance(transport, asyncio.Transport):
            transport.write(b"421 4.3.2 Too many connections; come back later\r\n")
            transport.close()
            return
        sock = transport.get_extra_info("socket")
        if sock.family != socket.AF_UNIX:  # else each answer of several lines takes 40 ms
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._porter.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._porter.open:
            self._porter.open.discard(self)
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self in self._porter.open else False

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Take an address as it stands: our own mail server accepted it, and a refusal would send the letter back."""
        found = _PATH.fullmatch(arg.strip())
        return (found[1] or "<>", found[2]) if found else (None, None)

    async def smtp_DATA(self, arg: str) -> None:
        """Read a letter and answer for each of its recipients (RFC 2033 §4.2)."""
        envelope = self.envelope
        assert envelope is not None
        if arg or not envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA stands alone" if arg else "503 5.5.1 To whom? RCPT comes before DATA")
            return
        await self.push("354 Go on; a dot alone ends it")
        raw = await self._letter()
        sender = "" if envelope.mail_from in (None, "<>") else _readable(str(envelope.mail_from))
        self.answering = asyncio.get_running_loop().create_future()
        try:
            answer = await self._porter.deliver(raw, sender, tuple(map(_readable, envelope.rcpt_tos)))
            for _ in envelope.rcpt_tos:
                await self.push(answer)
        finally:
            self.answering.set_result(None)
            self.answering = None
        self.envelope = self._create_envelope()

    async def _letter(self) -> bytes:
        """Return what comes up to the lone dot, without the dots that were added (RFC 5321 §4.5.2), cut at a length."""
        kept, begins = bytearray(), True
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as long:
                piece = await self._reader.read(long.consumed)
            if begins and piece == b".\r\n":
                return bytes(kept)
            kept += piece[begins and piece.startswith(b".") :][: LETTER_BYTES - len(kept)]
            begins = piece.endswith(b"\r\n")


def _readable(address: str) -> str:
    """Return an address without the half characters as which bytes came that are no UTF-8."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@asynccontextmanager
async def serving(listen: str, take: Take, alarm: Alarm, sealer: Sealer) -> AsyncIterator[int]:
    """Take letters on `127.0.0.1:port` or `unix:/path`; yields the port, 0 for a path.

    Raises OperatorError where nobody can listen there.
    """
    porter = Porter(take, alarm, sealer)
    sock = _bound(listen)
    server = await asyncio.get_running_loop().create_server(lambda: Line(porter), sock=sock)
    try:
        yield 0 if listen.startswith("unix:") else int(sock.getsockname()[1])
    finally:
        server.close()
        await porter.finish()
        if listen.startswith("unix:"):
            _remove(Path(listen.removeprefix("unix:")))


def _bound(listen: str) -> socket.socket:
    try:
        if listen.startswith("unix:"):
            return _unix_socket(Path(listen.removeprefix("unix:")))
        host, _, port = listen.rpartition(":")
        host = host.strip("[]")
        return socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise OperatorError(
            f"Letters cannot be taken on {listen} ({error.strerror}): "
            "set BULLETIN_LMTP_LISTEN to a free port of 127.0.0.1, or to a path in a folder that the bot may write to."
        ) from None


def _unix_socket(path: Path) -> socket.socket:
    """Return a socket at a path, in the place of one that a dead process left; who may enter the folder may use it."""
    with socket.socket(socket.AF_UNIX) as probe, suppress(ConnectionRefusedError, FileNotFoundError):
        probe.connect(str(path))
        raise OSError(0, "another program takes letters there")
    if path.is_socket():
        path.unlink()
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(path))
    os.chmod(path, 0o666)  # noqa: S103 - the folder is the guard, as loopback is of a port
    sock.listen()
    return sock


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
