"""SQL of the audit trail: append-only, each row chained to the one before by its hash."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from store import schema as t
from store.database import Tx

START = "0" * 64
_LAST = select(t.audit.c.hash).order_by(t.audit.c.id.desc()).limit(1)
_NOTE = insert(t.audit)


async def note(tx: Tx, *, at: datetime, actor: str, act: str, subject: str, **payload: Any) -> None:
    """Append one act: who (`person 3`, `shell`, `clock`), what, on what, with details."""
    words = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    payload_hash = hashlib.sha256(words.encode()).hexdigest()
    previous = (await tx.execute(_LAST)).scalar() or START
    chained = "\n".join((previous, at.astimezone(UTC).isoformat(), actor, act, subject, payload_hash))
    row = {"at": at, "actor": actor, "act": act, "subject": subject, "payload": payload, "payload_hash": payload_hash}
    row |= {"previous_hash": previous, "hash": hashlib.sha256(chained.encode()).hexdigest()}
    await tx.execute(_NOTE, row)


async def last(tx: Tx, subject: str, act: str) -> dict[str, Any] | None:
    """Return the details of the last time that an act was done to a subject."""
    query = select(t.audit.c.payload).where(t.audit.c.subject == subject, t.audit.c.act == act)
    found: dict[str, Any] | None = (await tx.execute(query.order_by(t.audit.c.id.desc()).limit(1))).scalar()
    return found


async def acts(tx: Tx, subject: str) -> list[tuple[str, str]]:
    """Return (actor, act) of everything done to a subject, oldest first."""
    query = select(t.audit.c.actor, t.audit.c.act).where(t.audit.c.subject == subject).order_by(t.audit.c.id)
    return [(row.actor, row.act) for row in (await tx.execute(query)).all()]
