"""Readers written out: all of a bulletin as a table, and a copy of all that is kept of one person."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

from bot.seal import Sealer
from bot.subscriptions import ADDRESS, mark
from store import desk_letters, erasing, reader_copies
from store.database import Store, Tx
from store.reader_copies import Entry
from store.states import SubscriptionState

HEADING = ("address", "state", "since", "language", "format", "consent")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def pages(
    store: Store, sealer: Sealer, bulletin_id: int, state: SubscriptionState | None = None
) -> AsyncIterator[list[tuple[str, ...]]]:
    """Yield the readers of a bulletin some thousands at a time, the columns as in `HEADING`."""
    after = 0
    while True:
        async with store.reading(long=True) as tx:
            found = await reader_copies.page(tx, bulletin_id, after, state)
        if not found:
            return
        after = found[-1].id
        yield await asyncio.to_thread(_opened, sealer, found)


def _opened(sealer: Sealer, entries: list[Entry]) -> list[tuple[str, ...]]:
    return [(sealer.open(ADDRESS, entry.address), *entry[2:]) for entry in entries]


def as_csv(rows: list[tuple[str, ...]]) -> str:
    """Return rows as lines of a CSV table; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    safe = ([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    csv.writer(out, lineterminator="\n").writerows(safe)
    return out.getvalue()


async def table(store: Store, sealer: Sealer, bulletin_id: int) -> bytes:
    """Return all readers of a bulletin as a CSV table with a heading."""
    parts = [as_csv([HEADING])]
    async for rows in pages(store, sealer, bulletin_id):
        parts.append(await asyncio.to_thread(as_csv, rows))
    return "".join(parts).encode()


async def copy(tx: Tx, sealer: Sealer, address: str) -> dict[str, Any]:
    """Return a copy of all that is kept of one person, by their address in its normal form."""
    mac = sealer.mac(ADDRESS, address)
    kept = await reader_copies.of_address(tx, mac)
    waiting = [mail for mail, box in await erasing.waiting_mails(tx) if mark(sealer, sealer.open(ADDRESS, box)) == mac]
    letters = await desk_letters.count_from(tx, mac)
    return {"address": address, **kept, "mails_waiting": len(waiting), "letters_waiting": letters}
