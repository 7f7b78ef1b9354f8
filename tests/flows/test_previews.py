"""Previews: the mail as readers would get it, to the one person who asks, whose address nobody else sees."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP
from pathlib import Path

import httpx
import pytest

from bot.previews import NOBODY
from bot.sandbox.telegram import Message, Person
from store import people
from store.records import Gate
from tests.cast import World, settled_world
from tests.flows.acts import at_desk, pressed, quiet, tables
from tests.flows.boards import stories
from tests.flows.release import gated, kept

pytestmark = pytest.mark.system

MINE = "clara@desk.example"
OTHER = "clara.home@desk.example"


async def previewed(newsroom: World, by: Person, said: str, words: str = "/preview") -> Message:
    """Let somebody ask for a preview in private, and return the message that says so."""
    by.send(words)
    return await newsroom.until(lambda: by.private.find(said))


async def test_an_editor_is_asked_once_for_an_address_and_gets_the_mail_there(newsroom: World) -> None:
    await gated(newsroom, Gate.COUNTDOWN, "ab", "uk")
    question = await previewed(newsroom, newsroom.clara, "Куди надсилати лист для перегляду?")
    assert question.force_reply
    newsroom.clara.send(f"{MINE.upper()} ", reply_to=question)
    said = await newsroom.until(lambda: newsroom.clara.private.find("Лист для перегляду надіслано на"))
    assert MINE in said.text
    subject = make_header(decode_header(message_from_bytes(newsroom.mail.mailbox(MINE)[0].raw)["Subject"]))
    assert str(subject).startswith("Попередній перегляд: News from Ukraine Bulletin 1")
    newsroom.clara.send("/preview")
    await newsroom.until(lambda: len(newsroom.mail.mailbox(MINE)) == 2)
    assert MINE.encode() not in kept(newsroom)


async def test_the_mail_is_the_readers_own_but_for_its_subject_and_leaves_nobody(newsroom: World) -> None:
    await newsroom.readers(1)
    await gated(newsroom, Gate.COUNTDOWN)
    newsroom.mail.fault("refuse")
    await previewed(newsroom, newsroom.clara, "The mail server did not take the preview", f"/preview {MINE}")
    newsroom.mail.recover()
    await previewed(newsroom, newsroom.clara, f"on its way to {MINE}")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.mail.until(lambda: "dan@readers.example" in newsroom.mail.received, 10)
    shown, real = (newsroom.mail.mailbox(to)[0].raw for to in (MINE, "dan@readers.example"))
    assert _alike(shown).keys() == _alike(real).keys()
    differing = {name for name, value in _alike(real).items() if _alike(shown)[name] != value}
    assert differing == {"Subject", "To", "Message-ID", "Date", "List-Unsubscribe"}
    bodies = [message_from_bytes(raw, policy=SMTP).get_body(("plain",)).get_content() for raw in (shown, real)]
    words = [re.sub(r"/choices/\S+", "/choices/…", body).partition("/leave/")[0] for body in bodies]
    assert words[0] == words[1]
    assert NOBODY in bodies[0]
    before = tables(newsroom)["subscriptions"]
    port = newsroom.app.web_port
    assert await posted(port, f"/leave/{NOBODY}") in (200, 400, 404)
    assert tables(newsroom)["subscriptions"] == before


def _alike(raw: bytes) -> dict[str, str]:
    return dict(message_from_bytes(raw).items())


async def posted(port: int, path: str) -> int:
    """Press the leave button of a letter."""
    async with httpx.AsyncClient(trust_env=False) as client:
        body = {"List-Unsubscribe": "One-Click"}
        return (await client.post(f"http://127.0.0.1:{port}{path}", data=body)).status_code


async def test_at_the_desk_the_mail_is_a_button_and_no_address_is_seen(newsroom: World) -> None:
    await gated(newsroom, Gate.COUNTDOWN)
    await at_desk(newsroom, newsroom.clara, f"/preview {OTHER}", "Tell the bot your address in private")
    newsroom.boris.send(f"/preview {OTHER}")
    await newsroom.until(lambda: newsroom.boris.private.find("you need the role of editor"))
    offer = await at_desk(newsroom, newsroom.boris, "/preview", "The issue as PDF")
    await quiet(newsroom)
    assert offer.document is not None
    assert newsroom.desk.find("Editors can have the mail") is None
    offer = await at_desk(newsroom, newsroom.clara, "/preview", "Editors can have the mail as well")
    assert offer.labels == ["Mail it to me"]
    refused = await pressed(newsroom, newsroom.boris, offer, "Mail it to me")
    assert "you need the role of editor" in refused.answer_text
    press = await pressed(newsroom, newsroom.clara, offer, "Mail it to me")
    assert press.answer_text.startswith("Look into your private chat")
    question = await newsroom.until(lambda: newsroom.clara.private.find("Where should the mail"))
    newsroom.clara.send(MINE, reply_to=question)
    await newsroom.until(lambda: newsroom.clara.private.find(f"on its way to {MINE}"))
    press = await pressed(newsroom, newsroom.clara, offer, "Mail it to me")
    assert press.answer_text.startswith("The mail is on its way to your address")
    await newsroom.until(lambda: len(newsroom.mail.mailbox(MINE)) == 2)
    mine = [message.words for message in newsroom.desk.visible() if "@desk.example" in message.words]
    assert mine == [f"/preview {OTHER}"]


async def test_what_is_no_address_is_asked_again_and_another_replaces_it(newsroom: World) -> None:
    await gated(newsroom, Gate.COUNTDOWN)
    question = await previewed(newsroom, newsroom.clara, "Where should the mail")
    for wrong in ("clara at desk", "https://desk.example/clara", "clara@desk.example\nBcc: eve@desk.example", "ä@b.de"):
        newsroom.clara.send(wrong, reply_to=question)
        question = await asked_after(newsroom, newsroom.clara, question.message_id)
        assert "is no mail address" in question.text
    newsroom.clara.send(MINE, reply_to=question)
    said = await newsroom.until(lambda: newsroom.clara.private.find(f"on its way to {MINE}"))
    assert said.labels == ["Other address", "Forget it"]
    await pressed(newsroom, newsroom.clara, said, "Other address")
    question = await newsroom.until(lambda: newsroom.clara.private.find(f"Now it is: {MINE}"))
    newsroom.clara.send(OTHER, reply_to=question)
    await newsroom.until(lambda: newsroom.mail.mailbox(OTHER))
    assert len(newsroom.mail.mailbox(MINE)) == 1
    gone = await pressed(newsroom, newsroom.clara, said, "Forget it")
    assert gone.answer_text == "Your address is forgotten."
    async with newsroom.services.store.reading() as tx:
        clara = next(person for person in await people.every(tx) if person.role == "editor")
        assert await people.mail_address(tx, clara.id) is None


async def asked_after(newsroom: World, person: Person, message_id: int) -> Message:
    """Return the question that comes after a message."""

    def question() -> Message | None:
        last = person.private.last()
        return last if last.force_reply and last.message_id > message_id else None

    return await newsroom.until(question)


async def test_without_mail_the_settings_that_are_missing_are_named(tmp_path: Path) -> None:
    async with settled_world(tmp_path, smtp_url=None, public_url="") as around, around.running():
        await stories(around, ["a"])
        said = await previewed(around, around.clara, "There is no mail yet")
        assert "BULLETIN_SMTP_URL, BULLETIN_PUBLIC_URL" in said.text
        said = await at_desk(around, around.clara, "/preview", "There is no mail yet")
        assert not said.labels
