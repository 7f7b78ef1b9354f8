"""Fixtures of the store's tests: a real database file and a bulletin in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.database import Store
from tests.empty_store import empty_store
from tests.store.rows import add_bulletin


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'data' / 'bulletin.db'}"


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    opened = await empty_store(Path(address.removeprefix("sqlite:///")))
    yield opened
    await opened.close()


@pytest.fixture
async def bulletin(store: Store) -> int:
    async with store.transaction() as tx:
        return await add_bulletin(tx)
