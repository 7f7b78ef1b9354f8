"""SQL of bulletins, their sections and channels, and the installation's own facts."""

from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx, insert_row
from store.records import Bulletin, Channel, Gate, Person, Section


def _effective_sections() -> Select[Any]:
    s, h, i = t.sections.c, t.section_changes.c, t.issues.c
    bulletin: BindParameter[int] = bindparam("bulletin")
    opened = select(i.id).where(i.bulletin_id == bulletin, i.number.is_(None)).scalar_subquery()
    position = func.coalesce(h.position, s.position)
    return (
        select(
            s.id,
            func.coalesce(h.title, s.title).label("title"),
            func.coalesce(h.short, s.short).label("short"),
            position.label("position"),
            s.issue_id,
        )
        .select_from(t.sections.outerjoin(t.section_changes, (h.section_id == s.id) & (h.issue_id == opened)))
        .where(s.bulletin_id == bulletin, s.retired.is_(False), func.coalesce(h.hidden, False).is_(False))
        .where(s.issue_id.is_(None) | (s.issue_id == opened))
        .order_by(position, s.id)
    )


# Asked at every update and every tick; built once, since that takes longer than to run them.
_FACT = select(t.installation.c.value).where(t.installation.c.key == bindparam("fact"))
_EVERY = select(t.bulletins).order_by(t.bulletins.c.id)
_ONE = select(t.bulletins).where(t.bulletins.c.id == bindparam("bulletin"))
_SECTIONS = _effective_sections()


async def fact(tx: Tx, key: str, default: Any = None) -> Any:
    """Return one fact of the installation, such as the update offset."""
    row = (await tx.execute(_FACT, {"fact": key})).first()
    return default if row is None else row.value


async def set_fact(tx: Tx, key: str, value: Any) -> None:
    statement = upsert(t.installation).values(key=key, value=value)
    await tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


async def facts_named(tx: Tx, prefix: str) -> list[str]:
    """Return the keys of facts that begin so, in order."""
    c = t.installation.c
    query = select(c.key).where(c.key.startswith(prefix, autoescape=True)).order_by(c.key)
    return list((await tx.execute(query)).scalars())


async def forget_fact(tx: Tx, key: str) -> None:
    await tx.execute(delete(t.installation).where(t.installation.c.key == key))


async def add(tx: Tx, *, sections: list[tuple[str, str]], **columns: Any) -> int:
    """Add a bulletin with its sections (title, short label) in order; returns its id."""
    new_id = await insert_row(tx, t.bulletins, **columns)
    bulletin_id = new_id
    rows = [
        {"bulletin_id": bulletin_id, "title": title, "short": short, "position": position}
        for position, (title, short) in enumerate(sections)
    ]
    await tx.execute(insert(t.sections), rows)
    return bulletin_id


async def every(tx: Tx) -> list[Bulletin]:
    """Return all bulletins of the installation, oldest first."""
    rows = (await tx.execute(_EVERY)).all()
    return [_bulletin(row, await sections_of(tx, row.id)) for row in rows]


async def get(tx: Tx, bulletin_id: int) -> Bulletin:
    row = (await tx.execute(_ONE, {"bulletin": bulletin_id})).one()
    return _bulletin(row, await sections_of(tx, bulletin_id))


async def of_subject(tx: Tx, kind: str, subject_id: int) -> int | None:
    """Return the id of the bulletin that an item, submission, issue, notice, section, channel or delivery is of."""
    if kind == "delivery":
        d, i = t.deliveries.c, t.issues.c
        query = select(i.bulletin_id).join(t.deliveries, d.issue_id == i.id).where(d.id == subject_id)
    else:
        table = {"item": t.items, "submission": t.submissions, "issue": t.issues}
        table |= {"notice": t.notices, "channel": t.channels, "section": t.sections}
        query = select(table[kind].c.bulletin_id).where(table[kind].c.id == subject_id)
    found: int | None = (await tx.execute(query)).scalar()
    return found


async def chosen_by(tx: Tx, person: Person) -> Bulletin | None:
    """Return the bulletin that a person's messages are for: the first one, unless they chose another."""
    found = await every(tx)
    return next((bulletin for bulletin in found if bulletin.id == person.bulletin_id), found[0] if found else None)


async def are_several(tx: Tx) -> bool:
    """Say whether there is more than one bulletin."""
    return int((await tx.execute(select(func.count()).select_from(t.bulletins))).scalar_one()) > 1


async def first(tx: Tx) -> Bulletin | None:
    found = await every(tx)
    return found[0] if found else None


async def change(tx: Tx, bulletin_id: int, **columns: Any) -> None:
    await tx.execute(update(t.bulletins).where(t.bulletins.c.id == bulletin_id).values(**columns))


async def sections_of(tx: Tx, bulletin_id: int) -> tuple[Section, ...]:
    """Return the sections of the open issue in order: the standing ones as changed for it, and those of its own."""
    return tuple(Section(*row) for row in (await tx.execute(_SECTIONS, {"bulletin": bulletin_id})).all())


async def standing_sections(tx: Tx, bulletin_id: int) -> tuple[Section, ...]:
    """Return the sections that every issue begins with, in order."""
    c = t.sections.c
    wanted = (c.bulletin_id == bulletin_id, c.retired.is_(False), c.issue_id.is_(None))
    rows = (await tx.execute(select(t.sections).where(*wanted).order_by(c.position, c.id))).all()
    return tuple(Section(row.id, row.title, row.short, row.position) for row in rows)


async def section(tx: Tx, section_id: int) -> Section:
    """Return a section by its id, even one that is out of use."""
    row = (await tx.execute(select(t.sections).where(t.sections.c.id == section_id))).one()
    return Section(row.id, row.title, row.short, row.position, row.issue_id)


async def channels_of(tx: Tx, bulletin_id: int) -> list[Channel]:
    c = t.channels.c
    there = (c.bulletin_id == bulletin_id, c.removed.is_(False))
    return [_channel(row) for row in (await tx.execute(select(t.channels).where(*there).order_by(c.id))).all()]


async def channel(tx: Tx, channel_id: int) -> Channel:
    return _channel((await tx.execute(select(t.channels).where(t.channels.c.id == channel_id))).one())


async def add_channel(tx: Tx, bulletin_id: int, chat_id: int, title: str) -> int:
    """Add a channel, or open it again when it was paused or taken out; returns its id."""
    opened = {"title": title, "paused": False, "problem": "", "removed": False}
    statement = upsert(t.channels).values(bulletin_id=bulletin_id, chat_id=chat_id, **opened)
    statement = statement.on_conflict_do_update(index_elements=["bulletin_id", "chat_id"], set_=opened)
    await tx.execute(statement)
    c = t.channels.c
    return int((await tx.execute(select(c.id).where(c.bulletin_id == bulletin_id, c.chat_id == chat_id))).scalar_one())


async def channels_at(tx: Tx, chat_id: int) -> list[Channel]:
    """Return the channels of all bulletins that are published in a chat."""
    c = t.channels.c
    there = (c.chat_id == chat_id, c.removed.is_(False))
    return [_channel(row) for row in (await tx.execute(select(t.channels).where(*there).order_by(c.id))).all()]


async def remove_channel(tx: Tx, channel_id: int) -> bool:
    """Take a channel out of use; False when it was before."""
    c = t.channels.c
    statement = update(t.channels).where(c.id == channel_id, c.removed.is_(False))
    return (await tx.execute(statement.values(removed=True, paused=True, problem=""))).rowcount == 1


async def pause_channel(tx: Tx, channel_id: int, problem: str) -> bool:
    """Pause a channel that refuses us; False when it already was."""
    c = t.channels.c
    statement = update(t.channels).where(c.id == channel_id, c.paused.is_(False))
    return (await tx.execute(statement.values(paused=True, problem=problem))).rowcount == 1


def _bulletin(row: Row[Any], sections: tuple[Section, ...]) -> Bulletin:
    return Bulletin(**{**row._asdict(), "gate": Gate(row.gate), "sections": sections})


def _channel(row: Row[Any]) -> Channel:
    return Channel(**row._asdict())
