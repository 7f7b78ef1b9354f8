"""What an owner does in /settings again and again."""

import sqlite3

from bot.sandbox.telegram import Message, Person
from tests.cast import World
from tests.flows.acts import pressed, tables


async def opened(world: World, by: Person | None = None) -> Message:
    """Let somebody write /settings in private, and return the bot's message."""
    who = by or world.olena
    last = who.send("/settings")
    return await world.until(lambda: next((m for m in who.private.visible() if m.message_id > last.message_id), None))


async def turned(world: World, menu: Message, label: str, to: str) -> Message:
    """Let the owner press a button of a menu, and wait until it is drawn anew and shows some words."""
    before = (menu.text, menu.labels)
    await pressed(world, world.olena, menu, label)
    await world.until(lambda: to in menu.text and (menu.text, menu.labels) != before)
    return menu


async def asked(world: World, menu: Message, label: str) -> Message:
    """Let the owner press a button that asks for words, and return the question."""
    before = len(world.olena.private.messages)
    await pressed(world, world.olena, menu, label)
    return await world.until(lambda: next((m for m in world.olena.private.messages[before:] if m.force_reply), None))


async def replied(world: World, question: Message, words: str) -> Message:
    """Let the owner reply to a question, and return the bot's answer."""
    reply = world.olena.send(words, reply_to=question)
    chat = world.olena.private
    return await world.until(lambda: next((m for m in chat.visible() if m.message_id > reply.message_id), None))


async def said(world: World, label: str, words: str, menu: Message | None = None) -> Message:
    """Let the owner give a setting the words that they type, and return the bot's answer."""
    return await replied(world, await asked(world, menu or await opened(world), label), words)


def settled(world: World, *columns: str, bulletin: int = 1) -> tuple[object, ...]:
    """Return what the store holds of a bulletin."""
    with sqlite3.connect(f"file:{world.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        found = db.execute(f"SELECT {', '.join(columns)} FROM bulletins WHERE id = ?", (bulletin,)).fetchone()
    return tuple(found)


def acts_on_settings(world: World) -> list[str]:
    """Return what was changed, by the audit."""
    return [row[3] for row in tables(world)["audit"] if row[3].startswith("set-")]
