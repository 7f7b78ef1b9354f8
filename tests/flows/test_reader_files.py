"""Files that an editor sends: a list of readers or of links is shown first, and takes effect only by a press."""

import pytest

from bot.sandbox.telegram import Message, Person
from store import bulletins, people
from tests.cast import World
from tests.flows.acts import (
    answer,
    article,
    failed_updates,
    files_of_the_store,
    forged,
    in_ukrainian,
    pressed,
    quiet,
    states,
    tables,
)

pytestmark = pytest.mark.system

LIST = "name;email\nDan;dan@readers.example\nOne;one@readers.example\nno address;nobody\nTwo;two@readers.example\n;\n"


async def asked(newsroom: World, who: Person, name: str, content: bytes, caption: str, said: str) -> Message:
    """Let somebody send a file, and return the question about it."""
    sent = who.send_document(name, content, caption)
    return await newsroom.until(
        lambda: next((m for m in who.private.visible() if m.message_id > sent.message_id and said in m.words), None)
    )


def readers(newsroom: World) -> int:
    return len(tables(newsroom)["subscriptions"])


async def test_a_list_of_readers_is_looked_at_then_imported_with_its_consent(newsroom: World) -> None:
    await newsroom.readers(1)
    clara = newsroom.clara
    question = await asked(newsroom, clara, "list.csv", LIST.encode(), "", "2 new readers in this file.")
    assert question.text.splitlines() == [
        "2 new readers in this file.",
        "Read as a table, in UTF-8.",
        "The first line names the columns; semicolons stand between them.",
        "Addresses: “email”.",
        "1 is a reader already.",
        "1 line is left out: 4.",
        "Nothing has happened yet.",
    ]
    assert question.labels == ["Import", "Cancel"]
    assert readers(newsroom) == 1
    assert b"one@readers" not in files_of_the_store(newsroom)
    await pressed(newsroom, clara, question, "Import")
    consent = await newsroom.until(lambda: clara.private.find("When and how did these people agree"))
    assert consent.force_reply
    for words, said in (("…", "There are no words in your reply."), ("м" * 201, "at most 200 fit.")):
        count = len(clara.private.texts) + 1
        clara.send(words, reply_to=consent)
        assert said in await answer(newsroom, clara, count)
    assert readers(newsroom) == 1
    clara.send("paper list, May 2026", reply_to=consent)
    await newsroom.until(lambda: clara.private.find("Imported: 2 new readers."))
    assert readers(newsroom) == 3
    assert "paper list, May 2026" in str(tables(newsroom)["subscriptions"][1:])
    assert tables(newsroom)["files"] == []
    assert b"one@readers" not in files_of_the_store(newsroom)
    late = await pressed(newsroom, clara, question, "Import")
    assert late.answer_text.startswith("This file was answered for already")
    again = await asked(newsroom, clara, "list.csv", LIST.encode("utf-16"), "the same", "0 new readers in this file.")
    assert "Import" not in again.labels
    await pressed(newsroom, clara, again, "Cancel")
    await newsroom.until(lambda: again.text.startswith("Nothing of this file was taken in"))
    assert tables(newsroom)["files"] == []
    assert failed_updates(newsroom) == 0


async def test_with_words_beside_it_one_press_imports_and_who_left_stays_away(newsroom: World) -> None:
    await newsroom.readers(2)
    async with newsroom.services.store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET state = 'left' WHERE id = 2")
    content = b"dan@readers.example\nreader1@readers.example\nnew@readers.example\n"
    question = await asked(newsroom, newsroom.clara, "list.csv", content, "paper list, May", "1 new reader in this")
    assert "1 has left or must not be written to, and stays so." in question.text
    assert "When and how they agreed: “paper list, May”." in question.text
    press = await forged(newsroom, newsroom.olena, await _any(newsroom, newsroom.olena), "v1:file-in:1:0")
    assert press.answer_text.startswith("This file was answered for already")
    press = await forged(newsroom, newsroom.ana, await _any(newsroom, newsroom.ana), "v1:file-in:1:0")
    assert "you need the role of editor" in press.answer_text
    assert readers(newsroom) == 2
    await pressed(newsroom, newsroom.clara, question, "Import")
    await newsroom.until(lambda: newsroom.clara.private.find("Imported: 1 new reader."))
    assert sorted(row[3] for row in tables(newsroom)["subscriptions"]) == ["active", "active", "left"]


async def _any(newsroom: World, who: Person) -> Message:
    return await newsroom.until(lambda: next(m for m in who.private.visible() if m.is_from(newsroom.tg.bot)))


async def test_what_is_no_list_of_readers_gets_a_sentence(newsroom: World) -> None:
    for content in (b"\n", b"\x00\x01\x02\xff" * 40, b"name,town\nDan,Lviv\n", b'"' + b"a" * 200_000):
        count = len(newsroom.clara.private.texts)
        newsroom.clara.send_document("list.csv", content)
        said = await answer(newsroom, newsroom.clara, count)
        assert said.startswith(("There is no e-mail address in this table", "This file is damaged"))
    await quiet(newsroom)
    assert tables(newsroom)["files"] == []
    assert readers(newsroom) == 0


async def test_who_is_no_editor_any_more_imports_nothing(newsroom: World) -> None:
    question = await asked(newsroom, newsroom.clara, "list.csv", LIST.encode(), "May", "3 new readers in this file.")
    async with newsroom.services.store.transaction() as tx:
        clara = next(one for one in await people.every(tx) if str(one.role) == "editor")
        await people.change(tx, clara.id, role="moderator")
    press = await pressed(newsroom, newsroom.clara, question, "Import")
    assert "you need the role of editor" in press.answer_text
    assert readers(newsroom) == 0
    count = len(newsroom.boris.private.texts)
    newsroom.boris.send_document("list.csv", LIST.encode())
    assert "new readers" not in await answer(newsroom, newsroom.boris, count)


async def test_links_of_an_editors_file_are_handed_in_only_by_a_press(newsroom: World) -> None:
    links = [article(newsroom, name) for name in "ab"]
    text = "Analysis and comment\n\n" + "\n".join(
        f"Title of {n} (Herald, November 5th) {url}" for n, url in enumerate(links)
    )
    question = await asked(newsroom, newsroom.clara, "links.txt", text.encode(), "", "2 links in this file.")
    assert "Nothing has happened yet." in question.text
    assert question.labels == ["Hand in as links", "Cancel"]
    assert states(newsroom) == []
    await pressed(newsroom, newsroom.clara, question, "Hand in as links")
    await newsroom.until(lambda: states(newsroom) == ["pending", "pending"])
    await newsroom.until(lambda: question.text.startswith("Handed in"))
    assert tables(newsroom)["files"] == []
    other = await asked(
        newsroom, newsroom.clara, "links.md", f"[C]({article(newsroom, 'c')})".encode(), "", "1 link in"
    )
    await pressed(newsroom, newsroom.clara, other, "Cancel")
    await newsroom.until(lambda: other.text.startswith("Nothing of this file was taken in"))
    newsroom.boris.send_document("links.txt", article(newsroom, "d").encode())
    await newsroom.until(lambda: len(states(newsroom)) == 3)
    async with newsroom.services.store.reading() as tx:
        assert len(await bulletins.every(tx)) == 1


async def test_in_ukrainian_readers_are_counted_and_imported(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    question = await asked(newsroom, newsroom.clara, "читачі.csv", LIST.encode(), "травень", "У файлі 3 нові читачі.")
    assert "1 рядок пропущено: 4." in question.text
    await pressed(newsroom, newsroom.clara, question, "Імпортувати")
    await newsroom.until(lambda: newsroom.clara.private.find("Імпортовано: 3 нові читачі."))


CHIMP = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LEID\n"


async def test_lines_left_out_come_back_as_a_file_with_their_reasons_and_nothing_else(newsroom: World) -> None:
    clara = newsroom.clara
    question = await asked(newsroom, clara, "list.csv", LIST.encode("utf-16"), "May", "3 new readers in this file.")
    assert "Read as a table, in UTF-16." in question.text
    report = await newsroom.until(lambda: next((m for m in clara.private.visible() if _is_report(m)), None))
    assert report.caption == "1 line was left out; this file says which, and why."
    lines = report.document.content.decode("utf-8-sig").splitlines()
    assert lines == ["line,reason", "4,no e-mail address stands there"]


def _is_report(message: Message) -> bool:
    return message.document is not None and message.document.filename == "left-out.csv"


async def test_a_text_of_addresses_is_a_list_of_readers_and_a_text_of_links_is_not(newsroom: World) -> None:
    clara = newsroom.clara
    content = b"Dan <DAN@readers.example>\none@readers.example\ndan@readers.example\n"
    question = await asked(newsroom, clara, "list.txt", content, "May", "2 new readers in this file.")
    assert "Read as a text with an address a line, in UTF-8.\n1 stands there more than once." in question.text
    await pressed(newsroom, clara, question, "Import")
    await newsroom.until(lambda: clara.private.find("Imported: 2 new readers."))
    links = f"{article(newsroom, 'a')}\nwrite to dan@readers.example\n{article(newsroom, 'b')}".encode()
    await asked(newsroom, clara, "links.txt", links, "", "2 links in this file.")


async def test_an_export_of_mailchimp_brings_the_subscribed_with_their_day_and_never_the_others(
    newsroom: World,
) -> None:
    clara = newsroom.clara
    content = (CHIMP + "dan@readers.example,Dan,2,2019-05-07 10:00:00,1\n").encode()
    left = await asked(newsroom, clara, "unsubscribed_members_export.csv", content, "May", "0 new readers")
    assert "Nobody of it can be imported" in left.text
    assert left.labels == ["Cancel"]
    question = await asked(newsroom, clara, "subscribed_members_export.csv", content, "May", "1 new reader in")
    assert "Day of consent: “OPTIN_TIME”." in question.text
    await pressed(newsroom, clara, question, "Import")
    await newsroom.until(lambda: clara.private.find("Imported: 1 new reader."))
    assert "May (2019-05-07)" in str(tables(newsroom)["subscriptions"])


async def test_a_list_of_several_megabytes_is_looked_at_and_taken_in(newsroom: World) -> None:
    lines = "".join(f"Reader {n};{'x' * 1200};r{n}@readers.example\n" for n in range(5000))
    assert len(lines) > 6_000_000
    question = await asked(newsroom, newsroom.clara, "list.csv", lines.encode(), "May", "5000 new readers in this")
    await pressed(newsroom, newsroom.clara, question, "Import")
    await newsroom.until(lambda: newsroom.clara.private.find("Imported: 5000 new readers."), 30)
    assert readers(newsroom) == 5000
