"""How commands reach the store: reading beside the running bot, writing through it, or alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from bot import app, commands, control, lock
from bot.logs import set_up
from bot.services import Services
from bot.settings import Settings, load
from store import bulletins
from store.database import Store, open_store
from store.records import Bulletin

ANY = "*"  # for commands that are about no single bulletin
Slug = Annotated[
    str | None, Parameter(name="--bulletin", help="Which one, by its name in addresses; where several are.")
]
Config = Annotated[Path | None, Parameter(name="--config", help="File of settings; without it ./config.env is read.")]


def settings_of(config: Path | None) -> Settings:
    """Read the settings and start the logs with their secrets redacted."""
    settings = load(config)
    set_up(settings.log_level, settings.log_format, settings.secret_values)
    return settings


@dataclass(frozen=True, slots=True)
class Shelf:
    """The store open for reading, with the bulletin."""

    store: Store
    settings: Settings
    bulletin: Bulletin


@asynccontextmanager
async def reading(config: Path | None, bulletin: str | None = ANY) -> AsyncIterator[Shelf]:
    """Open the store for reading, at a bulletin where the command is about one; the bot may be running."""
    settings = settings_of(config)
    store = await open_store(settings.database, create=False)
    try:
        async with store.reading() as tx:
            every = await bulletins.every(tx)
            found = every[0] if every and bulletin == ANY else await commands.chosen(tx, bulletin)
        yield Shelf(store, settings, found)
    finally:
        await store.close()


class Hand:
    """Performs writing commands: through the running bot, or on the store that this process holds."""

    def __init__(self, settings: Settings, services: Services | None) -> None:
        self.settings = settings
        self._services = services

    async def perform(self, command: str, **arguments: Any) -> dict[str, Any]:
        """Perform one command of `bot.commands`; raises OperatorError or Refused with a sentence."""
        if self._services is None:
            return await control.ask(self.settings.data_dir, command, arguments)
        return await commands.perform(self._services, command, arguments)


@asynccontextmanager
async def writing(config: Path | None) -> AsyncIterator[Hand]:
    """Open the way to the store for writing, whether the bot is running or not."""
    settings = settings_of(config)
    try:
        held = lock.hold(settings.data_dir)
        held.__enter__()
    except lock.Busy:
        yield Hand(settings, None)
        return
    try:
        async with app.tools(settings) as opened:
            yield Hand(settings, opened.services)
    finally:
        held.__exit__(None, None, None)
