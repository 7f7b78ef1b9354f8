"""A flood of letters at the desk: few cards, one line that counts the rest, and /letters, which loses none."""

import pytest

from bot import returns
from bot.letters.letter import Kind
from bot.sandbox.telegram import Message
from tests.cast import World
from tests.flows.acts import in_ukrainian, pressed
from tests.flows.letters import ANA, column, comes, letter, secret_token, token

EVE = "eve@evil.example"


def cards(world: World) -> list[Message]:
    """Return the open cards of letters at the desk."""
    return [m for m in world.desk.visible() if any("letter-ignore" in (b.data or "") for row in m.buttons for b in row)]


def found(world: World, words: str) -> list[Message]:
    return [m for m in world.desk.visible() if words in m.words]


async def flood(world: World, count: int, start: int = 0) -> None:
    """Let so many strangers write, each from an address of their own."""
    for number in range(start, start + count):
        await comes(world, letter(Kind.HUMAN, f"n{number}@evil.example", words=f"Message <{number}>", subject=""))


async def drawn(world: World) -> None:
    """Wait until everything is said, also what waits for more of its kind."""
    world.jump(seconds=11)
    await world.until(lambda: column(world, "SELECT count(*) FROM outbox") == [0], 30)


async def test_of_a_flood_ten_cards_come_an_hour_and_one_line_counts_the_rest(letter_room: World) -> None:
    world = letter_room
    await flood(world, 14)
    await world.until(lambda: found(world, "4 more letters wait: /letters") and len(cards(world)) == 10, 30)
    await flood(world, 3, start=14)
    await drawn(world)
    [line] = found(world, "/letters")
    assert line.text == "✉ And 7 more letters wait: /letters"
    assert len(cards(world)) == 10
    await comes(world, letter(Kind.HUMAN, ANA, words="From one of yours.", token=await secret_token(world)))
    await world.readers(1)
    unread = letter(Kind.BOUNCE, "", token=token(world, returns.BOUNCE, 1), words="What came back", automatic=True)
    await comes(world, unread)
    await world.until(lambda: found(world, "From one of yours.") and found(world, "What came back"))
    world.jump(minutes=61)
    await comes(world, letter(Kind.HUMAN, EVE, words="An hour later."))
    await world.until(lambda: found(world, "An hour later."))
    await drawn(world)
    assert len(cards(world)) == 13
    assert [m.text for m in found(world, "/letters")] == ["✉ And 7 more letters wait: /letters"]


async def test_reports_have_their_own_ten_so_that_neither_hides_the_other(letter_room: World) -> None:
    world = letter_room
    for number in range(11):
        await comes(world, letter(Kind.COMPLAINT, "", words=f"Complaint <{number}>", automatic=True))
    await comes(world, letter(Kind.HUMAN, EVE, words="Let me in."))
    await world.until(lambda: found(world, "Let me in.") and found(world, "And 1 more letter waits"), 30)
    assert not found(world, "Complaint <10>")


@pytest.mark.parametrize("language", ["en", pytest.param("uk", marks=pytest.mark.system)])
async def test_every_letter_stands_in_the_list_and_opens_from_it(letter_room: World, language: str) -> None:
    world = letter_room
    if language == "uk":
        await in_ukrainian(world)
    await flood(world, 18)
    await world.until(lambda: len(cards(world)) == 10, 30)
    world.boris.send("/letters", world.desk)
    heading = {"en": "18 letters wait for a person.", "uk": "18 листів чекають на людину."}[language]
    listed = (await world.until(lambda: found(world, heading)))[0]
    named = {"en": "16 November, 09:0", "uk": "16 листопада, 09:0"}[language]
    assert f"1. Message <0>\nn…@evil.example · {named}" in listed.text
    assert EVE.partition("@")[0] not in listed.text
    read = [listed.text]
    for _ in range(2):
        await pressed(world, world.boris, listed, "›")
        await world.until(lambda: listed.text != read[-1])
        read.append(listed.text)
    places = ["\n".join(read).index(f"{number + 1}. Message <{number}>\n") for number in range(18)]
    assert places == sorted(places)
    assert "›" not in listed.labels
    label = {"en": "Card 18", "uk": "Картка 18"}[language]
    press = await pressed(world, world.boris, listed, label)
    assert (
        press.answer_text
        == {"en": "The card comes down to the end of the chat.", "uk": "Картка з’явиться в кінці чату."}[language]
    )
    card = (await world.until(lambda: [m for m in cards(world) if "Message <17>" in m.text]))[0]
    rest = {"en": "✉ And 7 more letters wait: /letters", "uk": "✉ Чекають ще 7 листів: /letters"}[language]
    await drawn(world)
    assert found(world, rest)
    await pressed(world, world.clara, card, {"en": "Ignore", "uk": "Не відповідати"}[language])
    press = await pressed(world, world.boris, listed, label)
    over = {"en": "decided on already", "uk": "вже вирішено"}[language]
    assert over in (press.answer_text or "")
    await world.until(lambda: listed.text.startswith(heading.replace("18", "17")))


async def test_a_card_that_stands_comes_down_and_leaves_a_line(letter_room: World) -> None:
    world = letter_room
    await flood(world, 2)
    first = (await world.until(lambda: found(world, "Message <0>")))[0]
    world.boris.send("/letters", world.desk)
    listed = (await world.until(lambda: found(world, "2 letters wait")))[0]
    await pressed(world, world.boris, listed, "Card 1")
    await world.until(lambda: first.text == "↓ ✉ A letter: its card is further down.")
    again = (await world.until(lambda: [m for m in cards(world) if "Message <0>" in m.text]))[0]
    assert again.message_id > listed.message_id
    assert first.buttons == []


async def test_letters_are_listed_at_the_desk_for_moderators_alone(letter_room: World) -> None:
    world = letter_room
    await comes(world, letter(Kind.HUMAN, EVE, words="Let me in."))
    await world.until(lambda: cards(world))
    for person, said in ((world.boris, "send /letters there"), (world.ana, "moderator")):
        person.send("/letters")
        await world.until(lambda person=person, said=said: person.private.find(said))
        assert not person.private.find("Let me in.")
    world.boris.send("/help")
    await world.until(lambda: world.boris.private.find("/letters – letters that wait for a person, the oldest first"))
    waiting = column(world, "SELECT id FROM letters WHERE state = 'waiting'")[0]
    press = world.boris.press_data(world.boris.private.last(), f"v1:letters-card.0:{waiting}:0")
    await world.until(lambda: press.answered)
    assert column(world, "SELECT count(*) FROM outbox") == [0]


@pytest.mark.system
async def test_another_flood_is_told_in_a_line_of_its_own_and_what_is_forgotten_is_counted_no_more(
    letter_room: World,
) -> None:
    world = letter_room
    await flood(world, 12)
    line = (await world.until(lambda: found(world, "2 more letters wait"), 30))[0]
    world.jump(days=31)
    await world.until(lambda: "Each letter has a card" in line.text and not cards(world), 30)
    said = len(found(world, "✉"))
    await drawn(world)
    assert len(found(world, "✉")) == said
    await flood(world, 11, start=100)
    fresh = (await world.until(lambda: found(world, "1 more letter waits"), 30))[0]
    assert fresh.message_id > line.message_id
    await world.until(lambda: line.text == "↓ ✉ How many more letters wait is counted further down.")


@pytest.mark.system
async def test_letters_of_a_time_without_a_desk_are_shown_and_counted_when_there_is_one(letter_room: World) -> None:
    world = letter_room
    with_desk = "UPDATE bulletins SET moderators_chat = ?"
    async with world.services.store.transaction() as tx:
        await tx.exec_driver_sql(with_desk, (None,))
    await flood(world, 13)
    async with world.services.store.transaction() as tx:
        await tx.exec_driver_sql(with_desk, (world.desk.id,))
    world.jump(minutes=11)
    await world.until(lambda: len(cards(world)) == 10 and found(world, "3 more letters wait"), 30)
    line = found(world, "3 more letters wait")[0]
    world.jump(minutes=80)
    await drawn(world)
    assert len(cards(world)) == 10
    world.jump(days=2)
    await flood(world, 11, start=100)
    fresh = (await world.until(lambda: found(world, "4 more letters wait"), 30))[0]
    assert fresh.message_id > line.message_id
    await world.until(lambda: line.text == "↓ ✉ How many more letters wait is counted further down.")
