"""Looking at the simulated Telegram: waiting, events, pictures for pages and for people."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from telegram_scene import Scene, keyboard, open_scene


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        yield scene


async def test_until_returns_what_it_waited_for(scene: Scene) -> None:
    waiting = asyncio.create_task(scene.tg.until(lambda: scene.ana.private.find("#17")))
    await scene.bot.send_message(scene.ana.id, "Received #17")
    assert (await waiting).text == "Received #17"


async def test_until_may_ask_an_async_question(scene: Scene) -> None:
    async def answer() -> str:
        return "yes"

    assert await scene.tg.until(answer) == "yes"


async def test_until_gives_up_with_everything_that_happened(scene: Scene) -> None:
    await scene.bot.send_message(scene.moderators.id, "the card", reply_markup=keyboard("Approve"))
    with pytest.raises(AssertionError) as failure:
        await scene.tg.until(lambda: scene.ana.private.find("never"), timeout=0.1)
    for words in ("Moderators (group", "the card", "[Approve]", "/start", "sendMessage", "→ ok"):
        assert words in str(failure.value)


async def test_until_waits_for_the_first_message_of_an_empty_chat(scene: Scene) -> None:
    waiting = asyncio.create_task(scene.tg.until(lambda: scene.news.last().text))
    await scene.bot.send_message(scene.news.id, "issue 1")
    assert await waiting == "issue 1"
    assert scene.news.texts == ["issue 1"]


async def test_people_chats_and_messages_are_found_by_their_numbers(scene: Scene) -> None:
    assert scene.tg.person_of(scene.boris.id) is scene.boris
    assert scene.tg.chat(scene.news.id) is scene.news
    start = scene.ana.private.last()
    assert scene.ana.private.message(start.message_id) is start
    assert scene.tg.picture(start)["sender_id"] == scene.ana.id


async def test_a_snapshot_is_ready_for_json_and_leaves_nothing_out(scene: Scene) -> None:
    card = await scene.bot.send_message(
        scene.moderators.id, "card", reply_markup=keyboard("Approve"), disable_notification=True
    )
    await card.edit_text("decided", reply_markup=keyboard("Undo"))
    await scene.bot.send_document(scene.ana.id, b"pdf", filename="issue.pdf")
    picture = json.loads(json.dumps(scene.tg.snapshot()))
    chats = {chat.get("title", chat.get("first_name")): chat for chat in picture["chats"]}
    message = chats["Moderators"]["messages"][-1]
    assert (message["text"], message["history"], message["silent"]) == ("decided", ["card"], True)
    assert message["buttons"] == [[{"label": "Undo", "data": "undo", "url": None}]]
    assert {member["name"]: member["status"] for member in chats["News"]["members"]} == {
        "Clara": "creator",
        "Bulletin": "administrator",
    }
    assert chats["Ana"]["messages"][-1]["file_path"].endswith("/issue.pdf")
    assert picture["now"] == scene.tg.clock.now().isoformat()
    assert scene.tg.token not in json.dumps(picture)


async def test_events_tell_what_happens_from_the_moment_of_asking(scene: Scene) -> None:
    events = scene.tg.events()
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    press = scene.boris.press(scene.moderators.last(), "Approve")
    await scene.bot.answer_callback_query(press.id, "done")
    await card.edit_text("approved")
    await card.delete()
    kinds = [(await asyncio.wait_for(anext(events), timeout=1))["kind"] for _ in range(5)]
    assert kinds == ["message", "press", "answer", "edited", "deleted"]


async def test_the_dump_reads_like_the_chat(scene: Scene) -> None:
    await scene.bot.send_message(scene.ana.id, "Welcome.\nSend me links.", reply_markup=keyboard("Help"))
    assert scene.tg.dump(scene.ana.private).splitlines()[1:] == [
        "#1 Sun 17:00 Ana",
        "    /start",
        "#2 Sun 17:00 Bulletin",
        "    Welcome.",
        "    Send me links.",
        "    [Help]",
    ]


async def test_three_hundred_messages_a_second_are_no_trouble(scene: Scene) -> None:
    async with asyncio.timeout(5):
        for number in range(300):
            await scene.bot.send_message(scene.ana.id, str(number))
    assert len(scene.ana.private.messages) == 301
