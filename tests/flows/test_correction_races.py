"""Corrections that meet posts on their way: whatever was claimed with the old text is edited in the end."""

from pathlib import Path

import pytest

from bot.delivery import edits, settle
from bot.render.editions import as_stored
from bot.subscriptions import here
from store import bulletins, chat_readers, corrections, deliveries, issues
from store.messages import Text
from store.states import DeliveryState, IssueState
from tests.flows.delivery_scene import Scene, scene

pytestmark = pytest.mark.system

SEND, EDIT = "sendMessage", "editMessageText"


async def correct(s: Scene, part: int, words: str) -> int:
    """Put another text in the place of a part, as a correction does in its transaction."""
    async with s.store.transaction() as tx:
        drawn = [(deliveries.TELEGRAM, part, as_stored(Text(words)))]
        await corrections.replace_document(tx, s.issue.id, {}, drawn)
        rows = await corrections.plan_edits(tx, s.issue.id, [part])
        await settle.go_on(tx, s.issue.id)
    s.bell.ring()
    return rows


def texts(s: Scene, channel: int = 0) -> list[str]:
    return [post.words for post in s.channels[channel].visible() if post.text]


async def test_a_post_claimed_before_a_correction_and_sent_after_it_is_edited(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=2, readers=0, parts=2) as s:
        slow = s.tg.fault("slow", chat=s.channels[0], method=SEND, seconds=0.6)
        async with s.running():
            await s.until(lambda: slow.hits == 1 and len(texts(s, 1)) == 2)
            assert texts(s, 0) == []
            assert await correct(s, 0, "The right part") == 2
            await correct(s, 1, "The other right part")
            await s.until(s.is_sent, 15)
        assert texts(s, 0) == texts(s, 1) == ["The right part", "The other right part"]
        # Its second part waited behind the first: it went out right at once, and needs no edit.
        assert len(await s.rows(deliveries.EDIT)) == 3
        assert (await s.report()).adds_up


async def test_posts_in_readers_chats_are_corrected_too_but_not_where_nothing_is_read_any_more(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=0, parts=2, chats=3) as s:
        async with s.running():
            await s.until(s.is_sent)
            async with s.store.transaction() as tx:
                await here.stop(tx, s.sealer, s.chats[1].private.id, s.clock.now())
            s.tg.fault("blocked", chat=s.chats[2].private, method=EDIT)
            assert await correct(s, 0, "The right part") == 4
            await s.until(lambda: s.chats[0].private.visible()[0].text == "The right part")
            await s.until(s.is_sent)
        assert [chat.private.visible()[0].words for chat in s.chats[1:]] == ["Part 1 of issue 7"] * 2
        states = [row.state for row in await s.rows(deliveries.CHAT_EDIT)]
        assert states == [DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.SKIPPED]
        async with s.store.reading() as tx:
            assert await chat_readers.count(tx, s.issue.bulletin_id) == 1
        assert (await s.report()).adds_up


async def test_a_second_correction_overtakes_an_edit_that_is_under_way(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=0, parts=2) as s:
        await s.send_all()
        slow = s.tg.fault("slow", chat=s.channels[0], method=EDIT, seconds=0.5)
        async with s.running():
            await correct(s, 0, "Better")
            await s.until(lambda: slow.hits == 1)
            await correct(s, 0, "Right")
            await s.until(lambda: texts(s)[0] == "Right")
            await s.until(s.is_sent)
        assert texts(s) == ["Right", "Part 2 of issue 7"]
        assert len(s.tg.calls_of(SEND, s.channels[0])) == 2


async def test_a_kill_in_the_middle_of_the_edits_is_made_good_by_the_next_run(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=3, readers=0, parts=1) as s:
        await s.send_all()
        await correct(s, 0, "Right")
        async with s.store.transaction() as tx:  # as a process leaves it that dies with one edit made and one under way
            first, second, _ = await corrections.next_edits(tx, s.clock.now())
            for row in (first, second):
                assert await deliveries.claim_one(tx, row.id, s.clock.now())
            channel = await bulletins.channel(tx, first.target_id)
        await s.courier.edit(channel.chat_id, first.message_id or 0, Text("Right"))
        await s.send_all()
        assert [texts(s, n) for n in range(3)] == [["Right"]] * 3
        assert await s.told("doubt") == []
        assert (await s.report()).adds_up


async def test_an_edit_without_an_answer_is_tried_again_and_one_of_a_deleted_post_is_told(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=2, readers=0, parts=1, speed=200, answer_seconds=0.3) as s:
        await s.send_all()
        s.tg.fault("drop-after-accept", chat=s.channels[0], method=EDIT)
        s.channels[1].visible()[-1].deleted = True
        await correct(s, 0, "Right")
        await s.send_all()
        assert texts(s, 0) == ["Right"]
        assert texts(s, 1) == []
        rows = {row.target_id: row for row in await s.rows(deliveries.EDIT)}
        assert [(row.state, row.problem) for row in rows.values()] == [("sent", ""), ("refused", edits.GONE)]
        assert len(await s.told("say")) == 1
        async with s.store.transaction() as tx:
            assert await settle.send_failed(tx, s.issue.id, "person 1", s.clock.now()) == 0


async def test_a_post_in_doubt_is_edited_once_it_is_known_and_told_of_when_nobody_knows_which_it_is(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, channels=2, readers=0, parts=1, answer_seconds=0.3) as s:
        for channel in s.channels:
            s.tg.fault("drop-after-accept", chat=channel, method=SEND)
        async with s.running():
            await s.until(lambda: _all_in(s, DeliveryState.IN_DOUBT))
            assert await correct(s, 0, "Right") == 2
            one, other = await s.rows(deliveries.TELEGRAM)
            async with s.store.transaction() as tx:
                message = s.channels[0].visible()[-1].message_id
                await settle.it_is_there(tx, one.id, message, "person 1", s.clock.now())
                await settle.it_is_there(tx, other.id, None, "person 1", s.clock.now())
            s.bell.ring()
            await s.until(s.is_sent)
        assert (texts(s, 0), texts(s, 1)) == (["Right"], ["Part 1 of issue 7"])
        rows = await s.rows(deliveries.EDIT)
        assert [(row.state, row.problem) for row in rows] == [("sent", ""), ("refused", edits.UNKNOWN)]


async def test_on_hold_nothing_is_edited_and_a_paused_channel_is_left_out(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=2, readers=0, parts=1) as s:
        await s.send_all()
        s.tg.fault("kicked", chat=s.channels[1], method=EDIT, times=None)
        await correct(s, 0, "Right")
        async with s.store.transaction() as tx:
            issue = await issues.get(tx, s.issue.id)
            held = {"state": IssueState.HELD, "held_from": IssueState.SENDING}
            await issues.change(tx, issue.id, issue.revision, states=(IssueState.SENDING,), **held)
            assert await corrections.next_edits(tx, s.clock.now()) == []
            await issues.change(
                tx, issue.id, issue.revision + 1, states=(IssueState.HELD,), state=IssueState.SENDING, held_from=None
            )
        await s.send_all()
        assert (texts(s, 0), texts(s, 1)) == (["Right"], ["Part 1 of issue 7"])
        assert [row.state for row in await s.rows(deliveries.EDIT)] == ["sent", "skipped"]


async def _all_in(s: Scene, state: DeliveryState) -> bool:
    return all(row.state == state for row in await s.rows(deliveries.TELEGRAM))
