"""What was met before in a long file: kept beside the memory, in a nameless file that goes with the process."""

import hashlib
import os
import sqlite3
from types import TracebackType


class Seen:
    """Tells whether a text was met before, in the same memory for a hundred texts as for a million.

    What is kept of a text is a digest of eight bytes under a key that nobody else ever has. May be used from several
    threads, by one at a time.
    """

    def __init__(self) -> None:
        self._key = os.urandom(16)
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE seen(digest INTEGER PRIMARY KEY);"
        )
        self._db.execute("BEGIN")

    def __enter__(self) -> "Seen":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._db.close()

    def before(self, text: str) -> bool:
        """Tell whether a text was asked about before."""
        digest = hashlib.blake2b(text.encode(), digest_size=8, key=self._key).digest()
        number = (int.from_bytes(digest, "big", signed=True),)
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", number).rowcount == 0
