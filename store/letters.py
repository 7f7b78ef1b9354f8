"""SQL of the letters that came in: each once, its content only while somebody must decide or confirm."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx

WAITING, DONE = "waiting", "done"
_PUT = upsert(t.letters).on_conflict_do_nothing(index_elements=["key"]).returning(t.letters.c.id)


class Stored(NamedTuple):
    """One letter; `content` comes sealed and is None once nobody waits for it."""

    id: int
    key: str
    kind: str
    state: str
    content: bytes | None
    person_id: int | None
    subject_id: int | None
    received_at: datetime
    sender_mac: str | None = None
    bulletin_id: int | None = None


GONE: dict[str, object] = {"state": DONE, "content": None, "sender_mac": None}
"""What a letter is once nobody waits for it: nothing tells any more what it held, or who wrote it."""


async def begin(
    tx: Tx,
    key: str,
    kind: str,
    now: datetime,
    *,
    content: bytes | None = None,
    person_id: int | None = None,
    subject_id: int | None = None,
) -> int | None:
    """Note that a letter came and return its row; None where it came before, and then nothing may be done for it.

    `key` is of `bot.mailbox.key`. It belongs into the transaction of all that the letter brings about. It waits until
    `finish`, with its sealed `content` where somebody must decide or confirm.
    """
    row: dict[str, object] = {"key": key, "kind": kind, "state": WAITING, "content": content, "received_at": now}
    row |= {"person_id": person_id, "subject_id": subject_id}
    found: int | None = (await tx.execute(_PUT, row)).scalar()
    return found


async def seen(tx: Tx, key: str) -> bool:
    """Say whether a letter of this key came before."""
    return (await tx.execute(select(t.letters.c.id).where(t.letters.c.key == key))).first() is not None


async def finish(tx: Tx, letter_id: int, kind: str | None = None) -> bool:
    """Take a waiting letter as dealt with and forget its content; False where somebody did before.

    `kind`, where given, is what it was found to be after all.
    """
    c = t.letters.c
    values = dict(GONE)
    if kind is not None:
        values["kind"] = kind
    return (await tx.execute(update(t.letters).where(c.id == letter_id, c.state == WAITING), values)).rowcount == 1


async def get(tx: Tx, letter_id: int) -> Stored | None:
    row = (await tx.execute(select(t.letters).where(t.letters.c.id == letter_id))).first()
    return None if row is None else Stored(*row)


async def waiting(tx: Tx, kind: str | None = None) -> list[Stored]:
    """Return the letters that wait for somebody, all of them or those of one kind, oldest first."""
    c = t.letters.c
    chosen = select(t.letters).where(c.state == WAITING)
    if kind is not None:
        chosen = chosen.where(c.kind == kind)
    return [Stored(*row) for row in (await tx.execute(chosen.order_by(c.id))).all()]
