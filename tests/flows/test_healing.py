"""The desk heals without a person: a group that moves, a bot that is restarted, a card that is deleted by hand."""

from pathlib import Path

import pytest

from bot.delivery.healing import LOOK_HOURS
from bot.sandbox.telegram import Chat, Message
from tests.cast import SUNDAY_HOUR, World, settled_world
from tests.flows.acts import approved, article, asked_for, in_ukrainian, pressed, quiet, sent, tables

pytestmark = pytest.mark.system


def cards_with(chat: Chat, title: str) -> list[Message]:
    """Return the messages about an item that carry buttons."""
    return [message for message in chat.visible() if title in message.words and message.buttons]


async def card_in(world: World, chat: Chat, title: str) -> Message:
    found: list[Message] = await world.until(lambda: cards_with(chat, title))
    return found[0]


async def test_a_group_moves_the_bot_is_restarted_and_a_card_is_deleted_by_hand(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as world:
        async with world.running():
            await sent(world, "a")
            await approved(world, "b")
            asking = await sent(world, "c")
            await asked_for(world, world.boris, asking, "Title", "The title is now")
            await pressed(world, world.boris, asking, "✓ Done")
            await quiet(world)
            moved_at, old, world.desk = world.clock.now(), world.desk, world.desk.migrate()
            for title in ("Story of a", "Story of c"):
                await card_in(world, world.desk, title)
            await world.until(lambda: world.desk.find("This group became a supergroup"))
            assert cards_with(world.desk, "Story of b") == []

            again = await card_in(world, world.desk, "Story of c")
            asked = await asked_for(world, world.boris, again, "Title", "The title is now")
            world.boris.send("Title of c", world.desk, reply_to=asked)
            await world.until(lambda: again.words.startswith("Title of c"))
            await pressed(world, world.boris, again, "✓ Done")
            await quiet(world)

        world.boris.delete(await card_in(world, world.desk, "Story of a"))
        async with world.running():
            card = await card_in(world, world.desk, "Story of a")
            await quiet(world)
            assert len(cards_with(world.desk, "Title of c")) == 1
            await pressed(world, world.boris, card, "Analysis")
            await world.until(lambda: card.text.startswith("✓"))

            world.clara.delete(again)
            world.jump(hours=LOOK_HOURS + 1)
            again = await card_in(world, world.desk, "Title of c")
            await pressed(world, world.boris, again, "Analysis")

            world.jump_to(SUNDAY_HOUR)
            await world.until(lambda: _gate(world.desk))
            assert [m for m in old.visible() if m.is_from(world.tg.bot) and m.date >= moved_at] == []


async def test_the_card_of_a_countdown_and_what_waits_to_be_said_follow_the_group(newsroom: World) -> None:
    await approved(newsroom, "a")
    newsroom.jump_to(SUNDAY_HOUR)
    gate = await newsroom.until(lambda: _gate(newsroom.desk))
    await quiet(newsroom)
    newsroom.tg.fault("flood", chat=newsroom.desk, method="sendMessage", retry_after=30)
    newsroom.ana.send(article(newsroom, "b"))
    await newsroom.until(lambda: any(row[1] == "card" for row in tables(newsroom)["outbox"]))
    newsroom.desk = newsroom.desk.migrate()
    assert (await newsroom.until(lambda: _gate(newsroom.desk))).text == gate.text
    await card_in(newsroom, newsroom.desk, "Story of b")
    press = await pressed(newsroom, newsroom.boris, await newsroom.until(lambda: _gate(newsroom.desk)), "Hold")
    assert press.answer_text


def _gate(chat: Chat) -> Message | None:
    return next((message for message in chat.visible() if "Hold" in message.labels), None)


async def test_the_first_call_that_meets_the_new_group_is_followed_as_well_in_ukrainian(newsroom: World) -> None:
    await in_ukrainian(newsroom)
    await sent(newsroom, "a")
    await quiet(newsroom)
    newsroom.tg.fault("moved", chat=newsroom.desk, method="sendMessage")
    newsroom.boris.send("/queue", newsroom.desk)
    await newsroom.until(lambda: newsroom.desk.migrated_to)
    newsroom.desk = newsroom.desk.migrated_to
    await newsroom.until(lambda: newsroom.desk.find("чекає на рішення"))
    await card_in(newsroom, newsroom.desk, "Story of a")
    await quiet(newsroom)
    assert len([card for card in cards_with(newsroom.desk, "Story of a") if "✗ Відхилити" in card.labels]) == 1
    assert sum("Ця група стала супергрупою" in text for text in newsroom.desk.texts) == 1


async def test_another_group_that_moves_moves_nothing_of_ours(newsroom: World) -> None:
    await sent(newsroom, "a")
    other = newsroom.tg.group("Friends", [newsroom.eve])
    newsroom.eve.add_bot(other)
    await quiet(newsroom)
    before = tables(newsroom)
    moved = other.migrate()
    await quiet(newsroom)
    await newsroom.until(lambda: not newsroom.tg.updates.waiting)
    after = tables(newsroom)
    assert [after[name] for name in ("bulletins", "cards", "channels")] == [
        before[name] for name in ("bulletins", "cards", "channels")
    ]
    assert [message for message in moved.visible() if message.is_from(newsroom.tg.bot)] == []
