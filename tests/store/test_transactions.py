"""Transactions: one writer at a time, durable, readers that cannot write, and moments that know their zone."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from store import bulletins, outbox
from store import schema as t
from store.database import Store, open_store
from tests.store.rows import NOW, add_bulletin, all_of

FULL = 2


def file_of(address: str) -> Path:
    return Path(address.removeprefix("sqlite:///"))


async def pragmas(store: Store, *, writer: bool) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only")
    async with store.transaction() if writer else store.reading() as tx:
        return {name: (await tx.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in names}


async def add_up(store: Store) -> None:
    """Read a number, give way to others, and write it back one higher."""
    async with store.transaction() as tx:
        seen = await bulletins.fact(tx, "sum", 0)
        await asyncio.sleep(0)
        await bulletins.set_fact(tx, "sum", seen + 1)


async def test_what_is_committed_is_on_the_disk_and_what_is_deleted_is_gone(store: Store) -> None:
    expected = {"journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1, "secure_delete": 1}
    assert await pragmas(store, writer=True) == {**expected, "query_only": 0}
    assert await pragmas(store, writer=False) == {**expected, "query_only": 1}


async def test_a_transaction_holds_the_right_to_write_from_its_first_moment(store: Store, address: str) -> None:
    other = sqlite3.connect(file_of(address), timeout=0, isolation_level=None)
    async with store.transaction():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_two_transactions_at_once_take_turns(store: Store, address: str) -> None:
    beside = await open_store(address)
    await asyncio.gather(*(add_up(each) for each in [store, beside] * 10))
    await beside.close()

    async with store.reading() as tx:
        assert await bulletins.fact(tx, "sum") == 20


async def test_a_transaction_that_fails_leaves_nothing(store: Store, bulletin: int) -> None:
    async def add_in_vain() -> None:
        async with store.transaction() as tx:
            await add_bulletin(tx, "second")
            raise ValueError("nothing came of it")

    with pytest.raises(ValueError, match="nothing came of it"):
        await add_in_vain()
    assert len(await all_of(store, "bulletins")) == 1


async def test_a_transaction_that_is_called_off_leaves_nothing_and_lets_the_next_one_in(store: Store) -> None:
    begun = asyncio.Event()

    async def dawdle() -> None:
        async with store.transaction() as tx:
            await add_bulletin(tx)
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(dawdle())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5), store.transaction() as tx:
        assert await bulletins.every(tx) == []


async def test_a_reader_cannot_write(store: Store) -> None:
    async with store.reading() as tx:
        with pytest.raises(OperationalError, match="readonly"):
            await add_bulletin(tx)
    assert await all_of(store, "bulletins") == []


async def test_a_reader_sees_one_moment_however_long_it_looks(store: Store, bulletin: int) -> None:
    async with store.reading() as looking:
        before = await bulletins.every(looking)
        async with store.transaction() as tx:
            await add_bulletin(tx, "second")
        assert await bulletins.every(looking) == before
    assert len(await all_of(store, "bulletins")) == 2


async def test_a_row_that_belongs_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        async with store.transaction() as tx:
            await tx.execute(insert(t.sections).values(bulletin_id=417, title="News", short="News", position=0))


async def test_a_moment_without_its_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 22, 18, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="a moment needs its time zone"):
        async with store.transaction() as tx:
            await outbox.put(tx, now=naive, kind="say", payload={}, chat_id=-1)
    assert await all_of(store, "outbox") == []


async def test_a_moment_comes_back_in_utc_to_the_microsecond(store: Store) -> None:
    async with store.transaction() as tx:
        await outbox.put(tx, now=NOW.astimezone(ZoneInfo("Europe/Kyiv")), kind="say", payload={}, chat_id=-1)
        row = (await outbox.due(tx, NOW))[0]
        assert await outbox.due(tx, NOW - timedelta(microseconds=1)) == []
    assert (row.created_at, row.created_at.tzinfo) == (NOW, UTC)


async def test_deleted_words_are_in_no_file_any_more(store: Store, address: str) -> None:
    words = "a note that its writer took back"
    async with store.transaction() as tx:
        await bulletins.set_fact(tx, "note", words)
    async with store.transaction() as tx:
        assert (await tx.execute(select(t.installation.c.value))).scalar_one() == words
        await bulletins.forget_fact(tx, "note")
    await store.close()  # the last one to close writes the log back into the file and removes it

    files = sorted(file_of(address).parent.iterdir())
    assert [path.name for path in files] == ["bulletin.db"]
    assert words.encode() not in files[0].read_bytes()


async def write_in_vain(store: Store, long: bool) -> None:
    async with store.transaction(long=long) as tx:
        await bulletins.set_fact(tx, "week", 1)
        await tx.execute(insert(t.installation).values(key="week", value=2))


@pytest.mark.parametrize("long", [False, True])
async def test_what_was_written_to_a_table_is_noticed_once_it_is_committed(store: Store, long: bool) -> None:
    told, of_others = store.changes("installation"), store.changes("outbox")
    with pytest.raises(IntegrityError):
        await write_in_vain(store, long)
    assert not told()
    async with store.transaction(long=long) as tx:
        await bulletins.set_fact(tx, "week", 1)
        assert not told()
    assert told()
    assert not of_others()
    assert not store.changes("installation")()
    with pytest.raises(KeyError):
        store.changes("no_such_table")
