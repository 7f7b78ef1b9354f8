"""One accepted socket of the sandbox's mail server: bytes in, reply lines out, TLS when asked for."""

import asyncio
import ssl
from collections import Counter


class Connection(asyncio.Protocol):
    """Collects what comes in, lets `read` take it piece by piece, sends the replies of one packet together.

    While a connection is held nothing is read or answered (RFC 2920 §3.2 keeps the order of replies).
    """

    def __init__(self, answers: "Counter[int]", open_connections: "set[Connection]") -> None:
        self._answers = answers
        self._open_connections = open_connections
        self._transport: asyncio.Transport | None = None
        self._outbox: list[bytes] = []
        self._later: asyncio.TimerHandle | None = None
        self._upgrade: asyncio.Task[None] | None = None
        self._held = False
        self.inbox = bytearray()
        self.secure = False

    def opened(self) -> None:
        """Called once when the socket is there."""
        raise NotImplementedError

    def read(self) -> bool:
        """Take one command or letter out of the inbox; False when it holds no whole one."""
        raise NotImplementedError

    def secured(self) -> None:
        """Called when TLS has been agreed upon after STARTTLS."""
        raise NotImplementedError

    def say(self, *lines: str) -> None:
        """Queue one reply; of several lines the last one ends it."""
        self._answers[int(lines[-1][:3])] += 1
        more = (f"{line[:3]}-{line[4:]}\r\n" for line in lines[:-1])
        self._outbox.append(("".join(more) + lines[-1] + "\r\n").encode())

    def hold(self) -> None:
        """Send what was said and fall silent for good."""
        self._flush()
        self._held = True

    def say_later(self, line: str, seconds: float) -> None:
        """Fall silent, give one reply after `seconds`, then go on reading."""
        self.hold()
        self._later = asyncio.get_running_loop().call_later(seconds, self._resume, line)

    def close(self) -> None:
        """Send what was said and close; what the client had sent further is not looked at."""
        self.hold()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Cut the connection at once, as a server that is switched off does."""
        if self._upgrade is not None:
            self._upgrade.cancel()
        if self._transport is not None:
            self._transport.abort()

    def abort_if_hanging(self) -> None:
        if self._held and self._later is None and self._upgrade is None:
            self.abort()

    def start_tls(self, context: ssl.SSLContext, reply: str) -> None:
        """Give `reply` in clear, then go on under TLS."""
        if self._transport is None:
            return
        self._transport.pause_reading()  # the client's handshake must not land among the commands
        self.say(reply)
        self.hold()
        self._upgrade = asyncio.get_running_loop().create_task(self._encrypt(self._transport, context))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.secure = transport.get_extra_info("ssl_object") is not None
        self._open_connections.add(self)
        self.opened()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the protocol's own name)
        self._transport = None
        self._open_connections.discard(self)
        if self._later is not None:
            self._later.cancel()

    def data_received(self, data: bytes) -> None:
        self.inbox += data
        self._advance()

    def _advance(self) -> None:
        while not self._held and self._transport is not None and self.read():
            pass
        self._flush()

    def _flush(self) -> None:
        if self._outbox and self._transport is not None:
            self._transport.write(b"".join(self._outbox))
        self._outbox.clear()

    def _resume(self, line: str) -> None:
        self._later = None
        self._held = False
        self.say(line)
        self._advance()

    async def _encrypt(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        self.inbox.clear()  # what was said in clear after STARTTLS counts for nothing (RFC 3207 §4.2)
        try:
            self._transport = await asyncio.get_running_loop().start_tls(transport, self, context, server_side=True)
        except OSError:
            transport.abort()
            return
        self._upgrade = None
        self._held = False
        self.secure = True
        self.secured()
        self._advance()
