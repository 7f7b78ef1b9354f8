"""The bot as the sandbox runs it: a real process that is started, killed and started again."""

import asyncio
import os
import re
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_OWNER_LINK = re.compile(r"https://t\.me/\S+\?start=\S+")
_STOP_SECONDS = 15.0
_TAIL_LINES = 15


class BotProcess:
    """`argv` is the whole command; what it prints goes to the file `log` and is searched for the owner's link."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
        self.log = folder / "bot.log"
        self.kills = 0
        self.owner_link = ""
        self._argv = tuple(argv)
        self._env = dict(env)
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._wanted = False

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The number of the process, None before it was started."""
        return None if self._process is None else self._process.pid

    @property
    def stopped_by_itself(self) -> bool:
        """Has it ended although nobody killed or stopped it?"""
        return self._wanted and not self.running

    async def start(self) -> None:
        """Start the bot, unless it runs."""
        async with self._turn:
            if self.running:
                return
            # A session of its own: Ctrl-C in the terminal is for the demo, which then stops the bot in order.
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                env=self._env,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
            self._wanted = True
            self._reading = asyncio.create_task(self._read(self._process))

    async def kill(self) -> None:
        """End it in the middle of whatever it does, as `kill -9` and a power cut do."""
        async with self._turn:
            if self._process is None or not self.running:
                return
            self._wanted = False
            self._process.kill()
            await self._process.wait()
            self.kills += 1

    async def stop(self) -> None:
        """Ask it to stop, and end it with its children when it does not."""
        async with self._turn:
            process, self._wanted = self._process, False
            if process is None:
                return
            if self.running:
                process.terminate()
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            if self._reading is not None:
                self._reading.cancel()

    def tail(self, lines: int = _TAIL_LINES) -> str:
        """The last lines that the bot printed."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with self.log.open("ab") as log:
            async for line in process.stdout:
                log.write(line)
                log.flush()
                found = _OWNER_LINK.search(line.decode("utf-8", "replace"))
                if found:
                    self.owner_link = found[0]
