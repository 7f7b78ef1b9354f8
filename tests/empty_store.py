"""New databases: the tables are made once and copied, since making them takes longer than many a test."""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from store.database import Store, make_private, migrate, open_store


async def empty_store(file: Path) -> Store:
    """Make a database with its tables and open it."""
    await asyncio.to_thread(lay, file)
    return await open_store(f"sqlite:///{file}")


def lay(file: Path) -> None:
    """Make a database with its tables."""
    make_private(file)
    file.write_bytes(_empty())


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        migrate(f"sqlite:///{file}")
        return file.read_bytes()
