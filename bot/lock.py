"""One process at a time on one data directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import OperatorError


class Busy(OperatorError):
    """Another process holds the data directory."""


@contextmanager
def hold(data_dir: Path) -> Iterator[None]:
    """Hold `DATA_DIR/lock`; raises Busy with a sentence when another process does."""
    os.umask(0o077)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                f"The bot is already running on {data_dir}. Stop it first, or set another BULLETIN_DATA_DIR."
            ) from None
        yield
    finally:
        os.close(descriptor)
