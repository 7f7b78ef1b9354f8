"""Closing early and opening again: the number stays, nothing is lost, and never after something went out."""

import pytest

from bot import issues
from bot.delivery import plan
from bot.sandbox.telegram import Message
from store import bulletins, items
from store import issues as issue_records
from store.database import Store
from store.records import Gate
from store.states import ItemState
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import approved, at_desk, issue_states, pressed, quiet, states, tables
from tests.flows.boards import board_at_desk, stories
from tests.flows.release import card_with, gated, the_issue

pytestmark = pytest.mark.system


async def closed(newsroom: World, said: str = "and not sent yet") -> Message:
    """Let Clara close the issue at the desk, and return its message."""
    newsroom.clara.send("/close", newsroom.desk)
    return await card_with(newsroom, said)


@pytest.mark.parametrize(
    ("language", "said", "again", "reopened", "publish"),
    [
        ("en", "Closed with 3 links, dated 22 November 2026, and not sent yet.", "Reopen", "Open; due", "Publish now"),
        ("uk", "Закрито, 3 посилання, дата 22 листопада 2026", "Відкрити знову", "Відкритий", "Опублікувати зараз"),
    ],
)
async def test_an_issue_is_closed_early_opened_again_and_keeps_its_number(
    newsroom: World, language: str, said: str, again: str, reopened: str, publish: str
) -> None:
    await gated(newsroom, Gate.COUNTDOWN, "abc", language)
    card = await closed(newsroom, said)
    assert card.labels == [publish, again]
    assert issue_states(newsroom) == {1: "held", None: "open"}
    newsroom.jump(hours=1)
    await quiet(newsroom)
    assert newsroom.channels[0].visible() == []
    await pressed(newsroom, newsroom.clara, card, again)
    await newsroom.until(lambda: reopened in card.text)
    assert issue_states(newsroom) == {None: "open"}
    assert set(states(newsroom)) == {"approved"}
    assert tables(newsroom)["renderings"] == tables(newsroom)["deliveries"] == []
    await stories(newsroom, ["d"])
    await pressed(newsroom, newsroom.clara, card, publish)
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of d"))
    assert post.text.startswith("News from Ukraine Bulletin 1")
    await newsroom.until(lambda: issue_states(newsroom) == {1: "sent", None: "open"})


async def test_a_closed_issue_is_sent_by_a_press_and_its_hour_reminds_of_it(newsroom: World) -> None:
    await gated(newsroom, Gate.TWO)
    old = await closed(newsroom)
    await quiet(newsroom)
    newsroom.jump_to(SUNDAY_HOUR)
    await newsroom.until(lambda: newsroom.desk.find("The hour of issue 1 has come."))
    card = await newsroom.until(lambda: next((m for m in newsroom.desk.visible() if m.labels and m is not old), None))
    assert "not sent yet" in card.text
    await newsroom.until(lambda: old.text == "↓ News from Ukraine Bulletin 1" and not old.labels)
    await pressed(newsroom, newsroom.clara, card, "Publish now")
    await newsroom.until(lambda: "A second editor or owner must press" in card.text)
    assert issue_states(newsroom)[1] == "held"
    await pressed(newsroom, newsroom.olena, card, "Publish now")
    await newsroom.until(lambda: issue_states(newsroom)[1] == "sent")
    assert [m for m in newsroom.desk.visible() if "The hour of issue 1" in m.words] == [
        newsroom.desk.find("The hour of issue 1")
    ]


async def test_what_cannot_be_closed_or_opened_again_is_said_and_nothing_changes(newsroom: World) -> None:
    await at_desk(newsroom, newsroom.clara, "/close", "Nothing is approved for the next issue yet")
    await at_desk(newsroom, newsroom.clara, "/reopen", "No issue is closed and unsent")
    await gated(newsroom, Gate.COUNTDOWN)
    await at_desk(newsroom, newsroom.boris, "/close", "you need the role of editor")
    card = await closed(newsroom)
    buttons = card.buttons
    await stories(newsroom, ["c"])
    await at_desk(newsroom, newsroom.clara, "/close", "Issue 1 is closed and not sent yet. Publish it first")
    refused = await pressed(newsroom, newsroom.boris, card, "Reopen")
    assert "you need the role of editor" in refused.answer_text
    await pressed(newsroom, newsroom.clara, card, "Publish now")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    before = tables(newsroom)["issues"]
    for label in ("Reopen", "Publish now"):
        press = newsroom.clara.press(card, label, buttons=buttons)
        await newsroom.until(lambda press=press: press.answered)
        assert press.answer_text == "The issue has changed meanwhile. Look at it, then try again."
    assert tables(newsroom)["issues"] == before
    assert states(newsroom) == ["in issue", "in issue", "approved"]


async def test_of_a_broadcast_that_began_nothing_is_opened_again(newsroom: World) -> None:
    await gated(newsroom, Gate.COUNTDOWN)
    await newsroom.readers(3)
    newsroom.mail.fault("defer")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.mail.until(lambda: newsroom.mail.answers[451] >= 3, 10)
    await at_desk(newsroom, newsroom.boris, "/hold", "Issue 1 is on hold.")
    card = await card_with(newsroom, "Publishing is on hold.")
    assert card.labels == ["Continue"]
    issue = await the_issue(newsroom, 1)
    press = newsroom.clara.press_data(card, f"v1:reopen:{issue.id}:{issue.revision}")
    await newsroom.until(lambda: press.answered)
    assert press.answer_text.startswith("Something of issue 1 went out already")
    assert issue_states(newsroom)[1] == "held"


async def test_what_was_prepared_for_the_next_issue_joins_the_one_that_is_opened_again(newsroom: World) -> None:
    folded = await approved(newsroom, "z")
    await newsroom.readers(2)
    await gated(newsroom, Gate.COUNTDOWN)
    card = await closed(newsroom)
    buttons = card.buttons
    await newsroom.until(lambda: folded.text.startswith("■"))
    store: Store = newsroom.services.store
    async with store.transaction() as tx:
        later = await issue_records.current(tx, 1)
        await issue_records.change(tx, later.id, later.revision, states=(later.state,), intro="For the next one.")
        printed = [item.id for item in await items.in_states(tx, 1, ItemState.IN_ISSUE)]
    await stories(newsroom, ["c"])
    async with store.transaction() as tx:
        late = (await items.in_states(tx, 1, ItemState.APPROVED))[0]
        await items.change(tx, late.id, late.revision, states=(late.state,), skips_issue_id=later.id)
    before = await the_issue(newsroom, 1)
    await at_desk(newsroom, newsroom.clara, "/reopen", "Issue 1 is open again and keeps its number.")
    assert not await plan.plan(store, before)  # as when its sending was being prepared that moment
    assert tables(newsroom)["deliveries"] == []
    again = await the_issue(newsroom)
    assert (again.number, again.intro, again.state) == (None, "For the next one.", "open")
    async with store.reading() as tx:
        gathered = await issues.gather(tx, 1)
        assert [item.id for item in gathered.items] == printed
        assert (await items.get(tx, late.id)).skips_issue_id == again.id
        assert (await bulletins.get(tx, 1)).next_number == 1
    await newsroom.until(lambda: folded.text.startswith("✓") and newsroom.desk.find("Open; due on 22 November 2026"))
    await closed(newsroom)
    assert (await the_issue(newsroom)).id > later.id  # so that no old button means it
    press = newsroom.clara.press(card, "Reopen", buttons=buttons)
    await newsroom.until(lambda: press.answered)
    assert press.answer_text == "The issue has changed meanwhile. Look at it, then try again."
    assert issue_states(newsroom) == {1: "held", None: "open"}


async def test_one_of_two_who_open_again_or_publish_at_once_is_first(newsroom: World) -> None:
    await gated(newsroom, Gate.COUNTDOWN)
    board = await board_at_desk(newsroom, newsroom.boris)
    refused = await pressed(newsroom, newsroom.boris, board, "Close early")
    assert "you need the role of editor" in refused.answer_text
    twice = [newsroom.clara.press(board, "Close early"), newsroom.olena.press(board, "Close early")]
    await newsroom.until(lambda: all(press.answered for press in twice))
    card = await card_with(newsroom, "Closed with 2 links")
    await newsroom.until(lambda: "News from Ukraine Bulletin 2" in board.text)
    assert issue_states(newsroom) == {1: "held", None: "open"}
    presses = [newsroom.clara.press(card, "Reopen"), newsroom.olena.press(card, "Publish now")]
    presses += [newsroom.olena.press(card, "Reopen")]
    await newsroom.until(lambda: all(press.answered for press in presses))
    assert [press.show_alert for press in presses].count(False) == 1
    await newsroom.until(lambda: sorted(issue_states(newsroom).values()) in (["open"], ["open", "sent"]))
