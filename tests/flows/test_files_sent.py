"""Files of links sent to the bot: fetched, read and answered like a message; others get a clear sentence."""

import pytest

from bot.sandbox.telegram import Person
from tests.cast import World
from tests.flows.acts import article, quiet, states, tables
from tests.flows.looks import items_of, stored
from tests.flows.test_reading_messages import ukrainian
from tests.unit.test_file_text import HEADING, linked, run, word_file

pytestmark = pytest.mark.system

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
    oksana = await ukrainian(newsroom)
    await files_of_every_kind_are_read(newsroom, oksana)
    assert tables(newsroom)["files"] == []
    await each_file_that_cannot_be_read_gets_a_sentence(newsroom, oksana)
    await a_file_that_telegram_does_not_hand_over_is_asked_for_again(newsroom, oksana)


HTML = """<html><head><meta charset="{charset}"><title>{heading}</title></head><body><h2>{heading}</h2>
<p><a href="{url}">{title}</a> ({source}, {day})</p></body></html>"""
MARKDOWN = "## {heading}\n\n* **[{title}]({url})** ({source}, {day})\n"
TEXT = "{heading}\n{title} ({source}, {day}) {url}\n"
IN_ENGLISH = {"heading": "Analysis", "source": "Zmina", "day": "November 5th"}
IN_UKRAINIAN = {"heading": "Аналітика і коментарі", "source": "Спільне", "day": "5 листопада"}


async def files_of_every_kind_are_read(newsroom: World, oksana: Person) -> None:
    told = "Asked for: Analysis and comment"
    filled = {"charset": "utf-8", "title": "A bridge", "url": article(newsroom, "bridge")} | IN_ENGLISH
    newsroom.ana.send_document("links.html", HTML.format(**filled).encode())
    newsroom.ana.send_document("links.md", MARKDOWN.format(**filled | {"title": "A well"}).encode())
    words = {"links.html": (HTML, "cp1251"), "links.md": (MARKDOWN, "utf-8"), "links.txt": (TEXT, "cp1251")}
    for name, (form, charset) in words.items():
        given = {"charset": charset, "title": f"Міст із {name[6:]}", "url": article(newsroom, name)}
        oksana.send_document(name, form.format(**given | IN_UKRAINIAN).encode(charset), "як домовилися")
    line = linked("Міст із docx", "r0") + run(" (Спільне, 5 листопада)")
    content = word_file(HEADING + run("Аналітика і коментарі"), line, targets=(article(newsroom, "docx"),))
    oksana.send_document("links.docx", content, "як домовилися")
    for title in ("A bridge", "A well"):
        card = await newsroom.card(title)
        assert card.text.splitlines()[1].startswith("Zmina, November 5th")
        assert told in card.text
    for kind in ("html", "md", "txt", "docx"):
        card = await newsroom.card(f"Міст із {kind}")
        assert card.text.splitlines()[1].startswith("Спільне, November 5th")
        assert told in card.text
        assert "“як домовилися”" in card.text
    await newsroom.until(lambda: oksana.private.find("Отримано №1") and states(newsroom).count("pending") == 8)


REFUSED = {
    "links.pdf": ("This kind of file cannot be read here.", "Файли такого виду тут не читаються."),
    "links.docx": ("This file is damaged", "Цей файл пошкоджений"),
    "links.txt": ("This file is larger than 5 MB.", "Цей файл більший за 5 МБ."),
    "links.md": ("There is no link and no line such as", "У цьому файлі немає ні посилань, ні рядків на зразок"),
    "many.txt": ("There are more than 300 lines with links", "У цьому файлі понад 300 рядків із посиланнями."),
}


async def each_file_that_cannot_be_read_gets_a_sentence(newsroom: World, oksana: Person) -> None:
    before = states(newsroom)
    many = "".join(f"http://herald.example/{n}\n" for n in range(301)).encode()
    contents = {"links.txt": LARGE, "links.md": b"only words", "many.txt": many}
    for person, place in ((newsroom.ana, 0), (oksana, 1)):
        for name, sentences in REFUSED.items():
            person.send_document(name, contents.get(name, b"no archive"))
            await newsroom.until(lambda person=person, said=sentences[place]: person.private.find(said))
    newsroom.eve.send_document("links.txt", b"http://herald.example/eve")
    await newsroom.until(lambda: newsroom.eve.private.find("ask somebody of the group for an invitation"))
    await quiet(newsroom)
    assert states(newsroom) == before
    assert stored(newsroom, "SELECT count(*) FROM files") == [(0,)]


async def a_file_that_telegram_does_not_hand_over_is_asked_for_again(newsroom: World, oksana: Person) -> None:
    newsroom.tg.fault("5xx", method="getFile", times=2)
    newsroom.ana.send_document("late.txt", article(newsroom, "late").encode())
    newsroom.jump(seconds=30)
    await newsroom.card("Story of late")
    newsroom.tg.fault("5xx", method="getFile", times=None)
    for person in (newsroom.ana, oksana):
        person.send_document("never.txt", article(newsroom, "never").encode())
    await newsroom.until(lambda: newsroom.ana.private.find("Telegram did not hand this file over"), 20)
    await newsroom.until(lambda: oksana.private.find("Telegram не передав цього файлу"), 20)
    newsroom.tg.clear_faults()
    assert stored(newsroom, "SELECT count(*) FROM files") == [(0,)]
