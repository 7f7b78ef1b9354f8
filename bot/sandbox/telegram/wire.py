"""A small HTTP/1.1 server whose connections can be cut, left hanging, or answered, as a fault demands."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.sandbox.seat import Seat

_LARGEST_BODY_BYTES = 60 * 1024 * 1024
_LARGEST_HEAD_BYTES = 64 * 1024
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    502: "Bad Gateway",
}


class Cut(Exception):
    """Close the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, fully read."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = "application/json"


Handler = Callable[[Request], Awaitable[Reply]]


class Connection(asyncio.Protocol):
    """One client's connection; its handler is cancelled when the client goes away."""

    def __init__(self, handler: Handler, open_ones: "set[Connection]") -> None:
        self._handler = handler
        self._open = open_ones
        self._buffer = bytearray()
        self._more = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open.add(self)
        self._task = asyncio.ensure_future(self._serve(transport))

    def data_received(self, data: bytes) -> None:
        """Keep what came and wake the reader."""
        self._buffer += data
        self._more.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's signature)
        """Stop whatever was being done for this client."""
        self._open.discard(self)
        if self._task is not None:
            self._task.cancel()

    def cut(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    async def _serve(self, transport: asyncio.Transport) -> None:
        try:
            while True:
                request = await self._read()
                reply = await self._answer(request)
                transport.write(_head(reply) + reply.body)
                if request.headers.get("connection", "").lower() == "close":
                    break
        except (Cut, ValueError):
            pass
        finally:
            transport.close()

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self._handler(request)
        except Cut:
            raise
        except Exception as error:  # noqa: BLE001 (a mistake of the sandbox must not look like a lost connection)
            context = {"message": f"the sandbox failed at {request.path}", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
            return Reply(500, f"the sandbox failed: {error!r}".encode(), "text/plain")

    async def _read(self) -> Request:
        end = await self._until(b"\r\n\r\n", 0, _LARGEST_HEAD_BYTES)
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        method, target, _version = lines[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        del self._buffer[: end + 4]
        path, _, query = target.partition("?")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = await self._read_chunks()
        else:
            body = await self._take(int(headers.get("content-length", "0")))
        return Request(method, path, query, headers, body)

    async def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            end = await self._until(b"\r\n", 0, _LARGEST_HEAD_BYTES)
            size = int(bytes(self._buffer[:end]).split(b";")[0], 16)
            del self._buffer[: end + 2]
            body += (await self._take(size + 2))[:size]
            if size == 0:
                return bytes(body)
            if len(body) > _LARGEST_BODY_BYTES:
                raise ValueError("the body is too large")

    async def _until(self, mark: bytes, start: int, most: int) -> int:
        while (found := self._buffer.find(mark, start)) < 0:
            if len(self._buffer) > most:
                raise ValueError("the head is too large")
            await self._wait()
        return found

    async def _take(self, size: int) -> bytes:
        if size > _LARGEST_BODY_BYTES:
            raise ValueError("the body is too large")
        while len(self._buffer) < size:
            await self._wait()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    async def _wait(self) -> None:
        self._more.clear()
        await self._more.wait()


class Wire:
    """A listening socket on the loopback, which can be taken down and brought back on the same port."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        self.port = port
        self._handler = handler
        self._open: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._seat = Seat()

    async def start(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._seat.leave()
        self._server = await loop.create_server(lambda: Connection(self._handler, self._open), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_down(self) -> None:
        """Listen no more for a while, and keep the port."""
        await self.stop()
        self._seat.keep(self.port)

    async def stop(self) -> None:
        """Listen no more and cut every connection."""
        self._seat.leave()
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._open):
            connection.cut()
        await asyncio.sleep(0)
        self._server = None


def _head(reply: Reply) -> bytes:
    lines = (
        f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Status')}",
        f"content-type: {reply.content_type}",
        f"content-length: {len(reply.body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
