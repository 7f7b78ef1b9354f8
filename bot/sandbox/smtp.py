"""The sandbox's mail server: a real SMTP server on a loopback socket, with mailboxes and faults by name."""

import asyncio
import ssl
from types import TracebackType
from typing import Self
from urllib.parse import quote

from bot.sandbox.mail_faults import FaultBook, FaultName
from bot.sandbox.mailbox import Mailroom
from bot.sandbox.seat import Seat
from bot.sandbox.smtp_connection import Connection
from bot.sandbox.smtp_session import Policy, Session

_MAX_BYTES = 10 * 1024 * 1024
_HOST = "mail.sandbox.example"


class MailServer(Mailroom):
    """A mailroom that can be reached over SMTP: `async with MailServer() as mail: ... mail.url`.

    With `user` it wants AUTH before MAIL. `starttls` offers STARTTLS, `implicit_tls` speaks TLS from the
    first byte; with `require_tls` nothing is taken before TLS is on.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        max_bytes: int = _MAX_BYTES,
        keep_bodies: bool = True,
        user: str | None = None,
        password: str = "",
        starttls: ssl.SSLContext | None = None,
        implicit_tls: ssl.SSLContext | None = None,
        require_tls: bool = False,
    ) -> None:
        super().__init__(keep_bodies=keep_bodies)
        self._policy = Policy(_HOST, max_bytes, user, password, starttls, require_tls)
        self._implicit_tls = implicit_tls
        self._faults = FaultBook()
        self._open_connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self.port = port
        self._seat = Seat()

    @property
    def url(self) -> str:
        """Where the server listens, with the user and password it wants, e.g. `smtp://127.0.0.1:2525`."""
        scheme = "smtp" if self._implicit_tls is None else "smtps"
        user = self._policy.user
        login = "" if user is None else f"{quote(user, safe='')}:{quote(self._policy.password, safe='')}@"
        return f"{scheme}://{login}127.0.0.1:{self.port}"

    @property
    def connections_open(self) -> int:
        return len(self._open_connections)

    def fault(
        self,
        name: FaultName,
        recipient: str | None = None,
        *,
        times: int | None = None,
        seconds: float = 0.5,
    ) -> None:
        """Switch a fault on, for one recipient or for all, for the next `times` or until `recover`."""
        self._faults.add(name, recipient, times, seconds)

    def recover(self) -> None:
        """Switch all faults off and cut the connections that hang because of one."""
        self._faults.clear()
        for connection in list(self._open_connections):
            connection.abort_if_hanging()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._seat.leave()
        self._server = await loop.create_server(
            lambda: Session(self, self._faults, self._policy, self._open_connections),
            host="127.0.0.1",
            port=self.port,
            ssl=self._implicit_tls,
            backlog=512,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut every connection; mailboxes stay, and `start` opens the same port again."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._open_connections):
            connection.abort()
        await self._server.wait_closed()
        self._server = None
        self._seat.keep(self.port)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        self._seat.leave()
