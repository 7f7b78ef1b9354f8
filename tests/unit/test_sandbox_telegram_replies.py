"""What the simulated Telegram tells of replies, quotes, buttons under forwarded posts, and texts that are cut."""

from collections.abc import AsyncIterator

import pytest
from telegram import Message
from telegram_scene import Scene, open_scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        await scene.updates()
        yield scene


async def last(scene: Scene) -> Message:
    message = (await scene.updates())[-1].message
    assert message is not None
    return message


async def test_a_quote_keeps_the_formatting_that_lies_in_it(scene: Scene) -> None:
    link = {"type": "text_link", "offset": 11, "length": 4, "url": "https://herald.example/1"}
    told = scene.ana.send("😀 before, this and more", entities=[link])
    scene.ana.send("Good!", reply_to=told, quote="this and")
    reply = await last(scene)
    assert reply.reply_to_message is not None
    assert reply.quote is not None
    assert (reply.quote.text, reply.quote.position) == ("this and", 11)
    assert [(entity.offset, entity.length) for entity in reply.quote.entities] == [(0, 4)]
    scene.ana.send("Good!", reply_to=told, quote="before, this and more")
    quote = (await last(scene)).quote
    assert quote is not None
    assert [(entity.offset, entity.length, entity.url) for entity in quote.entities] == [(8, 4, link["url"])]


async def test_a_reply_to_another_chat_tells_where_the_message_stands(scene: Scene) -> None:
    post = scene.clara.send("A post", scene.news)
    scene.ana.send("Good!", reply_to=post)
    reply = await last(scene)
    assert reply.reply_to_message is None
    assert reply.external_reply is not None
    assert reply.external_reply.message_id == post.message_id
    assert reply.external_reply.origin.type == "channel"


async def test_a_forwarded_post_keeps_the_buttons_that_open_an_address(scene: Scene) -> None:
    scene.ana.forward(scene.clara.send("A post", scene.news, links=[("Read", "https://herald.example/1")]))
    keyboard = (await last(scene)).reply_markup
    assert keyboard is not None
    assert [[button.url for button in row] for row in keyboard.inline_keyboard] == [["https://herald.example/1"]]


async def test_a_long_text_goes_as_several_messages_cut_at_the_end_of_a_line(scene: Scene) -> None:
    lines = [f"line {number} " + "x" * 80 for number in range(100)]
    sent = scene.ana.paste("\n".join(lines))
    assert len(sent) == 3
    assert "\n".join(message.words for message in sent) == "\n".join(lines)
    assert all(len(message.words) <= 4096 for message in sent)
    assert [len(message.words) for message in scene.ana.paste("y" * 5000)] == [4096, 904]
