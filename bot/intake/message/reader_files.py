"""Lists of readers that an editor sends: looked at first, imported when they say so, and kept nowhere in between."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from bot import reader_lists
from bot.errors import Refused
from bot.reader_lists import Batch, Rejected, Row, Shape
from bot.reader_lists.words import kept
from bot.seal import Sealer
from bot.texts import say
from store.database import Store
from store.messages import SentFile
from store.records import Bulletin, Person
from store.seen import Seen

LIST_BYTES = 20_000_000
"""The largest file that the Bot API hands over."""
REPORT_NAME = "left-out.csv"
REPORT_LINES = 20_000
BAD_SHOWN = 12
FIRST_ROWS = 50
_TABLES = (".csv", ".tsv", ".tab")
_TOLD_THERE = frozenset(f"reader-list-{why}" for why in ("left", "cleaned", "never", "status", "nomail"))


@dataclass(slots=True)
class Looked:
    """What an import would do, in numbers, and which lines are left out: the first thousands of them."""

    shape: Shape
    rows: int = 0
    known: int = 0
    away: int = 0
    doubled: int = 0
    bad: int = 0
    told_there: bool = False
    rejected: list[Rejected] = field(default_factory=list)

    def found(self) -> dict[str, Any]:
        """Return what is kept until an editor has answered."""
        return {
            "new": self.rows - self.known - self.away,
            "known": self.known,
            "away": self.away,
            "doubled": self.doubled,
            "bad": self.bad,
            "lines": [one.line for one in self.rejected[:BAD_SHOWN]],
            "shape": kept(self.shape),
        }


def is_list(file: SentFile) -> bool:
    """Tell whether a file is a table that may hold readers."""
    ending = PurePosixPath(file.name.lower()).suffix
    return ending in _TABLES or (not ending and file.media_type == "text/csv")


def holds_readers(content: bytes) -> bool:
    """Tell whether a text is a list of addresses rather than of links."""
    file = io.BytesIO(content)
    first = list(islice(reader_lists.read(file, reader_lists.look(file)), FIRST_ROWS))
    return 2 * sum(isinstance(one, Row) for one in first) > len(first)


async def _batches(content: bytes, shape: Shape) -> AsyncIterator[Batch]:
    """Yield a list in batches, each read in a thread, so that the bot answers meanwhile."""
    with Seen() as seen:
        source = reader_lists.batches(io.BytesIO(content), shape, seen)
        while (batch := await asyncio.to_thread(next, source, None)) is not None:
            yield batch


async def look(store: Store, sealer: Sealer, bulletin: Bulletin, content: bytes, hint: str) -> Looked:
    """Return what an import would do; raises Refused for a file in which no address stands."""
    looked = Looked(await asyncio.to_thread(reader_lists.look, io.BytesIO(content), hint))
    async for batch in _batches(content, looked.shape):
        addresses = [row.address for row in batch.rows]
        stand = await reader_lists.standing(store, sealer, bulletin, addresses)
        looked.rows += len(addresses)
        looked.known += len(stand.known)
        looked.away += len(stand.away)
        looked.doubled += batch.doubled
        looked.bad += len(batch.rejected)
        looked.told_there = looked.told_there or any(one.why in _TOLD_THERE for one in batch.rejected)
        looked.rejected += batch.rejected[: REPORT_LINES - len(looked.rejected)]
    if not looked.rows and not looked.told_there:
        raise Refused("file-no-readers")
    return looked


def report(looked: Looked, language: str) -> bytes:
    """Return the lines that are left out as a table of their numbers and reasons; nothing else of them stands in it."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([say(language, "reader-list-report-line"), say(language, "reader-list-report-reason")])
    rows.writerows((one.line, say(language, one.why)) for one in looked.rejected)
    if more := looked.bad - len(looked.rejected):
        rows.writerow(["", say(language, "reader-list-report-more", n=more)])
    return out.getvalue().encode("utf-8-sig")


async def bring_in(
    store: Store,
    sealer: Sealer,
    bulletin: Bulletin,
    by: Person,
    content: bytes,
    *,
    hint: str,
    consent: str,
    now: datetime,
) -> int:
    """Subscribe the readers of a list, some at a time; returns how many are new. Done again it changes nothing."""
    shape, came = await asyncio.to_thread(reader_lists.look, io.BytesIO(content), hint), 0
    async for batch in _batches(content, shape):
        tools = store, sealer, bulletin, batch.rows
        came += (await reader_lists.bring_in(*tools, consent=consent, actor=f"person {by.id}", now=now)).came
    return came
