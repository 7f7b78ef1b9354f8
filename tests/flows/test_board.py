"""The issue's live message: what it shows, how it follows what others do, and what editors do with items on it."""

import pytest

from bot.sandbox.telegram import Message
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import (
    answer,
    approved,
    at_desk,
    failed_updates,
    forged,
    pressed,
    quiet,
    sent,
    tables,
)
from tests.flows.boards import board_at_desk, opened, order_on, own_board, stories

pytestmark = pytest.mark.system

CHANGED = "Somebody changed this meanwhile. Nothing was done; you see it now as it stands."


async def published(newsroom: World) -> Message:
    """Let Clara publish the issue at once, and return its post."""
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    return await newsroom.until(lambda: newsroom.channels[0].find("News from Ukraine Bulletin 1"))


async def test_the_board_shows_the_issue_and_follows_what_moderators_do(newsroom: World) -> None:
    folded = await approved(newsroom, "a")
    await sent(newsroom, "b")
    board = await board_at_desk(newsroom, newsroom.boris)
    assert board.text.splitlines() == [
        "News from Ukraine Bulletin 1",
        "Sunday 22 November 2026",
        "Cut-off Sun 22 Nov 17:00, in 6 days",
        "Out Sun 22 Nov 18:00, in 6 days",
        "",
        "Analysis and comment · 1",
        "1. Story of a",
        "",
        "Empty: Occupied areas, Ukraine, Human rights, Solidarity",
        "",
        "1 link waits for a decision",
    ]
    assert board.silent
    assert [[button.label for button in row] for row in board.buttons] == [
        ["≡ Items", "★ Highlights"],
        ["✎ Texts", "Date, skip a week"],
        ["§ Sections", "✉ Notices"],
        ["Close early"],
    ]
    await pressed(newsroom, newsroom.boris, await newsroom.card("Story of b"), "Ukraine")
    await newsroom.until(lambda: "0 links wait" in board.text)
    assert order_on(board) == ["b", "a"]
    await pressed(newsroom, newsroom.boris, folded, "↩ Undo")
    await newsroom.until(lambda: order_on(board) == ["b"] and "1 link waits" in board.text)
    assert len([m for m in newsroom.desk.visible() if "Cut-off " in m.words]) == 1


async def test_there_is_one_board_at_the_desk_and_it_counts_the_time_down(newsroom: World) -> None:
    await stories(newsroom, "a")
    old = await board_at_desk(newsroom, newsroom.clara)
    buttons = old.buttons
    board = await board_at_desk(newsroom, newsroom.clara)
    await newsroom.until(lambda: old.text == "↓ News from Ukraine Bulletin: the issue stands further down")
    newsroom.clara.press(old, "≡ Items", buttons=buttons)
    await newsroom.until(lambda: "Analysis · 1" in board.labels)
    assert old.labels == []
    await opened(newsroom, newsroom.clara, board, "← Back")
    issue = board.buttons[0][0].data.split(":")[2]
    await forged(newsroom, newsroom.clara, board, "v1:sources:0:0")
    await newsroom.until(lambda: "+ add" in board.labels)
    await sent(newsroom, "b")
    await quiet(newsroom)
    assert "+ add" in board.labels
    await forged(newsroom, newsroom.clara, board, f"v1:issue:{issue}:0")
    await newsroom.until(lambda: "1 link waits" in board.text)
    newsroom.jump(days=2)
    await newsroom.until(lambda: ", in 4 days" in board.text)
    newsroom.jump_to(SUNDAY_HOUR)
    await newsroom.until(lambda: "Closing, out Sun 22 Nov 19:00, in 60 minutes" in board.text)


async def test_an_item_is_moved_by_single_presses_and_prints_where_it_stands(newsroom: World) -> None:
    await stories(newsroom, "abc")
    board = await board_at_desk(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 3")
    assert order_on(board) == ["a", "b", "c"]
    assert "3. Story of c (Herald, November 13th)" in board.text
    assert "newest first" in board.text
    await opened(newsroom, newsroom.clara, board, "3")
    assert board.text.splitlines()[0] == "Analysis and comment: 3 of 3"
    assert board.labels[:2] == ["↑ Up", "⤒ Top"]
    moved = await opened(newsroom, newsroom.clara, board, "⤒ Top")
    assert moved.answer_text == "Moved."
    assert board.text.splitlines() == [
        "Analysis and comment: 1 of 3",
        "▸ 1. Story of c (Herald, November 13th)",
        "   2. Story of a",
    ]
    await opened(newsroom, newsroom.clara, board, "↓ Down", "← Back")
    assert order_on(board) == ["a", "c", "b"]
    assert "in an editor's order" in board.text
    seen = board.buttons
    await opened(newsroom, newsroom.clara, board, "3", "↑ Up", "← Back")
    late = newsroom.clara.press(board, "Newest first again", buttons=seen)
    await newsroom.until(lambda: late.answered)
    assert late.answer_text == CHANGED
    assert order_on(board) == ["a", "b", "c"]
    await opened(newsroom, newsroom.clara, board, "Newest first again", "3", "↑ Up", "← Back")
    assert order_on(await published(newsroom)) == ["a", "c", "b"]


async def test_an_item_goes_to_another_section_and_its_card_and_its_sender_follow(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: newsroom.ana.private.find("Analysis and comment"))
    board = await board_at_desk(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 1", "1")
    done = await opened(newsroom, newsroom.clara, board, "→ Ukraine")
    assert done.answer_text == "Moved to: News from Ukraine – general"
    assert board.text.startswith("News from Ukraine – general: 1 of 1")
    await newsroom.until(lambda: "→ Ukraine" in card.text)
    await newsroom.until(lambda: newsroom.ana.private.find("News from Ukraine – general"))
    await pressed(newsroom, newsroom.clara, board, "✎ Edit it")
    await newsroom.until(lambda: card.text == "↓ Story of a")
    fresh = await newsroom.until(lambda: next((m for m in newsroom.desk.visible() if "Whole line" in m.labels), None))
    assert fresh.message_id > board.message_id
    await pressed(newsroom, newsroom.clara, fresh, "✓ Done")
    await newsroom.until(lambda: "↩ Undo" in fresh.labels)
    await pressed(newsroom, newsroom.boris, fresh, "↩ Undo")
    await newsroom.until(lambda: "Nothing is approved for this issue yet." in board.text)


async def test_two_editors_who_move_one_item_have_one_effect(newsroom: World) -> None:
    await stories(newsroom, "abc")
    board = await board_at_desk(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 3", "3")
    seen = board.buttons
    presses = [newsroom.clara.press(board, "↑ Up", buttons=seen), newsroom.olena.press(board, "⤒ Top", buttons=seen)]
    await newsroom.until(lambda: all(press.answered for press in presses))
    said = sorted(press.answer_text for press in presses)
    assert said == ["Moved.", CHANGED]
    assert sorted(press.show_alert for press in presses) == [False, True]
    first = next(press for press in presses if press.answer_text == "Moved.")
    place = 2 if first is presses[0] else 1
    await newsroom.until(lambda: board.text.startswith(f"Analysis and comment: {place} of 3"))


async def test_what_is_carried_over_prints_in_the_next_issue_unless_it_is_taken_back(newsroom: World) -> None:
    await stories(newsroom, "ab")
    board = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 2", "1", "⇥ To the next issue")
    assert "Kept for the next issue; it is not in this one." in board.text
    await opened(newsroom, newsroom.clara, board, "↩ Take back", "⇥ To the next issue", "← Back")
    assert board.text.startswith("1 kept for the next issue")
    assert order_on(board) == ["a"]
    await opened(newsroom, newsroom.clara, board, "← Back", "← Back")
    assert "1 kept for the next issue" in board.text
    assert order_on(await published(newsroom)) == ["b"]
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    second = await newsroom.until(lambda: newsroom.channels[0].find("News from Ukraine Bulletin 2"))
    assert order_on(second) == ["a"]


async def test_highlights_are_chosen_from_a_list_and_worded_by_hand(newsroom: World) -> None:
    await stories(newsroom, "a")
    await stories(newsroom, "b", "Ukraine")
    board = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "★ Highlights")
    assert board.text.startswith("There is no line “In this week’s bulletin” yet.")
    await opened(newsroom, newsroom.clara, board, "1", "2")
    assert board.text.splitlines()[0] == "In this week’s bulletin: Story of b; Story of a"
    assert board.labels[:4] == ["★ 1", "★ 2", "✎ 1", "✎ 2"]
    await pressed(newsroom, newsroom.clara, board, "✎ 2")
    question = await newsroom.until(lambda: newsroom.clara.private.find("Reply to this message with words of your own"))
    assert question.force_reply
    assert "Story of a" in question.text
    for words, said in (
        ("x" * 151, "That is 151 characters long; at most 150 fit."),
        ("see http://herald.example/a", "A link cannot stand here."),
        ("   ", "There are no words in your reply."),
    ):
        before = len(newsroom.clara.private.texts)
        newsroom.clara.send(words, reply_to=question)
        assert said in await answer(newsroom, newsroom.clara, before + 1)
    newsroom.clara.send("How the shops live", reply_to=question)
    await newsroom.until(lambda: newsroom.clara.private.find("In this week’s bulletin: “How the shops live”"))
    await opened(newsroom, newsroom.clara, board, "★ 1")
    assert board.text.splitlines()[0] == "In this week’s bulletin: How the shops live"
    post = await published(newsroom)
    assert "In this week’s bulletin: How the shops live\n" in post.text


async def test_moderators_look_and_only_editors_shape(newsroom: World) -> None:
    await stories(newsroom, "abc")
    board = await board_at_desk(newsroom, newsroom.boris)
    refused = await pressed(newsroom, newsroom.boris, board, "≡ Items")
    assert "you need the role of editor" in refused.answer_text
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 3", "1")
    newsroom.eve.join(newsroom.desk)
    newsroom.ana.join(newsroom.desk)
    await quiet(newsroom)
    before = tables(newsroom)
    for person in (newsroom.boris, newsroom.ana, newsroom.eve):
        shaping = ("↓ Down", "→ Ukraine", "⇥ To the next issue", "★ Highlight", "✎ Its words")
        presses = [person.press(board, label) for label in shaping]
        await newsroom.until(lambda presses=presses: all(press.answered for press in presses))
        assert all("you need the role of editor" in press.answer_text for press in presses)
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}
    private = await own_board(newsroom, newsroom.boris)
    assert private.labels == ["↻ Refresh"]
    before = len(newsroom.ana.private.texts)
    newsroom.ana.send("/issue")
    assert "you need the role of moderator" in await answer(newsroom, newsroom.ana, before + 1)


FORGED = [
    "v1:item-move.up:999:2",
    "v1:item-move.up:1:999",
    "v1:item-move.sideways:1:1",
    "v1:item-into.99:1:1",
    "v1:item-over:2:1",
    "v1:item-stay:1:1",
    "v1:item-light:2:2",
    "v1:issue-newest.3:999:0",
    "v1:issue-no.intro:999:1",
    "v1:issue-no.revision:1:1",
    "v1:issue-date.never:1:1",
    "v1:issue-date.later:1:99",
    "v1:issue-skip.yes:1:99",
    "v1:issue-unskip:1:1",
    "v1:ask-issue.state:1:1",
    "v1:ask-light:2:1",
    "v1:issue.99:1:0",
    "v1:issue-items.99-99:1:0",
]


async def test_forged_presses_of_an_editor_change_nothing(newsroom: World) -> None:
    await stories(newsroom, "a")
    await sent(newsroom, "b")
    board = await own_board(newsroom, newsroom.clara)
    await quiet(newsroom)
    before = tables(newsroom)
    presses = [newsroom.clara.press_data(board, data) for data in FORGED]
    await newsroom.until(lambda: all(press.answered for press in presses))
    await quiet(newsroom)
    after = tables(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"updates"}
    assert failed_updates(newsroom) == 0


async def test_nothing_of_a_closed_issue_is_shaped(newsroom: World) -> None:
    await stories(newsroom, "a")
    board = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Analysis · 1", "1")
    item = board.buttons
    texts = await own_board(newsroom, newsroom.clara)
    await opened(newsroom, newsroom.clara, texts, "✎ Texts")
    await pressed(newsroom, newsroom.clara, texts, "✎ Introduction")
    question = await newsroom.until(lambda: newsroom.clara.private.find("The introduction of this issue now"))
    await published(newsroom)
    shaping = ("→ Ukraine", "⇥ To the next issue", "★ Highlight", "✎ Its words")
    presses = [newsroom.clara.press(board, label, buttons=item) for label in shaping]
    await newsroom.until(lambda: all(press.answered for press in presses))
    refused = "It is in a published issue; that can no longer be changed here."
    assert {press.answer_text for press in presses} == {refused}
    before = len(newsroom.clara.private.texts)
    newsroom.clara.send("Too late", reply_to=question)
    assert "Issue 1 is closed" in await answer(newsroom, newsroom.clara, before + 1)
    gone = await pressed(newsroom, newsroom.clara, texts, "✎ Introduction")
    assert "Issue 1 is closed" in gone.answer_text
    await newsroom.until(lambda: texts.text.startswith("News from Ukraine Bulletin 2"))


async def test_a_long_issue_is_turned_over_by_its_sections(newsroom: World) -> None:
    for short in ("Occupied areas", "Ukraine", "Analysis"):
        await stories(newsroom, [f"house {number} of our street, and of its shop" for number in range(30)], short)
    board = await own_board(newsroom, newsroom.clara)
    assert board.text.splitlines()[0] == "News from Ukraine Bulletin 1 · 1/3"
    assert "1. " in board.text
    assert "90. " not in board.text
    await opened(newsroom, newsroom.clara, board, "›", "›")
    assert "90. " in board.text
    assert "0 links wait for a decision" in board.text
    await opened(newsroom, newsroom.clara, board, "≡ Items", "Ukraine · 30", "›", "›")
    assert "60" in board.labels
    assert len(board.text) < 4096
