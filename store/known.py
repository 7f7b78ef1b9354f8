"""SQL by which a story is found again: by the addresses that it was met at, and by the words of its title."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, text

from store import schema as t
from store.database import Tx
from store.titles import WORDS_LIMIT, marks, stems_of, whole_marks

ROWS_LIMIT = 3000
"""How many rows of words one look-up may go through, the rarest words first."""
SHOWN_LIMIT = 40
"""How many titles one look-up returns for comparison."""
MANY_WORDS = 4
"""Of so many words two must be shared: one alone makes no title alike."""
WHOLE_LIMIT = 8
"""How many items of the very same words, or of one series, are looked at, the newest first."""
SHARED_BY_MANY = 5
"""So many stories that led to one address show that it is no story's: a wall, a form of consent, a home page."""

_LED_TO = text("SELECT address, own_address FROM pages WHERE item_id = :item")
_AT_ADDRESSES = text(
    "SELECT 'cited', NULL, item_id FROM citations WHERE canonical IN (SELECT value FROM json_each(:asked))"
    " UNION SELECT 'page', address, item_id FROM pages WHERE address IN (SELECT value FROM json_each(:pages))"
    " UNION SELECT 'page', own_address, item_id FROM pages WHERE own_address IN (SELECT value FROM json_each(:pages))"
    " UNION SELECT 'elsewhere', NULL, item_id FROM citations"
    " WHERE canonical IN (SELECT value FROM json_each(:elsewhere))"
)
_HOW_OFTEN = text(
    "SELECT value, (SELECT count(*) FROM (SELECT 1 FROM title_words WHERE word = value LIMIT :most))"
    " FROM json_each(:words)"
)
_TITLED_ALIKE = text(
    "WITH alike(item_id, weight) AS ("
    " SELECT item_id, 1 FROM title_words WHERE word IN (SELECT value FROM json_each(:words))"
    " UNION ALL SELECT * FROM"
    " (SELECT item_id, 100 FROM title_words WHERE word = :same ORDER BY item_id DESC LIMIT :few)"
    " UNION ALL SELECT * FROM"
    " (SELECT item_id, 50 FROM title_words WHERE word = :series ORDER BY item_id DESC LIMIT :few)"
    "), most AS ("
    " SELECT item_id, sum(weight) AS weight FROM alike WHERE item_id != :but"
    " GROUP BY item_id HAVING sum(weight) >= :least ORDER BY 2 DESC, 1 DESC LIMIT :limit)"
    " SELECT items.id, items.title FROM most JOIN items ON items.id = most.item_id"
    " WHERE items.bulletin_id = :bulletin ORDER BY most.weight DESC, items.id DESC"
)


@dataclass(frozen=True, slots=True)
class Titled:
    """An item that shares words with a title."""

    item_id: int
    title: str


async def index_title(tx: Tx, item_id: int, title: str, *, before: bool = False) -> None:
    """Note the words of an item's title; `before` says that others may stand there."""
    if before:
        await tx.execute(delete(t.title_words).where(t.title_words.c.item_id == item_id))
    await index_titles(tx, {item_id: title})


async def index_titles(tx: Tx, titles: Mapping[int, str]) -> None:
    """Note the words of the titles of new items."""
    if rows := [{"word": mark, "item_id": number} for number, title in titles.items() for mark in sorted(marks(title))]:
        await tx.execute(insert(t.title_words), rows)


async def led_to(tx: Tx, item_id: int) -> set[str]:
    """Return the addresses that an item's citations led to, and those that their pages call their own."""
    rows = (await tx.execute(_LED_TO, {"item": item_id})).all()
    return {address for row in rows for address in row if address}


@dataclass(frozen=True, slots=True)
class Met:
    """Items by how they were met: at the very addresses, or at those where other languages of a story would stand."""

    same: frozenset[int] = frozenset()
    elsewhere: frozenset[int] = frozenset()


async def at_addresses(
    tx: Tx, cited: Iterable[str], led: Iterable[str], elsewhere: Iterable[str] = (), *, but: int = 0
) -> Met:
    """Return the items, of every bulletin, that cite one of these addresses, or whose pages led to one of `led`."""
    pages = set(led)
    lists = {"asked": pages.union(cited), "pages": pages, "elsewhere": elsewhere}
    rows = await tx.execute(_AT_ADDRESSES, {name: json.dumps(list(asked)) for name, asked in lists.items()})
    found: dict[str, set[int]] = {}
    for how, address, item_id in rows.all():
        found.setdefault(f"{how}{address or ''}", set()).add(item_id)
    same, others = found.pop("cited", set()), found.pop("elsewhere", set())
    met = same.union(*(ids for ids in found.values() if len(ids - same) < SHARED_BY_MANY))
    return Met(frozenset(met - {but}), frozenset(others - met - {but}))


async def titled_alike(tx: Tx, bulletin_id: int, title: str, but: int = 0) -> list[Titled]:
    """Return items of a bulletin whose titles share most with this one, the likest first."""
    stems = stems_of(title)
    if not stems:
        return []
    same, series = (*whole_marks(stems), "")[:2]
    rarest = await _rarest(tx, stems[:WORDS_LIMIT])
    values = {
        "words": json.dumps(rarest),
        "least": 2 if len(rarest) >= MANY_WORDS else 1,
        "same": same,
        "series": series,
        "few": WHOLE_LIMIT,
        "but": but,
        "limit": SHOWN_LIMIT,
        "bulletin": bulletin_id,
    }
    return [Titled(*row) for row in (await tx.execute(_TITLED_ALIKE, values)).all()]


async def _rarest(tx: Tx, stems: list[str]) -> list[str]:
    """Return the rarest of these stems, as many as can be gone through in a moment."""
    rows = await tx.execute(_HOW_OFTEN, {"most": ROWS_LIMIT, "words": json.dumps(stems)})
    chosen, spent = [], 0
    for word, often in sorted(rows.all(), key=lambda row: (row[1], row[0])):
        spent += often
        if spent >= ROWS_LIMIT:
            break
        chosen.append(word)
    return chosen
