"""The driver's connection and its place under SQLAlchemy: a small statement runs where it is asked for.

To hand a statement to another thread and to wait for it costs several times what most statements take to run, and more
while that thread has to wait for the interpreter. So a connection runs statements at once, and in its own thread only
what takes time: the wait for another writer, what is written to the disk at the end, and all that is asked within
`Store.transaction(long=True)`.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import aiosqlite
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite import aiosqlite as shipped
from sqlalchemy.util.concurrency import await_

NAME = "sqlite+bulletin"
BEGIN_WRITING = "BEGIN IMMEDIATE"  # waits for its turn where another process writes


class Connection(aiosqlite.Connection):
    """A connection whose statements run in the thread of who asks, or, unless it is `direct`, in its own."""

    direct = True

    async def commit(self) -> None:
        """Commit in the connection's own thread, since the disk is waited for."""
        await self._execute(self._conn.commit)  # type: ignore[no-untyped-call]

    async def rollback(self) -> None:
        """Roll back at once: nothing is written by it."""
        self._conn.rollback()


async def connect(file: str) -> Connection:
    """Open a database file; transactions begin and end only where they are told to."""
    connection = Connection(
        lambda: sqlite3.connect(file, isolation_level=None, check_same_thread=False), iter_chunk_size=64
    )
    connection._thread.daemon = True  # it must not keep a process alive whose store nobody closed
    await connection
    return connection


class _Cursor(shipped.AsyncAdapt_aiosqlite_cursor):
    """A cursor that fetches its rows in the step in which it runs its statement, so that it holds nothing open."""

    __slots__ = ()
    _awaitable_cursor_close = False
    _connection: Any
    _cursor: Any

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection._conn.cursor()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    def execute(self, operation: Any, parameters: Any = None) -> None:
        self._rows = deque(self._do(self._run, operation, () if parameters is None else parameters))

    def executemany(self, operation: Any, seq_of_parameters: Iterable[Any]) -> None:
        self._do(self._cursor.executemany, operation, seq_of_parameters)

    def _run(self, operation: str, parameters: Any) -> list[Any]:
        self._cursor.execute(operation, parameters)
        return self._cursor.fetchall() if self._cursor.description else []

    def _do(self, work: Callable[..., Any], sql: str, parameters: Iterable[Any]) -> Any:
        connection = self._connection
        try:
            if connection.direct and sql != BEGIN_WRITING:
                return work(sql, parameters)
            return await_(connection._execute(work, sql, parameters))
        except Exception as error:  # noqa: BLE001  # the dialect turns it into its own kind, and raises that
            self._adapt_connection._handle_exception(error)


class _Adapted(shipped.AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class _Module(shipped.AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *given: Any, **named: Any) -> _Adapted:
        return _Adapted(self, await_(named.pop("async_creator_fn")(*given, **named)))


class Dialect(shipped.SQLiteDialect_aiosqlite):
    """SQLite as we speak to it; all of one program are equal, so that they share the statements they have compiled."""

    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> _Module:
        return _Module(aiosqlite, sqlite3)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register(NAME.replace("+", "."), __name__, "Dialect")
