"""Topics of the moderators' chat: cards, the issue and alarms come to their own, and none is lost with its topic."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import issues
from bot.sandbox.telegram import Message
from store import bulletins
from tests.cast import World, settled_world
from tests.flows.acts import approved, forged, in_ukrainian, pressed, quiet, sent, tables

pytestmark = pytest.mark.system


@pytest.fixture
async def forum(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot whose moderators' chat has topics."""
    async with settled_world(tmp_path) as around:
        around.desk.forum = True
        async with around.running():
            yield around


async def answered(world: World, words: str, thread: int | None, says: str) -> Message:
    """Let the owner write a command in a topic, and return the bot's answer there."""
    asked = world.olena.send(words, world.desk, thread=thread)
    return await world.until(
        lambda: next((m for m in world.desk.visible() if m.message_id > asked.message_id and says in m.words), None)
    )


async def alarm(world: World) -> Message:
    """Let something happen that the moderators must hear of."""
    async with world.services.store.transaction() as tx:
        await issues.say_to_desk(tx, await bulletins.first(tx), world.clock.now(), "issue-undrawn")
    world.services.bell.ring()
    return await world.until(lambda: world.desk.find("could not be drawn"))


async def test_cards_the_issue_and_alarms_come_to_the_topics_that_the_owner_chose(forum: World) -> None:
    cards, issue = forum.olena.open_topic(forum.desk, "Cards"), forum.olena.open_topic(forum.desk, "Issue")
    alarms = forum.olena.open_topic(forum.desk, "Alarms")
    said = await answered(forum, "/topic cards", cards, "this topic is for: cards")
    assert said.thread_id == cards
    await answered(forum, "/topic alarms", alarms, "this topic is for: alarms")
    menu = await answered(forum, "/topic", issue, "What should come to this topic?")
    await pressed(forum, forum.olena, menu, "The issue")
    await forum.until(lambda: menu.text == "From now on this topic is for: the issue.")

    card = await approved(forum, "a")
    assert card.thread_id == cards
    assert (await alarm(forum)).thread_id == alarms
    forum.clara.send("/publish", forum.desk)
    gate = await forum.until(lambda: forum.desk.find("News from Ukraine Bulletin 1\n"))
    assert gate.thread_id == issue
    assert (await forum.until(lambda: forum.desk.find("News 1"))).thread_id == issue
    acts = [row[3] for row in tables(forum)["audit"] if row[3].startswith("set-topic")]
    assert acts == ["set-topic-cards", "set-topic-alarms", "set-topic-issue"]


async def test_messages_of_a_topic_that_is_deleted_come_to_the_general_one_and_it_is_said_once(forum: World) -> None:
    topic = forum.olena.open_topic(forum.desk, "All of it")
    await answered(forum, "/topic all", topic, "this topic is for: cards, the issue, alarms")
    first = await sent(forum, "a")
    assert first.thread_id == topic
    forum.olena.delete_topic(forum.desk, topic)
    second = await sent(forum, "b")
    assert second.thread_id is None
    await pressed(forum, forum.boris, second, "✗ Reject")
    assert (await alarm(forum)).thread_id is None
    third = await sent(forum, "c")
    assert third.thread_id is None
    await quiet(forum)
    assert sum("A topic of this group is gone" in text for text in forum.desk.texts) == 1


async def test_only_the_owner_settles_topics_at_the_desk_and_from_the_general_one_they_come_back(forum: World) -> None:
    topic = forum.olena.open_topic(forum.desk, "Cards")
    menu = await answered(forum, "/topic", topic, "What should come")
    assert "owner" in (await pressed(forum, forum.clara, menu, "Cards")).answer_text
    forum.clara.send("/topic cards", forum.desk, thread=topic)
    await forum.until(lambda: forum.desk.find("you need the role of owner"))
    await answered(forum, "/topic weather", topic, "Write /topic cards, /topic issue")
    forum.olena.send("/topic cards")
    await forum.until(lambda: forum.olena.private.find("Write /topic in the topic of the moderators' chat"))
    for data in ("v1:topic.cards:99:7", "v1:topic.weather:1:7"):
        await forged(forum, forum.olena, menu, data)
    assert (await sent(forum, "a")).thread_id is None
    assert [row for row in tables(forum)["audit"] if row[3].startswith("set-")] == []
    await answered(forum, "/topic cards", topic, "this topic is for")
    await answered(forum, "/topic cards", None, "come to the general chat: cards")
    assert (await sent(forum, "b")).thread_id is None


async def test_a_closed_topic_is_left_like_one_that_is_gone_and_all_of_it_is_said_in_ukrainian(forum: World) -> None:
    await in_ukrainian(forum)
    topic = forum.olena.open_topic(forum.desk, "Картки")
    await answered(forum, "/topic картки", topic, "Відтепер до цієї теми приходять: картки.")
    forum.olena.close_topic(forum.desk, topic)
    assert (await sent(forum, "a")).thread_id is None
    await forum.until(lambda: forum.desk.find("Теми цієї групи вже немає"))
