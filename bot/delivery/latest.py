"""The latest issue on its way to a chat that has just begun to read: rows of the outbox, a post each."""

from datetime import datetime

from bot.delivery.outbox import Drawn
from bot.render.editions import read_text
from bot.seal import Sealer
from bot.subscriptions import here
from store import chat_readers, deliveries, issues
from store.database import Tx
from store.messages import Card
from store.outbox import Waiting
from store.states import SubscriptionState


async def target(tx: Tx, sealer: Sealer, row: Waiting) -> int | None:
    """Return the chat of a row's reader, None when they have left."""
    reader = (await chat_readers.those(tx, [row.subject_id]))[row.subject_id]
    return here.chat_of(sealer, reader) if reader.state == SubscriptionState.ACTIVE else None


async def draw(tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
    """Return the post of a row, None when there is no such post any more."""
    content = await issues.rendering(tx, row.payload["issue"], deliveries.TELEGRAM, row.payload["part"])
    return None if content is None else Drawn(chat, Card(read_text(content)), silent=False)


async def came(tx: Tx, row: Waiting, message_id: int) -> None:
    """Note where the post of a row stands now."""
    await deliveries.note_post(tx, row.payload["issue"], row.subject_id, row.payload["part"], message_id)
