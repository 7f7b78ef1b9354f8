"""One field of an item edited at a time; what a person gives here no page overrules."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot import sources
from bot.errors import Refused
from bot.intake import following
from bot.intake.address import urls
from bot.intake.message.citations import read_line
from bot.intake.submit import show_card
from bot.moderation import claims, values
from store import audit, items
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Citation, Item, Person
from store.states import ItemState

ANY_TITLE = "…"


async def give(
    tx: Tx,
    bulletin: Bulletin,
    by: Person,
    item_id: int,
    field: str,
    words: str,
    now: datetime,
    *,
    near: date,
    place: int = 0,
) -> Item:
    """Give an item another title, source, date, authors or language, or a further citation, as typed.

    `place` is that of the citation whose source or date it is. Raises Refused for words that cannot be taken, while
    somebody else edits the item, and when it is decided otherwise or published.
    """
    if field == "title":
        return await _set(tx, bulletin, by, item_id, field, {"title": values.title(words), "problem": ""}, now)
    if field == "authors":
        return await _set(tx, bulletin, by, item_id, field, {"authors": list(values.authors(words))}, now)
    if field == "language":
        return await _set(tx, bulletin, by, item_id, field, {"language": values.language(words)}, now)
    if field == "citation":
        return await _cite(tx, bulletin, by, item_id, words, near, now)
    if field == "source":
        return await _set_cited(tx, bulletin, by, item_id, field, place, {"source": values.source(words)}, now)
    return await _set_cited(
        tx, bulletin, by, item_id, field, place, {"date": values.publication_date(words, near)}, now
    )


async def put_in_section(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, section_id: int, now: datetime) -> Item:
    """Move an approved item to another section; of a pending one, note the section that it is wished in."""
    if section_id not in {section.id for section in bulletin.sections}:
        raise Refused("desk-no-section")
    item = await claims.editable(tx, bulletin, item_id)
    column = "wanted_section_id" if item.state == ItemState.PENDING else "section_id"
    moved = {} if item.state == ItemState.PENDING or item.section_id == section_id else {"position": None}
    return await _set(tx, bulletin, by, item_id, "section", {column: section_id, **moved}, now)


async def drop_citation(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, place: int, now: datetime) -> Item:
    """Take a citation out of an item that has others."""
    item = await claims.start_edit(tx, bulletin, by, item_id, now)
    if not 0 <= place < len(item.citations):
        raise Refused("desk-changed")
    left = [cited for number, cited in enumerate(item.citations) if number != place]
    if not left:
        raise Refused("edit-citation-last")
    return await write(tx, bulletin, by, item, {}, now, told=("citations",), citations=left)


async def write(
    tx: Tx,
    bulletin: Bulletin,
    by: Person,
    item: Item,
    columns: dict[str, Any],
    now: datetime,
    *,
    told: Iterable[str],
    citations: Sequence[Citation] | None = None,
) -> Item:
    """Write what a person gave to a claimed item, and let the card and the sender's message show it."""
    fields = list(told)
    columns = {**columns, "told": list(dict.fromkeys((*item.told, *fields)))}
    try:
        await items.change(tx, item.id, item.revision, states=claims.EDITABLE, citations=citations, **columns)
    except Stale:
        raise Refused("desk-changed") from None
    title = columns.get("title", item.title)
    actor, subject = f"person {by.id}", f"item {item.id}"
    await audit.note(tx, at=now, actor=actor, act="edit", subject=subject, fields=fields, title=title)
    await show_card(tx, bulletin, item.id, now)
    await following.follow_item(tx, item, now)
    changed = await items.get(tx, item.id)
    return changed if changed is not None else item


async def _set(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, field: str, columns: dict[str, Any], now: datetime
) -> Item:
    item = await claims.start_edit(tx, bulletin, by, item_id, now)
    return await write(tx, bulletin, by, item, columns, now, told=(field,))


async def _set_cited(
    tx: Tx,
    bulletin: Bulletin,
    by: Person,
    item_id: int,
    field: str,
    place: int,
    change: dict[str, Any],
    now: datetime,
) -> Item:
    item = await claims.start_edit(tx, bulletin, by, item_id, now)
    before = list(item.citations) or [Citation()]
    if not 0 <= place < len(before):
        raise Refused("desk-changed")
    fresh = replace(before[place], **change)
    before[place] = await sources.named(tx, fresh, told=True) if field == "source" else fresh
    return await write(tx, bulletin, by, item, {}, now, told=(field,), citations=before)


async def _cite(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, words: str, near: date, now: datetime) -> Item:
    """Add the citations of a reply such as `(Source, February 5th) https://…` to those of an item."""
    _, found = read_line(f"{ANY_TITLE} {' '.join(words.split())}", near)
    added = [cited for cited in found if cited.url]
    if not added:
        raise Refused("edit-citation-none")
    for cited in added:
        values.check_source(cited.source)
    item = await claims.start_edit(tx, bulletin, by, item_id, now)
    known = {cited.canonical for cited in item.citations}
    fresh = [await _named(tx, cited) for cited in added if cited.canonical not in known]
    if not fresh:
        raise Refused("edit-citation-there")
    citations = [*item.citations, *fresh]
    if len(citations) > values.CITATIONS_MOST:
        raise Refused("edit-citations-most", n=values.CITATIONS_MOST)
    return await write(tx, bulletin, by, item, {}, now, told=("citations",), citations=citations)


async def _named(tx: Tx, cited: Citation) -> Citation:
    """Return a new citation under the name that was typed, else that of the directory, else its host."""
    url = urls.unwrapped(cited.url or "")
    source = cited.source or urls.display_host(url)
    placed = replace(cited, url=url, canonical=urls.canonical(url), source=source)
    return await sources.named(tx, placed, told=bool(cited.source))
