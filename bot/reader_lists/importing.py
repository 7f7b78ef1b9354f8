"""Taking a list in, some thousands of rows at a time: looked at first, then brought in with proof of consent."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from bot.reader_lists.reading import Rejected, Row, read
from bot.reader_lists.shape import Shape
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, sealed
from store import audit, reader_lists
from store.database import Store
from store.reader_lists import BroughtIn, Standing
from store.records import Bulletin
from store.seen import Seen

BATCH_ROWS = 5000


@dataclass(slots=True)
class Batch:
    """Some rows of a list, each address once in all of it; what was left out of them, and how many stood there again.

    `place` is how many bytes of the file are read.
    """

    rows: list[Row] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    doubled: int = 0
    place: int = 0


def batches(file: BinaryIO, shape: Shape, seen: Seen) -> Iterator[Batch]:
    """Yield a list in batches; `seen` is a fresh one for each reading."""
    batch = Batch()
    for one in read(file, shape):
        if isinstance(one, Rejected):
            batch.rejected.append(one)
        elif seen.before(one.address):
            batch.doubled += 1
        else:
            batch.rows.append(one)
        if len(batch.rows) >= BATCH_ROWS or len(batch.rejected) >= BATCH_ROWS:
            batch.place = file.tell()
            yield batch
            batch = Batch()
    batch.place = file.tell()
    yield batch


async def look(store: Store, sealer: Sealer, bulletin: Bulletin, addresses: Sequence[str]) -> Standing:
    """Return who of a batch is known, and who has left or must not be written to."""
    macs = await asyncio.to_thread(lambda: [sealer.mac(ADDRESS, address) for address in addresses])
    async with store.reading(long=True) as tx:
        return await reader_lists.standing(tx, bulletin.id, macs)


async def bring_in(
    store: Store, sealer: Sealer, bulletin: Bulletin, rows: Sequence[Row], *, consent: str, actor: str, now: datetime
) -> BroughtIn:
    """Subscribe a batch whose consent the operator vouches for; done again it changes nobody.

    The day on which somebody agreed, where the list tells it, is kept with their consent.
    """
    newcomers = await asyncio.to_thread(lambda: [sealed(sealer, row.address) for row in rows])
    consents = [f"{consent} ({row.agreed})" if row.agreed else consent for row in rows]
    async with store.transaction(long=True) as tx:
        done = await reader_lists.bring_in(
            tx, bulletin.id, newcomers, consents, language=bulletin.language, day=now.date()
        )
        subject = f"bulletin {bulletin.id}"
        await audit.note(
            tx, at=now, actor=actor, act="import readers", subject=subject, came=done.came, consent=consent
        )
    return done
