"""SQL of votes on items, for bulletins in which several moderators decide together."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.states import Role

APPROVE, REJECT = "approve", "reject"
VOTERS = tuple(role for role in Role if role.includes(Role.MODERATOR))


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's vote: a section to approve into, or a reason to reject for; `who` is the pseudonym."""

    person_id: int
    verdict: str
    section_id: int | None
    reason: str
    at: datetime
    who: str = ""


async def put(tx: Tx, item_id: int, vote: Vote) -> None:
    """Keep a person's vote; it takes the place of an earlier one of theirs."""
    values = {"verdict": vote.verdict, "section_id": vote.section_id, "reason": vote.reason, "at": vote.at}
    statement = upsert(t.votes).values(item_id=item_id, person_id=vote.person_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["item_id", "person_id"], set_=values))


async def counting(tx: Tx, item_id: int) -> list[Vote]:
    """Return the votes on an item, oldest first; those of people who may no longer decide do not count."""
    c, person = t.votes.c, t.people.c
    query = select(c.person_id, c.verdict, c.section_id, c.reason, c.at, person.pseudonym)
    query = query.join(t.people, person.id == c.person_id).where(c.item_id == item_id)
    query = query.where(person.revoked.is_(False), person.role.in_(VOTERS)).order_by(c.at, c.person_id)
    return [Vote(*row) for row in (await tx.execute(query)).all()]


async def clear(tx: Tx, item_id: int) -> None:
    """Forget the votes on an item that is to be decided anew."""
    await tx.execute(delete(t.votes).where(t.votes.c.item_id == item_id))
