"""What was found at an item's addresses is kept by citation, the latest look only."""

from dataclasses import replace
from datetime import timedelta

from store import items, pages
from store.database import Store
from store.records import Citation, PageSeen
from store.states import ItemState
from tests.store.rows import NOW, STORY, add_item

READY = (ItemState.APPROVED, ItemState.APPROVED, ItemState.CARRIED)
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


async def test_what_was_found_for_a_link_stays_known_when_its_item_joins_another(store: Store, bulletin: int):
    async with store.transaction() as tx:
        whole, part = await add_item(tx, bulletin), await add_item(tx, bulletin, "The same story")
        seen = PageSeen(part.id, "https://echo.example/2", "https://echo.example/2", None, "The same story", NOW)
        await pages.seen(tx, seen)
        await pages.seen(tx, replace(seen, canonical=ADDRESS, title="of the part"))
        await pages.seen(tx, PageSeen(whole.id, ADDRESS, ADDRESS, None, "of the whole", NOW))
        assert "https://echo.example/2" not in await pages.of_item(tx, whole.id)
        states = (ItemState.PENDING,)
        await items.change(tx, part.id, part.revision, states=states, state=ItemState.MERGED, merged_into_id=whole.id)
        found = await pages.of_item(tx, whole.id)
        assert found["https://echo.example/2"] == replace(seen, item_id=whole.id)
        assert found[ADDRESS].title == "of the whole"


async def test_what_is_not_looked_at_yet_is_found_by_state_and_moment(store: Store, bulletin: int):
    before, since, after = (NOW + timedelta(hours=hours) for hours in (-1, 0, 1))
    async with store.transaction() as tx:
        pending = await add_item(tx, bulletin)
        await add_item(tx, bulletin, state=ItemState.APPROVED, cited=Citation("A title without a link"))
        early, late, carried = [await add_item(tx, bulletin, state=state) for state in READY]
        for item, moment in ((early, before), (late, after)):
            await items.change(tx, item.id, item.revision, states=READY, decided_at=moment)
        assert await pages.unchecked(tx, bulletin, since) == [early.id, carried.id]
        await pages.seen(tx, PageSeen(early.id, ADDRESS, ADDRESS, None, "", before))
        await pages.seen(tx, PageSeen(carried.id, ADDRESS, ADDRESS, None, "", after))
        assert await pages.unchecked(tx, bulletin, since) == [early.id]
        assert pending.state == ItemState.PENDING
