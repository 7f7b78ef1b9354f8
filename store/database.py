"""Opens the database: one writing connection, readers that cannot write, and the version check at start."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, CursorResult, Executable, Table, create_engine, event, insert, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import LRUCache

from store import driver, schema
from store.errors import SchemaMismatch, StoreError

READERS = 4
BUSY_SECONDS = 15
STATEMENTS = 2000  # compiled ones that are kept; the program has some hundreds
MIGRATIONS = Path(__file__).parent / "migrations"

_compiled: MutableMapping[Any, Any] = LRUCache(STATEMENTS)


class Tx(AsyncConnection):
    """A transaction of the store: rules take it as an argument and never commit."""

    long = False
    written: set[str]

    if not TYPE_CHECKING:  # its types are those of what it overrides, which follow the columns of the statement

        async def execute(self, statement: Any, parameters: Any = None, **options: Any) -> CursorResult[Any]:
            """Run a statement; what runs at once needs no greenlet, in which SQLAlchemy waits for another thread."""
            if statement.is_dml:
                self.written.add(statement.table.name)
            if self.long:
                return await super().execute(statement, parameters, **options)
            return self._opened().execute(statement, parameters, **options)

        async def exec_driver_sql(self, statement: str, parameters: Any = None, **options: Any) -> CursorResult[Any]:
            """Run a statement as it is written, as `execute` does."""
            if self.long:
                return await super().exec_driver_sql(statement, parameters, **options)
            return self._opened().exec_driver_sql(statement, parameters, **options)

    def _opened(self) -> Connection:
        assert self.sync_connection is not None
        return self.sync_connection


class _Engine(AsyncEngine):
    _connection_cls = Tx


PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
)


async def insert_row(tx: Tx, table: Table, **columns: Any) -> int:
    """Insert one row and return its id."""
    return int((await tx.execute(_insert(table), columns)).scalar_one())


@cache
def _insert(table: Table) -> Executable:
    """Return the statement that adds a row; kept, since building a statement takes longer than running it."""
    return insert(table).returning(table.c.id)


class Store:
    """The memory of one installation. `transaction()` writes, `reading()` sees one snapshot and cannot write."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()
        self._changes: Counter[str] = Counter()

    def changes(self, table: str) -> Callable[[], bool]:
        """Return what tells whether a table was written to since now, by this process."""
        seen = self._changes[schema.metadata.tables[table].name]
        return lambda: self._changes[table] != seen

    @asynccontextmanager
    async def transaction(self, *, long: bool = False) -> AsyncIterator[Tx]:
        """Open a writing transaction, committed at the end, rolled back on an error; one at a time, in order.

        Statements run at once and nothing else goes on meanwhile: those of a `long` one, which may take more than a
        few milliseconds each, run in the connection's own thread.
        """
        async with self._turn, self._writer.begin() as connection, _at_length(connection, long) as tx:
            yield tx
        self._changes.update(tx.written)

    @asynccontextmanager
    async def reading(self, *, long: bool = False) -> AsyncIterator[Tx]:
        """Open a snapshot to read from; `long` as in `transaction`."""
        async with self._reader.connect() as connection, _at_length(connection, long) as tx:
            yield tx

    async def checkpoint(self) -> None:
        """Write the log of changes into the database and empty it: what was erased stands in no file any more."""
        async with self._turn, self._writer.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if raw is not None:
                await raw.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def _at_length(connection: AsyncConnection, long: bool) -> AsyncIterator[Tx]:
    assert isinstance(connection, Tx)
    connection.written = set()
    if not long:
        yield connection
        return
    raw: Any = (await connection.get_raw_connection()).driver_connection
    connection.long, raw.direct = True, False
    try:
        yield connection
    finally:
        connection.long, raw.direct = False, True


def driver_url(address: str) -> URL:
    """Return the address with the driver that we use; raises StoreError for a database we do not know."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreError("BULLETIN_DATABASE_URL must name a file, such as sqlite:///data/bulletin.db")
    return url.set(drivername=driver.NAME)


async def open_store(address: str, *, create: bool = True) -> Store:
    """Open the database and check its version; a new file gets its tables where `create` is set.

    Raises SchemaMismatch, with the command that mends it, when the version is not the one this program knows.
    """
    url = driver_url(address)
    await asyncio.to_thread(_make_or_check, address, Path(str(url.database)), create)
    writer, reader = _engine(url, 1), _engine(url, READERS)
    _prepare(writer.sync_engine, driver.BEGIN_WRITING, ())
    _prepare(reader.sync_engine, "BEGIN", ("PRAGMA query_only=ON",))
    return Store(writer, reader)


def _engine(url: URL, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        async_creator=lambda *_, **__: driver.connect(str(url.database)),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        execution_options={"compiled_cache": _compiled},
    )
    return _Engine(engine.sync_engine)


def _make_or_check(address: str, file: Path, create: bool) -> None:
    if file.exists() and file.stat().st_size:
        check_version(address)
    elif not create:
        raise StoreError(f"There is no database at {file} yet: start the bot once with `bulletin run`.")
    else:
        migrate(address)


def make_private(file: Path) -> None:
    """Make the file and its directory so that only the bot's own user can read them."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare(engine: Any, begin: str, more: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, *more):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _alembic(address: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = driver_url(address).set(drivername="sqlite")
    return config


def migrate(address: str, to: str = "head") -> tuple[str | None, str | None]:
    """Bring the tables to a version, the newest by default; returns the version before and after."""
    make_private(Path(str(driver_url(address).database)))
    before = version(address)
    command.upgrade(_alembic(address), to)
    return before, version(address)


def version(address: str) -> str | None:
    """Return the version of the tables, None in an empty file; raises StoreError for a file of another kind."""
    engine = create_engine(driver_url(address).set(drivername="sqlite"))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        raise StoreError(f"{engine.url.database} cannot be read as a database: {error.orig}.") from None
    finally:
        engine.dispose()


def check_version(address: str) -> None:
    """Raise SchemaMismatch unless the tables are of this program's version."""
    have = version(address)
    script = ScriptDirectory.from_config(_alembic(address))
    want = script.get_current_head()
    if have == want:
        return
    if have is None or have in {revision.revision for revision in script.walk_revisions()}:
        raise SchemaMismatch("The database is of an older version. Make a copy of it, then run: bulletin migrate")
    raise SchemaMismatch(
        f"The database is of version {have}, which this program does not know. "
        "Install the newer bulletin-bot it was made with, or restore a backup of this version."
    )
