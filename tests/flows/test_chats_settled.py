"""Channels and the moderators' chat are settled in chat: rights are looked at, and what is missing is named."""

import pytest

from bot.sandbox.telegram import Chat, Message
from tests.cast import World
from tests.flows.acts import approved, article, forged, in_ukrainian, pressed, quiet, sent, tables
from tests.flows.settings_acts import asked, opened, replied, turned

pytestmark = pytest.mark.system


async def channels(world: World) -> Message:
    """Open the page of channels."""
    return await turned(world, await opened(world), "Channels", "Channels\n")


async def forwarded(world: World, post: Message) -> Message:
    """Let the owner forward a post to the bot, and return what it answers."""
    sent_on = world.olena.forward(post)
    chat = world.olena.private
    return await world.until(lambda: next((m for m in chat.visible() if m.message_id > sent_on.message_id), None))


def channel(world: World, title: str, **rights: bool) -> tuple[Chat, Message]:
    """Return a channel of the owner's with a post in it; with rights, the bot is in it."""
    chat = world.tg.channel(title, world.olena)
    if rights:
        world.olena.add_bot(chat, **rights)
    return chat, world.olena.send("Good morning", chat)


def in_store(world: World) -> list[tuple[object, ...]]:
    """Return title, paused and taken out of every channel."""
    return [(row[3], bool(row[5]), bool(row[7])) for row in tables(world)["channels"]]


async def test_a_channel_is_added_by_a_forwarded_post_once_the_right_that_was_missing_is_given(newsroom: World) -> None:
    chat, post = channel(newsroom, "Second")
    await asked(newsroom, await channels(newsroom), "+ Add a channel")
    told = await forwarded(newsroom, post)
    assert "“Second” does not let me in" in told.text
    newsroom.olena.add_bot(chat, can_post_messages=False, can_edit_messages=True)
    await turned(newsroom, told, "Try again", "one right is missing: post messages")
    assert [title for title, *_ in in_store(newsroom)] == ["News 1"]
    newsroom.olena.promote_bot(chat, can_post_messages=True)
    await turned(newsroom, told, "Try again", "Issues are published in “Second” from now on.")
    await turned(newsroom, told, "‹ Channels", "· Second – open")
    assert "add channel" in [row[3] for row in tables(newsroom)["audit"] if row[4] == f"chat {chat.id}"]

    await approved(newsroom, "a")
    newsroom.clara.send("/publish", newsroom.desk)
    await newsroom.until(lambda: chat.find("Story of a") and newsroom.channels[0].find("Story of a"))


async def test_without_the_question_a_forwarded_post_is_a_link_like_any_other(newsroom: World) -> None:
    chat, _ = channel(newsroom, "Second", can_post_messages=True)
    post = newsroom.olena.send(f"Read {article(newsroom, 'b')}", chat)
    newsroom.olena.forward(post)
    await newsroom.card("Story of b")
    await asked(newsroom, await channels(newsroom), "+ Add a channel")
    newsroom.jump(minutes=11)
    newsroom.olena.forward(newsroom.olena.send(f"Read {article(newsroom, 'c')}", chat))
    await newsroom.card("Story of c")
    assert [title for title, *_ in in_store(newsroom)] == ["News 1"]


async def test_a_channel_is_added_by_its_name_and_what_is_no_channel_is_said(newsroom: World) -> None:
    question = await asked(newsroom, await channels(newsroom), "+ Add a channel")
    assert "That names no channel" in (await replied(newsroom, question, "the one with the news")).text
    question = await asked(newsroom, await channels(newsroom), "+ Add a channel")
    assert "“@nobody_here” does not let me in" in (await replied(newsroom, question, "@nobody_here")).text
    chat = newsroom.tg.channel("Third", newsroom.olena, username="third_news")
    newsroom.olena.add_bot(chat, can_post_messages=True)
    question = await asked(newsroom, await channels(newsroom), "+ Add a channel")
    assert "published in “Third”" in (await replied(newsroom, question, "https://t.me/third_news")).text
    assert ("Third", False, False) in in_store(newsroom)


async def test_a_channel_is_paused_opened_again_and_taken_out_and_old_reports_still_name_it(newsroom: World) -> None:
    await approved(newsroom, "a")
    newsroom.clara.send("/publish", newsroom.desk)
    await newsroom.until(lambda: newsroom.desk.find("Issue 1 is out"))
    menu = await channels(newsroom)
    await turned(newsroom, menu, "News 1", "News 1\nopen")
    await turned(newsroom, menu, "Check my rights", "All is well: I may post in “News 1”.")
    await turned(newsroom, menu, "‹ Channels", "· News 1 – open")
    await turned(newsroom, menu, "News 1", "News 1\nopen")
    await turned(newsroom, menu, "Pause", "News 1\npaused")
    assert in_store(newsroom) == [("News 1", True, False)]
    newsroom.olena.promote_bot(newsroom.channels[0], can_post_messages=True, can_edit_messages=True)
    await newsroom.until(lambda: not newsroom.tg.updates.waiting)
    assert in_store(newsroom) == [("News 1", True, False)]
    await turned(newsroom, menu, "Open again", "Issues are published in “News 1” from now on.")
    await turned(newsroom, menu, "‹ Channels", "· News 1 – open")
    await turned(newsroom, menu, "News 1", "News 1\nopen")
    await turned(newsroom, menu, "✗ Take out", "What was published there stays")
    await turned(newsroom, menu, "✗ Yes", "None yet: issues are published nowhere.")
    stale = await forged(newsroom, newsroom.olena, menu, "v1:channel.pause:1:0")
    assert "not in the list any more" in stale.answer_text
    assert "not in the list any more" in (await forged(newsroom, newsroom.olena, menu, "v1:channel:77:0")).answer_text
    assert in_store(newsroom) == [("News 1", True, True)]
    acts = [row[3] for row in tables(newsroom)["audit"] if "channel" in row[3]]
    assert acts == ["add channel", "pause channel", "add channel", "remove channel"]


async def test_the_moderators_chat_moves_with_all_that_is_open(newsroom: World) -> None:
    await sent(newsroom, "a")
    other = newsroom.tg.group("Newsroom", [newsroom.olena, newsroom.boris])
    newsroom.olena.add_bot(other)
    await newsroom.until(lambda: newsroom.olena.private.find("“Newsroom”"))
    menu = await turned(newsroom, await opened(newsroom), "Moderators' chat", "Moderators' chat: Moderators")
    await turned(newsroom, menu, "→ Newsroom", "“Newsroom” is the moderators' chat now.")
    card = await newsroom.until(lambda: next((m for m in other.visible() if "Story of a" in m.words), None))
    await pressed(newsroom, newsroom.boris, card, "Analysis")
    await newsroom.until(lambda: card.text.startswith("✓"))
    for number in (str(-newsroom.channels[0].id), "4711", "x"):
        press = await forged(newsroom, newsroom.olena, menu, f"v1:set-desk.{number}:1:0")
        assert press.answer_text, number
    await quiet(newsroom)
    assert [row for row in tables(newsroom)["audit"] if row[3] == "moderators' chat"][-1][4] == f"chat {other.id}"


async def test_channels_are_settled_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    _, post = channel(newsroom, "Другий")
    menu = await turned(newsroom, await opened(newsroom), "Канали", "· News 1 – відкритий")
    await asked(newsroom, menu, "+ Додати канал")
    assert "«Другий» мене не пускає." in (await forwarded(newsroom, post)).text
