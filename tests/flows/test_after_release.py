"""The report of an issue: what became of it in people's words, buttons on what needs a person, and who missed it."""

import pytest

from bot.sandbox.telegram import Message, Person
from store import bulletins
from tests.cast import World
from tests.flows.acts import answer, at_desk, forged, in_ukrainian, pressed, quiet, tables
from tests.flows.letters import column
from tests.flows.published import chosen, corrected, gone, issue_of, published, stories

pytestmark = pytest.mark.system

SEND = "sendMessage"


async def reported(world: World, by: Person, words: str = "/report") -> Message:
    """Let somebody ask for a report in private, and return it."""
    before = len(by.private.texts)
    by.send(words)
    await answer(world, by, before + 1)
    return by.private.last()


async def test_a_post_that_was_perhaps_sent_is_settled_from_the_report(newsroom: World) -> None:
    await stories(newsroom, "ab")
    newsroom.tg.fault("5xx-after", chat=newsroom.channels[0], method=SEND)
    newsroom.clara.send("/publish", newsroom.desk)
    card = await newsroom.until(lambda: newsroom.desk.find("message 1 to News 1: perhaps sent"))
    report = await reported(newsroom, newsroom.boris)
    assert report.text.startswith("Issue 1 is going out.")
    assert "News 1: 1 perhaps sent" in report.text
    assert "– part 1 in “News 1”: perhaps sent" in report.text
    assert report.labels[:3] == ["It is there", "Send again", "Leave it out"]
    copy = report.buttons[1][0].data
    await chosen(newsroom, newsroom.boris, report, "It is there")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    again = await forged(newsroom, newsroom.boris, report, copy)
    assert again.answer_text == "Somebody has already decided this."
    await newsroom.until(lambda: "Issue 1 is out." in report.text)
    assert len(newsroom.channels[0].visible()) == 1
    await newsroom.until(lambda: not card.buttons)


async def test_who_missed_an_issue_is_counted_and_it_goes_to_those_alone(newsroom: World) -> None:
    readers = await newsroom.readers(14)
    await stories(newsroom, "ab")
    for reader in readers[1:12]:
        newsroom.mail.fault("refuse", reader, times=1)  # what asks them whether they are still there comes to them
    newsroom.mail.fault("refuse-policy", readers[12], times=1)
    await published(newsroom, newsroom.clara)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    await quiet(newsroom)
    report = newsroom.desk.find("Issue 1 is out.")
    assert "Readers by mail: " in report.text
    assert report.labels[-3:] == ["Who missed it?", "Correct", "↻ Refresh"]
    await chosen(newsroom, newsroom.boris, report, "Who missed it?")
    assert "Their address does not exist (any more): 11" in report.text
    assert all(reader not in report.text for reader in readers)
    assert "Every part is in every channel" in report.text
    for reader in readers[1:3]:
        await gone(newsroom, reader)
    newsroom.mail.recover()
    await newsroom.until(lambda: column(newsroom, "SELECT count(*) FROM postbox") == [0])
    refused = await pressed(newsroom, newsroom.boris, report, "Send again to those")
    assert refused.show_alert
    assert "editor" in refused.answer_text
    before = {reader: len(newsroom.mail.mailbox(reader)) for reader in readers}
    press = await pressed(newsroom, newsroom.clara, report, "Send again to those")
    assert press.answer_text.startswith("9 posts and letters are sent again.")
    await newsroom.mail.until(lambda: all(newsroom.mail.mailbox(reader) for reader in readers[3:12]), 10)
    twice = await forged(newsroom, newsroom.clara, report, "v1:report-again:1:0")
    assert twice.answer_text == "Nothing is left that could be sent again."
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    sent = {reader: len(newsroom.mail.mailbox(reader)) - before[reader] for reader in readers}
    assert sent == {**dict.fromkeys(readers, 0), **dict.fromkeys(readers[3:12], 1)}


async def test_small_counts_of_people_are_not_told_and_ukrainian_reports_read_well(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    readers = await newsroom.readers(3)
    await stories(newsroom, "ab")
    newsroom.mail.fault("refuse", readers[1], times=1)
    await published(newsroom, newsroom.clara, "uk")
    await newsroom.until(lambda: newsroom.desk.find("Випуск 1 вийшов."))
    report = await reported(newsroom, newsroom.boris, "/report 1")
    assert report.text.splitlines()[1].startswith("закрито 16 листопада ")
    await chosen(newsroom, newsroom.boris, report, "Хто не отримав?")
    assert "– Такої адреси немає або вже немає: менше ніж 10" in report.text
    await chosen(newsroom, newsroom.boris, report, "← Назад")
    assert "Надіслати їм ще раз" in report.labels
    assert "Немає" not in report.text


async def test_a_paused_channel_says_what_to_do_and_gets_what_it_missed(newsroom: World) -> None:
    await stories(newsroom, "ab")
    kicked = newsroom.tg.fault("kicked", chat=newsroom.channels[0], method=SEND, times=None)
    newsroom.clara.send("/publish", newsroom.desk)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    report = await reported(newsroom, newsroom.clara)
    assert "⚠ “News 1” is paused" in report.text
    assert "Send again to those" not in report.labels
    await chosen(newsroom, newsroom.clara, report, "Who missed it?")
    assert "In “News 1” is missing: part 1" in report.text
    kicked.clear()
    async with newsroom.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        await bulletins.add_channel(tx, bulletin.id, newsroom.channels[0].id, "News 1")
    await chosen(newsroom, newsroom.clara, report, "← Back", "Send again to those")
    await newsroom.until(lambda: newsroom.channels[0].texts)


async def test_a_report_is_asked_for_by_number_and_shown_to_nobody_else(newsroom: World) -> None:
    newsroom.boris.send("/report")
    assert "No issue is out yet." in await answer(newsroom, newsroom.boris)
    await stories(newsroom, "ab")
    await published(newsroom, newsroom.clara)
    for words, said in (("/report 7", "no issue 7"), ("/report x", "“x” is not the number of an issue")):
        assert said in (await reported(newsroom, newsroom.boris, words)).text
    shown = await at_desk(newsroom, newsroom.boris, "/report 1", "Issue 1 is out.")
    assert shown.labels == ["Who missed it?", "Correct", "↻ Refresh"]
    before = tables(newsroom)["deliveries"]
    for person in (newsroom.ana, newsroom.eve):
        before_words = len(person.private.texts)
        person.send("/report")
        await answer(newsroom, person, before_words + 1)
        assert "Issue 1" not in person.private.texts[-1]
        press = await forged(newsroom, person, person.private.last(), "v1:report-again:1:0")
        assert press.show_alert
    for data in ("report:77:0", "report-settle.there:1:0", "report-settle.again:9:0", "report-missed:0:0"):
        assert (await forged(newsroom, newsroom.clara, shown, f"v1:{data}")).show_alert
    assert tables(newsroom)["deliveries"] == before
    await corrected(newsroom, newsroom.clara, "Title", "Story of the right one")
    await newsroom.until(lambda: "Story of the right one" in newsroom.channels[0].texts[0])
    await quiet(newsroom)
    report = await reported(newsroom, newsroom.boris)
    assert "Corrected once after it went out.\nCorrections of posts: 1 sent" in report.text
    assert (await issue_of(newsroom)).sent_at is not None
