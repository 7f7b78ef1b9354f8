"""A small HTTP client that keeps its connections, for the thousands of updates that a webhook takes."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Poster:
    """Posts to one plain http address, over as many connections as there are posts at once."""

    url: str
    _idle: list[_Streams] = field(default_factory=list)

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """Post and return the status; OSError or ValueError when there was no proper answer."""
        parts = urlsplit(self.url)
        if parts.scheme != "http":
            raise ValueError("the sandbox delivers to plain http addresses only")
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"POST {target or '/'} HTTP/1.1", f"host: {parts.netloc}", f"content-length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        reader, writer = await self._connect(parts.hostname or "", parts.port or 80)
        try:
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            status, reusable = await _answer(reader)
        except BaseException:
            writer.close()
            raise
        if reusable:
            self._idle.append((reader, writer))
        else:
            writer.close()
        return status

    def close(self) -> None:
        """Close all connections."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _connect(self, host: str, port: int) -> _Streams:
        while self._idle:
            reader, writer = self._idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_connection(host, port)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status of the answer, and whether its connection can be used again."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        length = fields.get("content-length")
        if length is not None:
            await reader.readexactly(int(length))
    except asyncio.IncompleteReadError:
        raise ConnectionResetError("the webhook closed the connection without an answer") from None
    return int(head[0].split()[1]), length is not None and fields.get("connection") != "close"
