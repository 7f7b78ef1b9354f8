"""SQL of people. Contacts come in and go out sealed."""

from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, select, update

from store import schema as t
from store.database import Tx, insert_row
from store.records import Person
from store.states import Role

HIDDEN = {"contact", "contact_mac", "mail_address", "letterbox"}
PUBLIC = [column for column in t.people.c if column.name not in HIDDEN]
_BY_MAC = select(*PUBLIC).where(t.people.c.contact_mac == bindparam("mac"))
_THAT_DAY = case((t.people.c.active_on == bindparam("day"), t.people.c.links_that_day), else_=0) + bindparam("more")
_COUNT_LINKS = (
    update(t.people)
    .where(t.people.c.id == bindparam("person"))
    .values(links=t.people.c.links + bindparam("more"), links_that_day=_THAT_DAY, active_on=bindparam("day"))
)
_NEXT_NUMBER = _COUNT_LINKS.values(submitted=t.people.c.submitted + 1).returning(t.people.c.submitted)


async def add(tx: Tx, *, pseudonym: str, role: Role, language: str, contact: bytes, contact_mac: str) -> int:
    values = {"pseudonym": pseudonym, "role": role, "language": language, "contact": contact}
    return await insert_row(tx, t.people, **values, contact_mac=contact_mac)


async def by_mac(tx: Tx, contact_mac: str) -> Person | None:
    """Return the person of this contact, revoked ones too."""
    row = (await tx.execute(_BY_MAC, {"mac": contact_mac})).first()
    return None if row is None else _person(row)


async def get(tx: Tx, person_id: int) -> Person:
    return _person((await tx.execute(select(*PUBLIC).where(t.people.c.id == person_id))).one())


async def every(tx: Tx) -> list[Person]:
    rows = (await tx.execute(select(*PUBLIC).order_by(t.people.c.id))).all()
    return [_person(row) for row in rows]


async def with_role(tx: Tx, *roles: Role) -> list[Person]:
    """Return the people who hold one of these roles and were not revoked."""
    c = t.people.c
    rows = (await tx.execute(select(*PUBLIC).where(c.role.in_(roles), c.revoked.is_(False)).order_by(c.id))).all()
    return [_person(row) for row in rows]


async def sealed_contact(tx: Tx, person_id: int) -> bytes:
    return bytes((await tx.execute(select(t.people.c.contact).where(t.people.c.id == person_id))).scalar_one())


async def mail_address(tx: Tx, person_id: int) -> bytes | None:
    """Return the sealed address to which a person has the mail of a preview sent."""
    sealed = (await tx.execute(select(t.people.c.mail_address).where(t.people.c.id == person_id))).scalar_one()
    return None if sealed is None else bytes(sealed)


async def letterbox(tx: Tx, person_id: int) -> int | None:
    """Return which secret address of somebody counts; None for nobody."""
    found: int | None = (await tx.execute(select(t.people.c.letterbox).where(t.people.c.id == person_id))).scalar()
    return found


async def change(tx: Tx, person_id: int, **columns: Any) -> None:
    await tx.execute(update(t.people).where(t.people.c.id == person_id).values(**columns))


async def next_number(tx: Tx, person_id: int, links: int, day: date) -> int:
    """Count one more submission of this person, of so many links, and return its number."""
    return int((await tx.execute(_NEXT_NUMBER, {"person": person_id, "more": links, "day": day})).scalar_one())


async def count_links(tx: Tx, person_id: int, links: int, day: date) -> None:
    """Count further links of a submission that goes on."""
    await tx.execute(_COUNT_LINKS, {"person": person_id, "more": links, "day": day})


async def count_accepted(tx: Tx, person_id: int, change_by: int) -> None:
    c = t.people.c
    await tx.execute(update(t.people).where(c.id == person_id).values(accepted=func.max(0, c.accepted + change_by)))


async def seen(tx: Tx, person_id: int, day: date) -> None:
    """Note the day of somebody's latest activity, the only one that is kept."""
    c = t.people.c
    other_day = c.active_on.is_(None) | (c.active_on != day)
    await tx.execute(update(t.people).where(c.id == person_id, other_day).values(active_on=day, links_that_day=0))


async def revoke(tx: Tx, person_id: int) -> bool:
    """Take somebody's role away; False when it was taken away before."""
    c = t.people.c
    gone = {"revoked": True, "mail_address": None, "bulletin_id": None}
    statement = update(t.people).where(c.id == person_id, c.revoked.is_(False)).values(**gone)
    return (await tx.execute(statement)).rowcount == 1


async def let_go(tx: Tx, person_id: int, chat_mac: str) -> list[tuple[int, int]]:
    """End what somebody is in the middle of: claims on items, the seat at the queue, questions in their chat.

    Returns (item, bulletin) of every claim that was ended.
    """
    i = t.items.c
    free = update(t.items).where(i.claimed_by == person_id).values(claimed_by=None, claimed_until=None)
    claimed = (await tx.execute(free.returning(i.id, i.bulletin_id))).all()
    await tx.execute(delete(t.seats).where(t.seats.c.person_id == person_id))
    await tx.execute(delete(t.prompts).where(t.prompts.c.chat_mac == chat_mac))
    return [(row.id, row.bulletin_id) for row in claimed]


def _person(row: Row[Any]) -> Person:
    return Person(**{**row._asdict(), "role": Role(row.role)})
