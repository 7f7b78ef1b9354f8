"""One process on a data directory, and the socket by which the shell reaches it."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import control, lock
from bot.errors import OperatorError, Refused
from bot.texts import say

HOLDER = """
import sys
from pathlib import Path
from bot import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
GARBAGE = (
    b"hello\n",
    b"\n",
    b"\xff\xfe\x00\n",
    b"[]\n",
    b"null\n",
    b"17\n",
    b"{}\n",
    b'{"command": "add"}\n',
    b'{"command": "add", "arguments": 5}\n',
    b'{"command": "add", "arguments": "words"}\n',
    b"[" * 200_000 + b"\n",
    b'{"command": ["add"], "arguments": {}}\n',
)


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """`lock.hold` sets the umask of its process, which here is that of other tests too."""
    before = os.umask(0o022)
    yield
    os.umask(before)


# --- The lock ---


def test_a_second_process_is_refused_with_a_sentence_and_let_in_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "held\n"
    with pytest.raises(lock.Busy, match=f"already running on {folder}.*BULLETIN_DATA_DIR"), lock.hold(folder):
        raise AssertionError("both hold it")
    first.kill()
    first.communicate()
    with lock.hold(folder):
        assert (folder / "lock").exists()


def test_the_lock_is_let_go_at_the_end_also_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), lock.hold(tmp_path / "data"):
            _ = 1 / 0


def test_a_child_process_does_not_keep_the_lock(tmp_path: Path) -> None:
    with lock.hold(tmp_path / "data"):
        child = subprocess.Popen(
            [sys.executable, "-c", "input(1)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False
        )
        assert child.stdout is not None
        assert child.stdout.read(1) == b"1"
    with lock.hold(tmp_path / "data"):
        assert child.poll() is None
    child.communicate(b"\n")


def test_what_is_made_under_the_lock_is_for_the_bots_own_user(tmp_path: Path) -> None:
    with lock.hold(tmp_path / "data"):
        (tmp_path / "data" / "later").write_text("made by somebody who did not think of it")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"data": 0o700, "lock": 0o600, "later": 0o600}


# --- The control socket ---


async def perform(command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Commands as the bot has them: one that works, and every way to fail."""
    match command:
        case "add":
            return {"sum": arguments["one"] + arguments["other"], "words": "Прийнято"}
        case "refuse":
            raise Refused("issue-unknown", number=31)
        case "mend":
            raise OperatorError("Set BULLETIN_MAIL_FROM.")
        case "odd":
            return {"an object": object()}
        case "wait":
            await asyncio.Event().wait()
    raise KeyError(command)


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[asyncio.Server]:
    server = await control.serve(folder, perform)
    try:
        yield server
    finally:
        server.close()
        await server.wait_closed()


async def says(folder: Path, line: bytes) -> bytes:
    """Write a line to the socket by hand; what is answered until the other side closes."""
    reader, writer = await asyncio.open_unix_connection(control.socket_path(folder))
    try:
        writer.write(line)
        writer.write_eof()
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def works(folder: Path) -> bool:
    return await control.ask(folder, "add", {"one": 40, "other": 2}) == {"sum": 42, "words": "Прийнято"}


async def test_a_command_reaches_the_bot_and_its_result_comes_back(tmp_path: Path) -> None:
    async with listening(tmp_path):
        assert await works(tmp_path)
        answers = await asyncio.gather(*(control.ask(tmp_path, "add", {"one": n, "other": n}) for n in range(20)))
    assert [answer["sum"] for answer in answers] == [2 * n for n in range(20)]


async def test_only_the_bots_own_user_reaches_the_socket(tmp_path: Path) -> None:
    async with listening(tmp_path):
        found = control.socket_path(tmp_path).stat().st_mode
    assert stat.S_ISSOCK(found)
    assert stat.S_IMODE(found) == 0o600


async def test_refusals_come_back_as_sentences(tmp_path: Path) -> None:
    expected = {
        "refuse": say("en", "issue-unknown", number=31),
        "mend": "Set BULLETIN_MAIL_FROM.",
        "unheard-of": "The command failed inside the running bot; its log says why.",
        "odd": "The command failed inside the running bot; its log says why.",
    }
    async with listening(tmp_path):
        for command, sentence in expected.items():
            with pytest.raises(OperatorError) as caught:
                await control.ask(tmp_path, command, {})
            assert str(caught.value) == sentence
        assert await works(tmp_path)


@pytest.mark.parametrize("line", GARBAGE, ids=lambda line: repr(line[:24]))
async def test_garbage_is_refused_and_the_next_command_is_heard(tmp_path: Path, line: bytes) -> None:
    async with listening(tmp_path):
        assert b'"refused": ' in await says(tmp_path, line)
        assert await works(tmp_path)


async def test_a_line_that_breaks_off_or_never_ends_harms_nobody(tmp_path: Path) -> None:
    async with listening(tmp_path):
        await says(tmp_path, b'{"command": "add", "argum')
        await says(tmp_path, b"")
        await says(tmp_path, b"x" * (control.LINE_BYTES * 2))
        assert await works(tmp_path)


async def test_somebody_who_hangs_up_early_harms_nobody(tmp_path: Path) -> None:
    async with listening(tmp_path):
        for line in (b"", b'{"command": "wait", "arguments": {}}\n'):
            _, writer = await asyncio.open_unix_connection(control.socket_path(tmp_path))
            writer.write(line)
            writer.transport.abort()
        assert await works(tmp_path)


async def test_too_much_for_one_command_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    async with listening(tmp_path):
        with pytest.raises(OperatorError, match="too much for one command"):
            await control.ask(tmp_path, "add", {"words": "x" * control.LINE_BYTES})
        long = await control.ask(tmp_path, "add", {"one": "x" * 2_000_000, "other": "y"})
    assert len(long["sum"]) == 2_000_001


async def test_a_bot_that_does_not_listen_yet_or_any_more_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="does not listen yet"):
        await control.ask(tmp_path, "add", {})
    async with listening(tmp_path):
        pass
    with pytest.raises(OperatorError, match="does not listen yet"):
        await control.ask(tmp_path, "add", {})


@pytest.mark.parametrize("answered", [b"", b'{"done": {"number": 3'])
async def test_a_bot_that_stops_in_the_midst_of_a_command_is_told_in_a_sentence(
    tmp_path: Path, answered: bytes
) -> None:
    async def die(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answered)
        writer.close()

    server = await asyncio.start_unix_server(die, control.socket_path(tmp_path))
    with pytest.raises(OperatorError, match="The bot stopped while it did this"):
        await control.ask(tmp_path, "freeze", {})
    server.close()


async def test_a_socket_left_by_a_kill_is_replaced(tmp_path: Path) -> None:
    control.socket_path(tmp_path).write_text("left behind")
    async with listening(tmp_path):
        assert await works(tmp_path)


async def test_a_path_too_long_for_a_socket_is_told_with_the_setting(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    with pytest.raises(OperatorError, match="set a shorter BULLETIN_DATA_DIR"):
        await control.serve(deep, perform)
