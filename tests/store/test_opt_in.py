"""Double opt-in in the store: caps that hold, requests that are forgotten, links that are never anybody else's."""

import os
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import insert

from bot import subscriptions
from bot.seal import Sealer
from bot.subscriptions.coming import KNOWN, may_write
from store import bulletins, opt_in, subscribers
from store import schema as t
from store.database import Store
from store.states import SubscriptionState
from tests.store.rows import DAY, NOW, all_of
from tests.store.test_readers import bring_in, id_of, states
from tests.waiting import waiting

SEALER = Sealer(b"a secret of this test, long enough to be one")
REQUESTS = int(os.environ.get("SUBSCRIBE_REQUESTS", "5000"))
SPAN_SECONDS = 120_000
DAN, EVE = "dan@readers.example", "eve@readers.example"
MINUTE, DAY_LONG = timedelta(minutes=1), timedelta(days=1)


async def ask(store: Store, bulletin: int, address: str, now: datetime = NOW) -> None:
    async with store.transaction() as tx:
        here = await bulletins.get(tx, bulletin)
        await subscriptions.ask(tx, SEALER, here, address, "en", now, consent="web form")


async def confirm(store: Store, row: int, generation: int, now: datetime) -> bool:
    async with store.transaction() as tx:
        return await subscriptions.confirm(tx, row, generation, now) is not None


async def mails(store: Store) -> list[str]:
    async with store.reading() as tx:
        return [row.kind for row in (await tx.exec_driver_sql("SELECT kind FROM postbox ORDER BY id")).all()]


async def generation(store: Store, bulletin: int, address: str) -> int:
    async with store.reading() as tx:
        found = await opt_in.standing(tx, await id_of(store, bulletin, address))
    assert found is not None
    return found.generation


async def test_one_mail_a_day_and_three_in_ninety_days_go_to_an_address(store: Store, bulletin: int) -> None:
    sent = []
    for day in (0, 1, 2, 3, 40, 89, 90):
        for hour in (0, 5, 23):
            await ask(store, bulletin, DAN, NOW + timedelta(days=day, hours=hour))
        sent.append(len(await all_of(store, "confirmation_mails")))
    assert sent == [1, 2, 3, 3, 3, 3, 4]
    async with store.transaction() as tx:
        await subscriptions.sweep(tx, NOW + timedelta(days=180))
    assert await all_of(store, "confirmation_mails") == []


async def test_a_hundred_mails_an_hour_go_out_and_moderators_hear_of_it_once(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        await bulletins.change(tx, bulletin, moderators_chat=-4)
        here = await bulletins.get(tx, bulletin)
        for number in range(130):
            address, moment = f"reader{number}@readers.example", NOW + timedelta(seconds=number)
            await subscriptions.ask(tx, SEALER, here, address, "en", moment, consent="web form")
    assert len(await mails(store)) == 100
    async with store.reading() as tx:
        assert [row.payload["key"] for row in await waiting(tx, NOW + DAY_LONG)] == ["subscribe-full"]
    await ask(store, bulletin, DAN, NOW + timedelta(hours=1, minutes=5))
    assert len(await mails(store)) == 101


@pytest.mark.system
@pytest.mark.timeout(900)
async def test_the_caps_hold_against_very_many_requests(store: Store, bulletin: int) -> None:
    random, moment = Random(5), NOW
    asked = [f"reader{random.randrange(3_000)}@readers.example" for _ in range(REQUESTS)]
    for start in range(0, len(asked), 1_000):
        async with store.transaction() as tx:
            here = await bulletins.get(tx, bulletin)
            for address in asked[start : start + 1_000]:
                moment += timedelta(seconds=SPAN_SECONDS / REQUESTS)
                await subscriptions.ask(tx, SEALER, here, address, "en", moment, consent="web form")
    rows = await all_of(store, "confirmation_mails")
    moments: dict[object, list[str]] = {}
    for _, mac, at in rows:
        moments.setdefault(mac, []).append(str(at))
    every = sorted(datetime.fromisoformat(str(at)) for _, _, at in rows)
    assert len(every) > 2_000
    assert all(later - every[place] >= timedelta(hours=1) for place, later in enumerate(every[100:]))
    for own in moments.values():
        days = sorted(map(datetime.fromisoformat, own))
        assert all(later - before >= DAY_LONG for before, later in pairwise(days))
        assert len(days) <= 3


async def test_tags_and_dots_fill_no_mailbox_that_they_lead_to(store: Store, bulletin: int) -> None:
    for number in range(20):
        await ask(store, bulletin, f"dan+{number}@readers.example")
        await ask(store, bulletin, f"{'eve'[: number % 3 + 1]}.{'eve'[number % 3 + 1 :]}x+{number}@gmail.com")
        await ask(store, bulletin, "evex@googlemail.com")
    assert len(await mails(store)) == 2
    for address in ("d.an@readers.example", "dan@elsewhere.example", "+tag@readers.example", "+other@readers.example"):
        await ask(store, bulletin, address)
    assert len(await mails(store)) == 6


async def test_a_suppressed_address_gets_nothing_and_nothing_of_it_is_kept(store: Store, bulletin: int) -> None:
    mac = SEALER.mac(subscriptions.ADDRESS, EVE)
    async with store.transaction() as tx:
        await tx.execute(insert(t.suppressions).values(address_mac=mac, reason="complaint", since=DAY))
        assert not await may_write(tx, SEALER, await bulletins.get(tx, bulletin), EVE, NOW)
    await ask(store, bulletin, EVE)
    assert [await all_of(store, table) for table in ("subscribers", "subscriptions", "postbox")] == [[], [], []]


async def test_a_reader_who_asks_again_stays_as_they_are_and_is_told(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN)
    before = await all_of(store, "subscriptions")
    await ask(store, bulletin, DAN)
    assert await all_of(store, "subscriptions") == before
    assert await mails(store) == [KNOWN]


async def test_who_had_left_comes_back_only_by_confirming_and_old_links_are_dead(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN)
    dan = await id_of(store, bulletin, DAN)
    async with store.transaction() as tx:
        await subscriptions.leave(tx, dan, 0, NOW)
    assert not await confirm(store, dan, 0, NOW), "nobody asked"
    await ask(store, bulletin, DAN, NOW)
    assert await states(store, bulletin) == {DAN: SubscriptionState.LEFT}
    assert not await confirm(store, dan, 1, NOW)
    assert not await confirm(store, dan, 0, NOW + timedelta(hours=48))
    assert await confirm(store, dan, 0, NOW + timedelta(hours=47))
    assert await states(store, bulletin) == {DAN: SubscriptionState.ACTIVE}
    assert await generation(store, bulletin, DAN) == 1
    async with store.transaction() as tx:
        await subscriptions.leave(tx, dan, 0, NOW)
        assert await subscribers.count(tx, bulletin) == 1


async def test_a_complaint_is_final(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, DAN)
    async with store.transaction() as tx:
        await tx.exec_driver_sql("UPDATE subscriptions SET state = 'complained'")
    await ask(store, bulletin, DAN)
    assert await mails(store) == []
    assert not await confirm(store, await id_of(store, bulletin, DAN), 0, NOW)


async def test_who_does_not_confirm_is_forgotten_after_two_days(store: Store, bulletin: int) -> None:
    await bring_in(store, bulletin, "olga@readers.example")
    await ask(store, bulletin, DAN, NOW)
    await ask(store, bulletin, EVE, NOW + timedelta(hours=1))
    dan, eve = [await id_of(store, bulletin, each) for each in (DAN, EVE)]
    async with store.transaction() as tx:
        assert await subscriptions.sweep(tx, NOW + timedelta(hours=47)) == 0
        assert await subscriptions.sweep(tx, NOW + timedelta(hours=48)) == 1
        assert await subscriptions.sweep(tx, NOW + timedelta(hours=50)) == 1
    kept = [row[1:3] for row in await all_of(store, "subscribers")]
    assert len(kept) == 2
    assert kept[1] == (b"", f"gone:{eve}"), "the newest row stays, emptied"
    assert not await confirm(store, dan, 0, NOW + timedelta(hours=50))

    await ask(store, bulletin, "boris@readers.example", NOW + timedelta(hours=51))
    boris = await id_of(store, bulletin, "boris@readers.example")
    assert boris > eve, "a link of Eve's must never be Boris's"
    assert not await confirm(store, eve, 0, NOW + timedelta(hours=51))
    async with store.transaction() as tx:
        await subscriptions.sweep(tx, NOW + timedelta(hours=52))
    assert len(await all_of(store, "subscribers")) == 2


async def test_an_import_with_consent_makes_a_reader_of_who_had_not_confirmed_yet(store: Store, bulletin: int) -> None:
    await ask(store, bulletin, DAN)
    assert await bring_in(store, bulletin, DAN) == 1
    async with store.transaction() as tx:
        await subscriptions.sweep(tx, NOW + timedelta(days=3))
    assert await states(store, bulletin) == {DAN: SubscriptionState.ACTIVE}


async def test_who_leaves_before_confirming_is_forgotten_at_once(store: Store, bulletin: int) -> None:
    await ask(store, bulletin, DAN)
    dan = await id_of(store, bulletin, DAN)
    async with store.transaction() as tx:
        await subscriptions.leave(tx, dan, 0, NOW)
    assert not await confirm(store, dan, 0, NOW)
    async with store.transaction() as tx:
        assert await subscriptions.sweep(tx, NOW) == 1
    assert [row[1] for row in await all_of(store, "subscribers")] == [b""]
