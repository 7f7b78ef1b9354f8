"""Opening the database: made privately, by the migrations alone, and only of the version that the program knows."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from store.database import migrate, open_store, version
from store.errors import SchemaMismatch, StoreError
from store.schema import metadata
from tests.store.rows import add_bulletin

NEWEST = "0008"


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The most careless umask there is."""
    before = os.umask(0)
    yield
    os.umask(before)


def file_of(address: str) -> Path:
    return Path(address.removeprefix("sqlite:///"))


def indexes(address: str) -> set[str]:
    with sqlite3.connect(file_of(address)) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    return {" ".join(sql.split()) for (sql,) in rows}


def set_version(address: str, to: str) -> None:
    with sqlite3.connect(file_of(address)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (to,))


async def test_the_migrations_make_exactly_the_tables_that_the_program_knows(address: str, tmp_path: Path) -> None:
    migrate(address)
    engine = create_engine(address)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()

    drawn = f"sqlite:///{tmp_path / 'drawn.db'}"
    engine = create_engine(drawn)
    metadata.create_all(engine)
    engine.dispose()
    assert indexes(address) == indexes(drawn)
    assert any("WHERE number IS NULL" in sql for sql in indexes(address))


async def test_a_database_is_made_once_and_found_again(address: str) -> None:
    store = await open_store(address)
    async with store.transaction() as tx:
        await add_bulletin(tx)
    await store.close()
    assert version(address) == NEWEST

    again = await open_store(address, create=False)
    async with again.reading() as tx:
        assert (await tx.exec_driver_sql("SELECT slug FROM bulletins")).scalars().all() == ["news"]
    await again.close()


async def test_a_migration_that_fails_halfway_leaves_nothing_behind(address: str) -> None:
    file_of(address).parent.mkdir()
    with sqlite3.connect(file_of(address)) as connection:
        connection.execute("CREATE TABLE updates (something_else INTEGER)")

    with pytest.raises(Exception, match="updates already exists"):
        migrate(address)
    with sqlite3.connect(file_of(address)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("updates",)]


async def test_an_older_database_is_refused_with_the_command_that_mends_it(address: str) -> None:
    file_of(address).parent.mkdir()
    with sqlite3.connect(file_of(address)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")

    with pytest.raises(SchemaMismatch, match="copy of it, then run: bulletin migrate"):
        await open_store(address)
    assert migrate(address) == (None, NEWEST)
    await (await open_store(address)).close()


def test_what_stood_in_the_first_tables_stands_in_the_newest(address: str) -> None:
    migrate(address, "0001")
    with sqlite3.connect(file_of(address)) as connection:
        for row in (
            "INSERT INTO bulletins VALUES (1, 'news', 'News', '', '', 'en', 'UTC', 'sun 18:00', 60, 60, NULL, NULL, 1)",
            "INSERT INTO people VALUES (1, 'Blue Oak', 'contributor', 'en', 0, x'00', 'mac', 0, 1, 1, 0, NULL)",
            "INSERT INTO submissions VALUES (5, 1, 1, 1, 'telegram', 'chat:1', 'a note', '2026-01-01 00:00:00')",
            "INSERT INTO items (id, bulletin_id, submission_id, revision, state, title, authors, media_type, problem, "
            "reason, unread, created_at) VALUES (7, 1, 5, 1, 'pending', 'A title', '[]', 'article', '', '', 0, "
            "'2026-01-01 00:00:00')",
        ):
            connection.execute(row)
    assert migrate(address) == ("0001", NEWEST)
    with sqlite3.connect(file_of(address)) as connection:
        assert connection.execute("SELECT * FROM intake_keys").fetchall() == [("chat:1", 5)]
        assert connection.execute("SELECT note, language FROM submissions").fetchall() == [("a note", "")]
        assert connection.execute("SELECT submission_id, title, told FROM items").fetchall() == [(5, "A title", "[]")]
        assert connection.execute("SELECT pseudonym, links_that_day FROM people").fetchall() == [("Blue Oak", 0)]
        assert ("title", 7) in connection.execute("SELECT word, item_id FROM title_words").fetchall()
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_letters_that_wait_are_at_the_desk_where_their_card_stands(address: str) -> None:
    migrate(address, "0006")
    with sqlite3.connect(file_of(address)) as connection:
        needed = {
            row[1]: "''" if row[2].startswith(("VARCHAR", "TEXT")) else "'[]'" if row[2] == "JSON" else "0"
            for row in connection.execute("PRAGMA table_info(bulletins)")
            if row[3]
        }
        for number, chat in ((1, -100), (2, -200)):
            values = {**needed, "id": str(number), "slug": f"'b{number}'", "moderators_chat": str(chat)}
            connection.execute(f"INSERT INTO bulletins ({', '.join(values)}) VALUES ({', '.join(values.values())})")
        connection.execute("INSERT INTO cards (kind, subject_id, chat_id, message_id) VALUES ('letter', 2, -200, 5)")
        for number, kind, state in ((1, "letter", "waiting"), (2, "letter", "waiting"), (3, "letter", "done")):
            row = (number, f"k{number}", kind, state, "2026-01-01 00:00:00")
            connection.execute("INSERT INTO letters (id, key, kind, state, received_at) VALUES (?, ?, ?, ?, ?)", row)
    assert migrate(address) == ("0006", NEWEST)
    with sqlite3.connect(file_of(address)) as connection:
        found = connection.execute("SELECT id, bulletin_id, sender_mac FROM letters ORDER BY id").fetchall()
        assert found == [(1, 1, None), (2, 2, None), (3, None, None)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_a_newer_database_is_refused_with_the_program_that_opens_it(address: str) -> None:
    migrate(address)
    set_version(address, "0417")

    with pytest.raises(SchemaMismatch, match=r"version 0417.*Install the newer bulletin-bot"):
        await open_store(address)
    assert version(address) == "0417"


async def test_a_file_that_is_no_database_is_named(address: str) -> None:
    file_of(address).parent.mkdir()
    file_of(address).write_text("Dear bot, this is a letter and no database.")

    with pytest.raises(StoreError, match=r"bulletin\.db cannot be read as a database"):
        await open_store(address)
    assert file_of(address).read_text().startswith("Dear bot")


async def test_a_command_that_only_reads_makes_no_database(address: str) -> None:
    with pytest.raises(StoreError, match="bulletin run"):
        await open_store(address, create=False)
    assert not file_of(address).exists()


@pytest.mark.parametrize("wrong", ["postgresql://localhost/bulletin", "sqlite://"])
async def test_an_address_that_is_no_file_is_refused_with_the_setting(wrong: str) -> None:
    with pytest.raises(StoreError, match="BULLETIN_DATABASE_URL"):
        await open_store(wrong)


async def test_only_the_bots_own_user_can_read_the_files(address: str, open_umask: None) -> None:
    store = await open_store(address)
    async with store.transaction() as tx:
        await add_bulletin(tx)

    folder = file_of(address).parent
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
    await store.close()
    assert modes == {"data": 0o700, "bulletin.db": 0o600, "bulletin.db-wal": 0o600, "bulletin.db-shm": 0o600}
