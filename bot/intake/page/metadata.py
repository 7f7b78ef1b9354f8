"""The reading of fetched pages in a child process that can be killed, kept warm between pages."""

import asyncio
import contextlib
import json
import math
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

from bot.errors import Unreadable
from bot.intake.page.page_facts import HTML_LIMIT_BYTES, PageFacts, bare_facts, from_json, read_page
from bot.ports import Clock, Page

__all__ = ["PageFacts", "PageReader", "bare_facts", "read_page"]

_CHILD = "bot.intake.page.reader_process"
_PAGE_SECONDS = 5.0
_START_SECONDS = 30.0
_ANSWER_LIMIT_BYTES = 1_000_000
# The child needs to find Python and this package; what else the environment holds may be secret.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "VIRTUAL_ENV")


class PageReader:
    """Reads one page at a time in its child; a page that takes too long or too much costs only the child."""

    def __init__(self, clock: Clock, *, page_seconds: float = _PAGE_SECONDS) -> None:
        self._clock = clock
        self._page_seconds = page_seconds
        self._turn = asyncio.Lock()
        self._child: Process | None = None

    async def read(self, page: Page) -> PageFacts:
        """Return what a page says of its story; raises `Unreadable` for one that takes too much time or memory."""
        async with self._turn:
            try:
                child = await self._running()
                async with asyncio.timeout(self._page_seconds):
                    return await self._ask(child, page)
            except (
                OSError,
                EOFError,
                asyncio.LimitOverrunError,
                ValueError,
                KeyError,
                TypeError,
            ):  # killed, out of memory, out of time
                await self._end()
                raise Unreadable("intake-page-heavy") from None
            except BaseException:
                # An answer left in the pipe would be taken for the next page's.
                await self._end()
                raise

    async def close(self) -> None:
        """End the child."""
        async with self._turn:
            await self._end()

    async def _running(self) -> Process:
        if self._child is not None and self._child.returncode is None:
            return self._child
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _CHILD,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
            limit=_ANSWER_LIMIT_BYTES,
        )
        assert self._child.stdout is not None
        async with asyncio.timeout(_START_SECONDS):
            if await self._child.stdout.readline() != b"ready\n":
                raise EOFError
        return self._child

    async def _ask(self, child: Process, page: Page) -> PageFacts:
        assert child.stdin is not None
        assert child.stdout is not None
        html = page.body[:HTML_LIMIT_BYTES]
        near = self._clock.now().date().isoformat()
        header = {
            "url": page.url,
            "charset": page.charset,
            "near": near,
            "seconds": 1 + math.ceil(self._page_seconds),
            "bytes": len(html),
        }
        child.stdin.write(json.dumps(header).encode() + b"\n" + html)
        await child.stdin.drain()
        answer = json.loads(await child.stdout.readuntil(b"\n"))
        facts = from_json(answer["facts"])
        if answer["tired"]:
            await self._end()
        return facts

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        await child.wait()
