"""Letters: taken in for whom they are proven to be from, confirmed by a tap otherwise, and read by a person."""

import pytest

from bot.letters.letter import Kind, Returned, Verdict
from bot.sandbox.telegram import Message, Press
from bot.texts import say
from store import people
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


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_contributors_letter_is_taken_in_and_answered_by_mail_alone(newsroom: World, language: str) -> None:
    if language == "uk":
        await in_ukrainian(newsroom)
    said_before = len(newsroom.ana.private.texts)
    words = f"Two for you:\n{article(newsroom, 'a')}"
    links = (article(newsroom, "a"), article(newsroom, "b"))
    came = letter(words=words, links=links, token=await secret_token(newsroom))
    assert await comes(newsroom, came)
    assert not await comes(newsroom, came)
    received = await mail(newsroom, "letter-received")
    assert received.to == ANA
    assert say(language, "letter-received", **received.payload["values"]).startswith(
        {"en": "Received #1: 2 links.", "uk": "Отримано №1: 2 посилання."}[language]
    )
    assert received.payload["answers"] == f"<{came.message_id}>"
    card = await newsroom.card("Story of a")
    assert "“Two for you:”" in card.text or "«Two for you:»" in card.text
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    other = await newsroom.card("Story of b")
    assert ANA not in card.text + other.text
    newsroom.jump(minutes=2)
    told = await mail(newsroom, "letter-outcome-approved")
    assert "Story of a" in say(language, told.text, **told.payload["values"])
    assert (told.to, told.payload["language"]) == (ANA, language)
    assert column(newsroom, "SELECT count(contact) FROM submissions") == [1]
    await pressed(newsroom, newsroom.boris, other, "Analysis")
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: column(newsroom, "SELECT count(contact) FROM submissions") == [0])
    assert len(newsroom.ana.private.texts) == said_before
    assert [one.text for one in mails(newsroom)].count("letter-received") == 1


@pytest.mark.parametrize(
    ("language", "own", "foreign"), [("en", "It is mine", "Not mine"), ("uk", "Це моє", "Це не моє")]
)
async def test_an_unproven_letter_to_a_secret_address_waits_for_a_tap(
    newsroom: World, language: str, own: str, foreign: str
) -> None:
    if language == "uk":
        await in_ukrainian(newsroom)
    token = await secret_token(newsroom)
    for name, label in (("a", own), ("b", foreign)):
        link = article(newsroom, name)
        await comes(newsroom, letter(words=link, links=(link,), token=token, genuine=False))
        asked = await newsroom.until(
            lambda link=link: next((m for m in newsroom.ana.private.visible() if link in m.text and m.buttons), None)
        )
        await pressed(newsroom, newsroom.ana, asked, label)
        await newsroom.until(lambda asked=asked: not asked.buttons)
    await newsroom.card("Story of a")
    assert await newsroom.until(lambda: newsroom.ana.private.find("#1" if language == "en" else "№1"))
    assert mails(newsroom) == []
    assert column(newsroom, "SELECT count(*) FROM items") == [1]
    assert column(newsroom, "SELECT count(content) FROM letters") == [0]


async def test_somebody_at_risk_gets_no_mail(newsroom: World) -> None:
    await at_risk(newsroom)
    link = article(newsroom, "a")
    await comes(newsroom, letter(words=link, links=(link,), token=await secret_token(newsroom)))
    card = await newsroom.card("Story of a")
    assert await newsroom.until(lambda: newsroom.ana.private.find("it has arrived"))
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    newsroom.jump(minutes=2)
    await newsroom.until(lambda: not column(newsroom, "SELECT id FROM outbox WHERE kind = 'outcome'"))
    assert mails(newsroom) == []
    assert column(newsroom, "SELECT count(contact) FROM submissions") == [0]


async def at_risk(world: World) -> None:
    async with world.services.store.transaction() as tx:
        await people.change(tx, await person_id(world), at_risk=True)


async def test_a_stranger_is_refused_politely_once_a_day(newsroom: World) -> None:
    link = article(newsroom, "a")
    for _ in range(3):
        await comes(newsroom, letter(sender=DAN, words=link, links=(link,)))
    await comes(newsroom, letter(sender="list@lists.example", words=link, links=(link,), automatic=True))
    assert [(one.to, one.text) for one in mails(newsroom)] == [(DAN, "letter-stranger")]
    assert column(newsroom, "SELECT count(*) FROM items") == [0]


async def test_a_letter_for_a_person_is_answered_by_one_moderator(newsroom: World) -> None:
    await comes(newsroom, letter(Kind.HUMAN, DAN, words="Where can I meet you?", subject="A question"))
    card = await card_with(newsroom, "Where can I meet you?")
    assert "d…@readers.example" in card.text
    assert DAN not in card.text
    before = newsroom.desk.visible()[-1].message_id
    await pressed(newsroom, newsroom.boris, card, "Answer")
    asked = await newsroom.until(lambda: next((m for m in newsroom.desk.visible() if m.message_id > before), None))
    newsroom.boris.send("On Friday, by the market.", newsroom.desk, reply_to=asked)
    await newsroom.until(lambda: "answered by" in card.text)
    assert [(one.kind, one.to) for one in mails(newsroom)] == [("answer", DAN)]
    sealed = column(newsroom, "SELECT sealed FROM postbox")[0]
    words = newsroom.services.sealer.open("answer", sealed)
    assert words == "A question\nOn Friday, by the market.\n\n> Where can I meet you?"
    back = token(newsroom, "answer", 1)
    await comes(newsroom, letter(Kind.BOUNCE, "", token=back, returned=(Returned(DAN, Verdict.HARD),), automatic=True))
    await newsroom.until(lambda: newsroom.desk.find("could not be delivered"))
    press = await pressed_data(newsroom, card, "v1:letter-ignore:{}:0")
    assert "decided on already" in (press.answer_text or "")
    assert column(newsroom, "SELECT count(content) FROM letters") == [0]


async def pressed_data(world: World, card: Message, data: str) -> Press:
    letter_id = column(world, "SELECT max(id) FROM letters WHERE kind = 'letter'")[0]
    press = world.clara.press_data(card, data.format(letter_id))
    await world.until(lambda: press.answered)
    return press


async def test_a_strangers_letter_becomes_a_submission_by_a_press(newsroom: World) -> None:
    link = article(newsroom, "a")
    await comes(newsroom, letter(Kind.HUMAN, DAN, words=f"Have you seen this? {link}", links=(link,)))
    await pressed(newsroom, newsroom.boris, await card_with(newsroom, "Have you seen"), "It is a submission")
    item = await newsroom.card("Story of a")
    assert "Dan" not in item.text
    await pressed(newsroom, newsroom.boris, item, "Analysis")
    newsroom.jump(minutes=2)
    told = await mail(newsroom, "letter-suggestion-approved")
    assert told.to == DAN
    await newsroom.until(lambda: column(newsroom, "SELECT count(contact) FROM submissions") == [0])


async def test_letters_are_decided_at_the_desk_alone(newsroom: World) -> None:
    await comes(newsroom, letter(Kind.HUMAN, DAN, words="A question."))
    card = await card_with(newsroom, "A question.")
    waiting = column(newsroom, "SELECT id FROM letters WHERE state = 'waiting'")[0]
    for action in ("letter-answer", "letter-ignore", "letter-take", "letter-subscribe", "own-letter-yes"):
        press = newsroom.ana.press_data(newsroom.ana.private.last(), f"v1:{action}:{waiting}:0")
        await newsroom.until(lambda press=press: press.answered)
    assert column(newsroom, "SELECT state FROM letters") == ["waiting"]
    await pressed(newsroom, newsroom.clara, card, "Subscribe sender")
    assert [(one.kind, one.to) for one in mails(newsroom)] == [("confirm", DAN)]


async def test_what_nobody_decides_is_forgotten_after_30_days(newsroom: World) -> None:
    await comes(newsroom, letter(Kind.HUMAN, DAN, words="A question."))
    card = await card_with(newsroom, "A question.")
    newsroom.jump(days=31)
    await newsroom.until(lambda: "30 days" in card.text)
    assert column(newsroom, "SELECT count(content) FROM letters") == [0]
