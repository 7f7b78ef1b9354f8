"""One process at a time on one data directory, and the shell's commands beside it and without it."""

from pathlib import Path

import pytest

from tests.cast import World, world
from tests.flows.world_process import command, ledger, process


async def person_comes_by(around: World, printed: str, name: str) -> None:
    person = around.tg.person(name)
    person.open_link(printed.strip())
    await around.until(lambda: person.private.find("known only as"), 20)


@pytest.mark.system
async def test_a_second_run_ends_with_a_sentence_and_commands_reach_the_bot_that_runs(tmp_path: Path) -> None:
    async with world(tmp_path) as around:
        async with process(around) as bot:
            await bot.start()
            await around.until(lambda: around.tg.calls_of("getUpdates"), 30)
            second = await command(around, "run")
            assert second.code == 1
            assert "The bot is already running on" in second.err
            assert "Traceback" not in second.err
            invited = await command(around, "people", "invite", "moderator")
            assert invited.out.startswith(f"https://t.me/{around.tg.bot_username}?start="), invited.err
            await person_comes_by(around, invited.out, "Boris")
            assert bot.running
        assert (tmp_path / "bot.log").read_text().count("Traceback") == 0
        alone = await command(around, "people", "invite", "contributor")
        assert alone.out.startswith(f"https://t.me/{around.tg.bot_username}?start="), alone.err
        acts = ledger(around).rows("SELECT actor FROM audit WHERE act = 'invite' ORDER BY id")
        assert acts[-2:] == [("shell",), ("shell",)]
        async with around.running():
            await person_comes_by(around, alone.out, "Ana")
