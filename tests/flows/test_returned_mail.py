"""Refusals of the mail server count as bounces of the readers, and too many of them put the broadcast on hold."""

from pathlib import Path

import pytest

from bot import returns
from bot.delivery.outcome import of_smtp_reply, refused_status
from store import issues
from store.states import IssueState
from tests.flows.delivery_scene import Scene, address, scene
from tests.store.rows import all_of

FAST = 6_000.0


async def scores(s: Scene) -> list[float]:
    async with s.store.reading() as tx:
        return list((await tx.exec_driver_sql("SELECT score FROM subscriptions ORDER BY id")).scalars())


@pytest.mark.system
async def test_an_address_refused_at_once_is_scored_and_probed(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, speed=FAST) as s:
        s.mail.fault("refuse", address(2))
        await s.send_all()

        assert sorted(await scores(s)) == [0.0, 0.0, 0.0, 0.0, 0.0, 5.0]
        assert [row[1] for row in await all_of(s.store, "postbox")] == [returns.PROBE]
        assert [row[2:5] for row in await all_of(s.store, "returns")] == [(s.issue.id, returns.HARD, "5.1.1")]


@pytest.mark.system
async def test_many_refused_addresses_put_the_broadcast_on_hold_until_somebody_lets_it_go_on(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=200, speed=FAST) as s:
        for reader in (1, 2, 3, 4):
            s.mail.fault("refuse", address(reader))
        async with s.running():
            await s.until(lambda: _state(s, IssueState.HELD))
        assert s.mail.accepted < 196
        assert await s.told("say") == [f"say:returns:{s.issue.id}"]
        async with s.store.transaction() as tx:
            held = await issues.get(tx, s.issue.id)
            assert held is not None
            back = {"state": IssueState.SENDING, "held_from": None}
            await issues.change(tx, held.id, held.revision, states=(IssueState.HELD,), **back)
        found = await s.send_all()
        assert found.mail.by_word == {**found.mail.by_word, "sent": 196, "refused": 4}


@pytest.mark.system
async def test_a_server_that_finds_us_on_a_block_list_stops_the_broadcast_and_costs_no_reader(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=30, speed=FAST) as s:
        s.mail.fault("refuse-listed", address(7))
        async with s.running():
            await s.until(lambda: _state(s, IssueState.HELD))
        assert f"say:returns:{s.issue.id}" in await s.told("say")
        assert await scores(s) == [0.0] * 30


async def _state(s: Scene, state: IssueState) -> bool:
    async with s.store.reading() as tx:
        found = await issues.get(tx, s.issue.id)
    return found is not None and found.state == state


def test_a_block_list_at_rcpt_is_not_the_readers_fault() -> None:
    refusal = of_smtp_reply("RCPT", 550, "5.7.1 dan@readers.example: client blocked using zen.spamhaus.org")
    assert (refusal.whose, refusal.permanent) == ("run", True)
    assert returns.hints_at_listing(refusal.reason)
    assert "@" not in refusal.reason
    assert of_smtp_reply("RCPT", 550, "5.1.1 no such user").whose == "target"


def test_only_an_answer_of_a_server_is_a_bounce() -> None:
    assert refused_status("550 5.1.1") == "5.1.1"
    assert refused_status("550") == ""
    assert refused_status("552 5.2.2 … is full") == "5.2.2"
    assert refused_status("the address does not fit into a letter") is None
    assert refused_status("451 4.7.1") is None
