"""SQL of letters that wait for somebody's word, and of answers to people who have proven nothing."""

from datetime import datetime

from sqlalchemy import func, select, update

from store import schema as t
from store.database import Tx
from store.letters import DONE, WAITING

ANSWERED = "answered"
"""The kind of the rows that say whom an answer of a day went to: their key is an HMAC, they hold nothing else."""


async def count_since(tx: Tx, moment: datetime) -> int:
    """Return how many such answers were given since a moment."""
    c = t.letters.c
    query = select(func.count()).select_from(t.letters).where(c.kind == ANSWERED, c.received_at >= moment)
    return int((await tx.execute(query)).scalar_one())


async def wait(tx: Tx, letter_id: int, kind: str, content: bytes) -> None:
    """Let a letter wait for a word of this kind, with its sealed content."""
    c = t.letters.c
    values = {"kind": kind, "content": content}
    await tx.execute(update(t.letters).where(c.id == letter_id, c.state == WAITING).values(**values))


async def forget(tx: Tx, before: datetime, kind: str | None = None) -> list[tuple[int, str]]:
    """Erase what letters held that came before a moment and still wait; returns (id, kind) of each."""
    c = t.letters.c
    old = update(t.letters).where(c.state == WAITING, c.received_at < before)
    old = old if kind is None else old.where(c.kind == kind)
    rows = (await tx.execute(old.values(state=DONE, content=None).returning(c.id, c.kind))).all()
    return [(row.id, row.kind) for row in rows]


async def unshown(tx: Tx, kind: str) -> list[int]:
    """Return the waiting letters of a kind that no card shows, and none is about to."""
    c, card, box = t.letters.c, t.cards.c, t.outbox.c
    stands = select(card.subject_id).where(card.kind == kind, card.subject_id == c.id).exists()
    comes = select(box.id).where(box.kind == kind, box.subject_id == c.id).exists()
    query = select(c.id).where(c.state == WAITING, c.kind == kind, ~stands, ~comes).order_by(c.id)
    return list((await tx.execute(query)).scalars())
