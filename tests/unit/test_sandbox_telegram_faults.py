"""Each fault by its name, as the bot's client meets it, and what was stored meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut
from telegram_scene import Scene, client, open_scene, refuses, seconds_to_wait


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        yield scene


def texts(scene: Scene) -> list[str | None]:
    return [message.text for message in scene.news.messages]


async def test_a_flood_answer_names_the_seconds_and_strikes_as_often_as_asked(scene: Scene) -> None:
    fault = scene.tg.fault("flood", chat=scene.news, method="sendMessage", times=2, retry_after=30)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refusal:
            await scene.bot.send_message(scene.news.id, "issue 1")
        assert seconds_to_wait(refusal.value) == 30
    await scene.bot.send_message(scene.news.id, "issue 1")
    assert fault.hits == 2
    assert texts(scene) == ["issue 1"]


async def test_a_fault_in_one_chat_leaves_the_others_alone(scene: Scene) -> None:
    scene.tg.fault("flood", chat=scene.news, times=None)
    await scene.bot.send_message(scene.ana.id, "hello")
    with pytest.raises(RetryAfter):
        await scene.bot.send_message(scene.news.id, "issue 1")
    scene.tg.clear_faults()
    await scene.bot.send_message(scene.news.id, "issue 1")


async def test_a_fault_without_a_method_does_not_disturb_polling(scene: Scene) -> None:
    scene.tg.fault("5xx", times=None)
    assert await scene.bot.get_updates() == ()
    scene.tg.fault("5xx", method="getUpdates")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await scene.bot.get_updates()


async def test_blocked_and_kicked_answer_without_happening(scene: Scene) -> None:
    scene.tg.fault("blocked", chat=scene.ana.private)
    with refuses(Forbidden, "Forbidden: bot was blocked by the user"):
        await scene.bot.send_message(scene.ana.id, "x")
    await scene.bot.send_message(scene.ana.id, "x")
    scene.tg.fault("kicked", chat=scene.news)
    with refuses(Forbidden, "Forbidden: bot was kicked from the channel chat"):
        await scene.bot.send_message(scene.news.id, "x")


async def test_moved_answers_with_the_new_id_and_the_group_is_there(scene: Scene) -> None:
    scene.tg.fault("moved", chat=scene.moderators)
    with pytest.raises(ChatMigrated) as moved:
        await scene.bot.send_message(scene.moderators.id, "card")
    await scene.bot.send_message(moved.value.new_chat_id, "card")
    assert scene.tg.chat(moved.value.new_chat_id).last().text == "card"


async def test_only_a_group_can_move(scene: Scene) -> None:
    with pytest.raises(ValueError, match="needs a group"):
        scene.tg.fault("moved", chat=scene.news)


@pytest.mark.parametrize(
    ("name", "stored"),
    [("drop-before", []), ("drop-after-accept", ["issue 1"]), ("5xx", []), ("5xx-after", ["issue 1"])],
)
async def test_after_a_drop_or_a_5xx_the_client_knows_nothing_and_only_the_late_ones_stored(
    scene: Scene, name, stored: list[str]
) -> None:
    scene.tg.fault(name, chat=scene.news)
    with pytest.raises(NetworkError) as failure:
        await scene.bot.send_message(scene.news.id, "issue 1")
    assert not isinstance(failure.value, BadRequest)
    assert texts(scene) == stored
    await scene.bot.send_message(scene.news.id, "issue 2")
    assert texts(scene) == [*stored, "issue 2"]


@pytest.mark.parametrize(("name", "stored"), [("hang", []), ("hang-after", ["issue 1"])])
async def test_a_hanging_server_ends_in_a_timeout(scene: Scene, name, stored: list[str]) -> None:
    scene.tg.fault(name, chat=scene.news)
    with pytest.raises(TimedOut):
        await scene.bot.send_message(scene.news.id, "issue 1", read_timeout=0.2)
    assert texts(scene) == stored


async def test_a_slow_server_answers_in_the_end(scene: Scene) -> None:
    scene.tg.fault("slow", chat=scene.news, seconds=0.2)
    begun = time.monotonic()
    await scene.bot.send_message(scene.news.id, "issue 1")
    assert time.monotonic() - begun >= 0.2
    assert texts(scene) == ["issue 1"]


async def test_a_refused_message_does_not_use_up_a_fault_that_strikes_after_acceptance(scene: Scene) -> None:
    fault = scene.tg.fault("drop-after-accept", chat=scene.news)
    with refuses(BadRequest, "message text is empty"):
        await scene.bot.send_message(scene.news.id, " ")
    assert fault.hits == 0
    with pytest.raises(NetworkError):
        await scene.bot.send_message(scene.news.id, "issue 1")
    assert fault.hits == 1


async def test_a_server_that_is_down_refuses_and_comes_back_on_the_same_port(scene: Scene) -> None:
    await scene.tg.go_down()
    with pytest.raises(NetworkError):
        await scene.bot.get_me()
    await scene.tg.come_back()
    assert (await scene.bot.get_me()).id == scene.tg.bot.id


async def test_the_log_of_calls_tells_each_outcome(scene: Scene) -> None:
    scene.tg.fault("drop-after-accept")
    with pytest.raises(NetworkError):
        await scene.bot.send_message(scene.news.id, "issue 1")
    await scene.bot.send_message(scene.news.id, "issue 2")
    lost, found = scene.tg.calls_of("sendMessage", scene.news)
    assert (lost.outcome, found.outcome) == ("ok, then drop-after-accept", "ok")
    assert found.result["message_id"] == 2
    assert (found.params["text"], found.at) == ("issue 2", scene.tg.clock.now())


async def test_a_client_that_dies_while_polling_leaves_the_updates_to_the_next(scene: Scene) -> None:
    async with client(scene.tg) as first:
        dying = asyncio.create_task(first.get_updates(timeout=30))
        await scene.tg.until(lambda: scene.tg.calls[-1].outcome == "open")
        dying.cancel()
        await scene.tg.until(lambda: scene.tg.calls[-1].outcome == "the client went away")
    scene.ana.send("still there")
    assert [update.message.text for update in await scene.bot.get_updates(timeout=5)] == ["still there"]
