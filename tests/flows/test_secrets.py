"""A token, a password and a key stand in no log line, whatever goes wrong with them in hand; `***` stands there."""

import io
import logging
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from bot.logs import MASK, logger
from bot.settings import load
from tests.cast import KEY, PASSWORD, TOKEN, World, settled_world, world
from tests.conftest import PLANTED
from tests.flows.world_process import process

ERRORS = 200
SPELLINGS = (
    *(TOKEN, TOKEN.partition(":")[2], quote(TOKEN, safe=""), PASSWORD, KEY),
    f"https://api.telegram.example/bot{TOKEN}/getMe",
    f"smtp://bulletin:{PASSWORD}@mail.example:587",
)
WORDS = f"no {TOKEN} and {PASSWORD} and {KEY}"
# Whatever may go wrong in the store: here its error carries all that must not be written down.
REFUSE = f"CREATE TRIGGER refuse BEFORE INSERT ON submissions BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
TRIES = 3


def found_in(text: str) -> list[str]:
    return [secret for secret in PLANTED if secret in text]


async def refuse_everything(around: World) -> None:
    async with around.services.store.transaction() as tx:
        await tx.exec_driver_sql(REFUSE)


def test_two_hundred_errors_with_secrets_in_them_are_written_with_stars(every_line: io.StringIO) -> None:
    for number in range(ERRORS):
        spelling = SPELLINGS[number % len(SPELLINGS)]
        try:
            try:
                raise OSError(number, f"refused with {spelling}")
            except OSError as error:
                raise RuntimeError(f"cannot go on with {spelling}") from error
        except RuntimeError:
            logger("test").exception("it failed", by=spelling)
    written = every_line.getvalue()
    assert written.count("RuntimeError: cannot go on with ") == ERRORS
    assert written.count("refused with ") >= ERRORS
    assert found_in(written) == []
    assert written.count(MASK) >= 3 * ERRORS


async def test_an_error_of_the_store_with_secrets_in_it_is_written_with_stars(
    newsroom: World, every_line: io.StringIO
) -> None:
    await refuse_everything(newsroom)
    newsroom.ana.send("http://herald.example/a")
    await newsroom.until(lambda: every_line.getvalue().count("an update failed") == TRIES)
    assert f"no {MASK} and {MASK} and {MASK}" in every_line.getvalue()
    assert found_in(every_line.getvalue()) == []


async def test_the_addresses_of_the_bot_api_are_written_with_stars(tmp_path: Path, every_line: io.StringIO) -> None:
    logging.getLogger("httpx").setLevel(logging.DEBUG)  # quiet in earnest: it names the address of every request
    async with world(tmp_path) as around, around.running():
        await around.until(lambda: around.tg.calls_of("getUpdates"))
    requests = [line for line in every_line.getvalue().splitlines() if "/getMe" in line]
    assert requests
    assert all(f"/bot{MASK}/getMe" in line for line in requests)
    assert found_in(every_line.getvalue()) == []


async def test_a_mail_server_that_refuses_the_password_makes_nobody_write_it_down(
    tmp_path: Path, every_line: io.StringIO
) -> None:
    async with settled_world(tmp_path) as around:
        url = around.mail.url.replace(PASSWORD, f"not-the-{PASSWORD}")
        around.settings = around.settings.model_copy(update={"smtp_url": SecretStr(url)})
        async with around.running():
            await around.readers(1)
            around.site.add_article("http://herald.example/a", "A story", "Herald", "2026-11-15", "en")
            around.ana.send("http://herald.example/a")
            card = await around.card("A story")
            around.boris.press(card, "Analysis")
            await around.until(lambda: "✓" in card.text)
            around.clara.send("/publish", around.desk)
            await around.until(lambda: "takes no letters" in every_line.getvalue(), 10)
    assert found_in(every_line.getvalue()) == []


@pytest.mark.system
async def test_the_running_bot_writes_stars_to_its_log_at_debug(tmp_path: Path) -> None:
    async with settled_world(tmp_path) as around:
        async with around.running():
            await refuse_everything(around)
        async with process(around, log_level="DEBUG") as bot:
            await bot.start()
            around.ana.send("http://herald.example/a")
            await around.until(lambda: around.desk.find("set aside"), 40)
        written = bot.log.read_text()
    assert written.count("an update failed") == TRIES
    assert found_in(written) == []
    assert f"no {MASK} and {MASK} and {MASK}" in written


async def test_malformed_settings_are_told_without_the_secrets_in_them(tmp_path: Path) -> None:
    config = tmp_path / "config.env"
    lines = {"TELEGRAM_TOKEN": TOKEN, "SMTP_URL": f"ftp://bulletin:{PASSWORD}@mail.example", "SECRET_KEY": KEY[:20]}
    config.write_text("".join(f"BULLETIN_{name}={value}\n" for name, value in lines.items()))
    with pytest.raises(Exception, match="need mending") as caught:
        load(config)
    assert found_in(str(caught.value)) == []
    assert KEY[:20] not in str(caught.value)
