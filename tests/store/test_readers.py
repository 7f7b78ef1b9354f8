"""Readers: imported with proof of consent, counted right, and never brought back against their will."""

import io
from datetime import timedelta

from sqlalchemy import insert

from bot import reader_lists, subscriptions
from bot.reader_lists import Row
from bot.seal import Sealer
from store import bulletins, subscribers
from store import schema as t
from store.database import Store
from store.states import SubscriptionState
from tests.store.rows import DAY, NOW, add_bulletin, all_of

SEALER = Sealer(b"a secret of this test, long enough to be one")
DAN, EVE, OLGA = "dan@readers.example", "eve@readers.example", "olga@readers.example"
TOMORROW = DAY + timedelta(days=1)


async def bring_in(store: Store, bulletin: int, *addresses: str) -> int:
    """Import addresses as a file of them is imported."""
    file = io.BytesIO("\n".join(addresses).encode())
    rows = [row for row in reader_lists.read(file, reader_lists.look(file)) if isinstance(row, Row)]
    async with store.transaction() as tx:
        return await subscriptions.bring_in(
            tx,
            SEALER,
            await bulletins.get(tx, bulletin),
            [row.address for row in rows],
            consent="paper list",
            actor="shell",
            now=NOW,
        )


async def states(store: Store, bulletin: int) -> dict[str, SubscriptionState]:
    async with store.reading() as tx:
        found = await subscribers.of_bulletin(tx, bulletin)
    return {SEALER.open(subscriptions.ADDRESS, reader.address): reader.state for reader in found}


async def id_of(store: Store, bulletin: int, address: str) -> int:
    mac = SEALER.mac(subscriptions.ADDRESS, address)
    async with store.reading() as tx:
        return next(reader.id for reader in await subscribers.of_bulletin(tx, bulletin) if reader.address_mac == mac)


async def test_an_address_in_many_spellings_is_one_reader_and_counted_once(store: Store, bulletin: int) -> None:
    assert await bring_in(store, bulletin, DAN, "Dan@Readers.Example", "DAN@READERS.EXAMPLE", EVE) == 2
    assert await bring_in(store, bulletin, "dAn@readers.example", OLGA) == 1
    assert await states(store, bulletin) == dict.fromkeys([DAN, EVE, OLGA], SubscriptionState.ACTIVE)


async def test_the_same_address_twice_in_one_batch_is_one_reader(store: Store, bulletin: int) -> None:
    newcomers = [subscriptions.sealed(SEALER, address) for address in (DAN, DAN, EVE)]
    async with store.transaction() as tx:
        came = await subscribers.import_readers(tx, bulletin, newcomers, language="en", consent="x", day=DAY)
    assert came == 2
    assert len(await all_of(store, "subscribers")) == 2


async def test_who_must_not_be_written_to_is_left_out_of_an_import(store: Store, bulletin: int) -> None:
    mac = SEALER.mac(subscriptions.ADDRESS, EVE)
    async with store.transaction() as tx:
        await tx.execute(insert(t.suppressions).values(address_mac=mac, reason="complaint", since=DAY))
        assert await subscribers.suppressed(tx, [mac, "another"]) == {mac}
    assert await bring_in(store, bulletin, "EVE@readers.example", DAN) == 1
    assert await bring_in(store, bulletin, EVE) == 0
    assert await states(store, bulletin) == {DAN: SubscriptionState.ACTIVE}
    assert len(await all_of(store, "subscribers")) == 1


async def test_who_left_paused_or_bounced_stays_so_at_an_import(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN, EVE, OLGA)
    expected = dict(
        zip(
            (DAN, EVE, OLGA),
            (SubscriptionState.LEFT, SubscriptionState.BOUNCED, SubscriptionState.PAUSED),
            strict=True,
        )
    )
    for address, state in expected.items():
        async with store.transaction() as tx:
            where = (state.value, await id_of(store, bulletin, address))
            await tx.exec_driver_sql("UPDATE subscriptions SET state = ? WHERE id = ?", where)
    before = await all_of(store, "subscriptions")

    assert await bring_in(store, bulletin, DAN, EVE, OLGA, "new@readers.example") == 1
    assert {**await states(store, bulletin), "new@readers.example": None} == {**expected, "new@readers.example": None}
    assert (await all_of(store, "subscriptions"))[:3] == before


async def test_a_reader_of_two_bulletins_leaves_one_of_them(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        second = await add_bulletin(tx, "second")
    assert [await bring_in(store, each, DAN) for each in (bulletin, second)] == [1, 1]
    assert len(await all_of(store, "subscribers")) == 1

    async with store.transaction() as tx:
        assert await subscribers.leave(tx, await id_of(store, second, DAN), 0, TOMORROW)
        assert [await subscribers.count(tx, each) for each in (bulletin, second)] == [1, 0]
        assert await subscribers.count(tx, second, SubscriptionState.LEFT) == 1


async def test_leaving_twice_is_no_error_and_coming_back_undoes_it_once(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN)
    dan = await id_of(store, bulletin, DAN)
    async with store.transaction() as tx:
        assert await subscribers.leave(tx, dan, 0, DAY)
        assert await subscribers.leave(tx, dan, 0, TOMORROW)
        assert (await subscribers.readers(tx, [dan]))[dan].state == SubscriptionState.LEFT
        assert await subscribers.come_back(tx, dan, 0, TOMORROW)
        assert not await subscribers.come_back(tx, dan, 0, TOMORROW)
        assert (await subscribers.readers(tx, [dan]))[dan].state == SubscriptionState.ACTIVE


async def test_a_link_of_an_older_subscription_does_nothing(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN)
    dan = await id_of(store, bulletin, DAN)
    async with store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET generation = 1")
    before = await all_of(store, "subscriptions")
    async with store.transaction() as tx:
        assert not await subscribers.leave(tx, dan, 0, TOMORROW)
        assert not await subscribers.leave(tx, dan + 1, 1, TOMORROW)
        assert await subscribers.bulletin_of(tx, dan, 0) is None
        assert await subscribers.bulletin_of(tx, dan, 1) == bulletin
    assert await all_of(store, "subscriptions") == before

    async with store.transaction() as tx:
        await subscribers.leave(tx, dan, 1, TOMORROW)
        assert not await subscribers.come_back(tx, dan, 0, TOMORROW)
        assert await subscribers.come_back(tx, dan, 1, TOMORROW)


async def test_who_was_ended_for_another_reason_cannot_come_back_by_a_link(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN)
    dan = await id_of(store, bulletin, DAN)
    for state in (SubscriptionState.BOUNCED, SubscriptionState.COMPLAINED):
        async with store.transaction() as tx:
            await tx.exec_driver_sql("UPDATE subscriptions SET state = ?", (state.value,))
            assert not await subscribers.come_back(tx, dan, 0, TOMORROW)
            assert await subscribers.leave(tx, dan, 0, TOMORROW)
            assert (await subscribers.readers(tx, [dan]))[dan].state == state
