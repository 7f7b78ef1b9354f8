"""Contacts stay sealed: after a whole week of a running bot they stand in no byte of its files, in no spelling."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from bot import people, subscriptions
from bot.errors import OperatorError
from bot.seal import Sealer
from store import bulletins, subscribers
from store.database import Store, open_store
from store.states import Role
from tests.cast import SUNDAY_HOUR, World
from tests.store.rows import NOW

DAN = "dan@readers.example"


def spellings(text: str) -> Iterator[bytes]:
    """The ways in which a text may stand in a file, base64 at each of its three offsets."""
    for plain in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield from (plain, plain.upper(), plain[::-1], plain.hex().encode(), plain.hex().upper().encode())
        for skipped in range(3):
            shifted = base64.b64encode(b"\0" * skipped + plain)
            cut = shifted[4:-4] if skipped else shifted[:-4]
            yield from (cut, cut.translate(bytes.maketrans(b"+/", b"-_")))


def number_spellings(number: int) -> Iterator[bytes]:
    """Spellings of a number, as a database or a program writes it."""
    yield from spellings(str(number))
    size = (number.bit_length() + 7) // 8
    yield from (number.to_bytes(size, "big"), number.to_bytes(size, "little"), f"{number:x}".encode())


def found_in(folder: Path, words: Iterator[bytes]) -> list[str]:
    contents = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert any(name.endswith("-wal") and content for name, content in contents.items())
    wanted = set(words)
    assert all(len(word) >= 5 for word in wanted)
    return [f"{name}: {word!r}" for name, content in contents.items() for word in wanted if word in content]


@pytest.mark.parametrize("before", [b"", b"t", b"tg", b"tg:"])
@pytest.mark.parametrize("way", [bytes, bytes.hex, base64.b64encode, base64.urlsafe_b64encode])
def test_the_search_finds_what_it_looks_for(tmp_path: Path, before: bytes, way: Callable[[bytes], str | bytes]) -> None:
    for coding in ("utf-8", "utf-16-le", "utf-16-be"):
        written = way(before + DAN.encode(coding) + b" and more")
        (tmp_path / "a.db-wal").write_bytes(written if isinstance(written, bytes) else written.encode())
        assert found_in(tmp_path, spellings(DAN)), coding
        assert not found_in(tmp_path, spellings("eve@readers.example")), coding


async def test_after_a_week_no_contact_stands_in_any_file_of_the_bot(newsroom: World) -> None:
    article = newsroom.site.add_article("http://herald.example/a", "Nurses of Melitopol", "Herald", "2026-11-15", "en")
    await newsroom.readers(2)
    newsroom.ana.send(f"from me, {article.url}")
    card = await newsroom.card("Nurses of Melitopol")
    newsroom.boris.press(card, "Occupied areas")
    await newsroom.until(lambda: newsroom.ana.private.find("Nurses of Melitopol"))
    newsroom.eve.send("let me in")
    await newsroom.until(lambda: len(newsroom.eve.private.visible()) >= 2)
    newsroom.jump_to(SUNDAY_HOUR)
    gate = await newsroom.until(lambda: newsroom.desk.find("published at"))
    newsroom.clara.press(gate, "Publish now")
    await newsroom.mail.until(lambda: len(newsroom.mail.letters) == 2, 10)

    folder = newsroom.settings.data_dir
    everybody = (newsroom.olena, newsroom.ana, newsroom.boris, newsroom.clara, newsroom.eve)
    for person in everybody:
        assert found_in(folder, number_spellings(person.account.id)) == [], person.account.name
    for address in (DAN, "reader1@readers.example"):
        assert found_in(folder, spellings(address)) == []
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Nurses of Melitopol" in written
    assert newsroom.channels[0].id.to_bytes(8, "big", signed=True)[2:] in written  # a channel is no secret


async def seal_two(store: Store, sealer: Sealer, bulletin: int) -> None:
    async with store.transaction() as tx:
        await people.admit(tx, sealer, Random(1), user=5_400_000_001, role=Role.OWNER, language="en", now=NOW)
        news = await bulletins.get(tx, bulletin)
        await subscriptions.bring_in(tx, sealer, news, [DAN], consent="paper", actor="shell", now=NOW)


async def test_another_key_opens_nothing_and_the_sentence_names_the_setting(
    store: Store, bulletin: int, address: str
) -> None:
    right, wrong = Sealer(b"the key that this database was made with"), Sealer(b"another key, from another backup")
    await seal_two(store, right, bulletin)
    await store.close()

    again = await open_store(address)
    async with again.reading() as tx:
        assert await people.chat_of(tx, right, 1) == 5_400_000_001
        assert await people.find(tx, wrong, 5_400_000_001) is None
        with pytest.raises(OperatorError, match="BULLETIN_SECRET_KEY is not the key this database was made with"):
            await people.chat_of(tx, wrong, 1)
        reader = (await subscribers.of_bulletin(tx, bulletin))[0]
        assert right.open(subscriptions.ADDRESS, reader.address) == DAN
        with pytest.raises(OperatorError, match="BULLETIN_SECRET_KEY"):
            wrong.open(subscriptions.ADDRESS, reader.address)
    await again.close()
