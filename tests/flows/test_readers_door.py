"""/readers: editors see how many read, and get the list in private, with a second person where that is asked."""

import csv

import pytest

from bot.sandbox.telegram import Message, Person
from tests.cast import World
from tests.flows.acts import answer, at_desk, failed_updates, in_ukrainian, pressed, quiet, tables
from tests.flows.test_guard import guard_on, open_cards

pytestmark = pytest.mark.system


async def told(world: World, who: Person, words: str) -> str:
    before = len(who.private.texts)
    who.send(words)
    return await answer(world, who, before + 1)


async def exported(world: World, who: Person) -> Message:
    """Return the file of readers that somebody got."""
    found: Message = await world.until(lambda: next((m for m in who.private.visible() if _is_list(m)), None))
    return found


def _is_list(message: Message) -> bool:
    return message.document is not None and message.document.filename.startswith("readers-")


async def test_an_editor_gets_the_list_in_private_and_it_is_written_down_and_told(newsroom: World) -> None:
    addresses = await newsroom.readers(3)
    assert "fewer than 10" in await told(newsroom, newsroom.clara, "/readers")
    assert "only given in private" in (await at_desk(newsroom, newsroom.clara, "/readers export", "private")).text
    assert "you need the role of editor" in await told(newsroom, newsroom.boris, "/readers export")
    assert "I do not know “all”" in await told(newsroom, newsroom.clara, "/readers all")
    await told(newsroom, newsroom.clara, "/readers export")
    message = await exported(newsroom, newsroom.clara)
    assert message.document is not None
    rows = list(csv.DictReader(message.document.content.decode().splitlines()))
    assert sorted(row["address"] for row in rows) == sorted(addresses)
    assert {(row["state"], row["consent"]) for row in rows} == {("active", "paper list")}
    assert message.caption is not None
    assert message.caption.startswith("All readers of News from Ukraine Bulletin.")
    assert await newsroom.until(lambda: newsroom.desk.find("was given the list of readers"))
    assert [row[3] for row in tables(newsroom)["audit"]].count("export readers") == 1
    await quiet(newsroom)
    assert failed_updates(newsroom) == 0
    assert not any(_is_list(m) for who in (newsroom.boris, newsroom.olena) for m in who.private.visible())


async def test_with_the_guard_on_the_list_comes_once_a_second_person_agreed(newsroom: World) -> None:
    await guard_on(newsroom)
    assert "There are no readers yet" in await told(newsroom, newsroom.clara, "/readers export")
    await newsroom.readers(2)
    assert "needs a second person" in await told(newsroom, newsroom.clara, "/readers export")
    [card] = await open_cards(newsroom, 1)
    assert "get the list of all readers of News from Ukraine Bulletin" in card.text
    await quiet(newsroom)
    assert not any(_is_list(message) for message in newsroom.clara.private.visible())
    await pressed(newsroom, newsroom.olena, card, "✓ Confirm")
    assert (await exported(newsroom, newsroom.clara)).document is not None
    await quiet(newsroom)
    assert not any(_is_list(message) for message in newsroom.olena.private.visible())


async def test_in_ukrainian_readers_are_counted_and_given(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    assert "Ще нікого." in await told(newsroom, newsroom.clara, "/readers")
    await newsroom.readers(12)
    assert "Читають: 12" in await told(newsroom, newsroom.clara, "/readers")
    await told(newsroom, newsroom.clara, "/readers експорт")
    assert "Усі читачі" in ((await exported(newsroom, newsroom.clara)).caption or "")
