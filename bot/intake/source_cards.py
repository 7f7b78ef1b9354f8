"""What waits for a decision follows the sources directory: the names of its sources, and the marks on its cards."""

from collections.abc import Collection
from datetime import datetime

from bot import sources
from bot.intake.hand_over import named
from bot.intake.submit import show_card
from store import audit, items
from store.database import Tx
from store.records import Bulletin, Source
from store.states import ItemState


async def follow(tx: Tx, bulletin: Bulletin, changed: Collection[Source], actor: str, now: datetime) -> None:
    """Give what waits and is of these sources their names of now, and draw its cards again."""
    for item in await items.in_states(tx, bulletin.id, ItemState.PENDING) if changed else ():
        if not any(sources.concerns(source, cited) for source in changed for cited in item.citations):
            continue
        citations = await named(tx, item, item.citations)
        if tuple(citations) != item.citations:
            await items.change(tx, item.id, item.revision, states=(ItemState.PENDING,), citations=citations)
            names = [cited.source for cited in citations]
            await audit.note(tx, at=now, actor=actor, act="name-source", subject=f"item {item.id}", names=names)
        await show_card(tx, bulletin, item.id, now)
