"""What waits to be said: merged while it waits, forgotten only as it was said; and updates, each taken once."""

import asyncio
from datetime import timedelta

from store import outbox, updates
from store.database import Store, Tx
from store.outbox import Waiting
from tests.store.rows import DAY, NOW
from tests.waiting import waiting

LATER = NOW + timedelta(minutes=5)


async def put(tx: Tx, words: str, merge_key: str | None = None, **columns: object) -> None:
    values = {"now": NOW, "kind": "say", "chat_id": -1, "merge_key": merge_key, **columns}
    await outbox.put(tx, payload={"text": words}, **values)  # type: ignore[arg-type]


async def words_waiting(tx: Tx) -> list[str]:
    return [row.payload["text"] for row in await waiting(tx, LATER + timedelta(days=1))]


async def row_of(tx: Tx, words: str) -> Waiting:
    return next(row for row in await waiting(tx, LATER) if row.payload["text"] == words)


async def test_a_row_replaced_while_it_waits_keeps_its_place_and_its_chat(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "first", "card:1")
        await put(tx, "second", "card:2")
        await put(tx, "first, newer", "card:1", now=LATER)
        await put(tx, "without a key")
        await put(tx, "without a key")
        assert await words_waiting(tx) == ["first, newer", "second", "without a key", "without a key"]
        assert await outbox.count(tx) == 4
        row = await row_of(tx, "first, newer")
        assert (row.id, row.chat_id, row.created_at, row.not_before) == (1, -1, NOW, LATER)


async def test_a_patient_row_leaves_the_moment_of_the_waiting_one_and_is_not_forgotten_with_it(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "at once", "ack:1")
        drawn = await row_of(tx, "at once")
        await put(tx, "newer", "ack:1", not_before=LATER, patient=True)
        await outbox.done(tx, drawn)
        assert [row.payload["text"] for row in await waiting(tx, NOW)] == ["newer"]
        await put(tx, "first", "ack:2", not_before=LATER, patient=True)
        assert [row.payload["text"] for row in await waiting(tx, NOW)] == ["newer"]
        assert (await row_of(tx, "first")).not_before == LATER


async def test_a_row_is_due_from_its_moment_on(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "now")
        await put(tx, "later", not_before=LATER)
        assert [row.payload["text"] for row in await waiting(tx, NOW)] == ["now"]
        assert [row.payload["text"] for row in await waiting(tx, LATER)] == ["now", "later"]


async def test_what_was_said_is_forgotten(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "Прийнято №17 – “so”", "card:1")
        await outbox.done(tx, await row_of(tx, "Прийнято №17 – “so”"))
        assert await outbox.count(tx) == 0


async def test_what_was_replaced_while_the_older_words_were_said_is_still_to_be_said(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "old words", "card:1")
        await put(tx, "same words", "card:2")
        old, same = await row_of(tx, "old words"), await row_of(tx, "same words")
        await put(tx, "new words", "card:1")
        for _ in range(3):
            await put(tx, "same words", "card:2")
        await outbox.done(tx, old)
        await outbox.done(tx, same)
        assert [row.payload["text"] for row in await waiting(tx, NOW)] == ["new words", "same words"]


async def test_a_failed_try_waits_and_is_counted_and_newer_words_begin_anew(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "words", "card:1")
        await outbox.later(tx, await row_of(tx, "words"), LATER)
        assert await waiting(tx, NOW) == []
        row = await row_of(tx, "words")
        assert row.attempt == 1
        await put(tx, "newer", "card:1")
        await outbox.later(tx, row, LATER + timedelta(hours=1))
        assert [(found.payload["text"], found.attempt) for found in await waiting(tx, NOW)] == [("newer", 0)]


async def test_what_was_not_said_yet_can_be_taken_back_once(store: Store) -> None:
    async with store.transaction() as tx:
        await put(tx, "taken back", "card:1")
        await put(tx, "stays", "card:2")
        assert await outbox.cancel(tx, "card:1")
        assert not await outbox.cancel(tx, "card:1")
        assert await words_waiting(tx) == ["stays"]


async def test_a_card_is_found_in_its_own_chat_until_it_is_forgotten(store: Store) -> None:
    async with store.transaction() as tx:
        await outbox.remember_card(tx, "item", 5, -1, 100)
        await outbox.remember_card(tx, "item", 5, -2, 200)
        await outbox.remember_card(tx, "item", 5, -1, 101)
        assert [await outbox.card(tx, "item", 5, chat) for chat in (-1, -2, -3)] == [101, 200, None]
        await outbox.forget_card(tx, "item", 5, -1)
        assert [await outbox.card(tx, "item", 5, chat) for chat in (-1, -2)] == [None, 200]


async def test_a_question_is_answered_once_and_in_its_own_chat(store: Store) -> None:
    async with store.transaction() as tx:
        asked = await outbox.ask(tx, chat_mac="ana", purpose="until", subject_id=3, now=NOW)
        await outbox.asked(tx, asked, 9)
        assert await outbox.question(tx, "ana", 9) == outbox.Question("until", 3)
        assert await outbox.question(tx, "eve", 9) is None
        await outbox.answered(tx, "ana", 9)
        assert await outbox.question(tx, "ana", 9) is None


async def test_a_reply_that_is_quicker_than_telegrams_answer_finds_its_question(store: Store) -> None:
    async with store.transaction() as tx:
        asked = await outbox.ask(tx, chat_mac="ana", purpose="until", subject_id=3, now=NOW)
        assert await outbox.quickly_answered(tx, "eve", 9, NOW) is None
        assert await outbox.quickly_answered(tx, "ana", 9, NOW + timedelta(seconds=1)) is None
        assert await outbox.quickly_answered(tx, "ana", 9, NOW) == outbox.Question("until", 3)
        await outbox.asked(tx, asked, 12)
        assert await outbox.question(tx, "ana", 9) == outbox.Question("until", 3)
        assert await outbox.quickly_answered(tx, "ana", 10, NOW) is None
        await outbox.forget_questions(tx, NOW + timedelta(days=1))
        assert await outbox.question(tx, "ana", 9) is None


# --- Updates ---


async def test_an_update_takes_effect_once_however_often_it_comes(store: Store) -> None:
    async def take() -> bool:
        async with store.transaction() as tx:
            return await updates.begin(tx, 700_000_001, DAY)

    assert sorted(await asyncio.gather(*(take() for _ in range(8)))) == [False] * 7 + [True]


async def test_an_update_whose_effect_was_rolled_back_is_taken_again(store: Store) -> None:
    class Broken(Exception):
        pass

    for failures in (1, 2, 3):
        try:
            async with store.transaction() as tx:
                assert await updates.begin(tx, 5, DAY)
                raise Broken
        except Broken:
            async with store.transaction() as tx:
                assert await updates.failed(tx, 5, DAY) == failures
    async with store.transaction() as tx:
        await updates.set_aside(tx, 5, DAY)
        assert not await updates.begin(tx, 5, DAY)
        assert await updates.begin(tx, 6, DAY)


async def test_updates_are_forgotten_when_telegram_has_forgotten_them(store: Store) -> None:
    async with store.transaction() as tx:
        for number, age in ((900, 10), (5, 3), (700, 0)):
            await updates.begin(tx, number, DAY - timedelta(days=age))
        await updates.forget_old(tx, DAY)
        assert [await updates.begin(tx, number, DAY) for number in (900, 5, 700)] == [True, False, False]


async def test_each_chat_and_person_has_its_own_turn_and_cards_come_last(store: Store) -> None:
    async with store.transaction() as tx:
        for number in range(300):
            await put(tx, f"card {number}", kind="card")
        await put(tx, "alarm")
        await put(tx, "elsewhere", chat_id=-2)
        assert [row.payload["text"] for row in await outbox.due(tx, NOW)] == ["alarm", "elsewhere"]
        await outbox.done(tx, await row_of(tx, "alarm"))
        assert [row.payload["text"] for row in await outbox.due(tx, NOW)] == ["card 0", "elsewhere"]
