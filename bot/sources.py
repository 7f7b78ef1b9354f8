"""The sources directory: who publishes at an address or under a name, how far it is trusted, and its upkeep."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from bot.errors import Refused
from bot.render.publisher import Publisher
from bot.source_ways import domains_of, fold
from store import audit, sources
from store.database import Tx
from store.records import Citation, Source, Trust


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says of a source; None and () where nothing is said."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    trust: Trust | None = None
    language: str | None = None
    note: str | None = None


class Outcome(StrEnum):
    """What an entry did to the directory."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the directory knows of a citation.

    `at_home`: the address is one of the source's; otherwise it was recognised by its name alone. `domain` is what the
    address would stand under, "" where it has none of its own.
    """

    source: Source | None
    at_home: bool
    domain: str


async def recognise(tx: Tx, cited: Citation) -> Recognised:
    """Return who publishes a citation: the longest known domain decides, then the name."""
    ways = domains_of(cited.canonical or "")
    found = await sources.of_domains(tx, ways) if ways else {}
    for way in ways:
        if way in found:
            return Recognised(found[way], True, way)
    named = await of_name(tx, cited.source)
    return Recognised(named, named is not None and cited.url is None, ways[0] if ways else "")


async def of_name(tx: Tx, name: str) -> Source | None:
    """Return the source that has this name, however it is written."""
    key = fold(name)
    return (await sources.of_names(tx, [key])).get(key) if key else None


async def publisher(tx: Tx, cited: Citation) -> Publisher:
    """Return what a card says of a citation's publisher."""
    known = await recognise(tx, cited)
    if known.source is None:
        return Publisher(cited.source or known.domain)
    host = known.domain or urlsplit(cited.url or "").hostname or ""
    return Publisher(known.source.name, known.source.trust, known.at_home, host, known.source.note)


async def named(tx: Tx, cited: Citation, *, told: bool) -> Citation:
    """Return a citation under the names of the directory.

    Where a person `told` the source, only another name of a known source is changed; otherwise the domain decides.
    """
    known = await recognise(tx, cited)
    other = await of_name(tx, cited.source) if known.at_home and told else known.source
    name = other.name if other is not None else cited.source
    if known.at_home and known.source is not None and (not told or not fold(cited.source)):
        name = known.source.name
    original = await of_name(tx, cited.original_source)
    return replace(cited, source=name, original_source=original.name if original else cited.original_source)


async def merge(tx: Tx, actor: str, entry: Entry, now: datetime) -> tuple[Source, Outcome]:
    """Add a source, or add to the one that is known by one of its names or domains.

    A known source keeps its name, unless it was known by its domain alone. Raises Refused when the entry speaks of
    two sources that are known apart.
    """
    known = await _known(tx, entry)
    if known is None:
        source = Source(
            id=0,
            name=entry.name,
            trust=entry.trust or Trust.KNOWN,
            names=_each_once((entry.name, *entry.aliases)),
            domains=tuple(dict.fromkeys(entry.domains)),
            language=entry.language,
            note=entry.note or "",
        )
        source = replace(source, id=await sources.add(tx, source, _keys(source.names)))
        await _note(tx, actor, "add-source", source, now)
        return source, Outcome.ADDED
    by_name = not {fold(name) for name in (entry.name, *entry.aliases)}.isdisjoint(_keys(known.names))
    first = known.name if by_name else entry.name
    source = replace(
        known,
        name=first,
        names=_each_once((first, *known.names, entry.name, *entry.aliases)),
        domains=tuple(sorted({*known.domains, *entry.domains})),
        trust=entry.trust or known.trust,
        language=entry.language or known.language,
        note=known.note if entry.note is None else entry.note,
    )
    if _same(source, known):
        return known, Outcome.SAME
    await _write(tx, actor, source, now)
    return source, Outcome.CHANGED


async def rewrite(tx: Tx, actor: str, source_id: int, entry: Entry, now: datetime) -> Source:
    """Write a source as an editor has it now; raises Refused when it is gone, or a name or domain is another's."""
    before = await there(tx, source_id)
    await _refuse_others(tx, entry, source_id)
    source = Source(
        id=source_id,
        name=entry.name,
        trust=entry.trust or before.trust,
        names=_each_once((entry.name, *entry.aliases)),
        domains=tuple(dict.fromkeys(entry.domains)),
        language=entry.language,
        note=entry.note or "",
    )
    await _write(tx, actor, source, now)
    return source


async def set_trust(tx: Tx, actor: str, source_id: int, trust: Trust, now: datetime) -> Source:
    """Say how far a source is trusted; raises Refused when it is gone."""
    source = replace(await there(tx, source_id), trust=trust)
    await _write(tx, actor, source, now)
    return source


async def remove(tx: Tx, actor: str, source_id: int, now: datetime) -> Source:
    """Take a source out of the directory; raises Refused when it is gone."""
    source = await there(tx, source_id)
    await sources.remove(tx, source_id)
    await _note(tx, actor, "remove-source", source, now)
    return source


async def add_as_read(tx: Tx, actor: str, cited: Citation, now: datetime) -> tuple[Source, Outcome]:
    """Take the publisher of a citation into the directory, with its name as read and the domain of the address."""
    known = await recognise(tx, cited)
    if known.source is not None and known.at_home:
        return known.source, Outcome.SAME
    domains = (known.domain,) if known.domain else ()
    name = cited.source if fold(cited.source) else known.domain
    if not name:
        raise Refused("source-no-name")
    return await merge(tx, actor, Entry(name, domains=domains), now)


def matches(source: Source, word: str) -> bool:
    """Tell whether a word is part of a source's names, domains or note."""
    wanted = fold(word)
    return any(wanted in fold(part) for part in (*source.names, *source.domains, source.note))


def concerns(source: Source, cited: Citation) -> bool:
    """Tell whether a citation is of this source, by its address or its name."""
    ways = domains_of(cited.canonical or "")
    return not set(ways).isdisjoint(source.domains) or fold(cited.source) in _keys(source.names)


async def there(tx: Tx, source_id: int) -> Source:
    """Return a source; raises Refused when it is gone."""
    source = await sources.get(tx, source_id)
    if source is None:
        raise Refused("source-gone")
    return source


async def _known(tx: Tx, entry: Entry) -> Source | None:
    named = await sources.of_names(tx, {fold(name) for name in (entry.name, *entry.aliases)})
    placed = await sources.of_domains(tx, entry.domains)
    found = {source.id: source for source in (*named.values(), *placed.values())}
    if len(found) > 1:
        one, other, *_ = (source.name for source in found.values())
        raise Refused("source-two", name=entry.name, one=one, other=other)
    return next(iter(found.values()), None)


async def _refuse_others(tx: Tx, entry: Entry, source_id: int) -> None:
    named = await sources.of_names(tx, {fold(name) for name in (entry.name, *entry.aliases)})
    placed = await sources.of_domains(tx, entry.domains)
    for way, source in (*placed.items(), *named.items()):
        if source.id != source_id:
            raise Refused("source-taken", what=way if way in placed else _spelt(entry, way), other=source.name)


def _spelt(entry: Entry, key: str) -> str:
    return next(name for name in (entry.name, *entry.aliases) if fold(name) == key)


async def _write(tx: Tx, actor: str, source: Source, now: datetime) -> None:
    await sources.change(tx, source, _keys(source.names))
    await _note(tx, actor, "change-source", source, now)


async def _note(tx: Tx, actor: str, act: str, source: Source, now: datetime) -> None:
    details = {"name": source.name, "names": list(source.names), "domains": list(source.domains)}
    await audit.note(
        tx, at=now, actor=actor, act=act, subject=f"source {source.id}", trust=str(source.trust), **details
    )


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """Return names without those that only write an earlier one in another way."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(fold(name), name)
    return tuple(first.values())


def _keys(names: Sequence[str]) -> list[str]:
    return [fold(name) for name in names]


def _same(one: Source, other: Source) -> bool:
    return replace(one, names=(), domains=()) == replace(other, names=(), domains=()) and (
        set(_keys(one.names)) == set(_keys(other.names)) and set(one.domains) == set(other.domains)
    )
