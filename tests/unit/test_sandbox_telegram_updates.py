"""How updates reach the bot: long polling, webhook, and the presses on buttons."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram.error import BadRequest, Conflict
from telegram_scene import Scene, client, keyboard, open_scene, refuses

from bot.sandbox.telegram.wire import Reply, Request, Wire


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as scene:
        yield scene


@asynccontextmanager
async def hook(handler: Callable[[Request], Awaitable[Reply]]) -> AsyncIterator[str]:
    """A web server that takes the bot's updates; its address."""
    wire = Wire(handler)
    await wire.start()
    yield f"http://127.0.0.1:{wire.port}/hook"
    await wire.stop()


async def test_updates_come_again_until_the_offset_confirms_them(scene: Scene) -> None:
    for text in ("one", "two", "three"):
        scene.ana.send(text)
    first = await scene.bot.get_updates()
    again = await scene.bot.get_updates()
    assert [update.message.text for update in first] == ["one", "two", "three"]
    assert first == again
    ids = [update.update_id for update in first]
    assert ids == list(range(ids[0], ids[0] + 3))
    rest = await scene.bot.get_updates(offset=ids[1])
    assert [update.message.text for update in rest] == ["two", "three"]
    assert len(await scene.bot.get_updates(limit=1)) == 1
    assert [update.update_id for update in await scene.bot.get_updates(offset=-1)] == [ids[2]]
    assert await scene.bot.get_updates(offset=ids[2] + 1) == ()


async def test_a_long_poll_returns_as_soon_as_something_happens(scene: Scene) -> None:
    poll = asyncio.create_task(scene.bot.get_updates(timeout=30))
    await scene.tg.until(lambda: scene.tg.calls[-1].outcome == "open")
    scene.ana.send("now")
    (update,) = await asyncio.wait_for(poll, timeout=2)
    assert update.message.text == "now"


async def test_a_second_poller_throws_the_first_one_out(scene: Scene) -> None:
    async with client(scene.tg) as other:
        poll = asyncio.create_task(scene.bot.get_updates(timeout=30))
        await scene.tg.until(lambda: scene.tg.calls[-1].outcome == "open")
        await other.get_updates()
        words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        with refuses(Conflict, words):
            await poll


async def test_only_the_wanted_kinds_of_updates_come(scene: Scene) -> None:
    await scene.bot.get_updates(allowed_updates=["callback_query"])
    scene.ana.send("not wanted")
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    scene.boris.press(scene.moderators.message(card.message_id), "Approve")
    (update,) = await scene.updates()
    assert update.callback_query.data == "approve"


async def test_a_press_carries_the_message_as_it_stands_and_is_answered_once(scene: Scene) -> None:
    await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve", "Reject"))
    press = scene.boris.press(scene.moderators.last(), "App")
    (update,) = await scene.updates()
    query = update.callback_query
    assert (query.data, query.from_user.id, query.message.text) == ("approve", scene.boris.id, "card")
    assert query.message.reply_markup == keyboard("Approve", "Reject")
    assert query.chat_instance
    await query.answer("approved", show_alert=True)
    assert (press.answered, press.answer_text, press.show_alert) == (True, "approved", True)
    with refuses(BadRequest, "query is too old and response timeout expired or query ID is invalid"):
        await query.answer("again")


async def test_a_press_answered_late_or_never_made_is_refused() -> None:
    async with open_scene(press_seconds=0) as scene:
        await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
        press = scene.boris.press(scene.moderators.last(), "Approve")
        for query in (press.id, "12345"):
            with refuses(BadRequest, "query is too old and response timeout expired or query ID is invalid"):
                await scene.bot.answer_callback_query(query)
        assert not press.answered


async def test_old_keyboards_and_forged_data_can_be_pressed(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    shown = scene.moderators.last()
    old = shown.buttons
    await card.edit_reply_markup(keyboard("Undo"))
    with pytest.raises(AssertionError, match="no button 'Approve'"):
        scene.boris.press(shown, "Approve")
    scene.boris.press(shown, "Approve", buttons=old)
    scene.eve.press_data(shown, "v1:approve:1:1")
    with pytest.raises(AssertionError, match="Eve is not in Moderators"):
        scene.eve.press(shown, "Undo")
    first, second = await scene.updates()
    assert (first.callback_query.data, second.callback_query.data) == ("approve", "v1:approve:1:1")
    assert second.callback_query.from_user.id == scene.eve.id


async def test_a_press_on_a_deleted_message_shows_no_message(scene: Scene) -> None:
    card = await scene.bot.send_message(scene.moderators.id, "card", reply_markup=keyboard("Approve"))
    shown = scene.moderators.last()
    await card.delete()
    scene.boris.press(shown, "Approve")
    (update,) = await scene.updates()
    assert not update.callback_query.message.is_accessible


async def test_the_webhook_gets_updates_with_its_secret_and_polling_is_refused(scene: Scene) -> None:
    seen: list[Request] = []

    async def take(request: Request) -> Reply:
        seen.append(request)
        return Reply(200, b"")

    async with hook(take) as url:
        await scene.bot.set_webhook(url, secret_token="s3cret", allowed_updates=["message"])
        scene.ana.send("over the hook")
        await scene.tg.until(lambda: seen and not scene.tg.updates.waiting)
        assert seen[0].headers["x-telegram-bot-api-secret-token"] == "s3cret"
        assert b"over the hook" in seen[0].body
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await scene.bot.get_updates()
        info = await scene.bot.get_webhook_info()
        assert (info.url, info.pending_update_count, info.max_connections) == (url, 0, 40)
        await scene.bot.delete_webhook()
        assert (await scene.bot.get_webhook_info()).url == ""
        scene.ana.send("polled")
        assert len(await scene.updates()) == 1


async def test_the_webhook_tries_again_until_it_hears_yes(scene: Scene) -> None:
    answers = [500, 503, 200]

    async def take(request: Request) -> Reply:
        return Reply(answers.pop(0), b"")

    async with hook(take) as url:
        await scene.bot.set_webhook(url)
        scene.ana.send("again and again")
        await scene.tg.until(lambda: not scene.tg.updates.waiting)
        assert answers == []
        assert (await scene.bot.get_webhook_info()).last_error_message.startswith(
            "Wrong response from the webhook: 503"
        )


async def test_eight_connections_carry_eight_updates_at_once_and_no_more(scene: Scene) -> None:
    open_now, busiest = 0, 0
    everybody = asyncio.Event()

    async def take(request: Request) -> Reply:
        nonlocal open_now, busiest
        open_now += 1
        busiest = max(busiest, open_now)
        if open_now == 8:
            everybody.set()
        await asyncio.wait_for(everybody.wait(), timeout=5)
        open_now -= 1
        return Reply(200, b"")

    async with hook(take) as url:
        await scene.bot.set_webhook(url, max_connections=8)
        for number in range(24):
            scene.ana.send(str(number))
        await scene.tg.until(lambda: not scene.tg.updates.waiting)
    assert busiest == 8
    assert scene.tg.webhook.busiest == 8


async def test_an_update_can_be_delivered_more_than_once(scene: Scene) -> None:
    seen: list[bytes] = []

    async def take(request: Request) -> Reply:
        seen.append(request.body)
        return Reply(200, b"")

    async with hook(take) as url:
        scene.tg.webhook.copies = 3
        await scene.bot.set_webhook(url)
        scene.ana.send("thrice")
        await scene.tg.until(lambda: len(seen) == 3)
        assert len(set(seen)) == 1


async def test_a_webhook_ends_a_running_poll(scene: Scene) -> None:
    async def take(request: Request) -> Reply:
        return Reply(200, b"")

    async with hook(take) as url, client(scene.tg) as other:
        poll = asyncio.create_task(scene.bot.get_updates(timeout=30))
        await scene.tg.until(lambda: scene.tg.calls[-1].outcome == "open")
        await other.set_webhook(url)
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await poll
    with refuses(BadRequest, "bad webhook: An HTTPS URL must be provided for webhook"):
        await scene.bot.set_webhook("http://bot.example/hook")
