"""Readers by letter: coming, confirming, leaving, and what comes back of their mail; strangers' suggestions."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import returns
from bot.letters.letter import Kind, Returned, Verdict
from bot.texts import say
from tests.cast import World, settled_world
from tests.flows.acts import article, pressed
from tests.flows.letters import column, comes, letter, mails, token

DAN, EVE = "dan@readers.example", "eve@evil.example"


def dans_state(world: World) -> str:
    found: str = column(world, "SELECT state FROM subscriptions ORDER BY id LIMIT 1")[0]
    return found


@pytest.mark.parametrize("language", ["en", pytest.param("uk", marks=pytest.mark.system)])
async def test_a_reader_comes_by_letter_and_leaves_by_letter(letter_room: World, language: str) -> None:
    await comes(letter_room, letter(Kind.SUBSCRIBE, DAN, language=language))
    assert [(one.kind, one.to) for one in mails(letter_room)] == [("confirm", DAN)]
    assert dans_state(letter_room) == "pending"
    row = column(letter_room, "SELECT id FROM subscriptions")[0]
    answer = letter(Kind.REPLY, DAN, token=token(letter_room, "confirm", row), language=language)
    await comes(letter_room, letter(Kind.REPLY, DAN, token=answer.token, automatic=True))
    assert dans_state(letter_room) == "pending"
    await comes(letter_room, answer)
    assert dans_state(letter_room) == "active"
    await comes(letter_room, letter(Kind.UNSUBSCRIBE, DAN, token=token(letter_room, "leave", row), language=language))
    await comes(letter_room, letter(Kind.UNSUBSCRIBE, DAN, token=token(letter_room, "leave", row), language=language))
    assert dans_state(letter_room) == "left"
    said = [one for one in mails(letter_room) if one.kind == "say"]
    assert [one.text for one in said] == ["letter-subscribed", "letter-goodbye"]
    words = say(language, said[1].text, **said[1].payload["values"])
    assert words.startswith({"en": "You get “News from", "uk": "Ви більше не отримуватимете"}[language])


async def test_nobody_leaves_for_a_reader_by_writing_in_their_name(letter_room: World) -> None:
    await letter_room.readers(1)
    for _ in range(3):
        await comes(letter_room, letter(Kind.UNSUBSCRIBE, DAN))
    await comes(letter_room, letter(Kind.UNSUBSCRIBE, DAN, token=token(letter_room, "bounce", 1)))
    assert dans_state(letter_room) == "active"
    [sent] = mails(letter_room)
    assert (sent.to, sent.text) == (DAN, "letter-leave-link")
    link = f"http://bulletin.sandbox.example/leave/{token(letter_room, 'leave', 1)}"
    assert link in say("en", sent.text, **sent.payload["values"])


async def test_whom_nobody_knows_is_heard_by_a_person(letter_room: World) -> None:
    await comes(letter_room, letter(Kind.UNSUBSCRIBE, EVE, words="Take me off at once."))
    await letter_room.until(lambda: letter_room.desk.find("Take me off at once."))
    assert mails(letter_room) == []


async def test_a_forged_confirmation_changes_nothing(letter_room: World) -> None:
    await comes(letter_room, letter(Kind.SUBSCRIBE, DAN))
    for forged in (token(letter_room, "leave", 1), token(letter_room, "confirm", 2), "x" * 29, ""):
        await comes(letter_room, letter(Kind.CONFIRM, EVE, token=forged))
    assert dans_state(letter_room) == "pending"
    assert [one.text for one in mails(letter_room) if one.to == EVE] == ["letter-confirm-over"]


async def test_a_bounce_and_a_complaint_count_for_the_reader_whom_their_token_names(letter_room: World) -> None:
    await letter_room.readers(2)
    gone = (Returned(DAN, Verdict.HARD, "5.1.1"),)
    for purpose in ("leave", "letterbox"):
        await comes(
            letter_room, letter(Kind.BOUNCE, "", token=token(letter_room, purpose, 1), returned=gone, automatic=True)
        )
    assert column(letter_room, "SELECT score FROM subscriptions ORDER BY id") == [0.0, 0.0]
    for purpose in (returns.BOUNCE, returns.PROBE):
        await comes(
            letter_room, letter(Kind.BOUNCE, "", token=token(letter_room, purpose, 1), returned=gone, automatic=True)
        )
    assert column(letter_room, "SELECT state FROM subscriptions ORDER BY id") == ["bounced", "active"]
    await comes(letter_room, letter(Kind.COMPLAINT, "", token=token(letter_room, returns.BOUNCE, 2), automatic=True))
    assert column(letter_room, "SELECT state FROM subscriptions ORDER BY id") == ["bounced", "complained"]
    assert column(letter_room, "SELECT reason FROM suppressions") == ["complaint"]


async def test_a_report_that_cannot_be_read_goes_to_a_person_and_an_automatic_answer_to_nobody(
    letter_room: World,
) -> None:
    await letter_room.readers(1)
    await comes(letter_room, letter(Kind.AUTO_REPLY, DAN, words="I am away.", automatic=True))
    unread = letter(Kind.BOUNCE, "", token=token(letter_room, returns.BOUNCE, 1), words="What is this?", automatic=True)
    await comes(letter_room, unread)
    await comes(letter_room, letter(Kind.HUMAN, "", words="Half a letter", problem="unreadable", automatic=True))
    card = await letter_room.until(lambda: letter_room.desk.find("What is this?"))
    assert "Answer" not in card.labels
    await letter_room.until(lambda: letter_room.desk.find("Not all of it could be read."))
    assert letter_room.desk.find("I am away.") is None
    assert column(letter_room, "SELECT score FROM subscriptions ORDER BY id") == [0.0]
    assert mails(letter_room) == []


@pytest.fixture
async def open_to_strangers(tmp_path: Path) -> AsyncIterator[World]:
    async with settled_world(tmp_path, strangers="suggest") as around:
        around.mail.fault("defer")
        async with around.running():
            yield around


@pytest.mark.system
async def test_a_strangers_links_are_taken_once_they_are_confirmed(open_to_strangers: World) -> None:
    world = open_to_strangers
    link = article(world, "a")
    await comes(world, letter(sender=DAN, words=link, links=(link,), genuine=False))
    [asked] = mails(world)
    assert (asked.to, asked.text) == (DAN, "letter-confirm-suggestion")
    back = asked.payload["answer_to"]
    await comes(world, letter(Kind.CONFIRM, DAN, token=back, automatic=True))
    assert column(world, "SELECT id FROM items") == []
    for _ in range(2):
        await comes(world, letter(Kind.CONFIRM, DAN, token=back))
    card = await world.card("Story of a")
    await pressed(world, world.boris, card, "Analysis")
    world.jump(minutes=2)
    await world.until(lambda: [one.text for one in mails(world)][-1] == "letter-suggestion-approved")
    assert column(world, "SELECT count(*) FROM items") == [1]
    await world.until(lambda: column(world, "SELECT count(contact) FROM submissions") == [0])
