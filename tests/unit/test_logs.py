"""Secrets planted wherever a log line may take them from; none is ever written down."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest
import structlog

from bot.logs import MASK, Redaction, logger, set_up
from bot.settings import load

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ANOTHER_TOKEN = "7234567890:BBFx-kD_9rT3zPq0sVwYyLmNoAbCdEfGhIj"
PASSWORD = 'gre@t "Wörter"/+\\100%'
KEY = "a-key-of-more-than-thirty-two-characters"
SPELLINGS = (
    TOKEN,
    TOKEN.partition(":")[2],
    quote(TOKEN),
    quote(TOKEN, safe="").lower(),
    PASSWORD,
    quote(PASSWORD),
    quote(PASSWORD, safe=""),
    quote(PASSWORD, safe="").lower(),
    quote_plus(PASSWORD),
    repr(PASSWORD)[1:-1],
    json.dumps(PASSWORD)[1:-1],
    json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
    KEY,
)


@pytest.fixture(params=["text", "json"])
def written(request, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Logs set up at DEBUG with these secrets in the settings; returns what has been written so far."""
    config = tmp_path / "config.env"
    config.write_text(
        f"BULLETIN_TELEGRAM_TOKEN={TOKEN}\nBULLETIN_SECRET_KEY={KEY}\n"
        f"BULLETIN_SMTP_URL=smtp://boris:{quote(PASSWORD, safe='')}@mail.example:587\n"
    )
    root, out = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    set_up("DEBUG", request.param, load(config).secret_values, out)
    yield out.getvalue
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def assert_masked(text: str, times: int) -> None:
    assert [spelling for spelling in SPELLINGS if spelling in text] == []
    assert text.count(MASK) >= times, text


def test_a_secret_in_a_value_or_a_sentence_is_masked(written):
    log = logger("test")
    for spelling in SPELLINGS:
        log.debug("value", of=spelling)
        log.info(f"sentence with {spelling} in it")
        logging.getLogger("somewhere").warning("a library's %s line", spelling)
    log.debug("held deep", within={"headers": [("authorization", PASSWORD)], "bytes": TOKEN.encode()})
    assert_masked(written(), times=3 * len(SPELLINGS) + 2)


def test_a_secret_in_an_exception_is_masked_in_the_whole_traceback(written):
    try:
        try:
            raise OSError(f"535 refused {PASSWORD!r} of {TOKEN}")
        except OSError as error:
            raise RuntimeError(f"cannot log in with {KEY}") from error
    except RuntimeError:
        logger("test").exception("it failed")
        logging.getLogger("telegram.ext").exception("it failed there")
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=True)
    text = written()
    assert text.count("RuntimeError") >= 3
    assert text.count("OSError") >= 3
    assert_masked(text, times=9)


def test_a_secret_in_an_address_is_masked_also_in_what_http_libraries_say(written):
    url = httpx.URL(f"https://api.telegram.example/bot{TOKEN}/getMe")
    proxied = f"http://boris:{quote(PASSWORD, safe='')}@proxy.example/?next={quote(str(url), safe='')}"
    for name in ("httpx", "httpcore", "telegram", "telegram.ext.Application", "uvicorn.error", "aiosmtpd"):
        logging.getLogger(name).error('HTTP Request: POST %s "HTTP/1.1 200 OK" by %s', url, proxied)
        logging.getLogger(name).debug("POST %s", url)
    logger("test").info("asked", url=url, by=proxied)
    assert_masked(written(), times=14)


def test_a_stranger_s_secret_is_masked_by_its_looks(written):
    log = logger("test")
    log.info("submitted", url="https://eve:open@sesame@news.example/a?b=c@d")
    log.info("submitted", url=f"https://api.telegram.example/bot{quote(quote(ANOTHER_TOKEN, safe=''))}/getMe")
    log.info(f"is it {ANOTHER_TOKEN}?")
    text = written()
    assert [secret for secret in ("open", "sesame", ANOTHER_TOKEN.partition(":")[2]) if secret in text] == []
    assert "news.example" in text


def test_a_whole_update_with_the_names_in_it_is_not_written(written):
    logging.getLogger("telegram.ext.Application").debug("Processing update Update(message=Message(text='from Ana'))")
    logger("test").info("update taken", update_id=7)
    assert "Ana" not in written()
    assert "update taken" in written()


def test_lines_without_secrets_stay_as_they_are(written):
    logger("test").info("issue 31 is out", url="https://news.example:8080/a?at=10:30", posts=3)
    assert MASK not in written()
    assert "https://news.example:8080/a?at=10:30" in written()


@pytest.mark.parametrize("short", ["", "a", "abc"])
def test_a_secret_too_short_to_be_told_from_words_masks_nothing(short):
    assert Redaction([short])("abc abc") == "abc abc"
