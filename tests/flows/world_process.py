"""The bot as its operator runs it, in a process of its own: `bulletin run`, and the shell's commands beside it."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.sandbox.bot_process import BotProcess
from bot.settings import PREFIX, Settings
from tests.cast import World

PROGRAM = (sys.executable, "-m", "bot")
TOP = Path(__file__).parents[2]
COMMAND_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the settings of a world as the environment of a process."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    given = {name: _written(getattr(settings, name)) for name in settings.model_fields_set}
    own = {f"{PREFIX}{name.upper()}": value for name, value in {**given, **more}.items()}
    return {**kept, **own, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}


def _written(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ";".join(value) if isinstance(value, list) else str(value)


@asynccontextmanager
async def process(world: World, **more: str) -> AsyncIterator[BotProcess]:
    """Give a bot that can be started and killed, and that is stopped in the end; its log is in the world's folder."""
    folder = world.settings.data_dir.parent
    bot = BotProcess((*PROGRAM, "run"), environment(world.settings, **more), folder)
    try:
        yield bot
    except BaseException as error:
        error.add_note(f"the bot's last lines:\n{bot.tail()}")
        raise
    finally:
        await bot.stop()


async def command(world: World, *words: str) -> Said:
    """Run one command of the shell on the data of this world."""
    started = await asyncio.create_subprocess_exec(
        *PROGRAM,
        *words,
        env=environment(world.settings),
        cwd=world.settings.data_dir.parent,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(started.communicate(), COMMAND_SECONDS)
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()
    return Said(started.returncode or 0, out.decode(), err.decode())


class Ledger:
    """Looks into the bot's database from outside, while the bot writes to it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._open() as connection:
            return connection.execute(query, values).fetchall()

    def number(self, query: str, *values: object) -> int:
        return int(self.rows(query, *values)[0][0])


def ledger(world: World) -> Ledger:
    return Ledger(world.settings.data_dir / "bulletin.db")
