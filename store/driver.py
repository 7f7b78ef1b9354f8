"""The driver's connection: a statement and its rows come from the database's thread in one step, not in four."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import aiosqlite


class Cursor(aiosqlite.Cursor):
    """A cursor that fetches its rows in the step in which it runs its statement."""

    def __init__(self, connection: "Connection", cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._connection = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "Cursor":
        self._rows = await self._connection.step(self._run, sql, () if parameters is None else parameters)
        return self

    def _run(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall() if self._cursor.description else []

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "Cursor":
        await self._connection.step(self._cursor.executemany, sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing: a cursor whose rows are fetched holds nothing open."""


class Connection(aiosqlite.Connection):
    """A connection whose statements run in its own thread, or, while it is `direct`, in that of who asks.

    To hand a small statement to another thread and to wait for it costs several times what it takes to run.
    """

    direct = False

    def cursor(self) -> Cursor:  # type: ignore[override]  # nothing is waited for
        return Cursor(self, self._conn.cursor())

    async def step(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do one thing with the database."""
        return work(*given) if self.direct else await self._execute(work, *given)  # type: ignore[no-untyped-call]


async def connect(file: str) -> Connection:
    """Open a database file; transactions begin and end only where they are told to."""
    connection = Connection(
        lambda: sqlite3.connect(file, isolation_level=None, check_same_thread=False), iter_chunk_size=64
    )
    connection._thread.daemon = True  # it must not keep a process alive whose store nobody closed
    await connection
    return connection
