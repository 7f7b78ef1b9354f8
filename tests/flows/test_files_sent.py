"""Files of links sent to the bot: fetched, read and answered like a message; others get a clear sentence."""

from tests.cast import World
from tests.flows.acts import article, quiet, states, tables
from tests.flows.looks import items_of, stored
from tests.flows.test_reading_messages import ukrainian
from tests.unit.test_file_text import HEADING, linked, run, word_file

LARGE = b"a" * 5_000_001


async def test_a_file_of_links_is_read_like_a_message(newsroom: World) -> None:
    first, second = article(newsroom, "first"), article(newsroom, "second")
    content = word_file(
        HEADING + run("Analysis"),
        linked("Bread is dear", "r0") + run(" (Zmina, November 5th)"),
        run("Without a link (Meduza, November 4th)"),
        targets=(first,),
    )
    newsroom.ana.send_document("links.docx", content, "As agreed on Monday")
    card = await newsroom.card("Bread is dear")
    assert card.text.splitlines()[1].startswith("Zmina, November 5th")
    assert "Asked for: Analysis and comment" in card.text
    assert "“As agreed on Monday”" in card.text
    await newsroom.until(lambda: newsroom.ana.private.find("Received #1: 2 links."))
    assert [url for _, url in items_of(newsroom)] == [first, None]
    newsroom.ana.send_document("plain.txt", f"nothing but this: {second}".encode("utf-16"))
    await newsroom.card("Story of second")
    assert tables(newsroom)["files"] == []
    await each_file_that_cannot_be_read_gets_a_sentence(newsroom)
    await a_file_that_telegram_does_not_hand_over_is_asked_for_again(newsroom)


async def each_file_that_cannot_be_read_gets_a_sentence(newsroom: World) -> None:
    before = states(newsroom)
    oksana = await ukrainian(newsroom)
    newsroom.ana.send_document("links.pdf", b"%PDF", "the links of this week")
    await newsroom.until(lambda: newsroom.ana.private.find("This kind of file cannot be read here."))
    newsroom.ana.send_document("links.docx", b"no archive")
    await newsroom.until(lambda: newsroom.ana.private.find("This file is damaged"))
    newsroom.ana.send_document("links.txt", LARGE)
    await newsroom.until(lambda: newsroom.ana.private.find("This file is larger than 5 MB."))
    newsroom.ana.send_document("links.md", b"only words")
    await newsroom.until(lambda: newsroom.ana.private.find("There is no link and no line such as"))
    newsroom.ana.send_document("many.txt", "".join(f"http://herald.example/{n}\n" for n in range(301)).encode())
    await newsroom.until(lambda: newsroom.ana.private.find("There are more than 300 lines with links"))
    oksana.send_document("links.docx", b"no archive")
    await newsroom.until(lambda: oksana.private.find("Цей файл пошкоджений"))
    newsroom.eve.send_document("links.txt", b"http://herald.example/eve")
    await newsroom.until(lambda: newsroom.eve.private.find("ask somebody of the group for an invitation"))
    await quiet(newsroom)
    assert states(newsroom) == before
    assert stored(newsroom, "SELECT count(*) FROM files") == [(0,)]


async def a_file_that_telegram_does_not_hand_over_is_asked_for_again(newsroom: World) -> None:
    newsroom.tg.fault("5xx", method="getFile", times=2)
    newsroom.ana.send_document("late.txt", article(newsroom, "late").encode())
    newsroom.jump(seconds=30)
    await newsroom.card("Story of late")
    newsroom.tg.fault("5xx", method="getFile", times=None)
    newsroom.ana.send_document("never.txt", article(newsroom, "never").encode())
    await newsroom.until(lambda: newsroom.ana.private.find("Telegram did not hand this file over"), 20)
    newsroom.tg.clear_faults()
    assert stored(newsroom, "SELECT count(*) FROM files") == [(0,)]
