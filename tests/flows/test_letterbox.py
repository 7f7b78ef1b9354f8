"""The secret address: shown in private, renewed by a press, and said to be closed where no letters come in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.texts import say
from store import people
from tests.cast import World, settled_world
from tests.flows.acts import answer, article, in_ukrainian, pressed
from tests.flows.letters import column, comes, letter, person_id, secret_token


@pytest.fixture
async def with_letters(tmp_path: Path) -> AsyncIterator[World]:
    async with settled_world(tmp_path, lmtp_listen="127.0.0.1:0") as around, around.running():
        yield around


async def test_without_a_mailbox_it_says_so(newsroom: World) -> None:
    newsroom.ana.send("/letterbox")
    assert "Letters do not come in here" in await answer(newsroom, newsroom.ana)
    newsroom.eve.send("/letterbox")
    assert "invitation" in await answer(newsroom, newsroom.eve)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_new_address_makes_the_one_before_worth_nothing(with_letters: World, language: str) -> None:
    if language == "uk":
        await in_ukrainian(with_letters)
    ana, link = with_letters.ana, article(with_letters, "a")
    before = await secret_token(with_letters)
    ana.send("/letterbox")
    shown = await with_letters.until(lambda: ana.private.find(f"bulletin+{before}@sandbox.example"))
    await pressed(with_letters, ana, shown, say(language, "button-letterbox-new"))
    after = await secret_token(with_letters)
    assert after != before
    await with_letters.until(lambda: after in shown.text)
    await comes(with_letters, letter(words=link, links=(link,), token=before))
    assert column(with_letters, "SELECT id FROM submissions") == []
    await comes(with_letters, letter(words=link, links=(link,), token=after))
    assert column(with_letters, "SELECT road FROM submissions") == ["letter"]


async def test_somebody_at_risk_is_warned(with_letters: World) -> None:
    async with with_letters.services.store.transaction() as tx:
        await people.change(tx, await person_id(with_letters), at_risk=True)
    with_letters.ana.send("/letterbox")
    assert "sees that you wrote to us" in await answer(with_letters, with_letters.ana)


async def test_it_is_shown_at_no_desk(with_letters: World) -> None:
    before = with_letters.boris.send("/letterbox", with_letters.desk).message_id
    said = await with_letters.until(
        lambda: next((m for m in with_letters.desk.visible() if m.message_id > before), None)
    )
    assert "@" not in said.text
