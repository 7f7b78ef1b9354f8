"""What was found at an item's addresses is kept by citation, the latest look only."""

from dataclasses import replace

from store import pages
from store.database import Store
from store.records import PageSeen
from tests.store.rows import NOW, STORY, add_item

ADDRESS = str(STORY.canonical)


async def test_what_was_found_at_an_address_is_replaced_by_what_is_found_there_later(store: Store, bulletin: int):
    async with store.transaction() as tx:
        item = await add_item(tx, bulletin)
        other = await add_item(tx, bulletin, "Another story")
        first = PageSeen(item.id, ADDRESS, f"{ADDRESS}-moved", None, "Storm warning", NOW)
        await pages.seen(tx, first)
        await pages.seen(tx, replace(first, canonical="https://echo.example/2", address=None))
        later = replace(first, address="https://other.example/", own_address=ADDRESS, title="Storm warning lifted")
        await pages.seen(tx, later)
    async with store.reading() as tx:
        found = await pages.of_item(tx, item.id)
        assert found[ADDRESS] == later
        assert found["https://echo.example/2"].title == "Storm warning"
        assert await pages.of_item(tx, other.id) == {}
