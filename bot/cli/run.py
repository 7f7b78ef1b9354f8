"""`bulletin run` and `bulletin migrate`."""

import asyncio
import gc
import signal

from rich.console import Console

from bot import app, lock
from bot.cli.reach import Config, settings_of
from bot.errors import OperatorError
from store import database


async def run(*, config: Config = None) -> None:
    """Run the bot until it is stopped by Ctrl-C or SIGTERM."""
    settings = settings_of(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    console = Console(highlight=False, soft_wrap=True)
    async with app.running(settings, announce=lambda line: console.print(line, markup=False)) as running:
        keep_loaded()
        console.print(f"The web pages are on port {running.web_port}. Stop with Ctrl-C.", markup=False)
        await stop.wait()


def keep_loaded() -> None:
    """Keep what is loaded out of what Python looks through for waste: each look holds up every press."""
    gc.collect()
    gc.freeze()


async def migrate(*, config: Config = None) -> None:
    """Bring the database to the version of this program; make a copy of it first."""
    settings = settings_of(config)
    with lock.hold(settings.data_dir):
        before, after = await asyncio.to_thread(database.migrate, settings.database)
    if after is None:
        raise OperatorError("The database could not be brought to this version; its file is unchanged.")
    print(f"The database is of version {after} now." if before != after else f"It is of version {after} already.")
