"""Items and issues: every change is conditional, one issue is open at a time, and nothing stands twice in a ledger."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from store import claims, deliveries, invitations, issues, items, people
from store import schema as t
from store.database import Store
from store.errors import Stale
from store.records import Citation
from store.states import IssueState, ItemState, Role
from tests.store.rows import DAY, NOW, STORY, add_bulletin, add_item, add_person, all_of, item, open_issue

PENDING = (ItemState.PENDING,)


async def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {table: await all_of(store, table) for table in ("items", "citations", "issues", "deliveries")}


async def test_a_change_moves_the_revision_on_and_replaces_what_it_names(store: Store, bulletin: int) -> None:
    other = Citation("Labour Line", "https://labour-line.example/b", "https://labour-line.example/b")
    async with store.transaction() as tx:
        seen = await add_item(tx, bulletin)
        await items.change(tx, seen.id, seen.revision, states=PENDING, citations=[other, STORY], title="New")
        changed = await item(tx, seen.id)
    assert (changed.revision, changed.title, changed.citations) == (seen.revision + 1, "New", (other, STORY))
    assert changed.authors == ("Hanna Birch",)


@pytest.mark.parametrize(
    ("revision", "states"), [(0, PENDING), (2, PENDING), (1, (ItemState.APPROVED, ItemState.DRAFT))]
)
async def test_a_change_of_what_somebody_else_changed_is_refused_and_changes_nothing(
    store: Store, bulletin: int, revision: int, states: tuple[ItemState, ...]
) -> None:
    async with store.transaction() as tx:
        seen = await add_item(tx, bulletin)
    before = await everything(store)

    async with store.transaction() as tx:
        with pytest.raises(Stale):
            await items.change(tx, seen.id, revision, states=states, citations=[], state=ItemState.REJECTED)
    assert await everything(store) == before


async def test_of_many_who_decide_at_once_one_decides(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        seen = await add_item(tx, bulletin)

    async def decide(person: int) -> bool:
        try:
            async with store.transaction() as tx:
                values = {"state": ItemState.APPROVED, "decided_by": person}
                await items.change(tx, seen.id, seen.revision, states=PENDING, **values)
        except Stale:
            return False
        return True

    decided = await asyncio.gather(*(decide(person) for person in range(1, 9)))
    assert decided.count(True) == 1
    async with store.reading() as tx:
        assert (await item(tx, seen.id)).decided_by == decided.index(True) + 1


async def test_items_go_into_an_issue_together_or_not_at_all(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        approved = [await add_item(tx, bulletin, title, state=ItemState.APPROVED) for title in ("One", "Two")]
        await open_issue(tx, bulletin)
        values = {"state": ItemState.REJECTED}
        await items.change(tx, approved[1].id, 1, states=(ItemState.APPROVED,), **values)
    before = await everything(store)

    with pytest.raises(Stale):
        async with store.transaction() as tx:
            await items.put_in_issue(tx, approved, 1)
    assert await everything(store) == before


async def test_an_item_being_edited_is_free_again_when_its_time_is_over(store: Store, bulletin: int) -> None:
    until = NOW + timedelta(minutes=10)
    async with store.transaction() as tx:
        seen = await add_item(tx, bulletin)
        assert await claims.take(tx, seen.id, 1, NOW, until)
        assert await claims.take(tx, seen.id, 1, NOW, until)
        assert not await claims.take(tx, seen.id, 2, NOW, until)
        assert await claims.take(tx, seen.id, 2, until + timedelta(seconds=1), until)
    async with store.reading() as tx:
        assert (await item(tx, seen.id)).claimed_by == 2


# --- Issues ---


async def test_one_issue_is_open_in_each_bulletin(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        assert await open_issue(tx, bulletin)
        assert not await open_issue(tx, bulletin, "2026-11-29 18:00")
        assert await open_issue(tx, await add_bulletin(tx, "second"))
    values = {"bulletin_id": bulletin, "state": IssueState.OPEN, "due_at": NOW, "due_local": "x", "date": DAY}
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with store.transaction() as tx:
            await tx.execute(insert(t.issues).values(**values))
    assert len(await all_of(store, "issues")) == 2


async def test_an_hour_has_one_issue_also_when_that_one_is_closed(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        await open_issue(tx, bulletin)
        await issues.change(tx, 1, 1, states=(IssueState.OPEN,), state=IssueState.FROZEN, number=1)
        assert await issues.current(tx, bulletin) is None
        assert not await open_issue(tx, bulletin)
        assert await open_issue(tx, bulletin, "2026-11-29 18:00")


async def test_an_issue_that_changed_meanwhile_is_not_changed_again(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        await open_issue(tx, bulletin)
        await issues.change(tx, 1, 1, states=(IssueState.OPEN,), state=IssueState.WAITING)
        before = await issues.get(tx, 1)
        for revision, states in ((1, (IssueState.WAITING,)), (2, (IssueState.OPEN, IssueState.HELD))):
            with pytest.raises(Stale):
                await issues.change(tx, 1, revision, states=states, state=IssueState.FROZEN, number=1)
        assert await issues.get(tx, 1) == before


async def test_a_number_is_given_once(store: Store, bulletin: int) -> None:
    async with store.transaction() as tx:
        for due in ("2026-11-22 18:00", "2026-11-29 18:00"):
            await open_issue(tx, bulletin, due)
            if due.endswith("22 18:00"):
                await issues.change(tx, 1, 1, states=(IssueState.OPEN,), state=IssueState.FROZEN, number=7)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with store.transaction() as tx:
            await issues.change(tx, 2, 1, states=(IssueState.OPEN,), state=IssueState.FROZEN, number=7)


async def test_a_part_for_a_target_stands_once_in_the_ledger(store: Store, bulletin: int) -> None:
    row = {"issue_id": 1, "kind": deliveries.MAIL, "target_id": 5, "part": 0, "state": "queued"}
    async with store.transaction() as tx:
        await open_issue(tx, bulletin)
        await tx.execute(insert(t.deliveries).values(row))
        for other in ({"part": 1}, {"target_id": 6}, {"kind": "correction"}):
            await tx.execute(insert(t.deliveries).values({**row, **other}))
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with store.transaction() as tx:
            await tx.execute(insert(t.deliveries).values({**row, "state": "sent"}))
    assert len(await all_of(store, "deliveries")) == 4


# --- People ---


async def test_an_invitation_lets_one_in_and_none_when_it_is_too_old(store: Store) -> None:
    async with store.transaction() as tx:
        for mac in ("fresh", "old"):
            await invitations.add(tx, token_mac=mac, role=Role.MODERATOR, expires_at=NOW, created_by="shell")
        just_before = NOW - timedelta(microseconds=1)
        used = await invitations.use(tx, "fresh", just_before)
        assert used is not None
        assert (used.role, used.created_by) == (Role.MODERATOR, "shell")
        assert await invitations.use(tx, "fresh", just_before) is None
        assert await invitations.use(tx, "old", NOW) is None
        assert await invitations.use(tx, "unknown", just_before) is None


async def test_submissions_are_counted_for_each_contributor(store: Store) -> None:
    async with store.transaction() as tx:
        ana, dan = await add_person(tx, "Amber Fern"), await add_person(tx, "Quiet Owl")
        assert [await people.next_number(tx, who, 1, DAY) for who in (ana, ana, dan, ana)] == [1, 2, 1, 3]
        await people.count_accepted(tx, ana, -1)
        assert (await people.get(tx, ana)).accepted == 0


async def test_a_pseudonym_and_a_contact_are_given_once(store: Store) -> None:
    values = {"role": Role.CONTRIBUTOR, "language": "en", "contact": b""}
    async with store.transaction() as tx:
        await add_person(tx, "Amber Fern")
    for twice in (
        {"pseudonym": "Amber Fern", "contact_mac": "x"},
        {"pseudonym": "X", "contact_mac": "mac of Amber Fern"},
    ):
        with pytest.raises(IntegrityError, match="UNIQUE"):
            async with store.transaction() as tx:
                await people.add(tx, **values, **twice)
