"""SQL of invitations: one-time links that give a role until their time is over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from store import schema as t
from store.database import Tx, insert_row
from store.states import Role


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that nobody has used; `created_by` is who made it, as in the audit: `person 3`, `shell`."""

    id: int
    role: Role
    expires_at: datetime
    created_by: str


async def add(tx: Tx, *, token_mac: str, role: Role, expires_at: datetime, created_by: str) -> int:
    values = {"role": role, "expires_at": expires_at, "created_by": created_by}
    return await insert_row(tx, t.invitations, token_mac=token_mac, **values)


async def use(tx: Tx, token_mac: str, now: datetime) -> Invitation | None:
    """Use up an invitation that is still good and return it, else None."""
    c = t.invitations.c
    statement = update(t.invitations).where(c.token_mac == token_mac, c.used.is_(False), c.expires_at > now)
    values = statement.values(used=True).returning(c.id, c.role, c.expires_at, c.created_by)
    row = (await tx.execute(values)).first()
    return None if row is None else Invitation(row.id, Role(row.role), row.expires_at, row.created_by)


async def still_good(tx: Tx, now: datetime) -> list[Invitation]:
    """Return the invitations that can still be used, those that end first in front."""
    c = t.invitations.c
    query = select(c.id, c.role, c.expires_at, c.created_by).where(c.used.is_(False), c.expires_at > now)
    rows = (await tx.execute(query.order_by(c.expires_at, c.id))).all()
    return [Invitation(row.id, Role(row.role), row.expires_at, row.created_by) for row in rows]


async def take_back(tx: Tx, invitation_id: int, now: datetime) -> bool:
    """Make one invitation worthless; False when it was used, is over, or was taken back before."""
    c = t.invitations.c
    statement = update(t.invitations).where(c.id == invitation_id, c.used.is_(False), c.expires_at > now)
    return (await tx.execute(statement.values(used=True))).rowcount == 1


async def void(tx: Tx, role: Role) -> None:
    """Make the unused invitations to a role worthless."""
    c = t.invitations.c
    await tx.execute(update(t.invitations).where(c.role == role, c.used.is_(False)).values(used=True))


async def void_of(tx: Tx, created_by: str) -> int:
    """Make the unused invitations that somebody made worthless; returns how many."""
    c = t.invitations.c
    statement = update(t.invitations).where(c.created_by == created_by, c.used.is_(False))
    return (await tx.execute(statement.values(used=True))).rowcount
