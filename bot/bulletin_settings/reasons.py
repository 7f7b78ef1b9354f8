"""The reasons for a rejection that a bulletin's cards offer: added, changed, taken out, the house's own again."""

from datetime import datetime

from bot.bulletin_settings import change
from bot.errors import Refused
from bot.render.reasons import reason_words, reasons_of
from store.database import Tx
from store.records import Bulletin

MOST = 12
LENGTH = 100


async def add(tx: Tx, bulletin: Bulletin, actor: str, text: str, now: datetime) -> Bulletin:
    """Add a reason at the end."""
    known = list(reasons_of(bulletin))
    if len(known) >= MOST:
        raise Refused("reasons-too-many", n=MOST)
    return await change.put(tx, bulletin, actor, "reasons", [*known, _read(bulletin, text)], now)


async def replace(tx: Tx, bulletin: Bulletin, actor: str, reason: str, text: str, now: datetime) -> Bulletin:
    """Write a reason anew, in its place."""
    known = list(reasons_of(bulletin))
    if reason not in known:
        raise Refused("reason-gone")
    known[known.index(reason)] = _read(bulletin, text)
    return await change.put(tx, bulletin, actor, "reasons", known, now)


async def remove(tx: Tx, bulletin: Bulletin, actor: str, reason: str, now: datetime) -> Bulletin:
    """Take a reason out."""
    known = [other for other in reasons_of(bulletin) if other != reason]
    if len(known) == len(reasons_of(bulletin)):
        raise Refused("reason-gone")
    return await change.put(tx, bulletin, actor, "reasons", known, now)


def _read(bulletin: Bulletin, text: str) -> str:
    reason = " ".join(text.split())
    if not any(letter.isalpha() for letter in reason):
        raise Refused("reason-empty")
    if len(reason) > LENGTH:
        raise Refused("text-too-long", n=LENGTH)
    there = {reason_words(bulletin.language, known).casefold() for known in reasons_of(bulletin)}
    if reason.casefold() in there:
        raise Refused("reason-there")
    return reason
