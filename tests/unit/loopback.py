"""A web site on loopback for the tests of the fetch, and a fetcher that may visit it."""

import asyncio
import datetime
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.errors import Unreadable
from bot.intake.address.addresses import IPAddress
from bot.intake.fetching.fetch import GuardedFetcher

HTML = b"<html><title>Bread riots</title></html>"
Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes = HTML, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **more: str) -> bytes:
    headers = {"Content-Type": kind, "Content-Length": str(len(body))} if kind else {"Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def moved(to: str, status: str = "302 Found", **more: str) -> bytes:
    return answer(b"", status=status, Location=to, **more)


class Site:
    """A web site on loopback that counts who connects and keeps what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.connections = 0
        self.requests: list[str] = []
        self.servers: list[asyncio.Server] = []
        self.port = 0

    async def open(self, tls: ssl.SSLContext | None = None) -> None:
        with socket.create_server(("0.0.0.0", 0)) as probe:
            self.port = probe.getsockname()[1]
        for host in ("0.0.0.0", "::1"):
            self.servers.append(await asyncio.start_server(self._serve, host, self.port, ssl=tls))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(request)
            reply = self.answers.get(request.split(" ")[1], answer(b"gone", status="404 Not Found"))
            if isinstance(reply, bytes):
                writer.write(reply)
            else:
                await reply(writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def close(self) -> None:
        for server in self.servers:
            server.close()


class Switchboard(httpcore.AsyncNetworkBackend):
    """Takes the place of the sockets: leads every address to one site on loopback, and notes which one was meant."""

    def __init__(self, port: int) -> None:
        self.dialled: list[str] = []
        self._port = port
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *given: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        return await self._sockets.connect_tcp("127.0.0.1", self._port)


def loopback(address: IPAddress) -> bool:
    return address.is_loopback


async def everything_at_home(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def open_fetcher(site: Site, **more: object) -> GuardedFetcher:
    """A fetcher that may visit loopback, and finds every name there."""
    return GuardedFetcher(everything_at_home, policy=loopback, ports=(site.port,), **more)  # type: ignore[arg-type]


async def refusal(fetcher: GuardedFetcher, url: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        await fetcher.fetch(url)
    return caught.value


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for a name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "site.pem").write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "site.pem")
    return server, ssl.create_default_context(cadata=pem.decode())
