"""A process that reads a mailbox into the store and does nothing else; told to, it stands still at a point for good."""

import asyncio
import ssl
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.clocks import SystemClock
from bot.mailbox.account import account_of
from bot.mailbox.imap import MailboxReader
from bot.mailbox.key import letter_key
from bot.mailbox.taking import alarm_of
from bot.seal import Sealer
from store import letters
from store.database import open_store

SECRET = b"a" * 32


async def main(url: str, trust: str, database: str, stand_still: str) -> None:
    store = await open_store(database)

    async def reach(point: str) -> None:
        print(point, flush=True)
        if point == stand_still:
            await asyncio.Event().wait()

    async def take(raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> None:
        await reach("fetched")
        async with store.transaction() as tx:
            row = await letters.begin(tx, letter_key(Sealer(SECRET), raw), "human", datetime.now(UTC), content=raw)
        await reach("committed" if row is not None else "seen before")

    tls = ssl.create_default_context(cafile=Path(trust))
    reader = MailboxReader(account_of(url), take, alarm_of(store, SystemClock()), Random(), tls=tls)
    await reader.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
