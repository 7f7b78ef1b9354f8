"""Single mails on their way: tried again, sent once more when in doubt, given up in the end, beside a broadcast."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot import subscriptions
from bot.postbox.run import PostboxRun
from bot.postbox.writing import Writing
from bot.sandbox.smtp import MailServer
from store import bulletins, erasing, postbox
from tests.flows.delivery_scene import PRESS, Scene, address, scene

DAN = "dan@readers.example"


def run_of(s: Scene) -> PostboxRun:
    sender = PRESS.sender()
    assert sender is not None
    return PostboxRun(s.store, s.postman, Writing(s.sealer, sender, PRESS.public_url), s.clock, Random(3))


async def put(s: Scene, key: str | None = None, to: str = DAN, **more: object) -> None:
    payload = {"subject": "page-asked-title", "text": "page-asked-body", "values": {"bulletin": "News"}}
    sealed = s.sealer.seal(subscriptions.ADDRESS, to)
    payload |= {"language": "en", "answers": "<q.1@readers.example>", **more}
    async with s.store.transaction() as tx:
        await postbox.put(
            tx, kind="say", bulletin_id=1, address=sealed, payload=payload, now=s.clock.now(), merge_key=key
        )


async def left(s: Scene) -> int:
    async with s.store.reading() as tx:
        return await postbox.count(tx)


def letters(mail: MailServer, to: str = DAN) -> int:
    return len(mail.received[to]) if to in mail.received else 0


async def test_an_answer_goes_with_the_null_sender_and_says_what_it_answers(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        await put(s)
        assert await run_of(s).step() == 1
        assert await left(s) == 0
        found = s.mail.mailbox(DAN)[0]
        assert found.envelope_from == ""
        assert found.message["Auto-Submitted"] == "auto-replied"
        assert found.message["In-Reply-To"] == "<q.1@readers.example>"


async def test_a_mail_that_is_put_off_is_tried_again_and_one_refused_is_not(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        s.mail.fault("defer-greylist", DAN, times=1)
        s.mail.fault("refuse", "eve@readers.example")
        await put(s)
        await put(s, to="eve@readers.example")
        run = run_of(s)
        assert await run.step() == 2
        assert (await left(s), await run.step()) == (1, 0)
        s.clock.jump(timedelta(minutes=5))
        assert await run.step() == 1
        assert (await left(s), letters(s.mail)) == (0, 1)


async def test_what_was_perhaps_taken_goes_once_more_with_the_same_bytes(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        s.mail.fault("drop-after-dot", DAN, times=5)
        await put(s)
        run = run_of(s)
        for _ in range(4):
            await run.step()
            s.clock.jump(timedelta(hours=5))
        assert await left(s) == 0
        first, second = s.mail.received[DAN]
        assert first == second


async def test_a_kill_while_a_mail_is_under_way_sends_it_once_more_at_most(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        await put(s)
        for _ in range(3):
            async with s.store.transaction() as tx:
                await postbox.claim(tx, s.clock.now(), 1)  # and nothing is written down of what came of it
        await run_of(s).step()
        assert (await left(s), letters(s.mail)) == (0, 0)


async def test_what_takes_the_place_of_a_mail_under_way_is_sent_too(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        await put(s, "one")
        async with s.store.transaction() as tx:
            row = (await postbox.claim(tx, s.clock.now(), 1))[0]
        await put(s, "one", values={"bulletin": "Other"})
        async with s.store.transaction() as tx:
            await postbox.done(tx, row)
        assert await run_of(s).step() == 1
        assert "Other" in s.mail.mailbox(DAN)[0].text


@pytest.mark.system
async def test_a_server_that_is_away_costs_no_mail_and_three_days_end_it(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        await s.mail.stop()
        await put(s)
        run = run_of(s)
        for hour in range(71):
            await run.step()
            assert await left(s) == 1, hour
            s.clock.jump(timedelta(hours=1))
        s.clock.jump(timedelta(hours=2))
        await run.step()
        assert await left(s) == 0


@pytest.mark.system
async def test_a_single_mail_does_not_wait_for_the_end_of_a_broadcast_nor_hold_it_up(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=300) as s, s.running():
        await s.mail.until(lambda: s.mail.accepted > 20, 5)
        await put(s)
        await run_of(s).step()
        sent = s.mail.accepted
        assert letters(s.mail) == 1
        assert sent < 300
        await s.until(s.is_sent, timeout=15)
    assert len(s.mail.received[address(300)]) == 1


async def test_nothing_is_written_for_a_bulletin_whose_reader_is_gone(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        async with s.store.transaction() as tx:
            here = await bulletins.get(tx, 1)
            await subscriptions.ask(tx, s.sealer, here, DAN, "en", s.clock.now(), consent="web form")
        s.clock.jump(timedelta(hours=49))
        async with s.store.transaction() as tx:
            await subscriptions.sweep(tx, s.clock.now())
        await run_of(s).step()
        assert (await left(s), letters(s.mail)) == (0, 0)


async def test_nothing_goes_to_who_must_not_be_written_to_however_the_address_is_written(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0) as s:
        async with s.store.transaction() as tx:
            await erasing.bar(tx, s.sealer.mac(subscriptions.ADDRESS, DAN), s.clock.now().date())
        for written in (DAN, "Dan@READERS.example", "eve@readers.example"):
            await put(s, to=written)
        await run_of(s).step()
        assert await left(s) == 0
        assert set(s.mail.received) == {"eve@readers.example"}
