"""/stats: the numbers as text and as a picture, for moderators only, in two languages, no small counts of people."""

from pathlib import Path

import pytest

from bot.sandbox.telegram import Message, Person
from tests.cast import World, settled_world
from tests.flows.acts import answer, approved, at_desk, failed_updates, forged, in_ukrainian, quiet
from tests.flows.published import chosen, published, stories

pytestmark = pytest.mark.system

PNG = b"\x89PNG\r\n\x1a\n"


async def picture(world: World, before: int, who: Person | None = None) -> Message:
    """Return the picture that comes after a message, at the desk or in somebody's private chat."""
    chat = who.private if who is not None else world.desk
    found: Message = await world.until(
        lambda: next((m for m in chat.visible() if m.message_id > before and m.photo is not None), None)
    )
    assert found.photo is not None
    assert found.photo.content.startswith(PNG)
    return found


async def test_moderators_see_the_numbers_as_text_and_as_a_picture_and_choose_the_time(newsroom: World) -> None:
    readers = await newsroom.readers(14)
    for reader in readers[1:4]:
        newsroom.mail.fault("refuse", reader)
    await approved(newsroom, "c", title="Story of c")
    await stories(newsroom, "ab", "Ukraine")
    await published(newsroom, newsroom.clara)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out."))
    await quiet(newsroom)
    told = await at_desk(newsroom, newsroom.boris, "/stats", "Numbers")
    shown = await picture(newsroom, told.message_id)
    assert shown.caption == "News from Ukraine Bulletin · Numbers · Issue 1"
    assert shown.silent
    assert "Items by section\n▇▇▇▇▇▇▇▇ 2 · Ukraine\n▇▇▇▇ 1 · Analysis" in told.text
    assert "Items by source\n▇▇▇▇▇▇▇▇ 3 · Herald" in told.text
    assert "From sending to decision\nHalf of the links: within" in told.text
    assert "(1 link was decided.)" in told.text
    assert "Reading: 1" in told.text
    assert "▇▇▇▇▇▇▇▇ 11 · Issue 1\n   fewer than 10 refused" in told.text
    assert "Posts in channels: 1 sent." in told.text
    assert told.labels == ["Last issue", "✓ 10 issues", "All", "Picture"]
    await chosen(newsroom, newsroom.boris, told, "All")
    assert told.labels == ["Last issue", "10 issues", "✓ All", "Picture"]
    press = newsroom.boris.press(told, "Picture")
    again = await picture(newsroom, shown.message_id)
    assert press.answer_text == "The picture is coming."
    assert again.caption == shown.caption


async def test_of_an_empty_bulletin_there_is_little_to_tell_in_ukrainian_and_no_count_of_few_people(
    newsroom: World,
) -> None:
    await in_ukrainian(newsroom)
    before = newsroom.boris.private.visible()[-1].message_id
    count = len(newsroom.boris.private.texts)
    newsroom.boris.send("/stats")
    assert await answer(newsroom, newsroom.boris, count + 1) == (
        "Числа\nЩе не закрито жодного випуску.\n\nЧитачі поштою, зараз\nПоштою ще ніхто не читає."
    )
    told = newsroom.boris.private.last()
    await picture(newsroom, before, newsroom.boris)
    assert told.labels == ["Останній випуск", "✓ 10 випусків", "Усі", "Малюнок"]
    await newsroom.readers(9)
    await chosen(newsroom, newsroom.boris, told, "Усі")
    assert told.text.endswith("Читачі поштою, зараз\nЧитають: менше ніж 10")


async def test_nobody_below_a_moderator_gets_a_number_and_a_button_of_ones_own_making_does_nothing(
    newsroom: World,
) -> None:
    told = await at_desk(newsroom, newsroom.boris, "/stats", "Numbers")
    await picture(newsroom, told.message_id)
    count = len(newsroom.ana.private.texts)
    newsroom.ana.send("/stats")
    said = await answer(newsroom, newsroom.ana, count + 1)
    assert said.startswith("For this you need the role of moderator")
    newsroom.eve.send("/stats")
    assert "Numbers" not in await answer(newsroom, newsroom.eve, 1)
    data = told.buttons[0][2].data
    assert (await forged(newsroom, newsroom.eve, told, data)).show_alert
    made_up = await forged(newsroom, newsroom.boris, told, data.replace("all", "never"))
    assert made_up.answer_text == "This works only with the button it belongs to."
    assert told.labels == ["Last issue", "✓ 10 issues", "All", "Picture"]
    assert failed_updates(newsroom) == 0


async def test_the_picture_comes_to_the_topic_of_its_text(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as forum:
        forum.desk.forum = True
        topic = forum.olena.open_topic(forum.desk, "Talk")
        async with forum.running():
            asked = forum.boris.send("/stats", forum.desk, thread=topic)
            shown = await picture(forum, asked.message_id)
            told = forum.desk.find("Nobody reads by mail yet")
            forum.boris.press(told, "Picture")
            again = await picture(forum, shown.message_id)
            assert [each.thread_id for each in (told, shown, again)] == [topic] * 3
