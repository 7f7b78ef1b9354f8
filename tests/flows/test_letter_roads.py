"""The whole way of a letter: over LMTP from a mail server, and its answers over SMTP to another."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from pathlib import Path
from zlib import crc32

import pytest

from bot import returns
from bot.returns import HARD, Named
from bot.sandbox.mailbox import Letter
from tests.cast import World, settled_world
from tests.flows.acts import article, in_ukrainian, pressed
from tests.flows.letters import ANA, column, secret_token
from tests.flows.reader import Visitor
from tests.flows.test_choosing import page_of
from tests.unit.spoofs import OURS

DAN = "dan@readers.example"


@pytest.fixture
async def reached(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot to which a mail server hands letters over."""
    more = {"lmtp_listen": f"unix:{tmp_path}/lmtp", "authserv_id": OURS}
    async with settled_world(tmp_path, **more) as around, around.running():
        yield around


async def hand_over(world: World, sender: str, to: str, body: str, *head: str) -> None:
    """Let a mail server hand a letter over, whose sender it found proven."""
    domain = sender.rpartition("@")[2].rstrip(">")
    lines = [f"Authentication-Results: {OURS}; dmarc=pass header.from={domain}", f"From: {sender}", f"To: {to}", *head]
    raw = "\r\n".join([*lines, f"Message-ID: <{len(body)}.{crc32(body.encode())}@{domain}>", "", body, ""]).encode()

    def send() -> None:
        with smtplib.LMTP(world.settings.lmtp_listen.removeprefix("unix:")) as server:
            server.sendmail(sender, [to], raw)

    await asyncio.to_thread(send)


async def mail_to(world: World, address: str, words: str) -> Letter:
    """Return a mail that came to an address with these words, once it did."""

    def found() -> Letter | None:
        return next((one for one in world.mail.letters if one.recipient == address and words in one.text), None)

    came: Letter = await world.until(found)
    return came


@pytest.mark.parametrize(("language", "words"), [("en", "Received #1: 1 link."), ("uk", "Отримано №1: 1 посилання.")])
async def test_a_contributors_letter_comes_in_and_its_answers_go_out(reached: World, language: str, words: str) -> None:
    if language == "uk":
        await in_ukrainian(reached)
    token = await secret_token(reached)
    await hand_over(reached, ANA, f"bulletin+{token}@sandbox.example", article(reached, "a"), "Subject: One")
    received = await mail_to(reached, ANA, words)
    assert received.envelope_from == ""
    assert received.message["Auto-Submitted"] == "auto-replied"
    assert received.message["Reply-To"] == f"bulletin+{token}@sandbox.example"
    await pressed(reached, reached.boris, await reached.card("Story of a"), "Analysis")
    reached.jump(minutes=2)
    assert (await mail_to(reached, ANA, "Story of a")).envelope_from == ""
    await reached.until(lambda: column(reached, "SELECT count(*) FROM postbox") == [0])


async def test_a_moderators_answer_is_a_persons_mail_and_its_bounce_is_told(reached: World) -> None:
    await hand_over(reached, DAN, "bulletin@sandbox.example", "Where do you meet?", "Subject: A question")
    card = await reached.until(lambda: reached.desk.find("Where do you meet?"))
    before = reached.desk.visible()[-1].message_id
    await pressed(reached, reached.boris, card, "Answer")
    asked = await reached.until(lambda: next((m for m in reached.desk.visible() if m.message_id > before), None))
    reached.boris.send("By the market.", reached.desk, reply_to=asked)
    answer = await mail_to(reached, DAN, "By the market.")
    assert "> Where do you meet?" in answer.text
    assert (answer.subject, answer.message["Reply-To"]) == ("Re: A question", "bulletin@sandbox.example")
    assert answer.message["Auto-Submitted"] is None
    report = "This is the mail system. <dan@readers.example>: 550 5.1.1 no such user"
    head = (
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "X-Failed-Recipients: " + DAN,
    )
    await hand_over(reached, "MAILER-DAEMON@readers.example", answer.envelope_from, report, *head)
    await reached.until(lambda: reached.desk.find("could not be delivered"))


@pytest.mark.system
async def test_a_letter_over_the_road_is_taken_away_when_its_sender_is_erased(reached: World) -> None:
    await reached.readers(1)
    await hand_over(reached, "Dan <Dan@Readers.example>", "bulletin@sandbox.example", "Where do you meet?")
    for number in range(11):
        await hand_over(reached, f"n{number}@evil.example", "bulletin@sandbox.example", f"Message {number}")
    card = await reached.until(lambda: reached.desk.find("Where do you meet?"))
    await reached.until(lambda: reached.desk.find("And 2 more letters wait: /letters"), 30)
    async with Visitor(reached) as dan:
        await dan.press(await page_of(reached, dan), "Erase everything", sure="1")
    await reached.until(lambda: "erased, as was everything" in card.text and not card.buttons)
    assert column(reached, "SELECT count(content) FROM letters") == [11]


async def test_a_probe_that_is_refused_ends_the_subscription(reached: World) -> None:
    await reached.readers(1)
    reached.mail.fault("refuse", DAN)
    async with reached.services.store.transaction() as tx:
        await returns.bounced(tx, Named(1, 0), HARD, "5.1.1", reached.clock.now())
    reached.services.bell.ring()
    await reached.until(lambda: column(reached, "SELECT state FROM subscriptions") == ["bounced"])
