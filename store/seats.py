"""SQL of seats: who goes through the queue in their private chat, in which message, and what they have passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at the queue: the message that they press in, None until it is sent, and the item that it shows.

    `passed` are the items that were decided or skipped since they sat down, in order.
    """

    person_id: int
    bulletin_id: int
    message_id: int | None
    item_id: int | None
    passed: tuple[int, ...]


async def of(tx: Tx, person_id: int) -> Seat | None:
    """Return somebody's seat."""
    row = (await tx.execute(select(t.seats).where(t.seats.c.person_id == person_id))).first()
    return None if row is None else Seat(**{**row._asdict(), "passed": tuple(row.passed)})


async def take(tx: Tx, person_id: int, bulletin_id: int, message_id: int | None) -> Seat:
    """Let somebody sit down anew."""
    values: dict[str, Any] = {"bulletin_id": bulletin_id, "message_id": message_id, "item_id": None, "passed": []}
    statement = upsert(t.seats).values(person_id=person_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
    return Seat(person_id, bulletin_id, message_id, None, ())


async def go_to(tx: Tx, person_id: int, item_id: int | None, passed: Sequence[int]) -> None:
    """Note which item somebody looks at now, and what they have passed."""
    statement = update(t.seats).where(t.seats.c.person_id == person_id)
    await tx.execute(statement.values(item_id=item_id, passed=list(passed)))


async def sent(tx: Tx, person_id: int, message_id: int) -> None:
    """Note which message a seat became, unless a press that was quicker has told it."""
    c = t.seats.c
    await tx.execute(
        update(t.seats).where(c.person_id == person_id, c.message_id.is_(None)).values(message_id=message_id)
    )
