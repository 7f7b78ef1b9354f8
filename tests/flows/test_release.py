"""Release: each gate lets out what it should and nothing else, a hold stops at once, and both say what happened."""

import re
from datetime import timedelta

from store import bulletins, issues, people
from store.records import Gate
from store.states import IssueState
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import at_desk, forged, issue_states, pressed, quiet, tables
from tests.flows.boards import stories
from tests.flows.letters import column
from tests.flows.release import at_the_hour, card_with, gated


def posts(newsroom: World) -> list[str]:
    return [message.words for message in newsroom.channels[0].visible()]


def pseudonym(newsroom: World, role: str) -> str:
    return next(name for _, name, has, *_ in tables(newsroom)["people"] if has == role)


async def test_a_gate_of_an_editor_waits_for_a_press_however_long(newsroom: World) -> None:
    await gated(newsroom, Gate.EDITOR, language="uk")
    card = await at_the_hour(newsroom, "Чекає, доки редактор натисне «Опублікувати зараз»")
    assert not card.silent
    newsroom.jump(hours=30)
    await quiet(newsroom)
    assert issue_states(newsroom) == {None: "waiting"}
    refused = await pressed(newsroom, newsroom.boris, card, "Опублікувати зараз")
    assert refused.show_alert
    other = await forged(newsroom, newsroom.clara, card, card.buttons[0][0].data.replace(":1:", ":99:"))
    assert other.answer_text == "Випуск тим часом змінився. Погляньте на нього й спробуйте ще раз."
    assert issue_states(newsroom) == {None: "waiting"}
    await pressed(newsroom, newsroom.clara, card, "Опублікувати зараз")
    await newsroom.until(lambda: issue_states(newsroom).get(1) == "sent")
    assert len(posts(newsroom)) == 1


async def test_a_gate_of_two_needs_another_person_and_the_same_content(newsroom: World) -> None:
    await gated(newsroom, Gate.TWO)
    clara = pseudonym(newsroom, "editor")
    card = await at_the_hour(newsroom, "It waits until two editors have pressed")
    first = await pressed(newsroom, newsroom.clara, card, "Publish now")
    assert first.answer_text.startswith("You have let it out. It goes as soon as a second editor or owner")
    await newsroom.until(lambda: f"Let out by {clara}.\nA second editor or owner must press" in card.text)
    again = await pressed(newsroom, newsroom.clara, card, "Publish now")
    assert again.answer_text.startswith("You have let it out already.")
    for label in ("Hold", "Continue"):
        await pressed(newsroom, newsroom.olena, card, label)
        await newsroom.until(lambda label=label: label not in card.labels)
    assert "Let out by" not in card.text
    await pressed(newsroom, newsroom.clara, card, "Publish now")
    await newsroom.until(lambda: f"Let out by {clara}." in card.text)
    await stories(newsroom, ["c"])
    stale = await pressed(newsroom, newsroom.olena, card, "Publish now")
    assert stale.answer_text == "The issue has changed meanwhile. Look at it, then try again."
    await newsroom.until(lambda: f"The press of {clara} no longer counts" in card.text and "3 links" in card.text)
    await pressed(newsroom, newsroom.olena, card, "Publish now")
    await newsroom.until(lambda: f"Let out by {pseudonym(newsroom, 'owner')}.\n" in card.text)
    assert issue_states(newsroom) == {None: "waiting"}
    await pressed(newsroom, newsroom.clara, card, "Publish now")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    assert "Story of c" in posts(newsroom)[0]


async def test_the_press_of_somebody_whose_role_is_gone_does_not_count(newsroom: World) -> None:
    await gated(newsroom, Gate.TWO)
    await at_desk(newsroom, newsroom.clara, "/publish", "You have let it out.")
    card = await card_with(newsroom, "A second editor or owner must press")
    async with newsroom.services.store.transaction() as tx:
        editor = next(person for person in await people.every(tx) if person.role == "editor")
        await people.change(tx, editor.id, revoked=True)
    await pressed(newsroom, newsroom.olena, card, "Publish now")
    await newsroom.until(lambda: f"Let out by {pseudonym(newsroom, 'owner')}.\nA second" in card.text)
    newsroom.jump(minutes=10)
    await quiet(newsroom)
    assert issue_states(newsroom) == {None: "open"}


async def test_an_automatic_gate_lets_out_at_the_hour_yet_not_a_day_later(newsroom: World) -> None:
    await gated(newsroom, Gate.AUTOMATIC)
    services = newsroom.services
    due = newsroom.clock.now() - timedelta(hours=25)
    async with services.store.transaction() as tx:
        issue = await issues.current(tx, 1)
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.OPEN,), due_at=due)
    card = await card_with(newsroom, "missed by more than a day")
    newsroom.jump(hours=2)
    await quiet(newsroom)
    assert issue_states(newsroom) == {None: "open"}
    await pressed(newsroom, newsroom.clara, card, "Publish now")
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    await stories(newsroom, ["c"])
    newsroom.jump_to(SUNDAY_HOUR + timedelta(days=7))
    await newsroom.until(lambda: newsroom.desk.find("Issue 2 is out."))


async def test_a_gate_that_becomes_stricter_or_looser_counts_at_once(newsroom: World) -> None:
    await gated(newsroom, Gate.COUNTDOWN)
    card = await at_the_hour(newsroom, "It is published at 19:00 by itself")
    await set_gate(newsroom, Gate.EDITOR)
    newsroom.jump(minutes=61)
    await newsroom.until(lambda: "It waits until an editor presses" in card.text)
    assert posts(newsroom) == []
    await set_gate(newsroom, Gate.COUNTDOWN)
    fresh = await newsroom.until(lambda: newsroom.desk.find("It is published at 20:"))
    await pressed(newsroom, newsroom.boris, fresh, "Hold")
    await newsroom.until(lambda: "On hold with 2 links." in fresh.text)
    await set_gate(newsroom, Gate.TWO)
    going = await pressed(newsroom, newsroom.clara, fresh, "Continue")
    assert going.answer_text == "It waits again, until it is let out by Publish now."
    await newsroom.until(lambda: "It waits until two editors" in fresh.text)
    assert posts(newsroom) == []


async def test_a_hold_says_what_went_out_and_what_is_left(newsroom: World) -> None:
    readers = await newsroom.readers(30)
    for late in readers[20:]:
        newsroom.mail.fault("defer-greylist", late)
    await gated(newsroom, Gate.COUNTDOWN)
    await at_desk(newsroom, newsroom.clara, "/publish", "It is being published now.")
    card = await card_with(newsroom, "It is being published.")
    await newsroom.until(lambda: posts(newsroom) and len(newsroom.mail.letters) == 20)
    said = await at_desk(newsroom, newsroom.boris, "/hold", "Issue 1 is on hold.")
    assert "News 1: 1 sent, 0 left" in said.text
    assert re.search(r"^Letters: \d+ sent, \d+ left(, \d+ under way)?$", said.text, re.MULTILINE)
    await newsroom.until(lambda: column(newsroom, "SELECT count(*) FROM deliveries WHERE state = 'sending'") == [0])
    newsroom.jump(minutes=1)
    await newsroom.until(lambda: "Letters: 20 sent, 10 left" in card.text)
    assert card.labels == ["Continue"]
    old = card.buttons
    newsroom.mail.recover()
    await pressed(newsroom, newsroom.clara, card, "Continue")
    newsroom.jump(hours=2)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."), 30)
    stale = newsroom.clara.press(card, "Continue", buttons=old)
    await newsroom.until(lambda: stale.answered)
    assert stale.answer_text == "Nothing is on hold."
    assert [len(newsroom.mail.received[reader]) for reader in readers] == [1] * 30


async def set_gate(newsroom: World, gate: Gate) -> None:
    async with newsroom.services.store.transaction() as tx:
        await bulletins.change(tx, 1, gate=gate)
