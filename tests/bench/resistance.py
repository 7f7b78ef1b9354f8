"""How the fetch and the reader stand up to bombs, trickles and hostile pages, in real processes over real sockets."""

import asyncio
import json
import sys
import time
import zlib
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clocks import SystemClock
from bot.intake.page.metadata import PageReader, read_page
from bot.ports import Page
from tests.bench.figures import Figure
from tests.unit.hostile_pages import HOSTILE

MEBIBYTE = 2**20
READ_WHOLE = "httpx, which unpacks it whole, for a quarter of it"
LIMIT_SECONDS = 5.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
HEAVIEST = ("300,000 tags", "NUL in tags", "many dates")


async def measure(bomb_mebibytes: int, limit_seconds: float, page_bytes: int) -> list[Figure]:
    """Fetch a bomb of so many mebibytes, a trickle under a limit of time, and read so much of each hostile page."""
    given_up = limit_seconds * 2
    bombs = {b"/bomb": _bomb(bomb_mebibytes), b"/quarter": _bomb(bomb_mebibytes // 4)}
    async with _site(bombs, limit_seconds / 5) as port:
        paths = {"guarded": "/bomb", "httpx": "/quarter"}
        bomb = [await _visited(how, path, port, LIMIT_SECONDS, 60) for how, path in paths.items()]
        trickle = [await _visited(how, "/trickle", port, limit_seconds, given_up) for how in ("guarded", "httpx")]
    what = f"a gzip bomb of {bomb_mebibytes:,} MiB: memory more"
    return [
        Figure(what, READ_WHOLE, max(bomb[0]["megabytes"], 0.1), bomb[1]["megabytes"], "MB"),
        Figure(what.replace("memory more", "time"), READ_WHOLE, bomb[0]["seconds"], bomb[1]["seconds"], "s"),
        Figure(
            "a trickle of bytes: given up after",
            f"httpx with the same timeout, stopped at {given_up:g} s",
            trickle[0]["seconds"],
            trickle[1]["seconds"],
            "s",
        ),
        *await _hostile(page_bytes),
    ]


def _bomb(mebibytes: int) -> bytes:
    """Return so many mebibytes of blanks, packed.

    After a full flush a packer starts anew, so that one packed piece can stand there many times.
    """
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(b"<html>") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b" " * MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + piece * mebibytes


@asynccontextmanager
async def _site(bombs: Mapping[bytes, bytes], pause_seconds: float) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
            if path in bombs:
                writer.write(HEAD + b"Content-Encoding: gzip\r\n\r\n" + bombs[path])
            elif path == b"/trickle":
                writer.write(HEAD + b"\r\n")
                while not writer.is_closing():
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(pause_seconds)
            else:
                writer.write(HEAD + b"\r\n<title>An ordinary page</title>")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _visited(how: str, path: str, port: int, limit_seconds: float, patience_seconds: float) -> dict[str, float]:
    """Return how long a visit took a process of its own, in seconds, and by how many megabytes it grew at most."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.resistance_process", how, f"http://127.0.0.1:{port}", path),
        *(str(limit_seconds), str(patience_seconds)),
        stdin=DEVNULL,
        stdout=PIPE,
    )
    told, _ = await child.communicate()
    found: dict[str, float] = json.loads(told)
    return found


async def _hostile(page_bytes: int) -> list[Figure]:
    reader, clock, before = PageReader(SystemClock()), SystemClock(), _children()
    try:
        await reader.read(_page(b"<title>Warm</title>"))
        lags, spent, memory = [], [], []
        for build in HOSTILE.values():
            html, begun = build()[:page_bytes], time.perf_counter()
            lags.append(await _lag_while(reader.read(_page(html))))
            spent.append(time.perf_counter() - begun)
            memory += [_megabytes(child) for child in _children() - before]
    finally:
        await reader.close()
    alone = [await _lag_while(_in_the_loop(HOSTILE[name]()[:page_bytes], clock)) for name in HEAVIEST]
    count = f"{len(HOSTILE)} hostile pages"
    return [
        Figure(f"{count}: the longest", "the limit", max(spent), 5.0, "s"),
        Figure(f"{count}: the loop's worst lag", "reading in the loop", max(lags) * 1e3, max(alone) * 1e3, "ms"),
        Figure(f"{count}: the child's memory after, at most", "the limit", max(memory), 300.0, "MB"),
    ]


def _page(html: bytes) -> Page:
    return Page("https://news.example/a", 200, "text/html", "utf-8", html)


async def _in_the_loop(html: bytes, clock: SystemClock) -> None:
    read_page(html, "utf-8", "https://news.example/a", clock.now().date())


async def _lag_while(work: object) -> float:
    """Return by how many seconds the event loop was late at worst while something was done, looking every two ms."""
    loop, worst, ended = asyncio.get_running_loop(), 0.0, asyncio.Event()

    async def look() -> None:
        nonlocal worst
        while not ended.is_set():
            due = loop.time() + 0.002
            await asyncio.sleep(0.002)
            worst = max(worst, loop.time() - due)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0)
    await work  # type: ignore[misc]
    await asyncio.sleep(0.005)
    ended.set()
    await looking
    return worst


def _children() -> set[str]:
    threads = Path("/proc/self/task").iterdir()
    return {child for thread in threads for child in (thread / "children").read_text("ascii").split()}


def _megabytes(process: str) -> float:
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return next(int(line.split()[1]) / 1e3 for line in status.splitlines() if line.startswith("VmRSS"))
