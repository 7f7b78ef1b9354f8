"""Rows for the store's tests, put in by the store's own functions."""

from datetime import UTC, date, datetime

from store import bulletins, issues, items, people
from store.database import Store, Tx
from store.records import Citation, Item
from store.states import ItemState, Role

NOW = datetime(2026, 11, 22, 18, 0, 0, 250_000, tzinfo=UTC)
DAY = date(2026, 11, 22)
STORY = Citation("Kherson Herald", "https://kherson-herald.example/a?utm=1", "https://kherson-herald.example/a")


async def add_bulletin(tx: Tx, slug: str = "news") -> int:
    return await bulletins.add(
        tx,
        sections=[("News", "News"), ("Analysis", "Analysis")],
        slug=slug,
        title="News Bulletin",
        language="en",
        timezone="Europe/Kyiv",
        schedule="sun 18:00",
    )


async def add_item(
    tx: Tx, bulletin: int, title: str = "A story", *, state: ItemState = ItemState.PENDING, cited: Citation = STORY
) -> Item:
    item_id = await items.add(
        tx, citations=[cited], bulletin_id=bulletin, state=state, title=title, created_at=NOW, authors=["Hanna Birch"]
    )
    return await item(tx, item_id)


async def item(tx: Tx, item_id: int) -> Item:
    found = await items.get(tx, item_id)
    assert found is not None
    return found


async def add_person(tx: Tx, name: str = "Amber Fern", role: Role = Role.CONTRIBUTOR) -> int:
    return await people.add(
        tx, pseudonym=name, role=role, language="en", contact=b"sealed", contact_mac=f"mac of {name}"
    )


async def open_issue(tx: Tx, bulletin: int, due_local: str = "2026-11-22 18:00") -> bool:
    return await issues.open_next(tx, bulletin, due_at=NOW, due_local=due_local, day=DAY)


async def all_of(store: Store, table: str) -> list[tuple[object, ...]]:
    """Every row of a table, to see that nothing changed."""
    async with store.reading() as tx:
        return [tuple(row) for row in (await tx.exec_driver_sql(f"SELECT * FROM {table}")).all()]
