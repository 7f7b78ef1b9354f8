"""How flows look at what the intake stored, and how they write hidden links."""

import sqlite3
from typing import Any

from bot.sandbox.telegram.entities import utf16_length
from tests.cast import World


def link_in(text: str, words: str, url: str) -> dict[str, Any]:
    """Return the formatting of words that carry a link."""
    offset = utf16_length(text[: text.index(words)])
    return {"type": "text_link", "offset": offset, "length": utf16_length(words), "url": url}


def stored(world: World, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what the store answers."""
    with sqlite3.connect(f"file:{world.settings.data_dir}/bulletin.db?mode=ro", uri=True) as db:
        return db.execute(query, values).fetchall()


def items_of(world: World) -> list[tuple[str, str | None]]:
    """Return title and first address of every item, in the order in which they came."""
    query = (
        "SELECT i.title, c.url FROM items i LEFT JOIN citations c ON c.item_id = i.id AND c.position = 0 ORDER BY i.id"
    )
    return [(title, url) for title, url in stored(world, query)]
