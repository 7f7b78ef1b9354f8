"""Random people and a random clock at the gate, against the real store: numbers without a gap, nothing sent changes."""

import asyncio
import sqlite3
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot import gate, issues
from bot.errors import Refused
from bot.render import telegram
from bot.render.editions import TELEGRAM, Press
from store import bulletins, deliveries, items, people
from store import issues as records
from store.records import FrozenIssue, Gate, Person
from store.states import DeliveryState, IssueState, ItemState, Role
from tests.empty_store import empty_store
from tests.store.rows import add_bulletin, add_item, add_person

T = TypeVar("T")
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PEOPLE = {"Amber Fern": Role.EDITOR, "Calm Robin": Role.EDITOR, "Wise Owl": Role.OWNER}
ACTS = {"publish": gate.publish, "hold": gate.hold, "continue": gate.go_on, "reopen": gate.reopen}
MINUTES = (1, 61, 61, 600, 1500, 6 * 24 * 60)


class MessagesOnly(Press):
    """A press that prints the messages alone: PDF and pages take their time and no part in this."""

    def print(self, issue: FrozenIssue) -> list[tuple[str, int, bytes]]:
        return [(TELEGRAM, place, part.text.encode()) for place, part in enumerate(telegram.render(issue))]


class Desk:
    """A store that is opened once and emptied for each try."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        file = Path(self.folder.name) / "bulletin.db"
        self.store = self.loop.run_until_complete(empty_store(file))
        self.seen = sqlite3.connect(file, isolation_level=None)
        tables = self.seen.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.tables = [name for (name,) in tables if name != "alembic_version"]

    def empty(self) -> None:
        for table in self.tables:
            self.seen.execute(f"DELETE FROM {table}")

    def close(self) -> None:
        self.seen.close()
        self.loop.run_until_complete(self.store.close())
        self.loop.close()
        self.folder.cleanup()


class Release(RuleBasedStateMachine):
    """Two editors and an owner at the gate of one bulletin with one channel."""

    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.desk.empty()
        self.store = self.desk.store
        self.now = START
        self.gone: dict[int, tuple[Any, ...]] = {}
        self.run(self._lay())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.desk.loop.run_until_complete(work)

    async def _lay(self) -> None:
        async with self.store.transaction() as tx:
            self.bulletin = await add_bulletin(tx)
            await bulletins.add_channel(tx, self.bulletin, -100, "News")
            added = [await add_person(tx, name, role) for name, role in PEOPLE.items()]
            self.people: list[Person] = [await people.get(tx, person) for person in added]
            await issues.ensure_open(tx, await bulletins.get(tx, self.bulletin), self.now)
        await self._approve()

    async def _approve(self) -> None:
        async with self.store.transaction() as tx:
            item = await add_item(tx, self.bulletin, state=ItemState.APPROVED)
            section = (await bulletins.get(tx, self.bulletin)).sections[0].id
            await items.change(tx, item.id, item.revision, states=(item.state,), section_id=section)

    async def _act(self, what: str, who: int) -> None:
        async with self.store.transaction() as tx:
            bulletin = await bulletins.get(tx, self.bulletin)
            if what != "close":
                await ACTS[what](tx, bulletin, self.people[who], self.now)
                return
            issue = await gate.may_close(tx, bulletin, self.now)
        await gate.close(self.store, bulletin, issue, self.people[who], MessagesOnly(), self.now)

    @rule()
    def approve(self) -> None:
        self.run(self._approve())

    @rule(kind=st.sampled_from(list(Gate)))
    def set_gate(self, kind: Gate) -> None:
        async def work() -> None:
            async with self.store.transaction() as tx:
                await bulletins.change(tx, self.bulletin, gate=kind)

        self.run(work())

    @rule(minutes=st.sampled_from(MINUTES))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.run(gate.tick(self.store, MessagesOnly(), self.now))

    @rule(what=st.sampled_from([*ACTS, "close"]), who=st.integers(0, 2))
    def press(self, what: str, who: int) -> None:
        with suppress(Refused):
            self.run(self._act(what, who))

    @rule(what=st.sampled_from(["close", "publish"]), who=st.integers(0, 2), then=st.sampled_from([*ACTS]))
    def press_twice(self, what: str, who: int, then: str) -> None:
        self.press(what, who)
        self.press(then, who)

    @rule()
    def send_what_may_be_sent(self) -> None:
        self.run(self._send())

    async def _send(self) -> None:
        """Post the next message of what is being sent, and end the issue of which it was the last."""
        async with self.store.transaction() as tx:
            for row in await deliveries.next_parts(tx, self.now):
                assert await deliveries.claim_one(tx, row.id, self.now) is not None
                await deliveries.record(tx, row.id, DeliveryState.SENT, message_id=row.id)
            for issue in await records.running(tx):
                if issue.state == IssueState.SENDING and not await deliveries.unfinished(tx, issue.id):
                    await records.change(tx, issue.id, issue.revision, states=(issue.state,), state=IssueState.SENT)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.desk.seen.execute(query).fetchall()

    @invariant()
    def numbers_are_unique_and_without_a_gap_and_one_issue_is_open(self) -> None:
        numbers = [number for (number,) in self._rows("SELECT number FROM issues WHERE number IS NOT NULL")]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert self._rows("SELECT next_number FROM bulletins") == [(len(numbers) + 1,)]
        assert self._rows("SELECT count(*) FROM issues WHERE number IS NULL") == [(1,)]

    @invariant()
    def items_stand_in_closed_issues_alone(self) -> None:
        closed = "SELECT id FROM issues WHERE number IS NOT NULL"
        assert self._rows("SELECT DISTINCT issue_id FROM items WHERE state = 'in issue' ORDER BY 1") == self._rows(
            f"{closed} ORDER BY 1"
        )
        assert self._rows("SELECT id FROM items WHERE state != 'in issue' AND issue_id IS NOT NULL") == []
        for table in ("renderings", "deliveries"):
            assert self._rows(f"SELECT issue_id FROM {table} WHERE issue_id NOT IN ({closed})") == []

    @invariant()
    def what_went_out_stays_as_it_was(self) -> None:
        query = (
            "SELECT d.id, d.issue_id, d.part, i.number, i.document, d.message_id FROM deliveries d "
            "JOIN issues i ON i.id = d.issue_id WHERE d.state = 'sent'"
        )
        there = {row[0]: row for row in self._rows(query)}
        assert {number: there.get(number) for number in self.gone} == self.gone
        self.gone = there


@pytest.mark.system
class TestRelease(Release.TestCase):
    """Twenty tries of ten steps."""

    settings = settings(max_examples=20, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck))

    def setUp(self) -> None:
        Release.desk = Desk()

    def tearDown(self) -> None:
        Release.desk.close()
