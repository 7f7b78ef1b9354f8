"""Letters as they come in, in the flows, and the mails that wait to go out in answer."""

import json
import sqlite3
from itertools import count
from typing import Any, NamedTuple

from bot.letters.letter import Kind, Letter
from bot.post import letterbox, take
from bot.subscriptions import ADDRESS
from bot.tokens import row_token
from store import people
from tests.cast import World

ANA = "ana@letters.example"
_numbers = count(1)


class Mail(NamedTuple):
    """A mail that waits in the postbox, its address opened."""

    kind: str
    to: str
    text: str
    payload: dict[str, Any]


def letter(kind: Kind = Kind.SUBMISSION, sender: str = ANA, *, genuine: bool = True, **more: Any) -> Letter:
    """Return a letter; a genuine one has an aligned pass of its sender's domain."""
    passed = sender.rpartition("@")[2] if genuine else ""
    given = {"message_id": f"{next(_numbers)}@letters.example", "language": "en", "passed": passed, **more}
    return Letter(kind, sender, **given)


async def comes(world: World, came: Letter, key: str = "") -> bool:
    """Hand a letter in as the roads do once it is read."""
    return await take.receive(world.services, came, key or came.message_id)


async def person_id(world: World, role: str = "contributor") -> int:
    async with world.services.store.reading() as tx:
        return next(person.id for person in await people.every(tx) if person.role == role)


async def secret_token(world: World) -> str:
    """Return what stands behind the + of Ana's secret address."""
    async with world.services.store.reading() as tx:
        return await letterbox.token_of(tx, world.services.sealer, await person_id(world))


def token(world: World, purpose: str, row: int, generation: int = 0) -> str:
    return row_token(world.services.sealer, purpose, row, generation)


def mails(world: World) -> list[Mail]:
    """Return the mails that wait to be sent, oldest first."""
    with sqlite3.connect(world.settings.data_dir / "bulletin.db") as db:
        rows = db.execute("SELECT kind, address, payload FROM postbox ORDER BY id").fetchall()
    found = [(kind, world.services.sealer.open(ADDRESS, address), json.loads(told)) for kind, address, told in rows]
    return [Mail(kind, to, told.get("text", ""), told) for kind, to, told in found]


def column(world: World, query: str) -> list[Any]:
    with sqlite3.connect(world.settings.data_dir / "bulletin.db") as db:
        return [row[0] for row in db.execute(query).fetchall()]
