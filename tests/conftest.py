"""Fixtures of the suite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cast import World, world


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot with its owner, moderators' chat, one channel, and everybody in their role."""
    async with world(tmp_path) as around, around.running():
        yield await around.settle_in()
