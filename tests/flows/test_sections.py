"""Editors name, add, order and remove sections, for good or for one issue, and no item is lost by it."""

import sqlite3

import pytest

from bot.sandbox.telegram import Message, Person
from store import issues, sections
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import answer, approved, at_desk, failed_updates, in_ukrainian, pressed, quiet, sent, tables
from tests.flows.boards import board_at_desk, opened, own_board, stories

pytestmark = pytest.mark.system

CHANGED = "Somebody changed this meanwhile. Nothing was done; you see it now as it stands."


async def menu(newsroom: World, *labels: str, by: Person | None = None) -> Message:
    """Open the sections of this issue in somebody's private chat, and press the labels."""
    person = by or newsroom.clara
    board = await own_board(newsroom, person)
    await opened(newsroom, person, board, "§ Sections", *labels)
    return board


async def asked(newsroom: World, board: Message, label: str, words: str) -> Message:
    """Press what asks for a name, and return the question."""
    before = newsroom.clara.private.last().message_id
    await pressed(newsroom, newsroom.clara, board, label)
    there = newsroom.clara.private
    return await newsroom.until(
        lambda: next((m for m in there.visible() if m.message_id > before and words in m.words), None)
    )


async def told(newsroom: World, question: Message, reply: str) -> Message:
    """Reply to a question, and return what the bot says."""
    before = len(newsroom.clara.private.texts)
    newsroom.clara.send(reply, reply_to=question)
    await answer(newsroom, newsroom.clara, before + 1)
    return newsroom.clara.private.last()


def titles(message: Message) -> list[str]:
    """Return the labels of the sections that a list shows, in order."""
    return [line.partition("[")[2].partition("]")[0] for line in message.text.splitlines() if "[" in line]


async def published(newsroom: World, number: int = 1) -> Message:
    """Publish the open issue, and return its post."""
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    return await newsroom.until(lambda: newsroom.channels[0].find(f"News from Ukraine Bulletin {number} ("))


async def test_a_change_for_this_issue_ends_with_it(newsroom: World) -> None:
    await stories(newsroom, "a")
    await stories(newsroom, "b", "Ukraine")
    board = await menu(newsroom)
    assert board.text.splitlines()[:3] == [
        "Sections of this issue only",
        "1. News from the territories occupied by Russia [Occupied areas]",
        "2. News from Ukraine – general [Ukraine]",
    ]
    assert board.labels == [*"12345", "+ New section", "Change for good", "← Back"]
    await opened(newsroom, newsroom.clara, board, "3", "↑ Up")
    assert "Place 2 of 5\n1 approved item" in board.text
    question = await asked(newsroom, board, "✎ Title", "The title is now:\n\nAnalysis and comment")
    assert question.force_reply
    named = await told(newsroom, question, "Comment of the week")
    assert named.text.startswith("Comment of the week\nOn buttons: Analysis")
    await opened(newsroom, newsroom.clara, named, "← Back")
    assert titles(named) == ["Occupied areas", "Analysis", "Ukraine", "Human rights", "Solidarity"]
    assert "2. Comment of the week [Analysis] · this issue only" in named.text
    question = await asked(newsroom, named, "+ New section", "Only this issue has it.")
    added = await told(newsroom, question, "Elections in the neighbouring countries")
    assert added.text.startswith("Elections in the neighbouring countries\nOn buttons: Elections in the…\nPlace 6")
    card = await sent(newsroom, "c")
    assert "Elections in the…" in card.labels
    await pressed(newsroom, newsroom.boris, card, "Elections in the…")
    post = (await published(newsroom)).text
    places = [post.index(words) for words in ("Comment of the week", "Story of a", "News from Ukraine – gen")]
    assert sorted(places) == places
    assert "Elections in the neighbouring countries\n\nStory of c" in post
    board = await menu(newsroom)
    assert titles(board) == ["Occupied areas", "Ukraine", "Analysis", "Human rights", "Solidarity"]
    assert "this issue only" not in board.text.split("\n", 1)[1]


async def test_a_change_for_good_stays_and_waiting_cards_follow(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    board = await menu(newsroom, "Change for good")
    assert board.text.startswith("Sections of every issue")
    await opened(newsroom, newsroom.clara, board, "1", "↓ Down")
    question = await asked(newsroom, board, "✎ Label", "On buttons it is called:\n\nOccupied areas")
    for reply, said in (
        ("x" * 21, "That is 21 characters long; at most 20 fit."),
        ("\u200b", "There are no words in your reply."),
        ("ukraine", "There is a section “ukraine” already."),
        ("https://x.example/y", "A link cannot stand here."),
    ):
        assert said in (await told(newsroom, question, reply)).text
    await told(newsroom, question, "Occupation")
    newsroom.jump(seconds=15)
    await newsroom.until(lambda: "Occupation" in card.labels)
    assert [label for label in card.labels if label in ("Ukraine", "Occupation")] == ["Ukraine", "Occupation"]
    await pressed(newsroom, newsroom.boris, card, "Occupation")
    await newsroom.until(lambda: card.text.startswith("✓"))
    await published(newsroom)
    assert titles(await menu(newsroom))[:2] == ["Ukraine", "Occupation"]


async def test_a_section_with_items_is_removed_only_when_they_have_a_place(newsroom: World) -> None:
    folded = await approved(newsroom, "a")
    wished = await sent(newsroom, "b")
    await stories(newsroom, "c")
    board = await menu(newsroom, "Change for good", "3", "✗ Remove")
    assert "2 approved items stand in it. Where do they go?" in board.text
    assert board.labels == ["→ Occupied areas", "→ Ukraine", "→ Human rights", "→ Solidarity", "← Back"]
    done = await opened(newsroom, newsroom.clara, board, "→ Ukraine")
    assert done.answer_text == "Removed."
    assert titles(board) == ["Occupied areas", "Ukraine", "Human rights", "Solidarity"]
    await newsroom.until(lambda: "→ Ukraine" in folded.text)
    newsroom.jump(seconds=15)
    await newsroom.until(lambda: "Analysis" not in wished.labels)
    post = (await published(newsroom)).text
    assert "News from Ukraine – general\n\nStory of" in post
    assert "Analysis" not in post
    assert post.count("Story of") == 2
    question = await asked(newsroom, await menu(newsroom, "Change for good"), "+ New section", "Every issue from this")
    back = await told(newsroom, question, "analysis and comment")
    assert back.text.startswith("analysis and comment\n")
    assert len(tables(newsroom)["sections"]) == 5


async def test_wishes_go_with_a_section_and_the_last_one_stays(newsroom: World) -> None:
    newsroom.ana.send("Analysis and comment\n\nStory of z (Herald, 15 November) http://herald.example/z")
    card = await newsroom.card("Story of z")
    await newsroom.until(lambda: wishes(newsroom))
    board = await menu(newsroom, "3", "✗ Remove")
    assert "Leave “Analysis and comment” out of this issue?" in board.text
    await opened(newsroom, newsroom.clara, board, "✗ Remove")
    assert "Not in this issue: Analysis and comment" in board.text
    assert wishes(newsroom) == []
    async with newsroom.services.store.transaction() as tx:
        issue = await issues.current(tx, 1)
        for section in (1, 2, 4):
            await sections.change_for(tx, issue.id, section, hidden=True)
    await opened(newsroom, newsroom.clara, board, "← Back", "§ Sections", "1", "✗ Remove")
    last = await pressed(newsroom, newsroom.clara, board, "✗ Remove")
    assert last.answer_text.startswith("It is the last section, and items must stand somewhere.")
    newsroom.jump(seconds=15)
    await newsroom.until(lambda: "Solidarity" in card.labels and "Ukraine" not in card.labels)
    await opened(newsroom, newsroom.clara, board, "← Back", "← Back", "↩ As every issue")
    assert titles(board) == ["Occupied areas", "Ukraine", "Analysis", "Human rights", "Solidarity"]


def wishes(newsroom: World) -> list[int]:
    """Return the sections that waiting items and running pastes ask for."""
    with sqlite3.connect(f"file:{newsroom.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        query = "SELECT wanted_section_id FROM items UNION ALL SELECT heading_id FROM submissions"
        return [wish for (wish,) in db.execute(query) if wish]


async def test_what_stayed_in_a_section_of_last_week_is_shown_and_moved(newsroom: World) -> None:
    question = await asked(newsroom, await menu(newsroom), "+ New section", "Only this issue has it.")
    await told(newsroom, question, "Winter")
    await stories(newsroom, "ab", "Winter")
    await stories(newsroom, "c")
    board = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Winter · 2", "2", "⇥ To the next issue")
    await published(newsroom)
    live = await board_at_desk(newsroom, newsroom.clara)
    assert "Winter · 1\n⚠ not a section of this issue any more; it prints last" in live.text
    assert live.labels[0] == "⚠ → Winter"
    newsroom.jump_to(SUNDAY_HOUR)
    newsroom.jump(days=7)
    gate = await newsroom.until(
        lambda: next((m for m in newsroom.desk.visible() if "1 section is not one of this issue" in m.words), None)
    )
    await opened(newsroom, newsroom.clara, live, "⚠ → Winter")
    assert "so its 1 item prints last, under this title" in live.text
    await opened(newsroom, newsroom.clara, live, "→ Ukraine")
    await newsroom.until(lambda: "⚠" not in gate.text and "⚠ → Winter" not in gate.labels)
    post = await published(newsroom, 2)
    assert "News from Ukraine – general\n\nStory of a" in post.text


async def test_two_editors_and_late_presses_change_nothing_by_halves(newsroom: World) -> None:
    first, second = await menu(newsroom, "2"), await menu(newsroom, "2", by=newsroom.olena)
    await opened(newsroom, newsroom.olena, second, "↑ Up")
    late = await pressed(newsroom, newsroom.clara, first, "↓ Down")
    assert late.answer_text == CHANGED
    await newsroom.until(lambda: "Place 1 of 5" in first.text)
    await opened(newsroom, newsroom.clara, first, "✗ Remove")
    await stories(newsroom, "a", "Ukraine")
    held = await pressed(newsroom, newsroom.clara, first, "✗ Remove")
    assert held.answer_text.startswith("1 approved item stands in it meanwhile. Nothing was done;")
    await newsroom.until(lambda: "→ Solidarity" in first.labels)
    question = await asked(newsroom, await menu(newsroom), "+ New section", "Only this issue has it.")
    seen = first.buttons
    await published(newsroom)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    await quiet(newsroom)
    before = tables(newsroom)
    over = newsroom.clara.press(first, "→ Solidarity", buttons=seen)
    await newsroom.until(lambda: over.answered)
    assert over.answer_text.startswith("Issue 1 is closed, so its shape stays.")
    assert "Issue 1 is closed" in (await told(newsroom, question, "Too late")).text
    forged = ["v1:section-move.up-0:999:1", "v1:section-move.x-0:1:1", "v1:section-remove.0-1:1:1", "v1:sections.9:1:0"]
    forged += ["v1:section-out.1:1:0", "v1:section-out.1:999:0", "v1:section-left:1:0", "v1:section-ask.id-0:1:0"]
    forged += [
        "v1:sections-same:1:0",
        "v1:section-menu.0:999:0",
        "v1:section-gone.0:999:0",
        "v1:section-ask.short-0:9:0",
    ]
    presses = [newsroom.clara.press_data(first, data) for data in forged]
    presses += [newsroom.boris.press_data(first, "v1:section-new.0:1:0")]
    await newsroom.until(lambda: all(press.answered for press in presses))
    assert "you need the role of editor" in presses[-1].answer_text
    await quiet(newsroom)
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} <= {"updates", "prompts"}
    assert failed_updates(newsroom) == 0


async def test_sections_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await stories(newsroom, "a")
    newsroom.clara.send("/sections", newsroom.desk)
    board = await newsroom.until(lambda: newsroom.desk.find("Рубрики лише цього випуску"))
    await opened(newsroom, newsroom.clara, board, "3", "✗ Прибрати")
    assert "У ній 1 схвалений матеріал. Куди його перенести?" in board.text
    await opened(newsroom, newsroom.clara, board, "→ Ukraine")
    assert "Немає в цьому випуску: Analysis and comment" in board.text
