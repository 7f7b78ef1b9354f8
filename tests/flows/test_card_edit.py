"""Editing a card: one field at a time, for ten minutes by one person, and what is written is looked at first."""

import re
import sqlite3

from bot.sandbox.telegram import Message, Person, Press
from store import people
from tests.cast import World
from tests.flows.acts import (
    approved,
    asked_for,
    failed_updates,
    forged,
    pressed,
    quiet,
    sent,
    states,
)

FIELDS = {
    "Title": "The title is now",
    "Source": "The source of",
    "Date": "The date of",
    "Authors": "The authors of",
}
BAD = {
    "Title": ("http://herald.example/b", "There is a link in the place of the title"),
    "Source": ("https://herald.example", "There is a link in the place of the source"),
    "Date": ("31 February", "“31 February” is no date that I can read"),
    "Authors": ("; ;", "There are no names in your reply"),
}
NOTHING = "\u200b \u2060"


def name_of(newsroom: World, who: Person) -> str:
    welcome = who.private.find("known only as") or who.private.find("лише як")
    return re.search(r"(?:only as|лише як) ([\w ]+)\.", welcome.text)[1]


def rows(newsroom: World, query: str) -> list[tuple]:
    with sqlite3.connect(f"file:{newsroom.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()


async def said_after(newsroom: World, message: Message) -> str:
    """Return what the bot says at the desk next after a message."""

    def fresh() -> Message | None:
        later = (m for m in newsroom.desk.visible() if m.message_id > message.message_id)
        return next((m for m in later if m.is_from(newsroom.tg.bot) and not m.buttons), None)

    return (await newsroom.until(fresh)).text


async def replied(newsroom: World, question: Message, words: str) -> str:
    """Let Boris reply to a question, and return what the bot says to it."""
    return await said_after(newsroom, newsroom.boris.send(words, newsroom.desk, reply_to=question))


async def pressed_in_menu(newsroom: World, who: Person, card: Message, label: str) -> Press:
    await newsroom.until(lambda: label in card.labels)
    return await pressed(newsroom, who, card, label)


async def chosen_by_buttons(newsroom: World, card: Message) -> None:
    """Choose a language and a section by buttons, and type a language that has none."""
    await pressed_in_menu(newsroom, newsroom.boris, card, "Language")
    await newsroom.until(lambda: "Ukrainian" in card.labels)
    seen = card.buttons
    await pressed(newsroom, newsroom.boris, card, "Ukrainian")
    await newsroom.until(lambda: "\nUkrainian · " in card.text)
    stale = newsroom.boris.press(card, "French", buttons=seen)
    await newsroom.until(lambda: stale.answered)
    assert "The card has changed meanwhile" in stale.answer_text
    await pressed_in_menu(newsroom, newsroom.boris, card, "Language")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Other…")
    question = await newsroom.until(lambda: newsroom.desk.find("The language of"))
    assert "is now: Ukrainian" in question.text
    assert await replied(newsroom, question, "грузинська") == "Language: Georgian"
    assert "“Klingonish” is no language that I know" in await replied(newsroom, question, "Klingonish")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Section")
    press = await pressed_in_menu(newsroom, newsroom.boris, card, "Solidarity")
    assert press.answer_text == "Saved."
    await newsroom.until(lambda: "Asked for: International solidarity" in card.text)
    await pressed_in_menu(newsroom, newsroom.boris, card, "✓ Done")
    await newsroom.until(lambda: card.labels[0] == "Solidarity")
    assert "is editing" not in card.text
    told = '["title", "source", "date", "authors", "language", "section"]'
    found = rows(newsroom, "SELECT told, language, wanted_section_id, claimed_by FROM items")
    assert found == [(told, "ka", 5, None)]


async def test_each_field_is_asked_with_its_old_value_and_no_page_overrules_it(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    await pressed(newsroom, newsroom.boris, card, "✎ Edit")
    await newsroom.until(lambda: "✓ Done" in card.labels)
    assert re.search(rf"\n✎ {name_of(newsroom, newsroom.boris)} is editing this until \d\d:\d\d$", card.text)
    assert [[button.label for button in row] for row in card.buttons] == [
        ["Title", "Source"],
        ["Date", "Authors"],
        ["Language", "Section"],
        ["Add a link", "Translation of…"],
        ["Whole line", "✓ Done"],
    ]
    asked = {}
    for field, said in FIELDS.items():
        await pressed(newsroom, newsroom.boris, card, field)
        asked[field] = await newsroom.until(lambda said=said: newsroom.desk.find(said))
        assert asked[field].force_reply
    assert "Story of a" in asked["Title"].text
    assert "is now: Herald" in asked["Source"].text
    assert "is now: November 15th, 2026" in asked["Date"].text
    assert "are now: none" in asked["Authors"].text
    before = rows(newsroom, "SELECT revision, title, authors FROM items")
    for field, (words, refusal) in BAD.items():
        assert refusal in await replied(newsroom, asked[field], words)
    assert "There are no words in your reply" in await replied(newsroom, asked["Title"], NOTHING)
    assert rows(newsroom, "SELECT revision, title, authors FROM items") == before
    assert await replied(newsroom, asked["Title"], "A better title") == "Title: A better title"
    assert await replied(newsroom, asked["Source"], "Steppe Post") == "Source: Steppe Post"
    assert await replied(newsroom, asked["Date"], "14 November") == "Date: November 14th, 2026"
    assert await replied(newsroom, asked["Authors"], "Olena Tymkiv; Ivan Koval") == "Authors: Olena Tymkiv; Ivan Koval"
    await newsroom.until(lambda: "Olena Tymkiv, Ivan Koval" in card.text)
    assert card.text.startswith("A better title\nSteppe Post, November 14th · herald.example")
    await chosen_by_buttons(newsroom, card)


async def test_one_person_edits_for_ten_minutes_and_nobody_decides_meanwhile(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    seen = card.buttons
    question = await asked_for(newsroom, newsroom.boris, card, "Title", "The title is now")
    assert re.search(r"until \d\d:\d\d$", card.text)
    told = re.compile(rf"{name_of(newsroom, newsroom.boris)} is editing this until \d\d:\d\d\. Nothing was changed\.")
    for label in ("Ukraine", "✎ Edit"):
        late = newsroom.clara.press(card, label, buttons=seen)
        await newsroom.until(lambda late=late: late.answered)
        assert told.fullmatch(late.answer_text)
        assert late.show_alert
    for label in ("Title", "✓ Done"):
        assert told.fullmatch((await pressed(newsroom, newsroom.clara, card, label)).answer_text)
    refused = newsroom.clara.send("Clara's title", newsroom.desk, reply_to=question)
    assert told.fullmatch(await said_after(newsroom, refused))
    assert states(newsroom) == ["pending"]
    newsroom.jump(minutes=11)
    await newsroom.until(lambda: "Ukraine" in card.labels)  # the menu closes by itself
    assert await replied(newsroom, question, "Late, but nobody else came") == "Title: Late, but nobody else came"
    newsroom.jump(minutes=11)
    await newsroom.until(lambda: "Ukraine" in card.labels)
    await pressed(newsroom, newsroom.clara, card, "✎ Edit")
    await newsroom.until(lambda: name_of(newsroom, newsroom.clara) in card.text and "✓ Done" in card.labels)
    holder = rows(newsroom, "SELECT claimed_by FROM items")[0][0]
    async with newsroom.services.store.transaction() as tx:
        await people.change(tx, holder, revoked=True)
    await pressed(newsroom, newsroom.boris, card, "Title")
    assert rows(newsroom, "SELECT claimed_by FROM items") != [(holder,)]


async def test_links_are_added_changed_and_taken_out_and_the_whole_line_is_edited(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    question = await asked_for(newsroom, newsroom.boris, card, "Add a link", "Reply to this message with a link")
    other = "http://tymkiv.example/blog/a"
    assert await replied(newsroom, question, f"(Olena Tymkiv, 14 November) {other}") == (
        f"Add a link: Olena Tymkiv {other}"
    )
    await newsroom.until(lambda: "Olena Tymkiv, November 14th · tymkiv.example" in card.text)
    assert "This link stands there already" in await replied(newsroom, question, other)
    assert "There is no link in your reply" in await replied(newsroom, question, "(Herald, 14 November)")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Date")
    await pressed_in_menu(newsroom, newsroom.boris, card, "2 · Olena Tymkiv")
    question = await newsroom.until(lambda: newsroom.desk.find("is now: November 14th, 2026"))
    assert await replied(newsroom, question, "–") == "Date: none"
    await newsroom.until(lambda: "Olena Tymkiv · no date · tymkiv.example" in card.text)
    await pressed_in_menu(newsroom, newsroom.boris, card, "Add a link")
    await pressed_in_menu(newsroom, newsroom.boris, card, "– Take a link out")
    await pressed_in_menu(newsroom, newsroom.boris, card, "1 · Herald")
    await newsroom.until(lambda: "Herald, November" not in card.text)
    assert other in [entity.get("url") for entity in card.entities if entity["offset"] == 0]
    await pressed_in_menu(newsroom, newsroom.boris, card, "Whole line")
    question = await newsroom.until(lambda: newsroom.desk.find("Reply to this message with the line"))
    assert "Story of a (Olena Tymkiv)" in question.text
    assert "“31 February” is no date" in await replied(newsroom, question, "A title (Herald, 31 February)")
    await replied(newsroom, question, "(Cedos (Ukraine), May 2nd)")
    await newsroom.until(lambda: card.text.startswith("Story of a\nCedos (Ukraine), May 2nd"))
    done = await replied(newsroom, question, "A better title (14 November, Steppe Post)")
    assert done == "Changed to:\n\nA better title (Steppe Post, November 14th)"
    line = "A title (Olena Tymkiv, November 14th) (Herald, November 15th) http://herald.example/again"
    await replied(newsroom, question, line)
    await newsroom.until(lambda: "Herald, November 15th · herald.example" in card.text)
    newsroom.boris.send("ignored, as it is no reply", newsroom.desk)
    newsroom.boris.send_document("a.txt", b"a file", chat=newsroom.desk, reply_to=question)
    await newsroom.until(lambda: newsroom.desk.find("There is no title in your reply"))
    assert card.text.startswith("A title\n")


async def test_a_translation_is_linked_by_a_likely_title_or_by_its_link(newsroom: World) -> None:
    first = await sent(newsroom, "a", title="Крамниця відчинена", language="uk")
    await sent(newsroom, "c", title="Ще одна новина", language="uk")
    card = await sent(newsroom, "b", title="The shop is open")
    await pressed(newsroom, newsroom.boris, card, "✎ Edit")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Translation of…")
    await newsroom.until(lambda: "⇄ Ще одна новина" in card.labels)
    press = await pressed(newsroom, newsroom.boris, card, "⇄ Крамниця відчинена")
    assert "Крамниця відчинена" in press.answer_text
    await newsroom.until(lambda: "translation" in card.text.casefold() and "Крамниця" in card.text)
    await pressed_in_menu(newsroom, newsroom.boris, card, "✓ Done")
    third = await sent(newsroom, "d", title="Крамницю відчинено", language="ru")
    await pressed(newsroom, newsroom.boris, third, "✎ Edit")
    await pressed_in_menu(newsroom, newsroom.boris, third, "Translation of…")
    await pressed_in_menu(newsroom, newsroom.boris, third, "By its link…")
    question = await newsroom.until(lambda: newsroom.desk.find("is a translation of"))
    assert "No other story with this link" in await replied(newsroom, question, "http://herald.example/zzz")
    assert "There is no link in your reply" in await replied(newsroom, question, "the other one")
    assert "Крамниця відчинена" in await replied(newsroom, question, "http://www.herald.example/a?utm_source=x")
    groups = rows(newsroom, "SELECT translation_group FROM items ORDER BY id")
    assert groups == [(1,), (None,), (1,), (1,)]
    assert first.buttons


async def test_an_approved_item_is_edited_until_its_issue_is_closed(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    assert card.labels == ["↩ Undo", "✎ Edit"]
    question = await asked_for(newsroom, newsroom.clara, card, "Title", "The title is now")
    assert "In: Analysis and comment" in card.text
    newsroom.clara.send("A better title", newsroom.desk, reply_to=question)
    await newsroom.until(lambda: card.text.startswith("A better title\n"))
    await pressed_in_menu(newsroom, newsroom.clara, card, "Section")
    await pressed_in_menu(newsroom, newsroom.clara, card, "Ukraine")
    await newsroom.until(lambda: "In: News from Ukraine – general" in card.text)
    await pressed_in_menu(newsroom, newsroom.clara, card, "✓ Done")
    await newsroom.until(lambda: card.text.startswith("✓ A better title → Ukraine"))
    assert states(newsroom) == ["approved"]
    newsroom.clara.send("/publish", newsroom.desk)
    await newsroom.until(lambda: states(newsroom) == ["in issue"])
    late = newsroom.clara.send("Too late", newsroom.desk, reply_to=question)
    assert "It is in a published issue" in await said_after(newsroom, late)


async def test_a_reply_after_the_decision_and_forged_presses_change_nothing(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    question = await asked_for(newsroom, newsroom.boris, card, "Title", "The title is now")
    await pressed(newsroom, newsroom.boris, card, "✓ Done")
    await newsroom.until(lambda: "✗ Reject" in card.labels)
    await pressed(newsroom, newsroom.boris, card, "✗ Reject")
    await pressed_in_menu(newsroom, newsroom.boris, card, "Off topic")
    assert "This link is decided already" in await replied(newsroom, question, "A title")
    await newsroom.until(lambda: card.labels == ["↩ Undo"])
    await quiet(newsroom)
    before = rows(newsroom, "SELECT * FROM items")
    for data in ("edit.title-9:1:4", "edit.nonsense:1:4", "edit-section.99:1:4", "edit-language.xx:1:4", "edited:9:4"):
        await forged(newsroom, newsroom.clara, card, f"v1:{data}")
    for data in ("edit:999:1", "edit.date-77:1:4", "edit.drop-5:1:4", "later.never:1:4", "later.hours:1:4", "wake:1:4"):
        await forged(newsroom, newsroom.clara, card, f"v1:{data}")
    assert rows(newsroom, "SELECT * FROM items") == before
    assert failed_updates(newsroom) == 0
