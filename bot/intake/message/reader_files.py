"""Lists of readers that an editor sends: looked at first, imported when they say so, and kept nowhere in between."""

import csv
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from bot import subscriptions
from bot.errors import Refused
from bot.intake.message.file_text import decoded
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, Reading
from store import reader_files
from store.database import Store, Tx
from store.messages import SentFile
from store.records import Bulletin, Person

BATCH = 1000
BAD_SHOWN = 12
DELIMITERS = ",;\t"


def is_list(file: SentFile) -> bool:
    """Tell whether a file is a table that may hold readers."""
    ending = PurePosixPath(file.name.lower()).suffix
    return ending == ".csv" or (not ending and file.media_type == "text/csv")


def read(content: bytes) -> Reading:
    """Read the addresses of a list; raises Refused for what is no table, or has nothing in it."""
    lines = decoded(content).replace("\0", "").splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        found = subscriptions.read_lines(lines, delimiter=delimiter)
    except csv.Error:
        raise Refused("file-broken") from None
    if not found.addresses:
        raise Refused("file-no-readers")
    return found


async def look(tx: Tx, sealer: Sealer, bulletin: Bulletin, found: Reading) -> dict[str, Any]:
    """Return what an import would do, in numbers."""
    macs = [sealer.mac(ADDRESS, address) for address in found.addresses]
    stand = await reader_files.standing(tx, bulletin.id, macs)
    lines = [rejected.line for rejected in found.rejected]
    return {
        "new": len(macs) - stand.known - stand.away,
        "known": stand.known,
        "away": stand.away,
        "bad": len(lines),
        "lines": lines[:BAD_SHOWN],
    }


async def bring_in(
    store: Store, sealer: Sealer, bulletin: Bulletin, by: Person, found: Reading, consent: str, now: datetime
) -> int:
    """Subscribe the readers of a list, some at a time; returns how many are new. Done again it changes nothing."""
    came = 0
    for start in range(0, len(found.addresses), BATCH):
        part = list(found.addresses[start : start + BATCH])
        async with store.transaction(long=True) as tx:
            actor = f"person {by.id}"
            came += await subscriptions.bring_in(tx, sealer, bulletin, part, consent=consent, actor=actor, now=now)
    return came
