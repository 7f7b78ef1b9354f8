"""A server of another maker, run for a test in a folder of its own and on ports that are free."""

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.sandbox.seat import Seat

READY_SECONDS = 15.0
LOOK_SECONDS = 0.02


KEPT: list[Seat] = []


def free_ports(count: int) -> list[int]:
    """Ports of loopback that are ours as long as this process lives, though we may listen there late or not at all."""
    seats = [Seat() for _ in range(count)]
    KEPT.extend(seats)
    return [seat.keep() for seat in seats]


async def until(look: Callable[[], Any], seconds: float = 10.0, words: str = "it did not come about") -> Any:
    """What `look` returns, as soon as that is something."""
    end = asyncio.get_running_loop().time() + seconds
    while not (found := look()):
        assert asyncio.get_running_loop().time() < end, words
        await asyncio.sleep(LOOK_SECONDS)
    return found


class Server:
    """`async with` starts it and stops it; what it logged is shown when the test fails."""

    ports: list[int]

    async def __aenter__(self) -> Self:
        self.room = Path(tempfile.mkdtemp(prefix="bulletin-", dir="/tmp"))
        self.room.chmod(0o755)  # servers give up the rights of root and still have to enter
        self.process: asyncio.subprocess.Process | None = None
        try:
            self.lay()
            await self.start()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        if kind is not None:
            print(f"--- {type(self).__name__}\n{self.logged()}")
        shutil.rmtree(self.room, ignore_errors=True)

    def lay(self) -> None:
        """Write the configuration."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """What runs it in the foreground."""
        raise NotImplementedError

    def logged(self) -> str:
        log = self.room / "log"
        return log.read_text("utf-8", "replace") if log.exists() else "nothing was logged"

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *self.command(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        await until(self._answers, READY_SECONDS, f"{type(self).__name__} does not answer")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.returncode is None, self.logged()
        for port in self.ports:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)):
                    return False
        return True

    async def stop(self) -> None:
        """End it with all the processes that it started."""
        if self.process is None or self.process.returncode is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), 10)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
