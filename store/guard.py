"""SQL of the acts that need a second person, while they wait and after."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, update

from store import schema as t
from store.database import Tx, insert_row


class ActState(StrEnum):
    """What became of a guarded act: one that waits needs a second person, an announced one happens by itself."""

    WAITING = "waiting"
    ANNOUNCED = "announced"
    DONE = "done"
    STOPPED = "stopped"
    EXPIRED = "expired"
    FAILED = "failed"


OPEN = (ActState.WAITING, ActState.ANNOUNCED)


@dataclass(frozen=True, slots=True)
class GuardedAct:
    """An act that somebody asked for; `payload` is all that is needed to do it, and holds no secret and no address."""

    id: int
    bulletin_id: int
    act: str
    payload: dict[str, Any]
    asked_by: int
    asked_at: datetime
    until: datetime
    state: ActState
    settled_by: int | None


async def add(tx: Tx, **columns: Any) -> int:
    return await insert_row(tx, t.guarded_acts, **columns)


async def get(tx: Tx, act_id: int) -> GuardedAct | None:
    row = (await tx.execute(select(t.guarded_acts).where(t.guarded_acts.c.id == act_id))).first()
    return None if row is None else _act(row)


async def settle(tx: Tx, act_id: int, state: ActState, by: int | None, **columns: Any) -> bool:
    """Settle an act that still waits; False when it does not."""
    c = t.guarded_acts.c
    statement = update(t.guarded_acts).where(c.id == act_id, c.state.in_(OPEN))
    return (await tx.execute(statement.values(state=state, settled_by=by, **columns))).rowcount == 1


async def due(tx: Tx, now: datetime) -> list[GuardedAct]:
    """Return the acts that waited until their time was over, oldest first."""
    c = t.guarded_acts.c
    query = select(t.guarded_acts).where(c.state.in_(OPEN), c.until <= now).order_by(c.until, c.id)
    return [_act(row) for row in (await tx.execute(query)).all()]


async def waiting(tx: Tx) -> list[GuardedAct]:
    """Return all acts that wait, oldest first."""
    c = t.guarded_acts.c
    query = select(t.guarded_acts).where(c.state.in_(OPEN)).order_by(c.id)
    return [_act(row) for row in (await tx.execute(query)).all()]


def _act(row: Row[Any]) -> GuardedAct:
    return GuardedAct(**{**row._asdict(), "state": ActState(row.state)})
