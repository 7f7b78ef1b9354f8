"""The road to the readers' mail server: a pool of SMTP connections, one letter to one reader in each transaction."""

import asyncio
import re
import ssl
from contextlib import suppress
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import aiosmtplib

from bot.delivery.outcome import of_smtp_reply
from bot.errors import NotSent, PerhapsSent

ANSWER_SECONDS = 60.0
IDLE_SECONDS = 30.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_BARE_LINE_END = re.compile(rb"\r\n|\r|\n")
_WORDS_CHARACTERS = 200


class _Stale(Exception):
    """A connection that had been kept open was gone before the letter was begun."""


class SmtpPool:
    """Keeps up to `connections` connections to one mail server; implements `bot.ports.Postman`.

    `url`: smtp:// or smtps://, with ?starttls=required to insist on it. Over smtp:// STARTTLS is taken where it is
    offered, and insisted on when there is a password for another machine. `tls` replaces the system's trust.
    """

    def __init__(
        self,
        url: str,
        connections: int,
        *,
        name: str = "localhost",
        answer_seconds: float = ANSWER_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = urlsplit(url)
        self._name = name
        self._answer_seconds = answer_seconds
        self._idle_seconds = idle_seconds
        self._tls = tls
        self._turns = asyncio.Semaphore(connections)
        self._idle: list[aiosmtplib.SMTP] = []
        self._sweep: asyncio.TimerHandle | None = None

    async def post(self, envelope_from: str, recipient: str, message: bytes) -> None:
        """Hand one message to the mail server; raises `NotSent` or `PerhapsSent`."""
        body = _stuffed(message)
        async with self._turns:
            sent = False
            while self._idle and not sent:
                with suppress(_Stale):
                    await self._through(self._idle.pop(), envelope_from, recipient, body, kept=True)
                    sent = True
            if not sent:
                await self._through(await self._connect(), envelope_from, recipient, body, kept=False)

    async def close(self) -> None:
        """Say goodbye on the connections that are open and idle."""
        if self._sweep is not None:
            self._sweep.cancel()
        idle, self._idle = self._idle, []
        for smtp in idle:
            try:
                await smtp.quit(timeout=1)
            except (aiosmtplib.SMTPException, OSError):
                smtp.close()

    async def _through(
        self, smtp: aiosmtplib.SMTP, envelope_from: str, recipient: str, body: bytes, *, kept: bool
    ) -> None:
        try:
            await self._letter(smtp, envelope_from, recipient, body, kept=kept)
        except NotSent:
            await self._forget_letter(smtp)
            raise
        except BaseException:
            smtp.close()
            raise
        self._keep(smtp)

    async def _letter(
        self, smtp: aiosmtplib.SMTP, envelope_from: str, recipient: str, body: bytes, *, kept: bool
    ) -> None:
        try:
            await self._say(smtp, "MAIL", b"MAIL", f"FROM:<{envelope_from}>".encode())
        except NotSent as error:
            if kept and not smtp.is_connected and not isinstance(error.__cause__, TimeoutError):
                raise _Stale from error
            raise
        await self._say(smtp, "RCPT", b"RCPT", f"TO:<{recipient}>".encode())
        await self._say(smtp, "DATA", b"DATA")
        await self._pour(smtp, body)

    async def _say(self, smtp: aiosmtplib.SMTP, step: str, *words: bytes) -> None:
        try:
            reply = await smtp.execute_command(*words)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
            raise NotSent(f"{step}: {_words(error)}", permanent=False) from error
        except aiosmtplib.SMTPResponseException as error:
            smtp.close()
            raise NotSent(f"{step}: {_words(error)}", permanent=False) from error
        if reply.code != 354 if step == "DATA" else reply.code not in (250, 251):
            raise of_smtp_reply(step, reply.code, reply.message)

    async def _pour(self, smtp: aiosmtplib.SMTP, body: bytes) -> None:
        """Write the letter, then its final dot: only what fails after the dot leaves a doubt (RFC 1047)."""
        protocol = smtp.protocol
        try:
            if protocol is None:
                raise aiosmtplib.SMTPServerDisconnected("Connection lost")
            protocol.write(body)
            async with asyncio.timeout(self._answer_seconds):
                await protocol._drain_helper()
            protocol.write(b".\r\n")
        except (aiosmtplib.SMTPServerDisconnected, OSError) as error:
            smtp.close()
            raise NotSent(f"DATA: {_words(error)}", permanent=False) from error
        try:
            reply = await protocol.read_response(timeout=self._answer_seconds)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise PerhapsSent(f"no answer to the letter: {_words(error)}") from error
        if reply.code // 100 == 2:
            return
        if reply.code // 100 not in (4, 5):
            raise PerhapsSent(f"an answer that means nothing: {reply.code}")
        if reply.code == 421:
            smtp.close()
        raise of_smtp_reply("DOT", reply.code, reply.message)

    async def _connect(self) -> aiosmtplib.SMTP:
        smtp = self._client()
        try:
            await smtp.connect()
            if smtp.is_ehlo_or_helo_needed:
                await smtp.ehlo()
        except aiosmtplib.SMTPAuthenticationError as error:
            smtp.close()
            raise of_smtp_reply("AUTH", error.code, error.message) from error
        except aiosmtplib.SMTPResponseException as error:
            smtp.close()
            raise of_smtp_reply("CONNECT", error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            smtp.close()
            raise NotSent(f"no mail server: {_words(error)}", permanent=False, whose="run") from error
        if isinstance(smtp.transport, asyncio.WriteTransport):
            smtp.transport.set_write_buffer_limits(high=0)  # so that a drained letter has left the process
        return smtp

    def _client(self) -> aiosmtplib.SMTP:
        url, implicit = self._url, self._url.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=url.hostname,
            port=url.port or (465 if implicit else 25),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password or "") if url.username else None,
            local_hostname=self._name,
            timeout=self._answer_seconds,
            use_tls=implicit,
            start_tls=False if implicit else _start_tls(url),
            tls_context=self._tls,
        )

    async def _forget_letter(self, smtp: aiosmtplib.SMTP) -> None:
        """Make a connection fit for the next letter after a refusal, or drop it."""
        try:
            await smtp.rset()
        except (aiosmtplib.SMTPException, OSError):
            smtp.close()
            return
        self._keep(smtp)

    def _keep(self, smtp: aiosmtplib.SMTP) -> None:
        if smtp.is_connected:
            self._idle.append(smtp)
        if self._sweep is not None:
            self._sweep.cancel()
        self._sweep = asyncio.get_running_loop().call_later(self._idle_seconds, self._close_idle)

    def _close_idle(self) -> None:
        idle, self._idle = self._idle, []
        for smtp in idle:
            smtp.close()


def _start_tls(url: SplitResult) -> bool | None:
    """Return whether STARTTLS is a must, left out, or taken where it is offered (None)."""
    near = url.hostname in _LOOPBACK
    if parse_qs(url.query).get("starttls") == ["required"] or (url.username and not near):
        return True
    return False if near else None


def _stuffed(message: bytes) -> bytes:
    """Return the message as DATA carries it: lines end in CRLF, leading dots are doubled (RFC 5321 §4.5.2)."""
    ends = message.count(b"\r\n")
    if message.count(b"\n") != ends or message.count(b"\r") != ends:
        message = _BARE_LINE_END.sub(b"\r\n", message)
    if not message.endswith(b"\r\n"):
        message += b"\r\n"
    return (b"." if message.startswith(b".") else b"") + message.replace(b"\r\n.", b"\r\n..")


def _words(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:_WORDS_CHARACTERS]
