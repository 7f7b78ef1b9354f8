"""Letters that came in: each once, and its content no longer than somebody needs it."""

from datetime import UTC, datetime, timedelta

from bot.mailbox.key import letter_key
from bot.seal import Sealer
from store import desk_letters, letters
from store.database import Store

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
SEALER = Sealer(b"a" * 32)
LETTER = b"From: ana@letters.example\r\nMessage-ID: <one@letters.example>\r\n\r\nhttps://news.example/bread\r\n"


async def test_a_letter_that_comes_twice_is_begun_once(store: Store):
    async with store.transaction() as tx:
        first = await letters.begin(tx, "k", "submission", NOW)
        assert first is not None
        assert await letters.begin(tx, "k", "submission", NOW) is None
        assert await letters.seen(tx, "k")
    async with store.transaction() as tx:
        assert await letters.begin(tx, "k", "human", NOW) is None
        assert await letters.begin(tx, "another", "human", NOW) not in (None, first)


async def test_a_letter_whose_effect_was_rolled_back_may_come_again(store: Store):
    class Broken(Exception): ...

    try:
        async with store.transaction() as tx:
            await letters.begin(tx, "k", "submission", NOW)
            raise Broken
    except Broken:
        pass
    async with store.transaction() as tx:
        assert await letters.begin(tx, "k", "submission", NOW) is not None


async def test_a_finished_letter_keeps_its_key_and_nothing_else(store: Store):
    async with store.transaction() as tx:
        row = await letters.begin(tx, "k", "human", NOW, content=b"sealed")
        assert row is not None
        assert [each.id for each in await letters.waiting(tx, "human")] == [row]
        assert await letters.waiting(tx, "submission") == []
        assert await letters.finish(tx, row, "submission")
        assert not await letters.finish(tx, row)
    async with store.reading() as tx:
        kept = await letters.get(tx, row)
        assert kept is not None
        assert (kept.state, kept.kind, kept.content) == (letters.DONE, "submission", None)
        assert await letters.waiting(tx) == []
        assert await letters.get(tx, row + 1) is None


async def test_what_nobody_decided_is_forgotten_in_the_end(store: Store, bulletin: int):
    async with store.transaction() as tx:
        old = await letters.begin(tx, "old", "human", NOW - timedelta(days=31))
        assert old is not None
        await desk_letters.wait(tx, old, "letter", b"sealed", sender_mac="mac", bulletin_id=bulletin)
        await letters.begin(tx, "new", "human", NOW, content=b"sealed")
        assert [each.content for each in await letters.waiting(tx)] == [b"sealed", b"sealed"]
        assert await desk_letters.forget(tx, NOW - timedelta(days=30)) == [(old, "letter", bulletin)]
        assert [each.key for each in await letters.waiting(tx)] == ["new"]
        assert await letters.begin(tx, "old", "human", NOW) is None
        forgotten = await letters.get(tx, old)
        assert forgotten is not None
        assert (forgotten.content, forgotten.sender_mac) == (None, None)


async def test_a_letter_is_found_by_the_mark_of_its_sender_only_while_it_waits(store: Store, bulletin: int):
    async with store.transaction() as tx:
        rows = [await letters.begin(tx, key, "human", NOW) or 0 for key in ("first", "decided", "of another")]
        for row, mac in zip(rows, ("mac", "mac", "other"), strict=True):
            await desk_letters.wait(tx, row, "letter", b"sealed", sender_mac=mac, bulletin_id=bulletin)
        assert await letters.finish(tx, rows[1])
        assert [each.id for each in await desk_letters.erase(tx, "mac")] == [rows[0]]
        assert await desk_letters.erase(tx, "mac") == []
        erased = await letters.get(tx, rows[0])
        assert erased is not None
        assert (erased.state, erased.kind, erased.content) == (letters.DONE, desk_letters.ERASED, None)
        assert [each.id for each in await letters.waiting(tx)] == [rows[2]]


def test_what_the_roads_add_makes_no_other_letter_of_it():
    received = b"Return-Path: <>\r\nReceived: from mail.example\r\n\tby here\r\n" + LETTER
    assert letter_key(SEALER, LETTER) == letter_key(SEALER, received)
    assert letter_key(SEALER, LETTER) == letter_key(SEALER, LETTER.replace(b"\r\n", b"\n") + b"\n\n")


def test_a_letter_too_long_for_the_roads_is_known_by_what_is_left_of_it():
    long = LETTER + b"y" * 1_200_000
    received = b"Received: from mail.example by here\r\n" * 50 + long
    assert letter_key(SEALER, long[:1_000_000]) == letter_key(SEALER, received[:1_000_000])


def test_other_words_or_another_number_make_another_letter():
    others = [
        LETTER.replace(b"bread", b"water"),
        LETTER.replace(b"<one@", b"<two@"),
        LETTER.replace(b"Message-ID: <one@letters.example>\r\n", b""),
        LETTER.replace(b"Message-ID: <one@letters.example>", b"Subject: Message-ID: <one@letters.example>"),
        b"",
    ]
    keys = {letter_key(SEALER, each) for each in [LETTER, *others]}
    assert len(keys) == 6
    assert letter_key(Sealer(b"b" * 32), LETTER) not in keys
