"""Corrections of posts in readers' private chats on their way."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.delivery import mailing
from bot.delivery.edits import EditRun, Place
from bot.errors import ChatGone
from bot.subscriptions import here
from store import chat_readers, deliveries
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState, SubscriptionState

REFUSED = "delivery-chat-refused"
"""Why something is not in a chat, instead of what Telegram said, which may name the reader."""


class ChatEditRun(EditRun):
    """Makes the corrections in readers' chats; what cannot be made is counted, and nobody is told of each."""

    kind = deliveries.CHAT_EDIT

    async def _chats(self, tx: Tx, target_ids: Sequence[int]) -> Mapping[int, int]:
        return here.chats_of(self._means.sealer, await chat_readers.those(tx, target_ids))

    async def _place(self, tx: Tx, target_id: int) -> Place:
        readers = await chat_readers.those(tx, [target_id])
        closed = "" if readers[target_id].state == SubscriptionState.ACTIVE else mailing.READER_LEFT
        return Place(target_id, here.chats_of(self._means.sealer, readers)[target_id], "", closed)

    async def _lost(self, tx: Tx, row: Delivery, place: Place, gone: ChatGone, now: datetime) -> None:  # noqa: ARG002
        await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=mailing.READER_LEFT)
        await here.lost(tx, place.id, now)

    async def _refuse(self, tx: Tx, row: Delivery, place: Place, problem: str, now: datetime) -> None:  # noqa: ARG002
        await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=REFUSED)
