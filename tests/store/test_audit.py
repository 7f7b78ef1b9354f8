"""The audit trail: who did what, each row chained to the one before, so that a changed one shows."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from store import audit
from store import schema as t
from store.database import Store
from tests.store.rows import NOW


async def note_three(store: Store) -> None:
    async with store.transaction() as tx:
        await audit.note(tx, at=NOW, actor="person 1", act="invite", subject="invitation 1", role="moderator")
        abroad = (NOW + timedelta(hours=1)).astimezone(ZoneInfo("Europe/Kyiv"))
        await audit.note(tx, at=abroad, actor="person 2", act="approve", subject="item 5", section="Новини", n=[2, 1])
        await audit.note(tx, at=NOW + timedelta(hours=2), actor="clock", act="freeze", subject="issue 1")


def sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


async def broken_rows(store: Store) -> list[int]:
    """Compute the chain once more from what is stored; the rows that do not fit."""
    async with store.reading() as tx:
        rows: list[Any] = list((await tx.execute(select(t.audit).order_by(t.audit.c.id))).all())
    broken, previous = [], "0" * 64
    for row in rows:
        payload = sha256(json.dumps(row.payload, sort_keys=True, ensure_ascii=False))
        chained = sha256("\n".join((previous, row.at.isoformat(), row.actor, row.act, row.subject, payload)))
        if (row.payload_hash, row.previous_hash, row.hash) != (payload, previous, chained):
            broken.append(row.id)
        previous = row.hash
    return broken


async def test_every_row_is_chained_to_the_one_before(store: Store) -> None:
    await note_three(store)
    assert await broken_rows(store) == []
    async with store.reading() as tx:
        assert await audit.acts(tx, "item 5") == [("person 2", "approve")]


@pytest.mark.parametrize(
    ("change", "shows_at"),
    [
        ("UPDATE audit SET actor = 'person 3' WHERE id = 2", 2),
        ("UPDATE audit SET act = 'reject' WHERE id = 2", 2),
        ("UPDATE audit SET subject = 'item 6' WHERE id = 2", 2),
        ("UPDATE audit SET at = '2026-11-22 19:00:00.250001' WHERE id = 2", 2),
        ("""UPDATE audit SET payload = '{"section": "Ukraine"}' WHERE id = 2""", 2),
        ("UPDATE audit SET hash = hex(randomblob(32)) WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 3),
    ],
)
async def test_a_row_changed_or_taken_out_shows(store: Store, change: str, shows_at: int) -> None:
    await note_three(store)
    async with store.transaction() as tx:
        await tx.exec_driver_sql(change)
    assert (await broken_rows(store))[0] == shows_at


async def test_what_is_rolled_back_leaves_no_row_and_no_gap_in_the_chain(store: Store) -> None:
    async def approve_in_vain() -> None:
        async with store.transaction() as tx:
            await audit.note(tx, at=NOW, actor="person 1", act="approve", subject="item 1")
            raise ValueError("nothing came of it")

    with pytest.raises(ValueError, match="nothing came of it"):
        await approve_in_vain()
    await note_three(store)
    assert await broken_rows(store) == []
    async with store.reading() as tx:
        assert await audit.acts(tx, "item 1") == []
