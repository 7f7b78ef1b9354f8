"""SQL of the sources directory: publishers with their names and the domains they publish on."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from store import schema as t
from store.database import Tx, insert_row
from store.records import Source, Trust


async def every(tx: Tx) -> list[Source]:
    """Return all sources; the order is that in which they came."""
    return await _sources(tx)


async def count(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(t.sources))).scalar_one())


async def get(tx: Tx, source_id: int) -> Source | None:
    found = await _sources(tx, t.sources.c.id == source_id)
    return found[0] if found else None


async def of_names(tx: Tx, keys: Iterable[str]) -> dict[str, Source]:
    """Return the sources that have one of these folded names, by the name."""
    c = t.source_names.c
    rows = (await tx.execute(select(c.key, c.source_id).where(c.key.in_(list(keys))))).all()
    return await _by(tx, {row.key: row.source_id for row in rows})


async def of_domains(tx: Tx, domains: Iterable[str]) -> dict[str, Source]:
    """Return the sources that publish on one of these domains, by the domain."""
    c = t.source_domains.c
    rows = (await tx.execute(select(c.domain, c.source_id).where(c.domain.in_(list(domains))))).all()
    return await _by(tx, {row.domain: row.source_id for row in rows})


async def add(tx: Tx, source: Source, keys: Iterable[str]) -> int:
    """Add a source, its id is given to it; `keys` are its folded names, in the order of its names."""
    source_id = await insert_row(tx, t.sources, **_columns(source))
    await _add_ways(tx, replace(source, id=source_id), keys)
    return source_id


async def change(tx: Tx, source: Source, keys: Iterable[str]) -> None:
    """Write a source in place of what is known of it."""
    await tx.execute(update(t.sources).where(t.sources.c.id == source.id).values(**_columns(source)))
    await _remove_ways(tx, source.id)
    await _add_ways(tx, source, keys)


async def remove(tx: Tx, source_id: int) -> bool:
    """Take a source out of the directory; False when it was not there."""
    await _remove_ways(tx, source_id)
    return (await tx.execute(delete(t.sources).where(t.sources.c.id == source_id))).rowcount == 1


def _columns(source: Source) -> dict[str, Any]:
    return {"name": source.name, "trust": source.trust, "language": source.language, "note": source.note}


async def _add_ways(tx: Tx, source: Source, keys: Iterable[str]) -> None:
    """Write the names and domains by which a source is found."""
    names = [{"key": key, "name": name, "source_id": source.id} for key, name in zip(keys, source.names, strict=True)]
    await tx.execute(insert(t.source_names), names)
    domains = [{"domain": domain, "source_id": source.id} for domain in source.domains]
    if domains:
        await tx.execute(insert(t.source_domains), domains)


async def _remove_ways(tx: Tx, source_id: int) -> None:
    for table in (t.source_names, t.source_domains):
        await tx.execute(delete(table).where(table.c.source_id == source_id))


async def _by(tx: Tx, ids: dict[str, int]) -> dict[str, Source]:
    found = {source.id: source for source in await _sources(tx, t.sources.c.id.in_(set(ids.values())))} if ids else {}
    return {way: found[source_id] for way, source_id in ids.items()}


async def _sources(tx: Tx, *conditions: Any) -> list[Source]:
    rows = (await tx.execute(select(t.sources).where(*conditions).order_by(t.sources.c.id))).all()
    ids = [row.id for row in rows]
    names = await _ways(tx, select(t.source_names.c.source_id, t.source_names.c.name), ids)
    domains = await _ways(tx, select(t.source_domains.c.source_id, t.source_domains.c.domain), ids)
    return [_source(row, names.get(row.id, []), domains.get(row.id, [])) for row in rows]


async def _ways(tx: Tx, query: Any, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    wanted = query.where(query.selected_columns.source_id.in_(ids)).order_by(query.selected_columns[1])
    for source_id, way in (await tx.execute(wanted)).all() if ids else ():
        found.setdefault(source_id, []).append(way)
    return found


def _source(row: Row[Any], names: list[str], domains: list[str]) -> Source:
    others = tuple(name for name in names if name != row.name)
    return Source(row.id, row.name, Trust(row.trust), (row.name, *others), tuple(domains), row.language, row.note)
