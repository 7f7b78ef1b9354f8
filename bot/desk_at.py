"""Whose desk a chat is, and what is spoken there."""

from bot.delivery.outbox import Drawn
from store import bulletins, desks, outbox
from store.database import Tx
from store.messages import Card
from store.outbox import Waiting
from store.records import Bulletin


async def bulletin_at(tx: Tx, chat: int) -> Bulletin | None:
    """Return the bulletin of a moderators' chat; in another chat the first one."""
    used_by = await desks.used_by(tx, chat)
    return await bulletins.get(tx, used_by[0]) if used_by else await bulletins.first(tx)


async def language_at(tx: Tx, chat: int) -> str:
    bulletin = await bulletin_at(tx, chat)
    return bulletin.language if bulletin else "en"


async def posted(tx: Tx, row: Waiting, chat: int, card: Card, *, silent: bool = True) -> Drawn:
    """Return a card of the desk: changed in place where it stands already."""
    place = (row.kind, row.subject_id, chat)
    edits = await outbox.card(tx, *place)
    known = edits is not None
    return Drawn(chat, card, row.thread_id, silent=silent, edits=edits, remember=(place,), known=known)
