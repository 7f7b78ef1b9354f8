"""New databases: the tables are made once and copied, since making them takes longer than many a measurement."""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from store.database import Store, migrate, open_store


async def empty_store(file: Path) -> Store:
    """Make a database with its tables and open it."""
    await asyncio.to_thread(lambda: file.write_bytes(_empty()))
    return await open_store(f"sqlite:///{file}")


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        migrate(f"sqlite:///{file}")
        return file.read_bytes()
