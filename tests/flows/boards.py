"""How people open the issue's live message, and what they press on it."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.sandbox.telegram import Message, Person, Press
from store import bulletins, items
from store.records import Citation, Precision, PublicationDate
from store.states import ItemState
from tests.cast import World
from tests.flows.acts import answer, pressed


async def board_at_desk(world: World, by: Person) -> Message:
    """Let somebody ask for the issue at the desk, and return the board that comes."""
    asked = by.send("/issue", world.desk)
    return await world.until(
        lambda: next((m for m in world.desk.visible() if m.message_id > asked.message_id and m.buttons), None)
    )


async def own_board(world: World, by: Person) -> Message:
    """Let somebody ask for the issue in their private chat, and return the board that comes."""
    before = len(by.private.texts)
    by.send("/issue")
    await answer(world, by, before + 1)
    return by.private.last()


async def opened(world: World, by: Person, board: Message, *labels: str) -> Press:
    """Let somebody press one button after the other, each once the board shows it, and wait for what comes of it."""
    press = None
    for label in labels:
        await world.until(lambda label=label: label in board.labels)
        before = (board.text, board.labels)
        press = await pressed(world, by, board, label)
        if not press.show_alert:
            await world.until(lambda before=before: (board.text, board.labels) != before)
    return press


async def stories(world: World, names: Sequence[str], short: str = "Analysis") -> None:
    """Let stories be approved in a section, each a day older than the one before, without the doors that bring them."""
    day = date(2026, 11, 15)
    async with world.services.store.transaction() as tx:
        bulletin = await bulletins.first(tx)
        section = next(section for section in bulletin.sections if section.short == short)
        columns = {"bulletin_id": bulletin.id, "section_id": section.id, "state": ItemState.APPROVED}
        columns |= {"created_at": world.clock.now()}
        cited = [Citation("Herald", date=PublicationDate(Precision.DAY, day - timedelta(n))) for n in range(len(names))]
        rows = [{**columns, "title": f"Story of {name}"} for name in names]
        await items.add_all(tx, [{**row, "citations": [one]} for row, one in zip(rows, cited, strict=True)])


def order_on(message: Message) -> list[str]:
    """Return the titles of items on a message, in order."""
    return [line.partition("Story of ")[2][:1] for line in message.text.splitlines() if "Story of " in line]
