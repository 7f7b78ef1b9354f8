"""Readers in Telegram: issues come to their chat with the bot until they stop, whatever happens on the way."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.chats import MOST_AT_ONCE
from bot.delivery.report import report
from bot.sandbox.telegram import Message, Person
from bot.subscriptions import here
from bot.subscriptions.forgetting import Forgetting
from store import bulletins, chat_readers, deliveries
from store.records import Bulletin
from store.states import DeliveryState, SubscriptionState
from tests.cast import World
from tests.flows.acts import answer, files_of_the_store, pressed
from tests.flows.delivery_scene import NUMBER, Scene, scene
from tests.flows.published import corrected, issue_of, published, stories
from tests.flows.test_moderator import name_of

WORDS = {
    "en": {
        "how": "How shall News from Ukraine Bulletin come to you?",
        "here": "Here, in this chat",
        "done": "From the next issue on, News from Ukraine Bulletin comes here.",
        "stopped": "“News from Ukraine Bulletin”: nothing more comes to this chat.",
        "undo": "Undo",
        "latest": "Send me the latest issue now",
        "coming": "The latest issue is on its way.",
        "had": "The latest issue was sent to this chat already.",
        "already": "News from Ukraine Bulletin comes to this chat.",
    },
    "uk": {
        "how": "Як вам надсилати News from Ukraine Bulletin?",
        "here": "Сюди, у цей чат",
        "done": "Від наступного випуску News from Ukraine Bulletin надходитиме сюди.",
        "stopped": "«News from Ukraine Bulletin»: у цей чат більше нічого не надійде.",
        "undo": "Скасувати",
        "latest": "Надіслати останній випуск",
        "coming": "Останній випуск уже в дорозі.",
        "had": "Останній випуск уже надіслано в цей чат.",
        "already": "News from Ukraine Bulletin надходить у цей чат.",
    },
}
PARTS = [f"Part {n} of issue {NUMBER}" for n in (1, 2, 3)]


async def begun(world: World, reader: Person, language: str) -> Message:
    """Let somebody ask for the bulletin and choose to have it here; return the message in which they did."""
    said, words = len(reader.private.texts), WORDS[language]
    reader.send("/subscribe")
    await answer(world, reader, said + 1)
    card = reader.private.last()
    assert card.text == words["how"]
    await pressed(world, reader, card, words["here"])
    await world.until(lambda: card.text.startswith(words["done"]))
    return card


@pytest.mark.parametrize("language", ["en", pytest.param("uk", marks=pytest.mark.system)])
async def test_issues_come_until_stop_and_again_after_its_undo(newsroom: World, language: str) -> None:
    reader, words = newsroom.tg.person("Dan", language), WORDS[language]
    card = await begun(newsroom, reader, language)
    assert card.labels == []  # there is no issue yet that could be had
    assert str(reader.id).encode() not in files_of_the_store(newsroom)
    reader.send("/subscribe")
    already = await newsroom.until(lambda: reader.private.find(words["already"]))
    assert words["here"] not in already.labels

    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    posts = newsroom.channels[0].visible()
    await newsroom.until(lambda: [post.words for post in posts] == [post.words for post in last(reader, len(posts))])
    assert [post.entities for post in posts] == [post.entities for post in last(reader, len(posts))]
    await newsroom.until(lambda: newsroom.desk.find("Readers in Telegram: 1 sent"))

    reader.send("/stop")
    stopped = await newsroom.until(lambda: reader.private.find(words["stopped"]))
    assert await active(newsroom) == 0
    await pressed(newsroom, reader, stopped, words["undo"])
    await newsroom.until(lambda: stopped.text.startswith(words["done"]))
    assert await active(newsroom) == 1
    assert stopped.labels == []  # they had the issue
    reader.send("/stop")
    await newsroom.until(lambda: reader.private.last().words.startswith(words["stopped"]))
    newsroom.jump(days=4)
    await newsroom.until(lambda: forgotten(newsroom))
    assert str(reader.id).encode() not in files_of_the_store(newsroom)


@pytest.mark.parametrize("language", ["en", pytest.param("uk", marks=pytest.mark.system)])
async def test_a_newcomer_gets_the_latest_issue_at_once_and_once(newsroom: World, language: str) -> None:
    await stories(newsroom, ["one"])
    await published(newsroom, newsroom.clara)
    reader, words = newsroom.tg.person("Dan", language), WORDS[language]
    card = await begun(newsroom, reader, language)
    assert card.labels == [words["latest"]]
    asked = card.buttons
    await pressed(newsroom, reader, card, words["latest"])
    await newsroom.until(lambda: card.text.startswith(words["coming"]))
    posts = [post.words for post in newsroom.channels[0].visible()]
    await newsroom.until(lambda: [post.words for post in last(reader, len(posts))] == posts)
    again = reader.press_data(card, asked[0][0].data)
    await newsroom.until(lambda: again.answered)
    assert again.answer_text == words["had"]
    assert [post.words for post in reader.private.visible() if post.words in posts] == posts

    await corrected(newsroom, newsroom.clara, "Title", "The right story")
    await newsroom.until(lambda: any("The right story" in text for text in newsroom.channels[0].texts))
    posts = [post.words for post in newsroom.channels[0].visible()]
    await newsroom.until(lambda: [post.words for post in reader.private.visible() if post.words in posts] == posts)
    async with newsroom.services.store.reading() as tx:
        found = await report(tx, await issue_of(newsroom))
    assert (found.chats.by_word["sent"], found.adds_up) == (len(posts), True)


@pytest.mark.system
async def test_people_with_a_role_read_here_too_and_leave_even_when_they_are_kept_out(newsroom: World) -> None:
    await begun(newsroom, newsroom.ana, "en")
    newsroom.ana.send("/stop")
    said = await newsroom.until(lambda: newsroom.ana.private.find("nothing more comes to this chat"))
    assert "To give up your role" in said.text
    newsroom.ana.send("/stop")
    await newsroom.until(lambda: newsroom.ana.private.last().words.startswith("You get nothing here but answers"))
    await begun(newsroom, newsroom.ana, "en")
    newsroom.clara.send(f"/ban {name_of(newsroom, 'ana')} 1w")
    await newsroom.until(lambda: newsroom.clara.private.find("is kept out until"))
    newsroom.ana.send("/stop")
    await newsroom.until(lambda: newsroom.ana.private.last().words.startswith("“News from Ukraine Bulletin”: nothing"))
    assert await active(newsroom) == 0


async def test_every_part_comes_in_order_and_whoever_blocked_the_bot_reads_no_more(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=1, readers=2, parts=3, chats=3) as s:
        s.tg.fault("blocked", chat=s.chats[1].private, times=None)
        found = await s.send_all()
        for reader in (s.chats[0], s.chats[2]):
            assert [post.words for post in reader.private.visible()] == PARTS
        assert found.adds_up
        assert {word: n for word, n in found.chats.by_word.items() if n} == {"sent": 6, "refused": 1, "skipped": 2}
        async with s.store.reading() as tx:
            states = [reader.state for reader in (await chat_readers.those(tx, [1, 2, 3])).values()]
        assert states == [SubscriptionState.ACTIVE, SubscriptionState.BOUNCED, SubscriptionState.ACTIVE]


async def test_what_was_perhaps_sent_comes_again_and_was_marked_before(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=3, chats=2, answer_seconds=0.5) as s:
        s.tg.fault("drop-after-accept", method="sendMessage", chat=s.chats[0].private)
        found = await s.send_all()
        assert [post.words for post in s.chats[0].private.visible()] == [PARTS[0], *PARTS]
        assert [post.words for post in s.chats[1].private.visible()] == PARTS
        assert (found.chats.by_word["sent"], found.possible_duplicates) == (6, 1)


async def test_a_post_under_way_at_a_kill_is_sent_again_and_marked(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=3, chats=2) as s:
        async with s.store.transaction() as tx:
            await deliveries.claim_one(tx, 1, s.clock.now())
        found = await s.send_all()
        assert (found.chats.by_word["sent"], found.possible_duplicates) == (6, 1)
        assert (await s.rows(deliveries.CHAT))[0].possible_duplicate


async def test_after_three_doubts_a_post_is_on_hold_and_the_next_ones_come(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=3, chats=1, answer_seconds=0.5) as s:
        s.tg.fault("drop-after-accept", method="sendMessage", chat=s.chats[0].private, times=3)
        found = await s.send_all()
        assert (found.chats.by_word["on hold"], found.chats.by_word["sent"]) == (1, 2)
        assert [post.words for post in s.chats[0].private.visible()] == [PARTS[0]] * 3 + PARTS[1:]
        assert f"say:delivery-chats-held:{s.issue.id}" in await s.told("say")


async def test_whoever_stops_in_mid_issue_gets_no_further_part(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=3, chats=2) as s:
        await stop(s, 0)
        found = await s.send_all()
        assert s.chats[0].private.visible() == []
        assert [post.words for post in s.chats[1].private.visible()] == PARTS
        assert {word: n for word, n in found.chats.by_word.items() if n} == {"sent": 3, "skipped": 3}


async def test_whoever_takes_a_stop_in_mid_issue_back_can_have_the_parts_that_were_left_out(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=3, chats=1) as s:
        async with s.store.transaction() as tx:
            await deliveries.claim_one(tx, 1, s.clock.now())
            await deliveries.record(tx, 1, DeliveryState.SENT, message_id=1)
        await stop(s, 0)
        await s.send_all()
        bulletin = await bulletin_of(s)
        async with s.store.transaction() as tx:
            came = await here.come(tx, s.sealer, bulletin, s.chats[0].private.id, s.clock.now())
            reader = await here.reader_at(tx, s.sealer, bulletin, s.chats[0].private.id)
            assert reader is not None
            assert came == here.Came(new=True, latest=True)
            assert await here.send_latest(tx, reader, s.clock.now())
            assert not await here.send_latest(tx, reader, s.clock.now())
            for part in (1, 2):
                await deliveries.note_post(tx, s.issue.id, reader.id, part, 10 + part)
        assert await s.told(here.LATEST) == [f"latest:{reader.id}:{part}" for part in (1, 2)]
        found = await s.report()
        assert (found.chats.by_word["sent"], found.rows, found.adds_up) == (3, 3, True)


async def test_chats_that_must_wait_hold_up_no_others(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=2, chats=MOST_AT_ONCE + 1) as s:
        for reader in s.chats[:-1]:
            s.pace.told_to_wait(reader.private.id, s.clock.now() + timedelta(seconds=30))
        await s.send_all()
        waited, other = s.chats[0].private.visible(), s.chats[-1].private.visible()
        assert [post.words for post in waited] == [post.words for post in other] == PARTS[:2]
        assert other[-1].date < waited[0].date


async def test_a_chat_is_forgotten_days_after_nothing_comes_and_the_counts_stay(tmp_path: Path) -> None:
    async with scene(tmp_path, channels=0, readers=0, parts=3, chats=1) as s:
        await s.send_all()
        await stop(s, 0)
        sweeping = Forgetting(s.store, s.clock)
        await sweeping.step()
        assert (await first(s)).contact is not None
        s.clock.jump(timedelta(days=2, seconds=1))
        await sweeping.step()
        assert (await first(s)).contact is None
        assert (await s.report()).adds_up
        assert [row.state for row in await s.rows(deliveries.CHAT)] == [DeliveryState.SENT] * 3


def last(reader: Person, number: int) -> list[Message]:
    return reader.private.visible()[-number:]


async def active(world: World) -> int:
    async with world.services.store.reading() as tx:
        return await chat_readers.count(tx, 1)


async def forgotten(world: World) -> bool:
    async with world.services.store.reading() as tx:
        return (await chat_readers.those(tx, [1]))[1].contact is None


async def first(s: Scene) -> chat_readers.ChatReader:
    async with s.store.reading() as tx:
        return (await chat_readers.those(tx, [1]))[1]


async def bulletin_of(s: Scene) -> Bulletin:
    async with s.store.reading() as tx:
        return await bulletins.get(tx, s.issue.bulletin_id)


async def stop(s: Scene, place: int) -> None:
    async with s.store.transaction() as tx:
        await here.stop(tx, s.sealer, s.chats[place].private.id, s.clock.now())
