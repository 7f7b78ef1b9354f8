"""What goes wrong on the way to the channels, and what people decide about it."""

from pathlib import Path

import pytest

from bot.delivery import settle
from bot.delivery.pace import Pace
from bot.delivery.telegram import TelegramCourier
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent, Refused
from bot.sandbox.telegram.faults import FaultName
from store import audit, bulletins, deliveries, desks
from store.messages import Button, Text
from store.records import Delivery
from store.states import DeliveryState
from tests.flows.delivery_scene import Scene, client, scene

pytestmark = pytest.mark.system

TELEGRAM = deliveries.TELEGRAM
SEND = "sendMessage"


async def rows_of(s: Scene, channel: int) -> list[Delivery]:
    """The ledger rows of the channel at this place."""
    async with s.store.reading() as tx:
        known = await bulletins.channels_of(tx, s.issue.bulletin_id)
    return [row for row in await s.rows(TELEGRAM) if row.target_id == known[channel].id]


def posts(s: Scene, channel: int) -> list[str]:
    return [post.words for post in s.channels[channel].visible() if "of issue" in post.words]


async def _is_deferred(s: Scene, channel: int) -> bool:
    return (await rows_of(s, channel))[0].state == "deferred"


async def test_a_flood_answer_is_obeyed_and_the_other_channel_goes_on(tmp_path: Path) -> None:
    async with scene(tmp_path, readers=0) as s:
        s.tg.fault("flood", chat=s.channels[0], method=SEND, retry_after=30)
        speed = s.clock.speed
        s.clock.set_speed(0)
        async with s.running():
            await s.until(lambda: posts(s, 1))
            await s.until(lambda: _is_deferred(s, 0))
            (waiting, _) = await rows_of(s, 0)
            assert waiting.not_before is not None
            assert (waiting.not_before - s.clock.now()).total_seconds() >= 30
            assert posts(s, 0) == []
            s.clock.set_speed(speed)
            await s.until(s.is_sent)

        refused, again, *_ = s.tg.calls_of(SEND, s.channels[0])
        assert 30 <= (again.at - refused.at).total_seconds() < 60
        assert s.tg.calls_of(SEND, s.channels[1])[0].at < again.at
        assert posts(s, 0) == ["Part 1 of issue 7", "Part 2 of issue 7"]


async def test_a_flood_wait_outlives_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=0) as s:
        s.tg.fault("flood", chat=s.channels[0], method=SEND, retry_after=40)
        async with s.running():
            await s.until(lambda: len(s.tg.calls_of(SEND, s.channels[0])) == 1)
        s.pace = Pace()
        s.courier = TelegramCourier(client(s.tg), s.pace, s.clock)
        await s.send_all()

        first, second, *_ = s.tg.calls_of(SEND, s.channels[0])
        assert (second.at - first.at).total_seconds() >= 40


async def test_a_channel_that_threw_us_out_is_paused_told_once_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    async with scene(tmp_path, readers=3, parts=3) as s:
        s.tg.fault("kicked", chat=s.channels[0], method=SEND, times=None)
        found = await s.send_all()

        assert posts(s, 0) == []
        assert len(posts(s, 1)) == 3
        assert [row.state for row in await rows_of(s, 0)] == ["refused", "skipped", "skipped"]
        assert len(s.tg.calls_of(SEND, s.channels[0])) == 1
        async with s.store.reading() as tx:
            first, second = await bulletins.channels_of(tx, s.issue.bulletin_id)
        assert (first.paused, second.paused) == (True, False)
        assert "kicked" in first.problem
        assert await s.told("say") == [f"say:paused:{first.id}"]
        assert found.adds_up


async def test_a_group_that_became_a_supergroup_gets_its_posts_there(tmp_path: Path) -> None:
    async with scene(tmp_path, readers=0) as s:
        clara = s.tg.people[0]
        group = s.tg.group("Friends", [clara])
        clara.add_bot(group)
        async with s.store.transaction() as tx:
            known = await bulletins.channels_of(tx, s.issue.bulletin_id)
            await desks.move_chat(tx, known[0].chat_id, group.id)
        new = group.migrate()
        found = await s.send_all()

        assert [post.words for post in new.visible() if "of issue" in post.words] == posts(s, 1)
        async with s.store.reading() as tx:
            assert (await bulletins.channels_of(tx, s.issue.bulletin_id))[0].chat_id == new.id
        assert found.adds_up


@pytest.mark.parametrize("name", ["5xx-after", "drop-after-accept", "hang-after", "5xx", "drop-before"])
async def test_a_post_that_was_perhaps_sent_is_never_sent_again_by_itself(tmp_path: Path, name: FaultName) -> None:
    async with scene(tmp_path, readers=0, answer_seconds=0.3) as s:
        s.tg.fault(name, chat=s.channels[0], method=SEND)
        async with s.running():
            await s.until(lambda: len(posts(s, 1)) == 2)
            await s.until(lambda: _in_doubt(s))
            await s.clock.sleep(20)
        first, second = await rows_of(s, 0)

        assert (first.state, second.state) == (DeliveryState.IN_DOUBT, DeliveryState.QUEUED)
        assert len(s.tg.calls_of(SEND, s.channels[0])) == 1
        assert await s.told("doubt") == [f"doubt:{first.id}"]
        assert not await s.is_sent()


async def _in_doubt(s: Scene) -> bool:
    return (await rows_of(s, 0))[0].state == DeliveryState.IN_DOUBT


@pytest.mark.parametrize("decision", ["it is there", "send again", "leave it out"])
async def test_what_a_moderator_decides_on_a_doubt_happens_and_the_issue_goes_on(tmp_path: Path, decision: str) -> None:
    async with scene(tmp_path, channels=1, readers=0, answer_seconds=0.3) as s:
        s.tg.fault("5xx-after" if decision == "it is there" else "5xx", chat=s.channels[0], method=SEND)
        async with s.running() as drain:
            await s.until(lambda: _in_doubt(s))
            row = (await rows_of(s, 0))[0]
            async with s.store.transaction() as tx:
                match decision:
                    case "it is there":
                        await settle.it_is_there(tx, row.id, 2, "person 1", s.clock.now())
                    case "send again":
                        await settle.send_again(tx, row.id, "person 1", s.clock.now())
                    case _:
                        await settle.leave_out(tx, row.id, "person 1", s.clock.now())
            drain.wake()
            await s.until(s.is_sent)
            with pytest.raises(Refused, match="delivery-already-settled"):
                async with s.store.transaction() as tx:
                    await settle.send_again(tx, row.id, "person 2", s.clock.now())

        row = (await rows_of(s, 0))[0]
        expected = ["Part 1 of issue 7", "Part 2 of issue 7"]
        assert posts(s, 0) == (expected[1:] if decision == "leave it out" else expected)
        assert row.state == (DeliveryState.SKIPPED if decision == "leave it out" else DeliveryState.SENT)
        assert row.possible_duplicate == (decision == "send again")
        assert (await s.report()).adds_up
        async with s.store.reading() as tx:
            assert [actor for actor, _ in await audit.acts(tx, f"delivery {row.id}")] == ["person 1"]


async def test_a_channel_where_the_bot_may_not_post_refuses_its_parts_and_can_be_tried_again(tmp_path: Path) -> None:
    async with scene(tmp_path, readers=0) as s:
        clara = s.tg.people[0]
        clara.promote_bot(s.channels[0], can_post_messages=False)
        found = await s.send_all()
        assert found.channels[0].by_word["refused"] == 2
        assert found.adds_up
        assert len(await s.told("say")) == 1

        clara.promote_bot(s.channels[0], can_post_messages=True)
        async with s.store.transaction() as tx:
            assert await settle.send_failed(tx, s.issue.id, "shell", s.clock.now()) == 2
        assert (await s.send_all()).channels[0].by_word["sent"] == 2
        assert [len(posts(s, n)) for n in (0, 1)] == [2, 2]


async def test_while_telegram_is_away_nothing_is_lost_or_counted_as_doubt(tmp_path: Path) -> None:
    async with scene(tmp_path, readers=2) as s:
        await s.tg.go_down()
        async with s.running():
            await s.until(lambda: _all_deferred(s))
            await s.tg.come_back()
            await s.until(s.is_sent, timeout=10)
        assert [len(posts(s, n)) for n in (0, 1)] == [2, 2]
        assert all(row.doubts == 0 for row in await s.rows(TELEGRAM))


async def _all_deferred(s: Scene) -> bool:
    return [row.state for row in await s.rows(TELEGRAM)].count(DeliveryState.DEFERRED) == 2


async def test_twenty_five_posts_to_one_channel_draw_no_flood_answer(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=2, readers=0, parts=25) as s:
        await s.send_all(timeout=20)

        assert [len(posts(s, n)) for n in (0, 1)] == [25, 25]
        assert not [call for call in s.tg.calls if call.outcome.startswith("429")]


async def test_the_courier_gives_each_failure_its_meaning(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=2, readers=0, answer_seconds=0.2) as s:
        chat = s.channels[0]
        expected: list[tuple[FaultName, type[Exception]]] = [
            ("flood", NotSent),
            ("kicked", ChatGone),
            ("5xx", PerhapsSent),
            ("drop-before", PerhapsSent),
            ("hang", PerhapsSent),
        ]
        for name, kind in expected:
            s.tg.fault(name, chat=chat, method=SEND, retry_after=3)
            with pytest.raises(kind):
                await s.courier.send(chat.id, Text("Hello"))
        group = s.moderators
        moved = group.migrate()
        with pytest.raises(ChatMoved) as caught:
            await s.courier.send(group.id, Text("Hello"))
        assert caught.value.chat == moved.id


async def test_the_courier_sends_edits_answers_and_looks_around(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=0) as s:
        group, clara = s.moderators, s.tg.people[0]
        text = Text.bold("Title 🌻") + " and " + Text.link("a link", "https://times.example/story")
        buttons = ((Button("News", "v1:into:1:1"), Button("Web", url="https://bulletin.example")),)
        sent = await s.courier.send(group.id, text, buttons, silent=True)
        post = group.message(sent)
        assert post is not None
        assert [entity["type"] for entity in post.entities] == ["bold", "text_link"]
        assert (post.preview_disabled, post.silent, post.labels) == (True, True, ["News", "Web"])

        await s.courier.edit(group.id, sent, Text("Changed"))
        await s.courier.edit(group.id, sent, Text("Changed"))
        assert (post.words, post.labels) == ("Changed", [])
        asked = await s.courier.send(group.id, Text("Until when?"), ask=True, reply_to=sent)
        question = group.message(asked)
        assert question is not None
        assert question.force_reply
        await s.courier.answer("4711", "Too late")
        filed = await s.courier.send_file(group.id, "issue.pdf", b"%PDF-", "Issue 7")
        document = group.message(filed)
        assert document is not None
        assert document.document is not None
        assert document.document.filename == "issue.pdf"

        news = await s.courier.facts(s.channels[0].id)
        assert (news.kind, news.title, news.can_post, news.can_edit) == ("channel", "News 1", True, True)
        clara.promote_bot(s.channels[0], can_post_messages=False)
        assert not (await s.courier.facts(s.channels[0].id)).can_post
        assert (await s.courier.facts(group.id)).can_post
