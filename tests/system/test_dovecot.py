"""The road from a mailbox elsewhere, with a real Dovecot: nothing is lost, nothing is seen twice."""

import asyncio
import io
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot import app as hallway
from bot.cli.doctor import doctor
from bot.clocks import SystemClock
from bot.mailbox.account import account_of
from bot.mailbox.imap import MailboxReader
from bot.mailbox.key import letter_key
from bot.mailbox.session import LETTER_BYTES
from bot.mailbox.taking import Alarm, alarm_of
from bot.seal import Sealer
from store import bulletins, letters
from store.database import Store, open_store
from tests.cast import settled_world
from tests.empty_store import empty_store
from tests.store.rows import add_bulletin
from tests.system.dovecot import PASSWORD, USER, Dovecot
from tests.system.road_process import SECRET
from tests.system.servers import until
from tests.waiting import waiting

pytestmark = pytest.mark.system
PROCESS = Path(__file__).with_name("road_process.py")
DONE, NOT_READ = "Bulletin/Done", "Bulletin/Not read"


def letter(name: str, words: str = "https://news.example/bread") -> bytes:
    head = f"From: ana@letters.example\r\nMessage-ID: <{name}@letters.example>\r\nSubject: {name}\r\n\r\n"
    return f"{head}{words}\r\n".encode()


@pytest.fixture
async def dovecot() -> AsyncIterator[Dovecot]:
    async with Dovecot() as server:
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await empty_store(tmp_path / "data" / "bulletin.db")
    yield opened
    await opened.close()


@dataclass
class Reading:
    """A reader of the mailbox that writes into a real store, and what it took."""

    store: Store
    broken: dict[bytes, Exception] = field(default_factory=dict)
    taken: list[bytes] = field(default_factory=list)
    tries: int = 0

    async def take(self, raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> None:
        assert (envelope_from, envelope_to) == (None, ())
        self.tries += 1
        async with self.store.transaction() as tx:
            row = await letters.begin(tx, letter_key(Sealer(SECRET), raw), "human", datetime.now(UTC))
            if raw in self.broken:
                raise self.broken[raw]
        if row is not None:
            self.taken.append(raw)

    @asynccontextmanager
    async def going_on(
        self, dovecot: Dovecot, alarm: Alarm | None = None, *, url: str = "", **more: Any
    ) -> AsyncIterator[None]:
        told = alarm or alarm_of(self.store, SystemClock())
        reader = MailboxReader(account_of(url or dovecot.url), self.take, told, Random(), **more)
        stop = asyncio.Event()
        running = asyncio.create_task(reader.run(stop))
        try:
            yield
        finally:
            stop.set()
            began = time.monotonic()
            await running
            assert time.monotonic() - began < 3

    async def has(self, count: int, seconds: float = 10.0) -> None:
        await until(lambda: len(self.taken) == count, seconds, f"{len(self.taken)} letters were taken, not {count}")


@pytest.fixture
async def reading(store: Store) -> Reading:
    return Reading(store)


async def lies(dovecot: Dovecot, folder: str, count: int) -> list[bytes]:
    """What lies in a folder once there are so many letters in it and none in the inbox."""

    def look() -> list[bytes] | None:
        found = dovecot.letters(folder)
        return found if len(found) == count and not dovecot.letters() else None

    return await until(look, words=f"{folder}: {len(dovecot.letters(folder))}, inbox: {len(dovecot.letters())}")


async def test_letters_are_taken_within_two_seconds_and_moved_after_that(dovecot: Dovecot, reading: Reading):
    dovecot.put(letter("one"), letter("two"))
    async with reading.going_on(dovecot, tls=dovecot.trust):
        await reading.has(2)
        await lies(dovecot, DONE, 2)
        for number in range(3):  # while the connection is idle
            began = time.monotonic()
            await asyncio.to_thread(dovecot.put, letter(f"late {number}"))
            await reading.has(3 + number, seconds=2.0)
            assert time.monotonic() - began < 2.0
        assert reading.taken == await lies(dovecot, DONE, 5)
    assert reading.tries == 5


async def test_letters_that_come_while_others_are_moved_are_seen_at_once(dovecot: Dovecot, reading: Reading):
    async with reading.going_on(dovecot, tls=dovecot.trust):
        for number in range(60):
            await asyncio.to_thread(dovecot.put, letter(f"number {number}"))
        await reading.has(60, seconds=4.0)


async def test_a_server_that_was_away_is_found_again_with_one_line_of_the_log(
    dovecot: Dovecot, reading: Reading, every_line: io.StringIO
):
    async with reading.going_on(dovecot, tls=dovecot.trust):
        dovecot.put(letter("before"))
        await reading.has(1)
        await lies(dovecot, DONE, 1)
        await dovecot.stop()
        await until(lambda: "the mailbox cannot be read" in every_line.getvalue())
        await asyncio.sleep(2.5)  # some attempts that fail
        await dovecot.start()
        await asyncio.to_thread(dovecot.put, letter("after"))
        await reading.has(2, seconds=15)
        await lies(dovecot, DONE, 2)
    log = every_line.getvalue()
    assert log.count("the mailbox cannot be read") == log.count("the mailbox can be read again") == 1
    assert PASSWORD not in log


@pytest.mark.parametrize(("separator", "prefix"), [(".", ""), (".", "INBOX."), ("/", "")])
async def test_the_folders_are_made_in_the_servers_own_way(reading: Reading, separator: str, prefix: str):
    async with Dovecot(separator=separator, prefix=prefix) as dovecot:
        dovecot.put(letter("one"))
        async with reading.going_on(dovecot, tls=dovecot.trust):
            await lies(dovecot, prefix + DONE.replace("/", separator), 1)


async def test_a_server_that_can_neither_move_nor_tell_of_new_letters_is_served_too(reading: Reading):
    async with Dovecot(without=("MOVE", "IDLE")) as dovecot:
        dovecot.put(letter("one"), letter("two"))
        with dovecot.client() as other:  # somebody strikes a letter out; what we expunge is our own alone
            other.select("INBOX")
            other.store("1", "+FLAGS", r"(\Deleted)")
        async with reading.going_on(dovecot, tls=dovecot.trust, poll_seconds=0.2):
            await reading.has(1)
            await asyncio.to_thread(dovecot.put, letter("three"))
            await reading.has(2)
            await until(lambda: dovecot.letters(DONE) == [letter("two"), letter("three")])
            assert dovecot.letters() == [letter("one")]


async def test_a_connection_in_clear_on_loopback_and_one_by_starttls_serve_as_well(dovecot: Dovecot, reading: Reading):
    dovecot.put(letter("one"))
    async with reading.going_on(dovecot, url=f"imap://{USER}:{PASSWORD}@127.0.0.1:{dovecot.clear_port}"):
        await reading.has(1)
    dovecot.put(letter("two"))
    by_starttls = f"imap://{USER}:{PASSWORD}@localhost:{dovecot.clear_port}?starttls=required"
    async with reading.going_on(dovecot, url=by_starttls, tls=dovecot.trust):
        await reading.has(2)


async def test_of_a_huge_letter_only_the_beginning_is_fetched(dovecot: Dovecot, reading: Reading):
    huge, fits = letter("huge", ("y" * 76 + "\r\n") * 40_000), letter("fits", "z" * 900_000)
    dovecot.put(huge, fits)
    async with reading.going_on(dovecot, tls=dovecot.trust):
        await reading.has(2)
        assert reading.taken == [huge[:LETTER_BYTES], fits]
        assert await lies(dovecot, DONE, 2) == [huge, fits]


async def test_a_letter_that_nobody_can_take_is_set_aside_with_an_alarm(dovecot: Dovecot, reading: Reading):
    bad = letter("bad")
    reading.broken[bad] = ValueError("ana@letters.example")
    async with reading.store.transaction() as tx:
        await bulletins.change(tx, await add_bulletin(tx), moderators_chat=-100)
    dovecot.put(bad, letter("good"))
    async with reading.going_on(dovecot, tls=dovecot.trust, again_seconds=(0.1, 0.1)):
        await reading.has(1)
        assert await lies(dovecot, NOT_READ, 1) == [bad]
    assert dovecot.letters(DONE) == reading.taken == [letter("good")]
    assert reading.tries == 4
    async with reading.store.reading() as tx:
        told = [row.payload for row in await waiting(tx, datetime.now(UTC))]
    assert told == [{"key": "mailbox-not-read", "values": {"folder": NOT_READ}}]


async def test_a_letter_stays_where_it_is_as_long_as_nobody_can_be_told_of_it(dovecot: Dovecot, reading: Reading):
    async def on_a_full_disk(key: str, **values: str) -> None:
        raise OSError("the disk is full")

    bad = letter("bad")
    reading.broken[bad] = OSError("the disk is full")
    dovecot.put(bad)
    async with reading.going_on(dovecot, on_a_full_disk, tls=dovecot.trust, again_seconds=(0.02, 0.02)):
        await until(lambda: reading.tries >= 5)
        assert dovecot.letters() == [bad]
        reading.broken.clear()
        await lies(dovecot, DONE, 1)
    assert reading.taken == [bad]


async def test_a_letter_that_failed_and_was_taken_away_is_waited_for_no_longer(reading: Reading):
    bad = letter("bad")
    reading.broken[bad] = ValueError()
    async with Dovecot(without=("IDLE",)) as dovecot:
        dovecot.put(bad)
        async with reading.going_on(dovecot, tls=dovecot.trust, poll_seconds=0.3, again_seconds=(0.5, 0.5)):
            await until(lambda: reading.tries == 1)
            with dovecot.client() as other:
                other.select("INBOX")
                other.store("1:*", "+FLAGS", r"(\Deleted)")
                other.expunge()
            await asyncio.sleep(1)
            began = time.process_time()
            await asyncio.sleep(1)
            assert time.process_time() - began < 0.1
            await asyncio.to_thread(dovecot.put, letter("good"))
            await reading.has(1, seconds=2)


async def test_letters_that_others_take_away_and_a_folder_made_anew_do_no_harm(dovecot: Dovecot, reading: Reading):
    async with reading.going_on(dovecot, tls=dovecot.trust):
        for number in range(20):
            await asyncio.to_thread(dovecot.put, letter(f"number {number}"))
            with dovecot.client() as other:
                other.select("INBOX")
                other.store("1:*", "+FLAGS", r"(\Deleted)")
                other.expunge()
        for path in (dovecot.room / "mail" / USER).glob("dovecot-uidlist"):  # another UIDVALIDITY from now on
            path.unlink()
        await dovecot.stop()
        await dovecot.start()
        await asyncio.to_thread(dovecot.put, letter("last"))
        await until(lambda: letter("last") in reading.taken, 15)
        await until(lambda: not dovecot.letters())
    assert len(reading.taken) == len(set(reading.taken))


@pytest.mark.parametrize("point", ["fetched", "committed"])
async def test_a_letter_is_seen_once_though_the_process_is_killed(dovecot: Dovecot, tmp_path: Path, point: str):
    database = f"sqlite:///{tmp_path / 'bulletin.db'}"
    await (await open_store(database)).close()
    dovecot.put(letter("one"))
    command = [sys.executable, str(PROCESS), dovecot.url, str(dovecot.room / "site.pem"), database]
    top = str(Path(__file__).parents[2])
    for stand_still in (point, "never"):
        process = await asyncio.create_subprocess_exec(
            *command, stand_still, env={"PYTHONPATH": top}, stdout=asyncio.subprocess.PIPE
        )
        try:
            if stand_still == "never":
                await lies(dovecot, DONE, 1)
            else:
                await asyncio.wait_for(_said(process, point), 20)
                assert dovecot.letters() == [letter("one")]
        finally:
            process.kill()
            said, _ = await process.communicate()
    assert b"seen before" in said if point == "committed" else b"committed" in said
    store = await open_store(database)
    async with store.reading() as tx:
        assert [row.content for row in await letters.waiting(tx)] == [letter("one")]
    await store.close()


async def _said(process: asyncio.subprocess.Process, point: str) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.decode().strip() == point:
            return
    raise AssertionError(f"the process ended before {point}")


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        (("", ""), "ok", "tells of new letters at once; waiting in INBOX: 1"),
        ((f"{PASSWORD}@", "wrong@"), "fail", "the mail server refuses the user or the password"),
        (("?", "?folder=Nowhere&"), "fail", "there is no folder 'Nowhere'"),
        (("imap://", "imaps://"), "fail", "127.0.0.1:"),
    ],
)
async def test_doctor_tries_the_mailbox(
    dovecot: Dovecot,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    verdict: str,
    words: str,
):
    dovecot.put(letter("one"))
    url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{dovecot.clear_port}?done=Old".replace(*change)
    config = tmp_path / "config.env"
    config.write_text(f"BULLETIN_MAILBOX_URL={url}\nBULLETIN_DATA_DIR={tmp_path}/data\n")
    assert await doctor(json_=True, config=config) == 1  # there is no token
    printed = capsys.readouterr().out
    [found] = [each for each in json.loads(printed.splitlines()[-1]) if each["what"] == "mailbox"]
    assert found["verdict"] == verdict
    assert words in found["found"]
    assert ("BULLETIN_MAILBOX_URL" in found["todo"]) == (verdict == "fail")
    assert PASSWORD not in printed


async def test_a_running_bot_reads_its_mailbox(dovecot: Dovecot, tmp_path: Path):
    taken: list[bytes] = []

    async def take(services: Any, raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> None:
        async with services.store.transaction() as tx:
            await letters.begin(tx, letter_key(services.sealer, raw), "human", services.clock.now())
        taken.append(raw)

    url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{dovecot.clear_port}?done=Old"
    async with (
        settled_world(tmp_path, mailbox_url=url) as around,
        hallway.running(around.settings, around.announced.append, take),
    ):
        await asyncio.to_thread(dovecot.put, letter("one"))
        await lies(dovecot, "Old", 1)
    assert taken == [letter("one")]
