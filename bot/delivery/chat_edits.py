"""Corrections of posts in readers' private chats on their way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from random import Random

from bot.delivery import mailing
from bot.delivery.edits import EditRun, Place
from bot.delivery.pace import Pace
from bot.errors import ChatGone
from bot.ports import Clock, Courier
from bot.seal import Sealer
from bot.subscriptions import here
from store import chat_readers, deliveries
from store.chat_readers import ChatReader
from store.database import Store, Tx
from store.records import Delivery
from store.states import DeliveryState, SubscriptionState

REFUSED = "delivery-chat-refused"
"""Why something is not in a chat, instead of what Telegram said, which may name the reader."""


class ChatEditRun(EditRun):
    """Makes the corrections in readers' chats; what cannot be made is counted, and nobody is told of each."""

    kind = deliveries.CHAT_EDIT

    def __init__(
        self,
        store: Store,
        courier: Courier,
        pace: Pace,
        clock: Clock,
        random: Random,
        wake: Callable[[], None],
        sealer: Sealer,
    ) -> None:
        super().__init__(store, courier, pace, clock, random, wake)
        self._sealer = sealer

    async def _chats(self, tx: Tx, target_ids: Sequence[int]) -> Mapping[int, int]:
        readers = await chat_readers.those(tx, target_ids)
        return {reader.id: self._chat(reader) for reader in readers.values()}

    async def _place(self, tx: Tx, target_id: int) -> Place:
        reader = (await chat_readers.those(tx, [target_id]))[target_id]
        closed = "" if reader.state == SubscriptionState.ACTIVE else mailing.READER_LEFT
        return Place(reader.id, self._chat(reader), "", closed)

    def _chat(self, reader: ChatReader) -> int:
        return here.chat_of(self._sealer, reader) or -reader.id

    async def _lost(self, tx: Tx, row: Delivery, place: Place, gone: ChatGone, now: datetime) -> None:  # noqa: ARG002
        await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=mailing.READER_LEFT)
        await here.lost(tx, place.id, now)

    async def _refuse(self, tx: Tx, row: Delivery, place: Place, problem: str, now: datetime) -> None:  # noqa: ARG002
        await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=REFUSED)
