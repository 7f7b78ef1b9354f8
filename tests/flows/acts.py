"""What people do in the flows again and again, and how a flow looks at what came of it."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.telegram import Message, Person, Press
from store import bulletins, people
from tests.cast import World

BY_THE_CLOCK = ("alive-at", "alert:")  # what the bot notes by itself


def article(world: World, name: str, title: str = "", **more: Any) -> str:
    """Print a page of an invented paper and return its address."""
    given = {"source": "Herald", "date_iso": "2026-11-15", "language": "en", **more}
    return world.site.add_article(f"http://herald.example/{name}", title or f"Story of {name}", **given).url


async def sent(world: World, name: str, **more: Any) -> Message:
    """Let Ana send a link to a page, and return its card at the desk."""
    world.ana.send(article(world, name, **more))
    return await world.card(more.get("title") or f"Story of {name}")


async def pressed(world: World, person: Person, message: Message, label: str) -> Press:
    """Let somebody press a button, and return the press once it is answered."""
    press = person.press(message, label)
    await world.until(lambda: press.answered)
    return press


async def forged(world: World, person: Person, message: Message, data: str) -> Press:
    """Let somebody's app send data of its own making, and return the press once it is answered."""
    press = person.press_data(message, data)
    await world.until(lambda: press.answered)
    return press


async def approved(world: World, name: str, label: str = "Analysis", **more: Any) -> Message:
    """Let Ana send a link and Boris approve it; return the folded card."""
    card = await sent(world, name, **more)
    await pressed(world, world.boris, card, label)
    await world.until(lambda: card.text.startswith("✓"))
    return card


async def asked_for(world: World, person: Person, card: Message, field: str, said: str) -> Message:
    """Let somebody press Edit and a field on a card, and return the question, which holds the words `said`."""
    await pressed(world, person, card, "✎ Edit")
    await world.until(lambda: field in card.labels)
    before = world.desk.visible()[-1].message_id
    await pressed(world, person, card, field)
    return await world.until(
        lambda: next((m for m in world.desk.visible() if m.message_id > before and said in m.words), None)
    )


async def asked_for_line(world: World, person: Person, card: Message) -> Message:
    """Let somebody edit the whole line of a card, and return the question for it."""
    return await asked_for(world, person, card, "Whole line", "Reply to this message with the line")


async def answer(world: World, person: Person, after: int | None = None) -> str:
    """Return what the bot says to a person after so many messages of their chat, by default after all of now."""
    count = len(person.private.texts) if after is None else after
    await world.until(lambda: len(person.private.texts) > count)
    return person.private.texts[-1]


async def in_ukrainian(world: World) -> None:
    """Let the bulletin be in Ukrainian from now on, and everybody who is in it be spoken to in Ukrainian."""
    async with world.services.store.transaction() as tx:
        await bulletins.change(tx, (await bulletins.first(tx)).id, language="uk")
        for person in await people.every(tx):
            await people.change(tx, person.id, language="uk")


async def invitation(world: World, by: Person, words: str = "/invite") -> str:
    """Let somebody ask for an invitation and return its link."""
    before = len(by.private.texts)
    by.send(words)
    return (await answer(world, by, before + 1)).rpartition("\n")[2]


async def at_desk(world: World, by: Person, words: str, said: str) -> Message:
    """Let somebody write at the desk, and return the next message of the bot there that holds the words `said`."""
    last = by.send(words, world.desk)
    return await world.until(
        lambda: next((m for m in world.desk.visible() if m.message_id > last.message_id and said in m.words), None)
    )


def acknowledged(person: Person) -> list[set[int]]:
    """Return which numbers each message of the bot acknowledges: `Received #3–#5` names three."""
    headings = (re.match(r"Received (#[\d–#, ]+)", text) for text in person.private.texts)
    return [set(_numbers(heading[1])) for heading in headings if heading]


def _numbers(ranges: str) -> Iterator[int]:
    for part in ranges.replace("#", "").split(","):
        first, _, last = part.strip().partition("–")
        yield from range(int(first), int(last or first) + 1)


async def quiet(world: World) -> None:
    """Wait until nothing is left to be said."""
    await world.until(lambda: tables(world)["outbox"] == [])


def tables(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the store, but not the hour at which the bot last noted that it lives."""
    with sqlite3.connect(f"file:{world.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    rows["installation"] = [row for row in rows["installation"] if not row[0].startswith(BY_THE_CLOCK)]
    return rows


def files_of_the_store(world: World) -> bytes:
    """Return all bytes of the database and of the files beside it."""
    return b"".join(file.read_bytes() for file in Path(world.settings.data_dir).glob("bulletin.db*"))


def states(world: World) -> list[str]:
    """Return the state of every item, in the order in which they came."""
    return [state for (state,) in _asked(world, "SELECT state FROM items ORDER BY id")]


def issue_states(world: World) -> dict[int | None, str]:
    """Return the state of every issue by its number; the open one has none."""
    return dict(_asked(world, "SELECT number, state FROM issues"))


def failed_updates(world: World) -> int:
    """Return how many updates the bot stumbled over."""
    return len(_asked(world, "SELECT update_id FROM updates WHERE failures > 0"))


def _asked(world: World, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{world.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()
