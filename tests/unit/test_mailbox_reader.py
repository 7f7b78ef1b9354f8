"""The reader of a mailbox where there is none: it says why, comes again, and ends when it is told to."""

import asyncio
import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from bot.mailbox.account import account_of
from bot.mailbox.imap import MailboxReader
from bot.mailbox.taking import Take
from tests.system.servers import until


async def never(*given: object, **more: object) -> None:
    raise AssertionError("there was no letter")


@asynccontextmanager
async def reading(port: int, take: Take = never) -> AsyncIterator[None]:
    reader = MailboxReader(account_of(f"imap://user:word@127.0.0.1:{port}"), take, never, Random())
    stop = asyncio.Event()
    running = asyncio.create_task(reader.run(stop))
    yield
    began = time.monotonic()
    stop.set()
    await running
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (b"", "socket error: EOF"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1.1 400"),
        (b"* BYE Too many connections\r\n", "BYE"),
    ],
)
async def test_what_is_no_mailbox_is_named_in_one_line(every_line: io.StringIO, answers: bytes, words: str):
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answers)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, reading(port):
        await until(lambda: "the mailbox cannot be read" in every_line.getvalue())
    assert f"127.0.0.1:{port}" in every_line.getvalue()
    assert words in every_line.getvalue()
    assert every_line.getvalue().count("the mailbox cannot be read") == 1


async def test_a_server_that_says_nothing_does_not_hold_up_the_end():
    came = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, reading(server.sockets[0].getsockname()[1]):
        await asyncio.wait_for(came.wait(), 5)


@pytest.mark.parametrize("told", [b"+ idling\r\n* 1 EXISTS\r\n", b"* 1 EXISTS\r\n+ idling\r\n"])
async def test_news_that_come_together_with_the_servers_leave_to_wait_are_heard(told: bytes):
    """A letter may come between the last look and the waiting; a server tells of it in one breath with its answer."""
    there, idling, taken = False, b"", asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal there, idling
        writer.write(b"* OK [CAPABILITY IMAP4rev1] here\r\n")
        async for line in reader:
            tag, command, *rest = [*line.split(), b""]
            if command == b"IDLE":
                there, idling = True, tag
                writer.write(told)
                continue
            if rest and rest[0] == b"SEARCH":
                writer.write(b"* SEARCH 7\r\n" if there else b"* SEARCH\r\n")
            elif rest and rest[0] == b"FETCH" and b"SIZE" in line:
                writer.write(b"* 1 FETCH (UID 7 RFC822.SIZE 4)\r\n")
            elif rest and rest[0] == b"FETCH":
                writer.write(b"* 1 FETCH (UID 7 BODY[] {4}\r\nword)\r\n")
            elif rest and rest[0] == b"MOVE":
                there = False
            elif command == b"CAPABILITY":
                writer.write(b"* CAPABILITY IMAP4rev1 IDLE MOVE\r\n")
            elif command == b"LOGOUT":
                writer.write(b"* BYE\r\n")
            writer.write((idling if tag == b"DONE" else tag) + b" OK done\r\n")

    async def take(raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> None:
        assert raw == b"word"
        taken.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, reading(server.sockets[0].getsockname()[1], take):
        await asyncio.wait_for(taken.wait(), 5)
