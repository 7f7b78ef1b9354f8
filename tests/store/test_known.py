"""A story is found again by the addresses it was met at and by the words of its title, whichever way these were set."""

from sqlalchemy import insert

from store import items, known, pages
from store import schema as t
from store.database import Store, Tx
from store.records import Citation, PageSeen
from store.states import ItemState
from tests.store.rows import NOW, add_bulletin, add_item, item

PENDING = (ItemState.PENDING,)
LED, OWN = "https://herald.example/led", "https://herald.example/own"


def at(name: str) -> Citation:
    return Citation("Herald", f"https://herald.example/{name}", f"https://herald.example/{name}")


async def met(tx: Tx, cited: list[str], led: list[str], but: int = 0) -> set[int]:
    return set((await known.at_addresses(tx, cited, led, but=but)).same)


async def found(tx: Tx, title: str, bulletin: int = 1) -> list[str]:
    return [titled.title for titled in await known.titled_alike(tx, bulletin, title)]


async def test_an_item_is_found_by_what_it_cites_where_that_led_and_what_its_page_calls_its_own(
    store: Store, bulletin: int
) -> None:
    async with store.transaction() as tx:
        first = await add_item(tx, bulletin, cited=at("a"))
        await add_item(tx, bulletin, cited=at("b"))
        await pages.seen(tx, PageSeen(first.id, str(at("a").canonical), LED, OWN, "", NOW))
        assert await known.led_to(tx, first.id) == {LED, OWN}
        for address in (LED, OWN, str(at("a").canonical)):
            assert await met(tx, [], [address]) == {first.id}
            assert await met(tx, [], [address], but=first.id) == set()
        assert await met(tx, [LED], []) == set()
        assert await met(tx, [str(at("b").canonical)], []) == {2}
        asked = [str(at("a").canonical), str(at("b").canonical)]
        assert await known.at_addresses(tx, asked[:1], [], asked) == known.Met(frozenset([1]), frozenset([2]))


async def test_an_address_to_which_many_stories_led_is_none_of_theirs(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        for name in "abcd":
            led = await add_item(tx, bulletin, cited=at(name))
            await pages.seen(tx, PageSeen(led.id, str(at(name).canonical), LED, None, "", NOW))
        assert await met(tx, [], [LED]) == {1, 2, 3, 4}
        wall = await add_item(tx, bulletin, cited=at("e"))
        await pages.seen(tx, PageSeen(wall.id, str(at("e").canonical), LED, None, "", NOW))
        assert await met(tx, [], [LED]) == set()
        await add_item(tx, bulletin, cited=Citation("Herald", LED, LED))
        assert await met(tx, [LED], [LED]) == {6}


async def test_words_of_a_title_follow_every_change_and_stay_in_their_bulletin(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        seen = await add_item(tx, bulletin, "Dockers of Odesa strike")
        elsewhere = await add_bulletin(tx, "second")
        await add_item(tx, elsewhere, "Dockers of Odesa strike")
        assert await found(tx, "Dockers strike in Odesa") == ["Dockers of Odesa strike"]
        await items.change(tx, seen.id, 1, states=PENDING, title="Miners of Kryvyi Rih strike")
        assert await found(tx, "Miners strike in Kryvyi Rih") == ["Miners of Kryvyi Rih strike"]
        assert "Dockers of Odesa strike" not in await found(tx, "Dockers of Odesa")
        await items.change(tx, seen.id, 2, states=PENDING, language="en")
        assert await found(tx, "Miners of Kryvyi Rih strike") == ["Miners of Kryvyi Rih strike"]
        await items.change(tx, seen.id, 3, states=PENDING, title="https://herald.example/miners-of-kryvyi-rih-strike")
        assert await found(tx, "Miners of Kryvyi Rih strike") == []
        assert await found(tx, "https://herald.example/miners-of-kryvyi-rih-strike") == []


async def test_the_very_title_is_found_among_thousands_that_share_its_words(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        same = await add_item(tx, bulletin, "Ukraine and Russia at war")
        row = {"bulletin_id": bulletin, "state": ItemState.PENDING, "created_at": NOW, "title": "x"}
        await tx.execute(insert(t.items), [row] * known.ROWS_LIMIT)
        rows = [
            {"item_id": n + 2, "word": word} for n in range(known.ROWS_LIMIT) for word in ("ukrain", "russia", "war")
        ]
        await tx.execute(insert(t.title_words), rows)
        assert (await known.titled_alike(tx, bulletin, "War: Russia and Ukraine"))[0].item_id == same.id


async def test_an_item_that_was_merged_is_followed_to_what_it_is_part_of(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        first, second, third = [await add_item(tx, bulletin, cited=at(name)) for name in "abc"]
        for part, whole in ((first, second), (second, third)):
            await items.change(
                tx, part.id, part.revision, states=PENDING, state=ItemState.MERGED, merged_into_id=whole.id
            )
        assert (await items.followed(tx, await item(tx, first.id))).id == third.id
        assert [part.id for part in await items.merged_into(tx, third.id)] == [second.id]
        assert await items.followed(tx, third) == third
        await items.change(
            tx, third.id, 1, states=PENDING, state=ItemState.MERGED, merged_into_id=first.id
        )  # which nothing does, and which would never end
        assert (await items.followed(tx, await item(tx, first.id))).id == third.id
