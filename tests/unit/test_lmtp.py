"""The road from a mail server on this machine, over a real socket: what it is answered, and what is taken."""

import asyncio
import io
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.mailbox import lmtp
from bot.seal import Sealer

SEALER = Sealer(b"a" * 32)
LETTER = b"From: ana@letters.example\r\nMessage-ID: <one@letters.example>\r\n\r\nhttps://news.example/bread\r\n"


@dataclass
class Room:
    """Who takes letters here, and fails as long as `broken` is set."""

    letters: list[tuple[bytes, str | None, tuple[str, ...]]] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    broken: Exception | None = None
    gate: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, raw: bytes, sender: str | None, recipients: tuple[str, ...]) -> None:
        self.came.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.broken is not None:
            raise self.broken
        self.letters.append((raw, sender, recipients))

    async def alarm(self, key: str, **values: str) -> None:
        self.alarms.append(key)


class Peer:
    """A mail server that hands letters over, line by line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> str:
        async with asyncio.timeout(5):
            while True:
                line = (await self.reader.readline()).decode()
                if line[3:4] != "-":
                    return line.rstrip()

    async def say(self, *lines: str) -> str:
        """Say these lines and return the answer to the last of them."""
        answer = ""
        for line in lines:
            self.writer.write(line.encode("utf-8", "surrogateescape") + b"\r\n")
            answer = await self.answer()
        return answer

    async def letter(self, raw: bytes = LETTER, sender: str = "", to: tuple[str, ...] = ("news@here.example",)) -> list:
        """Hand one letter over and return an answer for each recipient."""
        await self.say(f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{each}>" for each in to))
        assert (await self.say("DATA")).startswith("354")
        self.writer.write(raw + b".\r\n")
        return [await self.answer() for _ in to]


@asynccontextmanager
async def listening(room: Room, listen: str = "127.0.0.1:0") -> AsyncIterator[Callable]:
    """Listen, and give what makes a connection that was greeted."""
    async with lmtp.serving(listen, room.take, room.alarm, SEALER) as port:

        async def connect() -> Peer:
            path = listen.removeprefix("unix:")
            opened = asyncio.open_connection("127.0.0.1", port) if port else asyncio.open_unix_connection(path)
            peer = Peer(*await opened)
            if (await peer.answer()).startswith("220"):
                assert (await peer.say("LHLO mail.here.example")).startswith("250")
            return peer

        yield connect


@pytest.fixture
async def room() -> Room:
    return Room()


@pytest.fixture
async def peer(room: Room) -> AsyncIterator[Peer]:
    async with listening(room) as connect:
        yield await connect()


async def test_a_letter_is_taken_as_it_was_written(room: Room, peer: Peer):
    assert await peer.letter(sender="ana@letters.example") == [lmtp.TAKEN]
    assert room.letters == [(LETTER, "ana@letters.example", ("news@here.example",))]
    assert (await peer.say("QUIT")).startswith("221")


async def test_a_report_without_a_sender_is_taken(room: Room, peer: Peer):
    assert await peer.letter(to=("bounce+abc@here.example",)) == [lmtp.TAKEN]
    assert room.letters[0][1:] == ("", ("bounce+abc@here.example",))


async def test_each_recipient_is_answered_and_the_letter_taken_once(room: Room, peer: Peer):
    assert await peer.letter(to=("a@here.example", "b@here.example", "c@here.example")) == [lmtp.TAKEN] * 3
    assert [letter[2] for letter in room.letters] == [("a@here.example", "b@here.example", "c@here.example")]


async def test_too_many_recipients_are_asked_for_in_another_go(room: Room, peer: Peer):
    await peer.say("MAIL FROM:<>", *(f"RCPT TO:<r{n}@here.example>" for n in range(lmtp.MOST_RECIPIENTS)))
    assert (await peer.say("RCPT TO:<late@here.example>")).startswith("452")


async def test_dots_and_long_lines_and_odd_bytes_come_through(room: Room, peer: Peer):
    body = b"..one dot\r\n.\r\n" + b"x" * 5000 + b"\r\n\xff\x00 bare \r and \n here\r\n"
    sent = body.replace(b"\r\n.", b"\r\n..").replace(b"..one", b"...one", 1)
    await peer.letter(LETTER + sent)
    assert room.letters[0][0] == LETTER + body


async def test_a_huge_letter_is_taken_up_to_its_first_million_bytes(room: Room, peer: Peer):
    huge = LETTER + (b"y" * 998 + b"\r\n") * 2000
    assert await peer.letter(huge) == [lmtp.TAKEN]
    assert await peer.letter(LETTER + b"z" * 3_000_000 + b"\r\n") == [lmtp.TAKEN]
    assert [len(raw) for raw, *_ in room.letters] == [lmtp.LETTER_BYTES] * 2
    assert room.letters[0][0] == huge[: lmtp.LETTER_BYTES]


async def test_addresses_that_no_standard_knows_are_our_own_servers_affair(room: Room, peer: Peer):
    odd = ("a..b.@docomo.example", '"a>b"@x.example', "бот@пошта.example", "no-domain")
    assert await peer.letter(sender="a..b.@docomo.example", to=odd) == [lmtp.TAKEN] * 4
    assert room.letters[0][2] == odd
    await peer.letter(sender="caf\udce9@x.example")
    assert room.letters[1][1] == "caf\N{REPLACEMENT CHARACTER}@x.example"


async def test_a_failure_of_ours_lets_the_mail_server_try_again(room: Room, peer: Peer, every_line: io.StringIO):
    room.broken = ValueError("secret words of ana@letters.example")
    assert await peer.letter() == [lmtp.LATER]
    assert room.letters == room.alarms == []
    room.broken = None
    assert await peer.letter() == [lmtp.TAKEN]
    assert "ValueError at test_lmtp.py:" in every_line.getvalue()


async def test_a_letter_that_fails_again_and_again_is_told_to_the_moderators(room: Room, peer: Peer):
    room.broken = ValueError()
    for _ in range(5):
        assert await peer.letter() == [lmtp.LATER]
    assert room.alarms == ["mailbox-not-taken"]


async def test_no_address_is_logged(room: Room, peer: Peer, every_line: io.StringIO):
    room.broken = ValueError("ana@letters.example")
    await peer.letter(sender="ana@letters.example", to=("news@here.example",))
    await peer.say("ANA@LETTERS.EXAMPLE wrote")
    assert "@" not in every_line.getvalue()


async def test_commands_out_of_order_are_answered_and_harm_nothing(room: Room, peer: Peer):
    for said, code in [
        ("HELO x", "500"),
        ("DATA", "503"),
        ("RCPT TO:<a@x.example>", "503"),
        ("MAIL FROM:<>", "250"),
        ("RCPT TO:a@x.example", "553"),
        ("DATA", "503"),
        ("x" * 3000, "500"),
    ]:
        assert (await peer.say(said)).startswith(code), said
    assert (await peer.say("RSET")).startswith("250")
    assert await peer.letter() == [lmtp.TAKEN]


async def test_one_connection_too_many_is_asked_to_come_later(room: Room):
    async with listening(room) as connect:
        peers = [await connect() for _ in range(lmtp.MOST_CONNECTIONS)]
        _, writer = await asyncio.open_connection(*peers[0].writer.get_extra_info("peername")[:2])
        late = Peer(_, writer)
        assert (await late.answer()).startswith("421")
        assert await peers[-1].letter() == [lmtp.TAKEN]


async def test_a_letter_under_way_is_answered_before_the_end(room: Room):
    room.gate = asyncio.Event()
    async with listening(room) as connect:
        peer = await connect()
        answering = asyncio.create_task(peer.letter())
        await asyncio.wait_for(room.came.wait(), 5)
        asyncio.get_running_loop().call_later(0.05, room.gate.set)
    assert await answering == [lmtp.TAKEN]


async def test_a_socket_in_a_folder_serves_as_well(room: Room, tmp_path: Path):
    path = tmp_path / "lmtp"
    async with listening(room, f"unix:{path}") as connect:
        assert await (await connect()).letter() == [lmtp.TAKEN]
        assert stat.S_ISSOCK(path.stat().st_mode)
        with pytest.raises(OperatorError, match="another program takes letters there"):
            async with listening(room, f"unix:{path}"):
                pass
    assert not path.exists()


async def test_a_port_that_is_taken_is_named_with_its_setting(room: Room):
    async with listening(room) as connect:
        port = (await connect()).writer.get_extra_info("peername")[1]
        with pytest.raises(OperatorError, match=f"on 127.0.0.1:{port} .*BULLETIN_LMTP_LISTEN"):
            async with listening(room, f"127.0.0.1:{port}"):
                pass
