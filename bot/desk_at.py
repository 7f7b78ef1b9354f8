"""Whose desk a chat is, and what is spoken there."""

from store import bulletins, desks
from store.database import Tx
from store.records import Bulletin


async def bulletin_at(tx: Tx, chat: int) -> Bulletin | None:
    """Return the bulletin of a moderators' chat; in another chat the first one."""
    used_by = await desks.used_by(tx, chat)
    return await bulletins.get(tx, used_by[0]) if used_by else await bulletins.first(tx)


async def language_at(tx: Tx, chat: int) -> str:
    bulletin = await bulletin_at(tx, chat)
    return bulletin.language if bulletin else "en"
