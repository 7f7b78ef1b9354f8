"""An item edited as the line in which it prints, and the archived copies that are kept with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot import sources
from bot.errors import Refused
from bot.intake.address import urls
from bot.intake.address.archives import place_of
from bot.intake.message.citations import read_line
from bot.intake.submit import show_card
from bot.moderation import claims, values
from bot.moderation.fields import ANY_TITLE, write
from store import audit, items
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Citation, Item, Person
from store.states import ItemState


async def edit(
    tx: Tx,
    bulletin: Bulletin,
    by: Person,
    item_id: int,
    line: str,
    links: tuple[str, ...],
    near: date,
    now: datetime,
    *,
    copy: str | None = None,
) -> Item:
    """Give an item the title and citations of a typed line such as `Title (Source, February 5th)`.

    The addresses stay with the citations in their order; `links` of the reply are further citations' addresses. A
    reply of brackets alone changes sources and dates, one of links alone adds citations; `copy` is the address of an
    archived copy. Raises Refused when there is none of these, or the item cannot be edited any more.
    """
    title, citations = _read(" ".join(line.split()), near)
    if not title and not citations and not links and copy is None:
        raise Refused("desk-edit-title")
    if title:
        values.title(title)
    for typed in citations:
        values.check_source(typed.source)
    item = await claims.start_edit(tx, bulletin, by, item_id, now)
    cited = _with_addresses(citations, item.citations, [urls.unwrapped(link) for link in links])
    if len(cited) > values.CITATIONS_MOST:
        raise Refused("edit-citations-most", n=values.CITATIONS_MOST)
    fresh = _with_copy([await sources.named(tx, one, told=True) for one in cited], copy)
    told = [*(["title"] if title else []), *(["source", "date"] if citations else [])]
    columns = {"title": title or item.title, "problem": ""}
    return await write(tx, bulletin, by, item, columns, now, told=told, citations=fresh)


def _read(line: str, near: date) -> tuple[str, tuple[Citation, ...]]:
    """Return title and citations of a typed line; the title is "" where it is brackets alone."""
    if not line.startswith("("):
        return read_line(line, near)
    title, citations = read_line(f"{ANY_TITLE} {line}", near)
    return ("", citations) if title == ANY_TITLE else read_line(line, near)


async def keep_copy(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, copy: str, now: datetime) -> Item:
    """Keep the address of an archived copy with an item that is in no closed issue; raises Refused for others."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        raise Refused("desk-gone")
    try:
        citations = _with_copy(list(item.citations), copy)
        await items.change(tx, item_id, item.revision, states=claims.EDITABLE, citations=citations)
    except Stale:
        raise Refused("desk-in-issue" if item.state == ItemState.IN_ISSUE else "desk-changed") from None
    await audit.note(tx, at=now, actor=f"person {by.id}", act="keep-copy", subject=f"item {item_id}", copy=copy)
    await show_card(tx, bulletin, item_id, now)
    return item


def _with_addresses(typed: Sequence[Citation], old: tuple[Citation, ...], links: list[str]) -> list[Citation]:
    """Pair the typed sources and dates with the known addresses, then with new ones; nothing known is dropped."""
    addresses = [cited.url for cited in old] + [link for link in links if link not in {cited.url for cited in old}]
    fresh = []
    for position in range(max(len(typed), len(addresses))):
        url = addresses[position] if position < len(addresses) else None
        known = old[position] if position < len(old) else Citation(urls.display_host(url) if url else "")
        said = typed[position] if position < len(typed) else known
        canonical = urls.canonical(url) if url else None
        fresh.append(replace(known, source=said.source, url=url, canonical=canonical, date=said.date))
    return fresh


def _with_copy(citations: list[Citation], copy: str | None) -> list[Citation]:
    """Return the citations, the archived copy with the one it is of."""
    place = place_of(copy, tuple(citations)) if copy is not None else None
    if copy is not None and place is None:
        raise Refused("archive-no-link")
    return [replace(one, archived=copy) if number == place else one for number, one in enumerate(citations)]
