"""Editors: what they preview is what goes out, once, at its hour or at their word, unless they hold it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import gate
from bot.sandbox.telegram import Message
from tests.cast import SUNDAY_HOUR, World, settled_world, world
from tests.flows.acts import (
    answer,
    approved,
    at_desk,
    issue_states,
    pressed,
    quiet,
    sent,
    states,
)
from tests.flows.pdf_text import words_of
from tests.flows.printed import fetched


async def gate_card(newsroom: World, said: str = "published at 19:00 by itself") -> Message:
    """Let the hour of the schedule come, and return the message with its buttons."""
    newsroom.jump_to(SUNDAY_HOUR)
    return await newsroom.until(lambda: newsroom.desk.find(said))


def posts(newsroom: World) -> list[str]:
    return [message.words for message in newsroom.channels[0].visible()]


async def test_what_is_previewed_is_what_goes_out(newsroom: World) -> None:
    await approved(newsroom, "a")
    saved = await announced(newsroom, "Open assembly\n" + "There is much to say about it. " * 120)
    await pressed(newsroom, newsroom.clara, saved, "For a week")
    await at_desk(newsroom, newsroom.clara, "/preview", "The issue as PDF")
    *messages, document = [
        m for m in newsroom.desk.visible() if m.message_id > newsroom.desk.find("/preview").message_id
    ]
    assert len(messages) == 2
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    assert posts(newsroom) == [message.words for message in messages]
    assert [m.entities for m in newsroom.channels[0].visible()] == [message.entities for message in messages]
    served = await fetched(f"http://127.0.0.1:{newsroom.app.web_port}/news-from-ukraine-bulletin/", 1)
    assert words_of(document.document.content) == words_of(served["PDF"])


async def test_an_issue_goes_out_an_hour_after_its_gate_by_itself_and_only_once(newsroom: World) -> None:
    await approved(newsroom, "a")
    card = await gate_card(newsroom)
    assert card.labels == ["Publish now", "Hold"]
    assert not card.silent
    assert posts(newsroom) == []
    newsroom.jump(minutes=60)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    await newsroom.until(lambda: "Published." in card.text)
    assert card.labels == []
    services = newsroom.services
    for _ in range(3):
        await gate.tick(services.store, services.press, services.clock.now())
    assert issue_states(newsroom) == {1: "sent", None: "open"}
    assert len(posts(newsroom)) == 1


async def test_an_issue_on_hold_stays_until_somebody_goes_on(newsroom: World) -> None:
    await approved(newsroom, "a")
    card = await gate_card(newsroom)
    await pressed(newsroom, newsroom.boris, card, "Hold")
    await newsroom.until(lambda: "On hold" in card.text)
    newsroom.jump(hours=30)
    await quiet(newsroom)
    assert issue_states(newsroom) == {None: "held"}
    assert card.labels == ["Publish now", "Continue"]
    refused = await pressed(newsroom, newsroom.boris, card, "Continue")
    assert "you need the role of editor" in refused.answer_text
    await pressed(newsroom, newsroom.clara, card, "Continue")
    await newsroom.until(lambda: "by itself" in card.text and "Hold" in card.labels)
    assert posts(newsroom) == []
    newsroom.jump(minutes=61)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))


@pytest.mark.system
async def test_a_broadcast_is_held_and_goes_on_where_it_stopped(newsroom: World) -> None:
    readers = await newsroom.readers(300)
    await approved(newsroom, "a")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.mail.until(lambda: newsroom.mail.letters, 20)
    await at_desk(newsroom, newsroom.boris, "/hold", "Issue 1 is on hold.")
    card = await newsroom.until(lambda: newsroom.desk.find("Publishing is on hold."))
    await newsroom.until(lambda: card.labels == ["Continue"])
    came = len(newsroom.mail.letters)
    assert came < len(readers)
    newsroom.jump(minutes=10)
    await quiet(newsroom)
    assert len(newsroom.mail.letters) <= came + newsroom.settings.smtp_connections
    await at_desk(newsroom, newsroom.clara, "/continue", "Issue 1 goes on where it stopped.")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."), 30)
    assert sorted(newsroom.mail.received) == sorted(readers)
    assert {len(receipts) for receipts in newsroom.mail.received.values()} == {1}
    assert len(posts(newsroom)) == 1


async def test_with_nothing_approved_no_number_is_used_and_what_waits_waits(newsroom: World) -> None:
    card = await sent(newsroom, "a")
    newsroom.jump_to(SUNDAY_HOUR)
    told = await newsroom.until(lambda: newsroom.desk.find("Nothing was approved"))
    assert "22 November 2026" in told.text
    assert issue_states(newsroom) == {None: "open"}
    await pressed(newsroom, newsroom.boris, card, "Ukraine")
    newsroom.jump_to(SUNDAY_HOUR + timedelta(days=7))
    await newsroom.until(lambda: newsroom.desk.find("1 link. It is published at 19:00 by itself."))
    newsroom.jump(minutes=61)
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))
    assert post.text.startswith("News from Ukraine Bulletin 1 (29 November 2026)")


async def test_what_is_undecided_at_the_hour_waits_for_the_next_issue(newsroom: World) -> None:
    await approved(newsroom, "a")
    late = await sent(newsroom, "b")
    await gate_card(newsroom)
    newsroom.jump(minutes=61)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    assert states(newsroom) == ["in issue", "pending"]
    await pressed(newsroom, newsroom.boris, late, "Ukraine")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: newsroom.channels[0].find("Bulletin 2 ("))
    assert "Story of a" not in posts(newsroom)[1]


async def test_what_is_approved_behind_the_gate_still_goes_in(newsroom: World) -> None:
    await approved(newsroom, "a")
    late = await sent(newsroom, "b")
    card = await gate_card(newsroom)
    await pressed(newsroom, newsroom.boris, late, "Ukraine")
    await newsroom.until(lambda: "2 links." in card.text)
    await pressed(newsroom, newsroom.clara, card, "Publish now")
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))
    assert "Story of b" in post.text


async def test_when_all_is_undone_behind_the_gate_nothing_goes_out(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    await gate_card(newsroom)
    await pressed(newsroom, newsroom.boris, card, "↩ Undo")
    newsroom.jump(minutes=61)
    await newsroom.until(lambda: newsroom.desk.find("Nothing was approved"))
    assert issue_states(newsroom) == {None: "open"}


async def test_publish_hold_and_continue_say_when_there_is_nothing_to_do(newsroom: World) -> None:
    await at_desk(newsroom, newsroom.clara, "/publish", "Nothing is approved for the next issue yet")
    await at_desk(newsroom, newsroom.clara, "/preview", "Nothing is approved for the next issue yet")
    await at_desk(newsroom, newsroom.clara, "/hold", "Nothing is going on that could be put on hold.")
    await at_desk(newsroom, newsroom.clara, "/continue", "Nothing is on hold.")
    await at_desk(newsroom, newsroom.boris, "/publish", "you need the role of editor")


async def test_an_old_card_of_a_published_item_changes_nothing(newsroom: World) -> None:
    card = await approved(newsroom, "a")
    folded = card.buttons
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    newsroom.jump(days=30)
    press = newsroom.boris.press(card, "↩ Undo", buttons=folded)
    await newsroom.until(lambda: press.answered)
    assert press.answer_text == "It is in a published issue; that can no longer be changed here."
    await newsroom.until(lambda: card.text == "■ Story of a · in issue 1" and not card.labels)
    newsroom.ana.send("http://herald.example/a")
    again = await newsroom.until(lambda: newsroom.desk.find("↺ ran in issue 1"))
    assert "Story of a" in again.text


async def test_an_issue_missed_by_more_than_a_day_waits_for_a_person(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        async with around.running():
            await approved(around, "a")
        around.jump_to(SUNDAY_HOUR + timedelta(hours=30))
        async with around.running():
            card = await around.until(lambda: around.desk.find("missed by more than a day"))
            around.jump(hours=2)
            await quiet(around)
            assert issue_states(around) == {None: "open"}
            assert posts(around) == []
            await pressed(around, around.clara, card, "Publish now")
            await around.until(lambda: around.channels[0].find("Story of a"))


async def test_an_issue_missed_by_less_than_a_day_is_caught_up_through_its_gate(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        async with around.running():
            await approved(around, "a")
        around.jump_to(SUNDAY_HOUR + timedelta(hours=20))
        async with around.running():
            await around.until(lambda: around.desk.find("by itself"))
            around.jump(minutes=61)
            post = await around.until(lambda: around.channels[0].find("Story of a"))
            assert "(22 November 2026)" in post.text


@pytest.mark.system
async def test_a_desk_in_ukrainian_speaks_ukrainian(tmp_path: Path) -> None:
    async with world(tmp_path, language="uk") as around, around.running():
        await around.settle_in()
        card = await approved(around, "a")
        await around.until(lambda: "↩ Скасувати" in card.labels)
        await gate_card(around, "Випуск вийде сам, час: 19:00.")
        around.jump(minutes=61)
        await around.until(lambda: around.channels[0].find("(22 листопада 2026"))
        assert "(Herald, 15 листопада)" in posts(around)[0]


async def announced(newsroom: World, text: str) -> Message:
    """Let Clara give a notice at the desk, and return the bot's question until when it prints."""
    question = await at_desk(newsroom, newsroom.clara, "/notice", "Reply to this message with the text of the notice")
    assert question.force_reply
    newsroom.clara.send(text, newsroom.desk, reply_to=question)
    return await newsroom.until(lambda: newsroom.desk.find("Until when should it print?"))


async def test_a_reply_that_is_quicker_than_telegrams_answer_is_taken(newsroom: World) -> None:
    hanging = newsroom.tg.fault("hang-after", chat=newsroom.desk, method="sendMessage")
    await announced(newsroom, "Open assembly\n8 December, 18:30\nWeavers’ Hall, 4 Ropewalk Lane")
    assert hanging.hits == 1


async def test_a_notice_is_read_and_prints_until_the_day_that_was_pressed(newsroom: World) -> None:
    saved = await announced(newsroom, "Open assembly\n8 December, 18:30\nWeavers’ Hall, 4 Ropewalk Lane")
    what = "Tuesday 8 December 2026, 18:30 (Kyiv time, UTC+2) · Weavers’ Hall, 4 Ropewalk Lane"
    assert saved.text == f"Saved for the next issue: {what}. Until when should it print?"
    assert saved.labels == ["Until that day", "For a week", "For 4 weeks", "≡ All its fields", "Take it out"]
    await pressed(newsroom, newsroom.clara, saved, "For a week")
    await newsroom.until(lambda: saved.text == f"In the next issues until 23 November 2026: {what}")
    assert saved.labels == ["≡ All its fields", "Take it out"]
    await approved(newsroom, "a")
    await gate_card(newsroom)
    newsroom.jump(minutes=61)
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))
    assert "Notices\n\nOpen assembly\n8 December, 18:30\nWeavers’ Hall, 4 Ropewalk Lane" in post.text
    await approved(newsroom, "b")
    newsroom.jump_to(SUNDAY_HOUR + timedelta(days=7, minutes=1))
    await newsroom.until(lambda: newsroom.desk.find("Bulletin 2\n"))
    newsroom.jump(minutes=61)
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of b"))
    assert "Open assembly" not in post.text


async def test_a_notice_that_is_taken_out_prints_nowhere(newsroom: World) -> None:
    newsroom.clara.send("/notice A vigil\nThursday 19 November, 18:30")
    early = await answer(newsroom, newsroom.clara)
    assert "The next issue is due on 22 November 2026, after that day." in early
    saved = await announced(newsroom, "Open assembly")
    assert "no day to come was found in it" in saved.text
    assert saved.labels == ["For a week", "For 4 weeks", "≡ All its fields", "Take it out"]
    refused = await pressed(newsroom, newsroom.boris, saved, "Take it out")
    assert "you need the role of editor" in refused.answer_text
    await pressed(newsroom, newsroom.clara, saved, "Take it out")
    await newsroom.until(lambda: saved.text == "The notice is taken out.")
    await approved(newsroom, "a")
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    post = await newsroom.until(lambda: newsroom.channels[0].find("Story of a"))
    assert "Open assembly" not in post.text
