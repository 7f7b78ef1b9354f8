"""The bot meets Telegram: also when it cannot be reached at first, and when a channel of the settings is not there."""

import io
from pathlib import Path

from store import bulletins
from tests.cast import World, world


async def olena_comes_in(around: World) -> None:
    olena = around.tg.person("Olena")
    olena.open_link((await around.until(lambda: around.announced))[-1].rpartition(" ")[2])
    await around.until(lambda: olena.private.find("known only as"))


async def test_a_telegram_that_is_away_at_the_start_is_greeted_when_it_is_back(
    tmp_path: Path, every_line: io.StringIO
) -> None:
    async with world(tmp_path) as around:
        await around.tg.go_down()
        async with around.running():
            await around.until(lambda: "cannot be reached yet" in every_line.getvalue())
            await around.tg.come_back()
            await olena_comes_in(around)
    assert "Traceback" not in every_line.getvalue()


async def test_a_channel_of_the_settings_that_is_not_there_makes_the_bot_deaf_to_nobody(
    tmp_path: Path, every_line: io.StringIO
) -> None:
    async with world(tmp_path, channels="@nowhere,@news") as around:
        clara = around.tg.person("Clara")
        news = around.tg.channel("News", clara, username="news")
        clara.add_bot(news)
        async with around.running():
            await olena_comes_in(around)
            async with around.services.store.reading() as tx:
                bulletin = await bulletins.first(tx)
                known = [channel.chat_id for channel in await bulletins.channels_of(tx, bulletin.id)]
            assert known == [news.id]
            assert "@nowhere" in every_line.getvalue()
