"""Bad input and bad days: each gets a sentence in plain words, nothing is lost, nothing stops."""

from pathlib import Path

import httpx
import pytest

from bot.sandbox.telegram import Message
from tests.cast import World, settled_world, world
from tests.flows.acts import answer, approved, article, at_desk, failed_updates, quiet, sent, states

pytestmark = pytest.mark.system

SAID_OF = {
    "not-found": "The page could not be read: the site says that it does not exist.",
    "bot-wall": "The page could not be read: in its place the site asks visitors to prove that they are human.",
    "server-error": "The page could not be read: the site has a fault at the moment.",
    "pdf": "This is a PDF: its title and date are not read from it.",
    "plain-text": "This is not a web page but another kind of file: title and date cannot be read from it.",
    "empty": "The page was read, but no title was found in it.",
    "no-title": "The page was read, but no title was found in it.",
    "redirect-private": "The page was not read: its address belongs to a private network, not to the public internet.",
    "redirect-loop": "The page could not be read: the address leads on too often, or to somewhere that is not safe.",
}
PRIVATE = ("http://127.0.0.1/", "http://10.0.0.1/", "http://[::1]/admin", "http://localhost/x", "http://0x7f000001/")


async def test_a_message_without_a_link_is_told_so(newsroom: World) -> None:
    for text in ("hello", "see you at example", "🦊" * 4096):
        newsroom.ana.send(text)
        words = await answer(newsroom, newsroom.ana, len(newsroom.ana.private.texts))
        assert words.startswith("There is no link in this message, so nothing was stored.")
    assert states(newsroom) == []


async def test_what_can_be_taken_of_a_message_is_taken(newsroom: World) -> None:
    url = article(newsroom, "a")
    newsroom.ana.send("🦊" * (4095 - len(url)) + " " + url)
    card = await newsroom.card("Story of a")
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1."))
    assert len(card.text) < 1000
    newsroom.ana.send("http://ana:secret@herald.example/a")
    await newsroom.until(lambda: newsroom.ana.private.find("carries a name or password"))
    newsroom.ana.send(f"{article(newsroom, 'b')} http://ana:secret@herald.example/b")
    await newsroom.until(lambda: newsroom.ana.private.find("This link of your message was not stored:"))
    await newsroom.until(lambda: newsroom.ana.private.find("Received #2. Thank you."))
    newsroom.ana.send(f"{article(newsroom, 'c')} and {article(newsroom, 'c')}?utm_medium=social")
    await newsroom.until(lambda: newsroom.ana.private.find("Received #3. Thank you."))
    newsroom.ana.send(newsroom.site.traps["big"])
    await newsroom.card("Everything we ever printed")
    await newsroom.until(lambda: states(newsroom) == ["pending"] * 4)


async def test_a_page_that_cannot_be_read_is_kept_and_explained(newsroom: World) -> None:
    for number, (name, sentence) in enumerate(SAID_OF.items(), 1):
        newsroom.ana.send(newsroom.site.traps[name])
        card = await newsroom.card(newsroom.site.traps[name])
        assert f"⚠ {sentence}" in card.text.splitlines()
        told = await newsroom.until(lambda number=number: _with(newsroom, f"Received #{number}.", "all the same"))
        assert f"  {sentence} The moderators have the link all the same." in told.text.splitlines()
    assert states(newsroom) == ["pending"] * len(SAID_OF)


def _with(newsroom: World, beginning: str, end: str) -> Message | None:
    return next((m for m in newsroom.ana.private.visible() if m.words.startswith(beginning) and end in m.words), None)


async def test_no_private_address_is_ever_asked(newsroom: World) -> None:
    for number, address in enumerate(PRIVATE, 1):
        newsroom.ana.send(address)
        told = await newsroom.until(
            lambda number=number: _with(newsroom, f"Received #{number}.", "private network") or _refused(newsroom)
        )
        assert told
    await quiet(newsroom)
    hosts = {asked.url.split("/")[2] for asked in newsroom.site.requests}
    assert not [host for host in hosts if not host.endswith(".example")]
    assert set(states(newsroom)) == {"pending"}


def _refused(newsroom: World) -> Message | None:
    return newsroom.ana.private.find("not a valid one") or newsroom.ana.private.find("does not look like")


async def test_fifty_links_at_once_are_all_kept_and_told(tmp_path: Path) -> None:
    async with settled_world(tmp_path, speed=240) as around, around.running():
        links = [article(around, f"n{number}", f"Fifty and one more story, number {number}") for number in range(50)]
        around.ana.send("\n".join(links))
        told = await around.until(lambda: around.ana.private.find("Received #1: 50 links."))
        await around.until(lambda: states(around) == ["pending"] * 50, 30)
        await around.until(lambda: "number 9" in told.text and "… and 40 more." in told.text)
        listed = await at_desk(around, around.boris, "/queue", "50 links wait for a decision.")
        assert "8. Fifty and one more story" in listed.text
        assert "›" in listed.labels


async def test_without_a_mail_server_everything_else_works_and_letters_wait(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        await around.mail.stop()
        async with around.running():
            await around.readers(3)
            await approved(around, "a")
            await at_desk(around, around.clara, "/publish", "It is being published now.")
            await around.until(lambda: around.channels[0].find("Story of a"))
            told = await around.until(lambda: around.desk.find("The mail server takes no letters at the moment"))
            assert "No reader is lost: I try again by myself." in told.text
            await sent(around, "b")
            await around.mail.start()
            around.jump(hours=1)
            await around.until(lambda: around.desk.find("Readers by mail: 3 sent"), 20)
            assert len(around.mail.letters) == 3


async def test_without_telegram_the_web_works_and_the_bot_greets_it_when_it_is_back(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        await around.tg.go_down()
        async with around.running():
            async with httpx.AsyncClient(trust_env=False) as client:
                health = await client.get(f"http://127.0.0.1:{around.app.web_port}/health")
            assert health.status_code == 200
            assert around.announced == []
            await around.tg.come_back()
            await around.settle_in()
            await approved(around, "a")


async def test_what_is_said_while_telegram_is_away_is_said_when_it_is_back(newsroom: World) -> None:
    await sent(newsroom, "a")
    await newsroom.tg.go_down()
    newsroom.boris.press(await newsroom.card("Story of a"), "Ukraine")
    newsroom.ana.send(article(newsroom, "b"))
    newsroom.jump(minutes=5)
    await newsroom.tg.come_back()
    await newsroom.until(lambda: newsroom.ana.private.find("Received #2."), 30)
    await newsroom.until(lambda: newsroom.ana.private.find("is approved for the bulletin"), 30)
    assert failed_updates(newsroom) == 0
