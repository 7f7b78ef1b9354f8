"""The road from our own mail server, with a real Postfix: letters, bounces of its making, and what `mailto` sends."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from bot import app as hallway
from bot.delivery.mail import SmtpPool
from bot.mailbox import lmtp
from bot.mailbox.key import letter_key
from bot.seal import Sealer
from bot.tokens import read_row_token, row_token
from store import bulletins, letters
from tests.cast import SUNDAY_HOUR, World, settled_world
from tests.system.postfix import HERE, READERS, UNREACHABLE, Postfix
from tests.system.servers import free_ports, until

pytestmark = pytest.mark.system
ANA, BULLETIN = "ana@letters.example", f"bulletin@{HERE}"
SEALER = Sealer(b"a" * 32)
LETTER = f"From: {ANA}\r\nTo: {BULLETIN}\r\nMessage-ID: <one@letters.example>\r\n\r\nhttps://news.example/bread\r\n"


@dataclass
class Room:
    """Who takes the letters here; broken, it takes none."""

    port: int = field(default_factory=lambda: free_ports(1)[0])
    taken: list[tuple[bytes, str | None, tuple[str, ...]]] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    broken: bool = False
    refused: int = 0

    @property
    def listen(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def take(self, raw: bytes, sender: str | None, recipients: tuple[str, ...]) -> None:
        if self.broken:
            self.refused += 1
            raise ValueError("we are broken")
        self.taken.append((raw, sender, recipients))

    async def take_for_a_bot(self, services: Any, raw: bytes, sender: str | None, recipients: tuple[str, ...]) -> None:
        async with services.store.transaction() as tx:
            row = await letters.begin(tx, letter_key(services.sealer, raw), "human", services.clock.now())
        if row is not None:
            self.taken.append((raw, sender, recipients))

    async def alarm(self, key: str, **values: str) -> None:
        self.alarms.append(key)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with lmtp.serving(self.listen, self.take, self.alarm, SEALER):
            yield

    async def has(self, count: int, seconds: float = 10.0) -> None:
        await until(lambda: len(self.taken) >= count, seconds, f"{len(self.taken)} letters came, not {count}")


async def send(postfix: Postfix, sender: str, recipient: str, raw: str | bytes) -> None:
    """Hand a letter to Postfix as the bot does."""
    pool = SmtpPool(postfix.url, 1, name=HERE)
    try:
        await pool.post(sender, recipient, raw.encode() if isinstance(raw, str) else raw)
    finally:
        await pool.close()


async def test_a_letter_to_the_bulletin_is_there_at_once_with_its_envelope():
    room = Room()
    async with Postfix(f"inet:{room.listen}") as postfix, room.listening():
        await send(postfix, ANA, f"bulletin+secret@{HERE}", LETTER)
        await room.has(1, seconds=2.0)
        await until(lambda: not postfix.waiting())
    [(raw, sender, recipients)] = room.taken
    assert raw.endswith(b"\r\n\r\nhttps://news.example/bread\r\n")
    assert (sender, recipients) == (ANA, (f"bulletin+secret@{HERE}",))
    assert letter_key(SEALER, raw) == letter_key(SEALER, LETTER.encode())


async def test_what_a_sender_claims_of_authenticity_is_taken_away_on_the_road():
    room = Room()
    forged = "Authentication-Results: (our own)\r\n mail.here.example;\r\n dmarc=pass header.from=letters.example\r\n"
    async with Postfix(f"inet:{room.listen}") as postfix, room.listening():
        await send(postfix, ANA, BULLETIN, forged + LETTER)
        await room.has(1)
    assert b"dmarc" not in room.taken[0][0]


async def test_a_socket_in_a_folder_serves_as_well():
    room = Room()
    async with AsyncExitStack() as stack:
        postfix = await stack.enter_async_context(Postfix("unix:private/bulletin"))
        path = postfix.room / "queue" / "private" / "bulletin"
        await stack.enter_async_context(lmtp.serving(f"unix:{path}", room.take, room.alarm, SEALER))
        await send(postfix, ANA, BULLETIN, LETTER)
        await room.has(1)


async def test_no_letter_goes_back_to_its_sender_because_we_fail_or_are_not_there():
    room = Room(broken=True)
    async with Postfix(f"inet:{room.listen}") as postfix:
        await send(postfix, f"dan@{READERS}", BULLETIN, LETTER)
        await until(lambda: "Connection refused" in postfix.logged())
        async with room.listening():
            await until(lambda: room.refused >= lmtp.ALARMS[0], 20)
            assert room.alarms == ["mailbox-not-taken"]
            room.broken = False
            await room.has(1)
            await until(lambda: not postfix.waiting())
        assert postfix.letters() == []
        assert "status=bounced" not in postfix.logged()


async def test_huge_and_odd_letters_are_taken_and_not_sent_back():
    room = Room()
    async with Postfix(f"inet:{room.listen}") as postfix, room.listening():
        await send(postfix, f"dan@{READERS}", BULLETIN, LETTER + ("y" * 76 + "\r\n") * 60_000)
        await send(postfix, f"dan@{READERS}", BULLETIN, LETTER.encode() + b"x" * 50_000 + b"\r\n\xff\x00 bytes\r\n")
        await room.has(2)
        await until(lambda: not postfix.waiting())
        assert postfix.letters() == []
    assert sorted(len(raw) for raw, *_ in room.taken)[1] == lmtp.LETTER_BYTES


async def bounced(room: Room, postfix: Postfix, recipient: str) -> tuple[str, str]:
    """Send a reader's letter that cannot arrive; the action and the status that the report of Postfix names."""
    token = row_token(SEALER, "bounce", 7, 2)
    await send(postfix, f"bounce+{token}@{HERE}", recipient, LETTER)
    await room.has(1)
    [(raw, sender, (to,))] = room.taken
    assert sender == ""
    assert read_row_token(SEALER, "bounce", to.partition("+")[2].partition("@")[0]) == (7, 2)
    report = message_from_bytes(raw)
    assert report.get_content_type() == "multipart/report"
    [status] = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    fields = status.get_payload()[1]
    assert recipient in fields["Final-Recipient"]
    return fields["Action"], fields["Status"]


async def test_a_report_of_an_unknown_reader_comes_back_to_the_readers_own_token():
    room = Room()
    async with Postfix(f"inet:{room.listen}") as postfix, room.listening():
        assert await bounced(room, postfix, f"nobody@{READERS}") == ("failed", "5.1.1")


async def test_a_report_of_a_domain_that_nobody_reaches_comes_back_too():
    room = Room()
    async with Postfix(f"inet:{room.listen}", lifetime="0") as postfix, room.listening():
        action, status = await bounced(room, postfix, f"dan@{UNREACHABLE}")
        assert (action, status[:2]) == ("failed", "4.")


async def publish(world: World) -> None:
    """Let an issue go out to Dan and to somebody who is not there."""
    article = world.site.add_article(
        "http://herald.example/a", "Teachers of Kherson refuse", "Herald", "2026-11-15", "en"
    )
    await world.readers(2)
    world.ana.send(article.url)
    world.boris.press(await world.card("Teachers of Kherson refuse"), "Occupied areas")
    await world.until(lambda: world.desk.find("✓"))
    world.jump_to(SUNDAY_HOUR)
    world.clara.press(await world.until(lambda: world.desk.find("published at")), "Publish now")


async def test_an_issue_goes_out_and_what_its_readers_programs_send_comes_back(tmp_path: Path):
    room = Room()
    async with (
        Postfix(f"inet:{room.listen}") as postfix,
        settled_world(tmp_path, smtp_url=postfix.url, mail_from=BULLETIN, lmtp_listen=room.listen) as world,
        hallway.running(world.settings, world.announced.append, room.take_for_a_bot) as app,
    ):
        world.app = app
        await publish(world)
        [issue] = await until(postfix.letters, 20)
        await room.has(1)  # the report of the reader who is not there
        _, _, (to,) = room.taken[0]
        not_there = read_row_token(app.services.sealer, "bounce", to.partition("+")[2].partition("@")[0])

        link = message_from_bytes(issue)["List-Unsubscribe"]
        found = re.search(r"<mailto:([^?]+)\?subject=leave%20(\w+)>", re.sub(r"\s", "", link))
        assert found is not None
        wish = f"From: dan@{READERS}\r\nTo: {found[1]}\r\nSubject: leave {found[2]}\r\n\r\n"
        await send(postfix, f"dan@{READERS}", found[1], wish)
        await room.has(2)
        raw, sender, recipients = room.taken[1]
        assert (sender, recipients) == (f"dan@{READERS}", (found[1],))
        token = message_from_bytes(raw)["Subject"].removeprefix("leave ")
        dan = read_row_token(app.services.sealer, "leave", token)
        assert {dan, not_there} == {(1, 0), (2, 0)}


@pytest.mark.parametrize(("language", "words"), [("en", "could not read in three attempts"), ("uk", "за три спроби")])
async def test_moderators_are_told_of_a_letter_that_the_bot_cannot_read(tmp_path: Path, language: str, words: str):
    async def take(services: Any, raw: bytes, sender: str | None, recipients: tuple[str, ...]) -> None:
        raise ValueError("we are broken")

    room = Room()
    async with (
        Postfix(f"inet:{room.listen}") as postfix,
        settled_world(tmp_path, lmtp_listen=room.listen) as world,
        hallway.running(world.settings, world.announced.append, take) as app,
    ):
        async with app.services.store.transaction() as tx:
            await bulletins.change(tx, (await bulletins.every(tx))[0].id, language=language)
        await send(postfix, ANA, BULLETIN, LETTER)
        await world.until(lambda: world.desk.find(words), 20)
        assert postfix.waiting()


async def test_a_letter_that_comes_again_because_its_answer_was_lost_is_taken_once(tmp_path: Path):
    room = Room()
    async with (
        Postfix(f"inet:{room.listen}") as postfix,
        settled_world(tmp_path, lmtp_listen=room.listen) as world,
        hallway.running(world.settings, world.announced.append, room.take_for_a_bot),
    ):
        for count in range(1, 4):
            await send(postfix, ANA, BULLETIN, LETTER)
            await until(lambda: postfix.logged().count("status=sent") == count)  # noqa: B023 - it ends within the round
    assert len(room.taken) == 1
