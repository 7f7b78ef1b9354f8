"""How often the bot may send, in the sandbox's own time."""

from collections.abc import AsyncIterator

import pytest
from telegram.error import RetryAfter
from telegram_scene import Scene, open_scene, seconds_to_wait

from bot.sandbox.telegram import Chat


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene(rates=True) as scene:
        yield scene


async def refused_after(scene: Scene, chat: Chat) -> tuple[int, int]:
    """How many messages went through at once, and the seconds to wait for the next one."""
    for number in range(40):
        try:
            await scene.bot.send_message(chat.id, f"message {number}")
        except RetryAfter as refusal:
            return number, seconds_to_wait(refusal)
    raise AssertionError("nothing was ever refused")


async def test_a_private_chat_takes_a_burst_of_three_and_then_one_a_second(scene: Scene) -> None:
    assert await refused_after(scene, scene.ana.private) == (3, 1)
    scene.pass_time(1)
    assert await refused_after(scene, scene.ana.private) == (1, 1)


async def test_a_channel_takes_three_at_once_and_twenty_a_minute(scene: Scene) -> None:
    assert await refused_after(scene, scene.news) == (3, 1)
    for _ in range(17):
        scene.pass_time(1)
        await scene.bot.send_message(scene.news.id, "one more")
    scene.pass_time(3)
    assert await refused_after(scene, scene.news) == (0, 40)
    scene.pass_time(40)
    await scene.bot.send_message(scene.news.id, "one more")


async def test_a_group_takes_twenty_in_a_minute(scene: Scene) -> None:
    assert await refused_after(scene, scene.moderators) == (20, 60)
    scene.pass_time(59.5)
    assert await refused_after(scene, scene.moderators) == (0, 1)
    scene.pass_time(0.5)
    assert await refused_after(scene, scene.moderators) == (20, 60)


async def test_thirty_in_a_second_is_all_there_is(scene: Scene) -> None:
    people = [scene.tg.person(f"Reader {number}") for number in range(31)]
    for person in people:
        person.start()
    for person in people[:30]:
        await scene.bot.send_message(person.id, "issue 1")
    with pytest.raises(RetryAfter):
        await scene.bot.send_message(people[30].id, "issue 1")
    scene.pass_time(0.1)
    await scene.bot.send_message(people[30].id, "issue 1")


async def test_edits_are_counted_apart_from_messages(scene: Scene) -> None:
    post = await scene.bot.send_message(scene.news.id, "0")
    for number in range(1, 4):
        await post.edit_text(str(number))
    with pytest.raises(RetryAfter) as refusal:
        await post.edit_text("4")
    assert seconds_to_wait(refusal.value) == 1
    await scene.bot.send_message(scene.news.id, "another")


async def test_what_was_refused_for_another_reason_does_not_count(scene: Scene) -> None:
    for _ in range(5):
        with pytest.raises(Exception, match="too long"):
            await scene.bot.send_message(scene.ana.id, "x" * 4097)
    assert await refused_after(scene, scene.ana.private) == (3, 1)


async def test_the_refusal_stores_nothing_and_uses_telegrams_words(scene: Scene) -> None:
    await refused_after(scene, scene.ana.private)
    assert [message.text for message in scene.ana.private.messages[1:]] == [f"message {number}" for number in range(3)]
    assert scene.tg.calls[-1].outcome == "429 Too Many Requests: retry after 1"


async def test_the_limits_can_be_switched_off(scene: Scene) -> None:
    scene.tg.limits.enforced = False
    for number in range(50):
        await scene.bot.send_message(scene.news.id, str(number))
    assert len(scene.news.messages) == 50
