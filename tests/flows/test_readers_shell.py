"""Readers come in from the shell while the bot runs, get the next issue, and can be erased beside it."""

import json
from pathlib import Path

import pytest

from tests.cast import settled_world
from tests.flows.published import published, stories
from tests.flows.world_process import command, ledger, process

pytestmark = pytest.mark.system
READERS = 30


async def test_readers_imported_through_the_running_bot_get_the_next_issue_and_an_erased_one_does_not(
    tmp_path: Path,
) -> None:
    file = tmp_path / "list.csv"
    lines = [f"Reader {n};Reader{n}@Bücher.example;2024-05-07" for n in range(READERS)]
    file.write_text("\n".join(["Ім’я;Електронна пошта;Дата згоди", *lines, "nobody;nobody;", lines[0]]), "utf-16")
    async with settled_world(tmp_path) as around:
        async with process(around) as bot:
            await bot.start()
            await around.until(lambda: around.tg.calls_of("getUpdates"), 30)
            asked = await command(around, "subscribers", "import", str(file), "--consent", "paper list")
            assert asked.code == 1
            assert "add --yes" in asked.err
            done = await command(
                around, "subscribers", "import", str(file), "--consent", "paper list", "--yes", "--json"
            )
            told = json.loads(done.out)
            assert (told["imported"], told["doubled"], told["rejected"]) == (READERS, 1, 1), done.err
            assert (told["encoding"], told["columns"]["agreed"]) == ("UTF-16", ["Дата згоди"])
            erased = await command(around, "subscribers", "erase", "reader3@bücher.example")
            assert erased.code == 0, erased.err
            assert bot.running
        assert (tmp_path / "bot.log").read_text().count("Traceback") == 0
        assert "reader3" not in (tmp_path / "bot.log").read_text().lower()
        counted = await command(around, "subscribers", "list", "--json")
        assert json.loads(counted.out)["states"] == {
            **dict.fromkeys(("pending", "paused", "bounced", "complained"), 0),
            **{"active": READERS - 1, "left": 1},
        }
        async with around.running():
            await stories(around, "a")
            await published(around, around.clara)
            await around.until(lambda: len(around.mail.letters) == READERS - 1, 30)
        assert set(around.mail.received) == {f"reader{n}@xn--bcher-kva.example" for n in range(READERS) if n != 3}
        consents = ledger(around).rows("SELECT DISTINCT consent FROM subscriptions WHERE state = 'active'")
        assert consents == [("paper list (2024-05-07)",)]
