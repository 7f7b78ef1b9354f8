"""SQL of letters that wait for somebody's word, and of answers to people who have proven nothing."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, not_, select, update

from store import schema as t
from store.database import Tx
from store.letters import GONE, WAITING, Stored

CARD = "letter"
"""The kind of a letter that waits at a desk, and of the outbox row that draws its card there."""
ANSWERED = "answered"
"""The kind of the rows that say whom an answer of a day went to: their key is an HMAC, they hold nothing else."""
ERASED = "erased"
"""The kind of what an erased person had written: its buttons say so."""


class Erased(NamedTuple):
    """A letter that is being erased, as it was before; `content` is sealed."""

    id: int
    kind: str
    content: bytes | None
    bulletin_id: int | None


async def count_since(tx: Tx, moment: datetime) -> int:
    """Return how many such answers were given since a moment."""
    c = t.letters.c
    query = select(func.count()).select_from(t.letters).where(c.kind == ANSWERED, c.received_at >= moment)
    return int((await tx.execute(query)).scalar_one())


async def wait(tx: Tx, letter_id: int, kind: str, content: bytes, *, sender_mac: str | None, bulletin_id: int) -> None:
    """Let a letter wait for a word of this kind, with its sealed content.

    `sender_mac` is the HMAC by which readers of that address are found, None where no sender is told.
    """
    c = t.letters.c
    values = {"kind": kind, "content": content, "sender_mac": sender_mac, "bulletin_id": bulletin_id}
    await tx.execute(update(t.letters).where(c.id == letter_id, c.state == WAITING).values(**values))


async def forget(tx: Tx, before: datetime, kind: str | None = None) -> list[tuple[int, str, int | None]]:
    """Erase what letters held that came before a moment and still wait; returns (id, kind, bulletin) of each."""
    c = t.letters.c
    old = update(t.letters).where(c.state == WAITING, c.received_at < before)
    old = old if kind is None else old.where(c.kind == kind)
    rows = (await tx.execute(old.values(**GONE).returning(c.id, c.kind, c.bulletin_id))).all()
    return [(row.id, row.kind, row.bulletin_id) for row in rows]


async def erase(tx: Tx, sender_mac: str) -> list[Erased]:
    """Erase what the letters of an address hold that still wait; returns each as it was."""
    c = t.letters.c
    theirs = c.sender_mac == sender_mac  # which stands there only while they wait
    found = (await tx.execute(select(c.id, c.kind, c.content, c.bulletin_id).where(theirs).order_by(c.id))).all()
    await tx.execute(update(t.letters).where(theirs).values(**GONE, kind=ERASED))
    return [Erased(*row) for row in found]


async def count_from(tx: Tx, sender_mac: str) -> int:
    """Return how many letters of an address wait for somebody's word."""
    query = select(func.count()).select_from(t.letters).where(t.letters.c.sender_mac == sender_mac)
    return int((await tx.execute(query)).scalar_one())


async def page(tx: Tx, bulletin_id: int, offset: int, limit: int) -> list[Stored]:
    """Return some of the letters that wait at a desk, oldest first."""
    query = select(t.letters).where(_at_desk(bulletin_id)).order_by(t.letters.c.id)
    return [Stored(*row) for row in (await tx.execute(query.offset(offset).limit(limit))).all()]


async def count(tx: Tx, bulletin_id: int) -> int:
    """Return how many letters wait at a desk."""
    query = select(func.count()).select_from(t.letters).where(_at_desk(bulletin_id))
    return int((await tx.execute(query)).scalar_one())


async def unshown(tx: Tx, bulletin_id: int, limit: int) -> list[int]:
    """Return the first letters that wait at a desk and that no card shows, and none is about to."""
    c = t.letters.c
    query = select(c.id).where(_at_desk(bulletin_id), not_(_shown())).order_by(c.id).limit(limit)
    return list((await tx.execute(query)).scalars())


async def count_unshown(tx: Tx, bulletin_id: int) -> int:
    """Return how many letters wait at a desk without a card."""
    query = select(func.count()).select_from(t.letters).where(_at_desk(bulletin_id), not_(_shown()))
    return int((await tx.execute(query)).scalar_one())


def card_key(letter_id: int) -> str:
    """Return the merge key of the rows that draw a letter's card."""
    return f"{CARD}:{letter_id}"


def _at_desk(bulletin_id: int) -> ColumnElement[bool]:
    c = t.letters.c
    return and_(c.state == WAITING, c.kind == CARD, c.bulletin_id == bulletin_id)


def _shown() -> ColumnElement[Any]:
    c, card, box = t.letters.c, t.cards.c, t.outbox.c
    stands = exists().where(card.kind == CARD, card.subject_id == c.id)
    comes = exists().where(box.merge_key == literal(f"{CARD}:") + cast(c.id, String))
    return stands | comes
