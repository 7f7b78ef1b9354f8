"""Spoofed letters are never taken for a contributor's, genuine ones always are, read from their very bytes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.post import letterbox, submissions, take
from store import people
from tests.cast import World, settled_world
from tests.flows.letters import column, person_id, token
from tests.unit.spoofs import GENUINE, OURS, SPOOFS, UNADDRESSED, UNPROVEN, Sent


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot whose mail server calls itself by the name that the letters bear."""
    async with settled_world(tmp_path, authserv_id=OURS) as around, around.running():
        yield around


async def arrives(world: World, sent: Sent) -> None:
    """Hand a letter in as it came."""
    tokens = {"token": token(world, letterbox.LETTERBOX, await person_id(world), 1)}
    tokens |= {"old": token(world, letterbox.LETTERBOX, await person_id(world), 0)}
    tokens |= {"leave": token(world, "leave", await person_id(world), 1)}

    def filled(text: str) -> str:
        return text.format(**tokens) if "{" in text else text

    raw = filled(sent.raw.decode()).encode()
    to = tuple(filled(address) for address in sent.to)
    await take.take(world.services, raw, "ana@letters.example", to)


async def with_a_second_address(world: World) -> None:
    async with world.services.store.transaction() as tx:
        assert await letterbox.renew(tx, await person_id(world)) == 1
        assert await people.letterbox(tx, await person_id(world)) == 1


async def test_forty_spoofed_letters_are_none_of_the_contributors(newsroom: World) -> None:
    await with_a_second_address(newsroom)
    assert len(SPOOFS) == 40
    taken = []
    for sent in SPOOFS:
        await arrives(newsroom, sent)
        if column(newsroom, "SELECT id FROM submissions"):
            taken.append(sent.name)
            break
    assert taken == []
    asked = column(newsroom, f"SELECT kind FROM letters WHERE kind = '{submissions.CARD}' AND state = 'waiting'")
    assert len(asked) == len(UNPROVEN)
    assert len(column(newsroom, "SELECT id FROM letters")) >= len(UNPROVEN + UNADDRESSED)


async def test_ten_genuine_letters_are_all_taken_in(newsroom: World) -> None:
    await with_a_second_address(newsroom)
    assert len(GENUINE) == 10
    for number, sent in enumerate(GENUINE, 1):
        await arrives(newsroom, sent)
        assert len(column(newsroom, "SELECT id FROM submissions")) == number, sent.name
    ana = await person_id(newsroom)
    assert column(newsroom, "SELECT DISTINCT road FROM submissions") == ["letter"]
    assert column(newsroom, "SELECT DISTINCT person_id FROM submissions") == [ana]
