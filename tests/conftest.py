"""Fixtures of the suite."""

import gc
import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.logs import set_up
from tests.cast import KEY, PASSWORD, TOKEN, World, settled_world
from tests.together import Together

# A parser that only the tests use, and that tells of every step.
logging.getLogger("markdown_it").setLevel(logging.INFO)
gc.freeze()  # what is imported by now stays: to look through it for waste again and again would take seconds
PLANTED = (TOKEN, TOKEN.partition(":")[2], PASSWORD, KEY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Let tests that belong together run in one worker."""
    return Together(config, log)


@pytest.fixture(autouse=True)
def every_line() -> Iterator[io.StringIO]:
    """All that is logged in a test, at DEBUG; the token, the password and the key of the world stand nowhere in it."""
    root, lines = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    set_up("DEBUG", "text", [TOKEN, PASSWORD, KEY], lines)
    yield lines
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    assert [secret for secret in PLANTED if secret in lines.getvalue()] == []


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot with its owner, moderators' chat, one channel, and everybody in their role."""
    async with settled_world(tmp_path) as around, around.running():
        yield around


@pytest.fixture
async def letter_room(tmp_path: Path) -> AsyncIterator[World]:
    """A newsroom whose mail server puts every mail off, so that those that wait to be sent can be looked at."""
    async with settled_world(tmp_path) as around:
        around.mail.fault("defer")
        async with around.running():
            yield around
