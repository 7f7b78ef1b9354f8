"""The sandbox's forward proxy: serves invented http hosts from the news site and opens no connection of its own."""

import asyncio
from http.client import responses
from types import TracebackType
from typing import Self

from bot.sandbox.news.answers import Answer
from bot.sandbox.site import NewsSite

_HEAD_BYTES = 64 * 1024
_HEAD_SECONDS = 30.0


class ForwardProxy:
    """Listens on loopback: `async with ForwardProxy(site) as proxy: ... proxy.url`.

    `asked` lists every target in order, the refused ones too, so that a test can tell what was never asked for.
    """

    def __init__(self, site: NewsSite, port: int = 0) -> None:
        self.port = port
        self.asked: list[str] = []
        self._site = site
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=_HEAD_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut what is still being served."""
        if self._server is None:
            return
        self._server.close()
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            method, answer = self._answer(head)
            await _send(writer, answer, with_body=method != "HEAD")
        except asyncio.LimitOverrunError:
            await _send(writer, _refusal(431, "The head of this request is too long."), with_body=True)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client has gone, or never said what it wanted
        finally:
            self._serving.discard(task)
            writer.close()

    def _answer(self, head: bytes) -> tuple[str, Answer]:
        request_line, *lines = head.decode("latin-1").split("\r\n")
        try:
            method, target, _ = request_line.split(" ")
        except ValueError:
            return "", _refusal(400, "This is no request line.")
        self.asked.append(target)
        if method == "CONNECT":
            return method, _refusal(403, "The sandbox knows http names only; CONNECT is refused.")
        if method not in ("GET", "HEAD"):
            return method, _refusal(405, "The sandbox's sites can only be read.")
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        try:
            answer = self._site.respond(method, target, headers)
        except ValueError:
            return method, _refusal(400, "A forward proxy wants the whole http address.")
        if answer is None:
            return method, _refusal(502, "There is no such host in the sandbox.")
        return method, answer


def _refusal(status: int, sentence: str) -> Answer:
    return Answer(status, f"{sentence}\n".encode(), {"Content-Type": "text/plain; charset=utf-8"})


async def _send(writer: asyncio.StreamWriter, answer: Answer, *, with_body: bool) -> None:
    headers = {**answer.headers, "Connection": "close"}
    if isinstance(answer.body, bytes):
        headers.setdefault("Content-Length", str(len(answer.body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}\r\n{head}\r\n".encode())
    if with_body:
        async for chunk in answer.chunks():
            writer.write(chunk)
            await writer.drain()
    await writer.drain()
