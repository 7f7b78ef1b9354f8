"""Erasing one reader: nothing of them is left in any table, and the letters of each issue still add up."""

from sqlalchemy import insert, select

from bot import reader_erasing, reader_export, subscriptions
from bot.seal import Sealer
from store import bulletins, deliveries, desk_letters, erasing, letters, plans, postbox, subscribers
from store import schema as t
from store.database import Store
from store.states import DeliveryState, SubscriptionState
from tests.store.rows import DAY, NOW, all_of, open_issue

SEALER = Sealer(b"a secret of this test, long enough to be one")
DAN, EVE = "dan@readers.example", "eve@readers.example"
MAC = SEALER.mac(subscriptions.ADDRESS, DAN)


async def two_readers(store: Store, bulletin: int) -> None:
    """Let Dan and Eve read and wait for mails, and one letter of an issue be refused to Dan in his server's words."""
    async with store.transaction() as tx:
        here = await bulletins.get(tx, bulletin)
        await subscriptions.bring_in(tx, SEALER, here, [DAN, EVE], consent="May", actor="shell", now=NOW)
        await open_issue(tx, bulletin)
        await plans.readers(tx, 1, bulletin, 2)
        refused = {"state": DeliveryState.REFUSED, "problem": f"550 5.1.1 <{DAN}> unknown"}
        await tx.execute(t.deliveries.update().where(t.deliveries.c.target_id == 1).values(**refused))
        for address in (DAN, EVE):
            sealed, mac = SEALER.seal(subscriptions.ADDRESS, address), SEALER.mac(subscriptions.ADDRESS, address)
            await postbox.put(tx, kind="say", bulletin_id=bulletin, address=sealed, payload={}, now=NOW)
            await tx.execute(insert(t.confirmation_mails).values(address_mac=mac, at=NOW))
        change = {"subscriber_id": 2, "address": b"x", "address_mac": MAC, "provider": "", "asked_at": NOW}
        await tx.execute(insert(t.address_changes).values(change))


async def erased(store: Store) -> bool:
    async with store.transaction() as tx:
        return await reader_erasing.erase(tx, SEALER, MAC, NOW)


async def test_nothing_of_an_erased_reader_is_left_and_the_others_keep_everything(store: Store, bulletin: int) -> None:
    await two_readers(store, bulletin)
    async with store.reading() as tx:
        dan, eve = await subscribers.of_bulletin(tx, bulletin)
        letters = await deliveries.count(tx, 1)
    assert await erased(store)
    async with store.reading() as tx:
        nobody, still = await subscribers.of_bulletin(tx, bulletin)
        assert still == eve
        assert (nobody.id, nobody.state, nobody.generation) == (dan.id, SubscriptionState.LEFT, dan.generation + 1)
        assert SEALER.open(subscriptions.ADDRESS, nobody.address) == ""
        assert await deliveries.count(tx, 1) == letters == 2
        assert (await tx.execute(select(t.suppressions.c.address_mac, t.suppressions.c.reason))).all() == [
            (MAC, erasing.ERASED)
        ]
    assert [len(await all_of(store, name)) for name in ("postbox", "confirmation_mails", "address_changes")] == [
        1,
        1,
        0,
    ]
    kept = "".join([str(await all_of(store, name)) for name in t.metadata.tables if name != "suppressions"])
    assert [trace for trace in (MAC, DAN, repr(dan.address)) if trace in kept] == []


async def test_an_erased_reader_gets_no_letter_comes_by_no_import_and_no_old_link(store: Store, bulletin: int) -> None:
    await two_readers(store, bulletin)
    assert await erased(store)
    async with store.transaction() as tx:
        here = await bulletins.get(tx, bulletin)
        assert not await subscribers.come_back(tx, 1, 0, DAY)
        assert not await subscribers.leave(tx, 1, 0, DAY)
        assert await subscriptions.bring_in(tx, SEALER, here, [DAN], consent="June", actor="shell", now=NOW) == 0
        assert await subscribers.count(tx, bulletin) == 1
    assert len(await all_of(store, "subscribers")) == 2


async def test_an_unknown_address_is_barred_as_well_and_keeps_the_reason_it_was_barred_for(store: Store) -> None:
    async with store.transaction() as tx:
        await tx.execute(insert(t.suppressions).values(address_mac=MAC, reason="complaint", since=DAY))
    assert not await erased(store)
    assert not await erased(store)
    assert [row[:2] for row in await all_of(store, "suppressions")] == [(MAC, "complaint")]


async def test_the_address_goes_from_what_it_sent_by_letter_and_the_links_stay(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        for number, (road, address) in enumerate(
            [("letter", DAN), ("suggested by letter", "Dan@Readers.Example"), ("suggested by letter", EVE)]
        ):
            sealed = SEALER.seal(subscriptions.ADDRESS, address)
            row = {"bulletin_id": bulletin, "number": number, "road": road, "note": "a note", "received_at": NOW}
            await tx.execute(insert(t.submissions).values(contact=sealed, contact_mac="mac", language="en", **row))
    assert await erased(store)
    async with store.reading() as tx:
        s = t.submissions.c
        found = (await tx.execute(select(s.road, s.contact.is_(None), s.contact_mac, s.note).order_by(s.id))).all()
    assert found == [
        ("letter", True, "mac", "a note"),
        ("suggested by letter", True, None, ""),
        ("suggested by letter", False, "mac", "a note"),
    ]


async def test_a_copy_of_what_is_kept_counts_the_letters_that_wait(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        for key in ("one", "two", "decided"):
            row = await letters.begin(tx, key, "human", NOW) or 0
            await desk_letters.wait(tx, row, "letter", b"sealed", sender_mac=MAC, bulletin_id=bulletin)
        assert await letters.finish(tx, row)
        assert (await reader_export.copy(tx, SEALER, DAN))["letters_waiting"] == 2
        assert (await reader_export.copy(tx, SEALER, EVE))["letters_waiting"] == 0
    assert await erased(store)
    async with store.reading() as tx:
        assert (await reader_export.copy(tx, SEALER, DAN))["letters_waiting"] == 0
