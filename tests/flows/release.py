"""How an issue comes to its gate in the flows, and what is seen of it there."""

from pathlib import Path

from bot.sandbox.telegram import Message
from store import bulletins, issues
from store.records import Gate, Issue
from tests.cast import SUNDAY_HOUR, World
from tests.flows.acts import in_ukrainian
from tests.flows.boards import stories


async def gated(world: World, gate: Gate, names: str = "ab", language: str = "en") -> World:
    """Let the bulletin have a gate, and stories that are approved."""
    if language == "uk":
        await in_ukrainian(world)
    async with world.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        await bulletins.change(tx, bulletin.id, gate=gate)
    await stories(world, list(names))
    return world


async def card_with(world: World, words: str) -> Message:
    """Return the issue's message at the desk, once it says so."""
    return await world.until(lambda: world.desk.find(words))


async def at_the_hour(world: World, words: str) -> Message:
    """Let the hour of the schedule come, and return the issue's message."""
    world.jump_to(SUNDAY_HOUR)
    return await card_with(world, words)


async def the_issue(world: World, number: int | None = None) -> Issue:
    async with world.services.store.reading() as tx:
        bulletin = await bulletins.first(tx)
        found = await (issues.numbered(tx, bulletin.id, number) if number else issues.current(tx, bulletin.id))
    assert found is not None
    return found


def kept(world: World) -> bytes:
    """Return all that stands in the files of the store."""
    return b"".join(file.read_bytes() for file in Path(world.settings.data_dir).glob("bulletin.db*"))
