"""An issue on its way to channels and readers, when all goes well and when people or servers get in the way."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import report as reports
from bot.sandbox.clock import Clock
from bot.tokens import read_row_token
from store import deliveries, issues, subscribers
from store.states import DeliveryState, IssueState
from tests.flows.delivery_scene import Scene, address, scene


async def test_an_issue_reaches_every_channel_in_order_and_every_reader_once(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=3, readers=30, parts=3) as s:
        found = await s.send_all()

        for chat in s.channels:
            assert [post.words for post in chat.visible()][-3:] == [f"Part {n} of issue 7" for n in (1, 2, 3)]
            assert chat.last().entities[0]["type"] == "bold"
            assert chat.last().preview_disabled
        assert {to: len(copies) for to, copies in s.mail.received.items()} == {address(n): 1 for n in range(1, 31)}
        assert found.adds_up
        assert found.rows == 3 * 3 + 30
        assert found.mail.by_word["sent"] == 30
        assert [row.message_id for row in await s.rows(deliveries.TELEGRAM)].count(None) == 0
        assert await s.told("report") == [f"report:{s.issue.id}"]
        assert (await s.now_issue()).sent_at is not None
        words = reports.in_words(found, "en")
        assert "News 1: 3 sent" in words
        assert "Readers by mail: 30 sent" in words
        assert reports.to_json(found)["adds up"] is True


async def test_each_letter_carries_its_readers_own_tokens_and_nobodys_address_in_clear(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=2) as s:
        await s.send_all()

        dan, eve = (s.mail.mailbox(address(n))[0] for n in (1, 2))
        token = dan.envelope_from.removeprefix("bounce+").removesuffix("@news.example")
        leave = str(dan.message["List-Unsubscribe"]).split("/leave/")[1].split(">")[0]
        async with s.store.reading() as tx:
            known = {reader.id for reader in await subscribers.of_bulletin(tx, s.issue.bulletin_id)}
        for purpose, text in (("bounce", token), ("leave", leave)):
            row = read_row_token(s.sealer, purpose, text)
            assert row is not None
            assert row[0] in known
        assert dan.message_id != eve.message_id
        assert dan.message_id.endswith("@news.example>")
        assert eve.recipient not in dan.raw.decode()
        assert dan.message["To"] == dan.recipient


async def test_a_hold_lets_nothing_new_out_and_continue_sends_the_rest(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=60, parts=2) as s:
        s.mail.fault("slow", seconds=0.02)
        async with s.running() as drain:
            await s.mail.until(lambda: s.mail.accepted >= 8, 5)
            issue = await s.now_issue()
            async with s.store.transaction() as tx:
                values = {"state": IssueState.HELD, "held_from": IssueState.SENDING}
                await issues.change(tx, issue.id, issue.revision, states=(IssueState.SENDING,), **values)
            at_hold = s.mail.accepted
            await s.until(lambda: _nothing_under_way(s))
            at_rest = s.mail.accepted
            assert at_rest <= at_hold + s.window
            await s.clock.sleep(10)
            assert s.mail.accepted == at_rest < 60

            issue = await s.now_issue()
            async with s.store.transaction() as tx:
                values = {"state": IssueState.SENDING, "held_from": None}
                await issues.change(tx, issue.id, issue.revision, states=(IssueState.HELD,), **values)
            drain.wake()
            await s.until(s.is_sent)
        assert sorted(s.mail.received) == sorted(address(n) for n in range(1, 61))
        assert all(len(copies) == 1 for copies in s.mail.received.values())


async def _nothing_under_way(s: Scene) -> bool:
    return all(row.state != DeliveryState.SENDING for row in await s.rows())


async def test_a_reader_who_leaves_after_the_issue_closed_gets_no_letter(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=5) as s:
        row = await s.row_of(3)
        async with s.store.transaction() as tx:
            assert await subscribers.leave(tx, row.target_id, 0, s.clock.now().date())
        found = await s.send_all()

        assert address(3) not in s.mail.received
        assert found.mail.by_word == {**found.mail.by_word, "sent": 4, "skipped": 1}
        assert found.adds_up
        assert (await s.row_of(3)).problem == "delivery-reader-left"


async def test_without_a_mail_server_the_posts_go_out_and_the_letters_wait_for_one(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=4, with_postman=False) as s, s.running():
        await s.until(lambda: len(s.channels[0].visible()) >= 2)
        assert {row.state for row in await s.rows()} == {DeliveryState.QUEUED}


async def test_an_issue_closed_without_a_letter_skips_its_readers(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=4, with_mail=False) as s:
        found = await s.send_all()

        assert found.mail.by_word["skipped"] == 4
        assert s.mail.accepted == 0


@pytest.mark.system
async def test_no_more_letters_are_under_way_than_the_window_and_it_is_kept_full(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=40) as s:
        s.mail.fault("slow", seconds=0.03)
        seen: list[int] = []
        async with s.running():
            while s.mail.accepted < 40:
                seen.append(sum(row.state == DeliveryState.SENDING for row in await s.rows()))
            await s.until(s.is_sent)

        assert max(seen) == s.window
        assert s.mail.connections_opened == s.window


async def test_a_stop_writes_down_what_was_under_way(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=20) as s:
        s.mail.fault("slow", seconds=0.2)
        async with s.running():
            await s.until(lambda: s.mail.accepted > 0)

        rows = await s.rows()
        assert sum(row.state == DeliveryState.SENT for row in rows) == s.mail.accepted
        assert all(row.state in (DeliveryState.SENT, DeliveryState.QUEUED) for row in rows)


class CountingClock(Clock):
    """The sandbox's clock, which counts how often somebody looks at it."""

    looks = 0

    def now(self) -> datetime:
        self.looks += 1
        return super().now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def test_a_drain_with_nothing_to_send_hardly_wakes(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, speed=1) as s:
        await s.send_all()
        s.clock = counting = CountingClock(start=s.clock.now())
        begin = asyncio.get_running_loop().time()
        async with s.running():
            await s.until(lambda: asyncio.get_running_loop().time() - begin > 0.3)
        assert counting.looks < 20


async def test_a_deferred_row_of_an_issue_on_hold_keeps_nobody_busy(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=1) as s:
        s.mail.fault("defer")
        async with s.running():
            await s.until(lambda: s.mail.answers[451] > 0)
        issue = await s.now_issue()
        async with s.store.transaction() as tx:
            values = {"state": IssueState.HELD, "held_from": IssueState.SENDING}
            await issues.change(tx, issue.id, issue.revision, states=(IssueState.SENDING,), **values)
        s.clock.jump(timedelta(hours=1))
        async with s.store.reading() as tx:
            assert await deliveries.next_moment(tx, s.clock.now()) is None
