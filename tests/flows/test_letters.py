"""Letters: taken in for whom they are proven to be from, confirmed by a tap otherwise, and read by a person."""

import pytest

from bot.letters.letter import Kind, Returned, Verdict
from bot.sandbox.telegram import Message, Press
from bot.texts import say
from store import bulletins, people
from tests.cast import World
from tests.flows.acts import article, in_ukrainian, pressed
from tests.flows.letters import ANA, Mail, column, comes, letter, mails, person_id, secret_token, token

DAN = "dan@readers.example"


async def mail(world: World, text: str) -> Mail:
    """Return the mail of this text, once it waits."""
    found: Mail = await world.until(lambda: next((one for one in mails(world) if one.text == text), None))
    return found


async def card_with(world: World, words: str) -> Message:
    found: Message = await world.until(lambda: next((m for m in world.desk.visible() if words in m.words), None))
    return found


@pytest.mark.parametrize("language", ["en", pytest.param("uk", marks=pytest.mark.system)])
async def test_a_contributors_letter_is_taken_in_and_answered_by_mail_alone(letter_room: World, language: str) -> None:
    if language == "uk":
        await in_ukrainian(letter_room)
    said_before = len(letter_room.ana.private.texts)
    words = f"Two for you:\n{article(letter_room, 'a')}"
    links = (article(letter_room, "a"), article(letter_room, "b"))
    came = letter(words=words, links=links, token=await secret_token(letter_room))
    assert await comes(letter_room, came)
    assert not await comes(letter_room, came)
    received = await mail(letter_room, "letter-received")
    assert received.to == ANA
    assert say(language, "letter-received", **received.payload["values"]).startswith(
        {"en": "Received #1: 2 links.", "uk": "Отримано №1: 2 посилання."}[language]
    )
    assert received.payload["answers"] == f"<{came.message_id}>"
    card = await letter_room.card("Story of a")
    assert "“Two for you:”" in card.text or "«Two for you:»" in card.text
    await pressed(letter_room, letter_room.boris, card, "Analysis")
    other = await letter_room.card("Story of b")
    assert ANA not in card.text + other.text
    letter_room.jump(minutes=2)
    told = await mail(letter_room, "letter-outcome-approved")
    assert "Story of a" in say(language, told.text, **told.payload["values"])
    assert (told.to, told.payload["language"]) == (ANA, language)
    assert column(letter_room, "SELECT count(contact) FROM submissions") == [1]
    await pressed(letter_room, letter_room.boris, other, "Analysis")
    letter_room.jump(minutes=2)
    await letter_room.until(lambda: column(letter_room, "SELECT count(contact) FROM submissions") == [0])
    assert len(letter_room.ana.private.texts) == said_before
    assert [one.text for one in mails(letter_room)].count("letter-received") == 1


@pytest.mark.parametrize(
    ("language", "own", "foreign"),
    [("en", "It is mine", "Not mine"), pytest.param("uk", "Це моє", "Це не моє", marks=pytest.mark.system)],
)
async def test_an_unproven_letter_to_a_secret_address_waits_for_a_tap(
    letter_room: World, language: str, own: str, foreign: str
) -> None:
    if language == "uk":
        await in_ukrainian(letter_room)
    token = await secret_token(letter_room)
    for name, label in (("a", own), ("b", foreign)):
        link = article(letter_room, name)
        await comes(letter_room, letter(words=link, links=(link,), token=token, genuine=False))
        asked = await letter_room.until(
            lambda link=link: next((m for m in letter_room.ana.private.visible() if link in m.text and m.buttons), None)
        )
        await pressed(letter_room, letter_room.ana, asked, label)
        await letter_room.until(lambda asked=asked: not asked.buttons)
    await letter_room.card("Story of a")
    assert await letter_room.until(lambda: letter_room.ana.private.find("#1" if language == "en" else "№1"))
    assert mails(letter_room) == []
    assert column(letter_room, "SELECT count(*) FROM items") == [1]
    assert column(letter_room, "SELECT count(content) FROM letters") == [0]


@pytest.mark.system
async def test_somebody_at_risk_gets_no_mail(letter_room: World) -> None:
    await at_risk(letter_room)
    link = article(letter_room, "a")
    await comes(letter_room, letter(words=link, links=(link,), token=await secret_token(letter_room)))
    card = await letter_room.card("Story of a")
    assert await letter_room.until(lambda: letter_room.ana.private.find("it has arrived"))
    await pressed(letter_room, letter_room.boris, card, "Analysis")
    letter_room.jump(minutes=2)
    await letter_room.until(lambda: not column(letter_room, "SELECT id FROM outbox WHERE kind = 'outcome'"))
    assert mails(letter_room) == []
    assert column(letter_room, "SELECT count(contact) FROM submissions") == [0]


async def at_risk(world: World) -> None:
    async with world.services.store.transaction() as tx:
        await people.change(tx, await person_id(world), at_risk=True)


async def test_a_stranger_is_refused_politely_once_a_day(letter_room: World) -> None:
    link = article(letter_room, "a")
    for _ in range(3):
        await comes(letter_room, letter(sender=DAN, words=link, links=(link,)))
    await comes(letter_room, letter(sender="list@lists.example", words=link, links=(link,), automatic=True))
    assert [(one.to, one.text) for one in mails(letter_room)] == [(DAN, "letter-stranger")]
    assert column(letter_room, "SELECT count(*) FROM items") == [0]


async def test_a_letter_for_a_person_is_answered_by_one_moderator(letter_room: World) -> None:
    await comes(letter_room, letter(Kind.HUMAN, DAN, words="Where can I meet you?", subject="A question"))
    card = await card_with(letter_room, "Where can I meet you?")
    assert "d…@readers.example" in card.text
    assert DAN not in card.text
    before = letter_room.desk.visible()[-1].message_id
    await pressed(letter_room, letter_room.boris, card, "Answer")
    asked = await letter_room.until(
        lambda: next((m for m in letter_room.desk.visible() if m.message_id > before), None)
    )
    letter_room.boris.send("On Friday, by the market.", letter_room.desk, reply_to=asked)
    await letter_room.until(lambda: "answered by" in card.text)
    assert [(one.kind, one.to) for one in mails(letter_room)] == [("answer", DAN)]
    sealed = column(letter_room, "SELECT sealed FROM postbox")[0]
    words = letter_room.services.sealer.open("answer", sealed)
    assert words == "A question\nOn Friday, by the market.\n\n> Where can I meet you?"
    back = token(letter_room, "answer", 1)
    await comes(
        letter_room, letter(Kind.BOUNCE, "", token=back, returned=(Returned(DAN, Verdict.HARD),), automatic=True)
    )
    await letter_room.until(lambda: letter_room.desk.find("could not be delivered"))
    press = await pressed_data(letter_room, card, "v1:letter-ignore:{}:0")
    assert "decided on already" in (press.answer_text or "")
    assert column(letter_room, "SELECT count(content) FROM letters") == [0]


async def pressed_data(world: World, card: Message, data: str) -> Press:
    letter_id = column(world, "SELECT max(id) FROM letters WHERE kind = 'letter'")[0]
    press = world.clara.press_data(card, data.format(letter_id))
    await world.until(lambda: press.answered)
    return press


@pytest.mark.system
async def test_a_strangers_letter_becomes_a_submission_by_a_press(letter_room: World) -> None:
    link = article(letter_room, "a")
    await comes(letter_room, letter(Kind.HUMAN, DAN, words=f"Have you seen this? {link}", links=(link,)))
    await pressed(letter_room, letter_room.boris, await card_with(letter_room, "Have you seen"), "It is a submission")
    item = await letter_room.card("Story of a")
    assert "Dan" not in item.text
    await pressed(letter_room, letter_room.boris, item, "Analysis")
    letter_room.jump(minutes=2)
    told = await mail(letter_room, "letter-suggestion-approved")
    assert told.to == DAN
    await letter_room.until(lambda: column(letter_room, "SELECT count(contact) FROM submissions") == [0])


async def test_letters_are_decided_at_the_desk_alone(letter_room: World) -> None:
    await comes(letter_room, letter(Kind.HUMAN, DAN, words="A question."))
    card = await card_with(letter_room, "A question.")
    waiting = column(letter_room, "SELECT id FROM letters WHERE state = 'waiting'")[0]
    for action in ("letter-answer", "letter-ignore", "letter-take", "letter-subscribe", "own-letter-yes"):
        press = letter_room.ana.press_data(letter_room.ana.private.last(), f"v1:{action}:{waiting}:0")
        await letter_room.until(lambda press=press: press.answered)
    assert column(letter_room, "SELECT state FROM letters") == ["waiting"]
    await pressed(letter_room, letter_room.clara, card, "Subscribe sender")
    assert [(one.kind, one.to) for one in mails(letter_room)] == [("confirm", DAN)]


async def test_a_letter_that_came_before_there_was_a_desk_is_shown_when_there_is_one(letter_room: World) -> None:
    async with letter_room.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        assert bulletin is not None
        await bulletins.change(tx, bulletin.id, moderators_chat=None)
    await comes(letter_room, letter(Kind.HUMAN, DAN, words="A question."))
    async with letter_room.services.store.transaction() as tx:
        await bulletins.change(tx, bulletin.id, moderators_chat=letter_room.desk.id)
    letter_room.jump(minutes=11)
    await card_with(letter_room, "A question.")


async def test_what_nobody_decides_is_forgotten_after_30_days(letter_room: World) -> None:
    await comes(letter_room, letter(Kind.HUMAN, DAN, words="A question."))
    card = await card_with(letter_room, "A question.")
    letter_room.jump(days=31)
    await letter_room.until(lambda: "30 days" in card.text)
    assert column(letter_room, "SELECT count(content) FROM letters") == [0]
