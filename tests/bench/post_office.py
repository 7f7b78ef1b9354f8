"""The sandbox's mail server in a process of its own, so that its work is not counted as the sender's."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.smtp import MailServer

TOP = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class PostOffice:
    """A mail server that runs elsewhere."""

    url: str
    process: Process

    async def accepted(self) -> int:
        """Ask how many letters it has taken so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"?\n")
        return int(await self.process.stdout.readline())


@asynccontextmanager
async def post_office() -> AsyncIterator[PostOffice]:
    """Run the server for the length of a block."""
    command = (sys.executable, "-m", "tests.bench.post_office")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=TOP)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield PostOffice((await process.stdout.readline()).decode().strip(), process)
    finally:
        process.stdin.close()
        await process.wait()


async def main() -> None:
    """Serve until the other side closes our input; answer each line of it with the number of letters taken."""
    async with MailServer(keep_bodies=False) as mail:
        print(mail.url, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(mail.accepted, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
