"""The ledger of an issue: planned once for everybody, claimed once by anybody, counted to the last row."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.plan import plan
from store import bulletins, deliveries, issues, plans, reports, subscribers
from store.database import Store
from store.records import Issue
from store.states import DeliveryState, IssueState
from store.subscribers import Newcomer
from tests.empty_store import empty_store

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
PARTS = 2


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await empty_store(tmp_path / "bulletin.db")
    yield opened
    await opened.close()


async def subscribe(store: Store, bulletin: int, first: int, last: int) -> None:
    newcomers = [Newcomer(b"sealed", f"mac {n}", "readers.example") for n in range(first, last + 1)]
    async with store.transaction() as tx:
        for start in range(0, len(newcomers), 1_000):
            some = newcomers[start : start + 1_000]
            await subscribers.import_readers(tx, bulletin, some, language="en", consent="paper", day=DAY)


async def frozen(store: Store, *, readers: int, channels: int = 2, number: int = 7) -> Issue:
    """A closed issue of a bulletin with so many readers and channels."""
    async with store.transaction() as tx:
        known = await bulletins.first(tx)
        values = {"slug": "news", "title": "News", "language": "en", "timezone": "UTC", "schedule": "sun 18:00"}
        bulletin = known.id if known else await bulletins.add(tx, sections=[("News", "News")], **values)
        for channel in range(channels):
            await bulletins.add_channel(tx, bulletin, -1000 - channel, f"News {channel + 1}")
    await subscribe(store, bulletin, 1, readers)
    async with store.transaction() as tx:
        await issues.open_next(tx, bulletin, due_at=NOW, due_local=f"{number}", day=DAY)
        issue = await issues.current(tx, bulletin)
        assert issue is not None
        until = await subscribers.last_id(tx)
        values = {"state": IssueState.FROZEN, "number": number, "audience_until": until}
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.OPEN,), **values)
        editions = [(deliveries.TELEGRAM, part, b"{}") for part in range(PARTS)]
        await issues.add_renderings(tx, issue.id, [*editions, (deliveries.MAIL, 0, b"letter")])
    return await again(store, issue)


async def again(store: Store, issue: Issue) -> Issue:
    async with store.reading() as tx:
        found = await issues.get(tx, issue.id)
    assert found is not None
    return found


async def tally(store: Store, issue: Issue) -> dict[str, int]:
    async with store.reading() as tx:
        found = await deliveries.tally(tx, issue.id)
    states: dict[str, int] = {}
    for place in found.values():
        for state, number in place.items():
            states[state] = states.get(state, 0) + number
    return states


async def claim(store: Store, limit: int, now: datetime = NOW) -> list[int]:
    async with store.transaction() as tx:
        return [row.id for row in await deliveries.claim_mail(tx, now, limit)]


async def test_everybody_gets_a_row_in_batches_and_planning_again_changes_nothing(store: Store) -> None:
    issue = await frozen(store, readers=deliveries.BATCH_ROWS + 7)

    assert await plan(store, issue)
    planned = await again(store, issue)
    assert (planned.state, planned.rows) == (IssueState.SENDING, deliveries.BATCH_ROWS + 7 + 2 * PARTS)
    assert not await plan(store, issue)
    assert not await plan(store, planned)
    assert await tally(store, issue) == {"queued": planned.rows}


async def test_planning_that_was_broken_off_is_taken_up_where_it_stopped(store: Store) -> None:
    issue = await frozen(store, readers=12)
    async with store.transaction() as tx:
        await plans.channels(tx, issue.id, [1], PARTS)
        await tx.exec_driver_sql(
            "INSERT INTO deliveries (issue_id, kind, target_id, part, state, attempt, doubts, possible_duplicate,"
            " problem) VALUES (?, 'mail', 3, 0, 'queued', 0, 0, 0, '')",
            (issue.id,),
        )

    assert await plan(store, issue)
    assert (await again(store, issue)).rows == 12 + 2 * PARTS


async def test_a_reader_who_came_after_the_issue_closed_is_not_in_its_audience(store: Store) -> None:
    issue = await frozen(store, readers=3)
    await subscribe(store, issue.bulletin_id, 4, 6)
    await plan(store, issue)

    assert (await again(store, issue)).rows == 3 + 2 * PARTS


async def test_a_paused_channel_is_left_out_in_sight(store: Store) -> None:
    issue = await frozen(store, readers=1)
    async with store.transaction() as tx:
        assert await bulletins.pause_channel(tx, 1, "kicked")
    await plan(store, issue)

    assert await tally(store, issue) == {"queued": 1 + PARTS, "skipped": PARTS}
    assert (await again(store, issue)).rows == 1 + 2 * PARTS


async def test_an_issue_put_on_hold_while_it_is_planned_is_not_sent(store: Store) -> None:
    issue = await frozen(store, readers=2)
    async with store.transaction() as tx:
        values = {"state": IssueState.HELD, "held_from": IssueState.FROZEN}
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.FROZEN,), **values)

    assert not await plan(store, issue)
    assert (await again(store, issue)).state == IssueState.HELD
    assert await claim(store, 5) == []


async def test_a_row_is_claimed_once_and_fresh_ones_before_deferred_ones(store: Store) -> None:
    issue = await frozen(store, readers=6, channels=0)
    await plan(store, issue)
    first = await claim(store, 2)
    async with store.transaction() as tx:
        later = NOW + timedelta(minutes=1)
        assert await deliveries.record(tx, first[0], DeliveryState.DEFERRED, not_before=later)
        assert await deliveries.record(tx, first[1], DeliveryState.SENT)
        assert not await deliveries.record(tx, first[1], DeliveryState.REFUSED)

    rest = await claim(store, 10)
    assert len(rest) == 4
    assert not set(rest) & set(first)
    async with store.reading() as tx:
        assert await deliveries.next_moment(tx, NOW) == later
        assert await deliveries.next_moment(tx, later) is None
    assert await claim(store, 10, later) == [first[0]]


async def test_parts_of_a_channel_go_in_order_and_one_in_doubt_keeps_the_next_waiting(store: Store) -> None:
    issue = await frozen(store, readers=0, channels=1)
    await plan(store, issue)

    async def waiting() -> list[int]:
        async with store.reading() as tx:
            return [row.part for row in await deliveries.next_parts(tx, NOW)]

    assert await waiting() == [0]
    async with store.transaction() as tx:
        row = await deliveries.claim_one(tx, 1, NOW)
        assert row is not None
        assert await deliveries.claim_one(tx, 1, NOW) is None
        await deliveries.record(tx, row.id, DeliveryState.IN_DOUBT)
    assert await waiting() == []
    async with store.transaction() as tx:
        assert await deliveries.decide(tx, row.id, DeliveryState.SENT)
        assert not await deliveries.decide(tx, row.id, DeliveryState.SKIPPED)
    assert await waiting() == [1]


async def test_what_failed_is_queued_again_but_not_for_a_paused_channel(store: Store) -> None:
    issue = await frozen(store, readers=2)
    await plan(store, issue)
    async with store.transaction() as tx:
        for row in await deliveries.claim_mail(tx, NOW, 5):
            await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem="550")
        await bulletins.pause_channel(tx, 1, "kicked")
        for channel in (1, 2):
            await deliveries.skip_target(tx, deliveries.TELEGRAM, channel, "paused")
        states = (DeliveryState.REFUSED, DeliveryState.SKIPPED)
        assert await reports.queue_again(tx, issue.id, states, ()) == 2 + PARTS
    assert await tally(store, issue) == {"queued": 2 + PARTS, "skipped": PARTS}


async def test_an_issue_is_unfinished_until_nothing_goes_on_by_itself_or_waits_for_a_word(store: Store) -> None:
    issue = await frozen(store, readers=1, channels=0)
    await plan(store, issue)
    expected = {
        DeliveryState.DEFERRED: True,
        DeliveryState.IN_DOUBT: True,
        DeliveryState.QUEUED: True,
        DeliveryState.HELD: False,
        DeliveryState.REFUSED: False,
        DeliveryState.SKIPPED: False,
        DeliveryState.SENT: False,
    }
    for state, unfinished in expected.items():
        async with store.transaction() as tx:
            await tx.exec_driver_sql("UPDATE deliveries SET state = ?", (state.value,))
            assert await deliveries.unfinished(tx, issue.id) == unfinished, state
