"""Whoever is erased is erased from the letters that wait too: cards say so, and nobody can answer any more."""

import pytest

from bot import people
from bot.letters.letter import Kind
from bot.sandbox.telegram import Message
from bot.subscriptions import ADDRESS
from tests.cast import World
from tests.flows.acts import article, forged, in_ukrainian, pressed
from tests.flows.letters import column, comes, letter, mails, person_id, secret_token
from tests.flows.reader import Visitor
from tests.flows.test_choosing import page_of
from tests.flows.world_process import command

DAN, EVE = "dan@readers.example", "eve@evil.example"
ANSWER = {"en": "Answer", "uk": "Відповісти"}
CARD = {"en": "✉ A letter: erased, as was everything", "uk": "✉ Лист: стерто, як і все"}
OWN = {"en": "Here you were asked about a letter", "uk": "Тут було запитання про лист"}
TOLD = {"en": "It cannot be answered any more.", "uk": "Відповісти на нього вже не можна."}


async def erased(world: World, door: str) -> None:
    """Let Dan be erased, by himself on his page or by the operator at the shell."""
    if door == "shell":
        done = await command(world, "subscribers", "erase", DAN)
        assert done.code == 0, done.err
        return
    async with Visitor(world) as dan:
        seen = await dan.press(await page_of(world, dan), "Erase everything", sure="1")
        assert seen.heading == "Everything is erased"


async def card_of(world: World, words: str) -> Message:
    found: Message = await world.until(lambda: world.desk.find(words))
    return found


@pytest.mark.parametrize(("door", "language"), [("page", "en"), pytest.param("shell", "uk", marks=pytest.mark.system)])
async def test_a_letter_of_who_is_erased_is_taken_away(letter_room: World, door: str, language: str) -> None:
    world, link = letter_room, article(letter_room, "a")
    await world.readers(1)
    if language == "uk":
        await in_ukrainian(world)
    await comes(world, letter(Kind.HUMAN, "Dan@Readers.Example", words="Where do you meet?"))
    await comes(world, letter(Kind.HUMAN, EVE, words="Let me in."))
    await comes(world, letter(sender=DAN, words=link, links=(link,), token=await secret_token(world), genuine=False))
    card, other = await card_of(world, "Where do you meet?"), await card_of(world, "Let me in.")
    own = await world.until(lambda: next((m for m in world.ana.private.visible() if link in m.text), None))
    before = world.desk.visible()[-1].message_id
    await pressed(world, world.boris, card, ANSWER[language])
    asked = await world.until(lambda: next((m for m in world.desk.visible() if m.message_id > before), None))
    sealed = column(world, "SELECT content FROM letters WHERE content IS NOT NULL")
    await erased(world, door)
    await world.until(lambda: CARD[language] in card.text and OWN[language] in own.text)
    assert (card.buttons, own.buttons) == ([], [])
    assert ANSWER[language] in other.labels

    world.boris.send("By the market.", world.desk, reply_to=asked)
    await world.until(lambda: world.desk.find(TOLD[language]))
    waited = column(world, "SELECT id FROM letters WHERE kind = 'erased' ORDER BY id")
    for action in ("letter-answer", "letter-ignore", "letter-take", "letter-subscribe", "letters-card.0"):
        press = await forged(world, world.clara, card, f"v1:{action}:{waited[0]}:0")
        assert TOLD[language] in (press.answer_text or "")
    for action in ("own-letter-yes", "own-letter-no"):
        press = await forged(world, world.ana, own, f"v1:{action}:{waited[1]}:0")
        assert TOLD[language] in (press.answer_text or "")
    assert mails(world) == []
    assert column(world, "SELECT count(*) FROM items") == [0]
    assert column(world, "SELECT state FROM letters WHERE content IS NOT NULL OR sender_mac IS NOT NULL") == ["waiting"]
    files = b"".join(file.read_bytes() for file in world.settings.data_dir.glob("bulletin.db*"))
    assert [each in files for each in sealed] == [False, True, False]
    assert world.services.sealer.mac(ADDRESS, DAN).encode() in files  # among those who are never written to


async def test_a_letter_of_who_is_erased_gets_no_card_any_more(letter_room: World) -> None:
    world = letter_room
    await world.readers(1)
    for number in range(12):
        await comes(world, letter(Kind.HUMAN, DAN, words=f"Letter {number}."))
    line = await card_of(world, "more letters wait: /letters")
    assert line.text == "✉ And 2 more letters wait: /letters"
    world.boris.send("/letters", world.desk)
    listed = await card_of(world, "12 letters wait")
    said = len(world.desk.visible())
    await erased(world, "page")
    await world.until(lambda: line.text == "✉ Each letter has a card by now, or is dealt with.")
    last = listed.labels[-1]
    press = await pressed(world, world.boris, listed, last)
    assert press.answered
    await world.until(lambda: "No letter waits" in listed.text)
    await world.until(lambda: column(world, "SELECT count(*) FROM outbox") == [0])
    assert len(world.desk.visible()) == said
    assert not [m for m in world.desk.visible() if "Answer" in m.labels or "Letter " in m.words]
    await comes(world, letter(Kind.HUMAN, EVE, words="Let me in."))  # there were ten cards within this hour already
    fresh = await card_of(world, "And 1 more letter waits: /letters")
    assert fresh.message_id > listed.message_id
    await world.until(lambda: line.text == "↓ ✉ How many more letters wait is counted further down.")


async def test_an_answer_that_waits_goes_with_its_letter_however_the_address_was_written(letter_room: World) -> None:
    world = letter_room
    await world.readers(1)
    await comes(world, letter(Kind.HUMAN, "Dan@READERS.example", words="Where do you meet?"))
    card = await card_of(world, "Where do you meet?")
    before = world.desk.visible()[-1].message_id
    await pressed(world, world.boris, card, "Answer")
    asked = await world.until(lambda: next((m for m in world.desk.visible() if m.message_id > before), None))
    world.boris.send("By the market.", world.desk, reply_to=asked)
    await world.until(lambda: [one.kind for one in mails(world)] == ["answer"])
    await erased(world, "page")
    assert mails(world) == []
    await comes(world, letter(Kind.HUMAN, "Dan@READERS.example", words="And when?"))
    await pressed(world, world.boris, await card_of(world, "And when?"), "Subscribe sender")
    assert mails(world) == []


async def test_what_waits_for_somebody_whose_role_was_taken_away_is_forgotten(letter_room: World) -> None:
    world, link = letter_room, article(letter_room, "a")
    await comes(world, letter(sender=DAN, words=link, links=(link,), token=await secret_token(world), genuine=False))
    await comes(world, letter(Kind.HUMAN, EVE, words="Let me in."))
    world.jump(minutes=11)
    await world.until(lambda: world.ana.private.find("Is it yours?") and world.desk.find("Let me in."))
    assert column(world, "SELECT count(content) FROM letters") == [2]
    async with world.services.store.transaction() as tx:
        await people.revoke(tx, world.services.sealer, "shell", await person_id(world), world.clock.now())
    world.jump(minutes=11)
    await world.until(lambda: column(world, "SELECT kind FROM letters WHERE content IS NOT NULL") == ["letter"])


@pytest.mark.system
async def test_whoever_was_erased_and_writes_again_cannot_be_answered_and_that_is_said(letter_room: World) -> None:
    world = letter_room
    await world.readers(1)
    await erased(world, "page")
    await comes(world, letter(Kind.HUMAN, "Dan@READERS.example", words="Where do you meet?"))
    card = await card_of(world, "Where do you meet?")
    before = world.desk.visible()[-1].message_id
    await pressed(world, world.boris, card, "Answer")
    asked = await world.until(lambda: next((m for m in world.desk.visible() if m.message_id > before), None))
    world.boris.send("By the market.", world.desk, reply_to=asked)
    await world.until(lambda: world.desk.find("Nothing may be sent to this address any more"))
    assert mails(world) == []
    assert "Answer" in card.labels
