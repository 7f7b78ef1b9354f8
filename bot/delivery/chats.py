"""The posts of an issue on their way to readers' private chats: part after part, one under way in each chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.delivery import mailing, outcome
from bot.delivery.chat_edits import REFUSED
from bot.delivery.pace import Pace
from bot.delivery.turns import LOOK_ROWS, Turns
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Courier
from bot.render.editions import read_text
from bot.seal import Sealer
from bot.subscriptions import here
from store import chat_readers, deliveries, issues
from store.database import Store, Tx
from store.records import Delivery
from store.states import DeliveryState, SubscriptionState

MOST_AT_ONCE = 8

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Post:
    """One claimed row with what it takes to send it."""

    delivery: Delivery
    chat: int
    content: bytes


class ChatRun:
    """Posts what may be posted now; `wake` is called whenever a post is settled.

    What was perhaps sent is sent again, marked before, as a letter is: nobody but the reader can look.
    """

    def __init__(
        self,
        store: Store,
        courier: Courier,
        sealer: Sealer,
        pace: Pace,
        clock: Clock,
        random: Random,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._courier = courier
        self._sealer = sealer
        self._clock = clock
        self._random = random
        self._turns = Turns(store, pace, clock, wake, name="post to a reader", kind="send")

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The posts under way."""
        return self._turns.tasks

    async def step(self) -> datetime | None:
        """Begin what the ledger and the pace allow; returns when the pace allows more, if it is known."""
        now = self._clock.now()
        if len(self.tasks) >= MOST_AT_ONCE:
            return None
        async with self._store.reading() as tx:
            rows = (await deliveries.next_parts(tx, now, deliveries.CHAT))[:LOOK_ROWS]
            readers = await chat_readers.those(tx, [row.target_id for row in rows])
        waiting = ((row.id, here.chat_of(self._sealer, readers[row.target_id]) or -row.id) for row in rows)
        return self._turns.begin(waiting, self._send, now, MOST_AT_ONCE)

    async def _send(self, delivery_id: int, chat: int) -> None:
        await self._turns.carry_out(delivery_id, self._claim(delivery_id, chat), self._try, self._record)

    async def _claim(self, delivery_id: int, chat: int) -> Post | None:
        """Commit the intent; None when the row is no longer to be sent, since its reader has left."""
        async with self._store.transaction() as tx:
            row = await deliveries.claim_one(tx, delivery_id, self._clock.now())
            if row is None:
                return None
            reader = (await chat_readers.those(tx, [row.target_id]))[row.target_id]
            if reader.state != SubscriptionState.ACTIVE:
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=mailing.READER_LEFT)
                return None
            content = await issues.rendering(tx, row.issue_id, deliveries.TELEGRAM, row.part)
            return Post(row, chat, content or b"")

    async def _try(self, post: Post) -> int | outcome.Failure:
        try:
            text = read_text(post.content)
        except ValueError:
            log.exception("stored part", row=post.delivery.id)
            return NotSent("the stored part cannot be read", permanent=True)
        try:
            return await self._courier.send(post.chat, text)
        except (NotSent, PerhapsSent, ChatMoved) as failure:
            log.warning("post to a reader", row=post.delivery.id, failure=type(failure).__name__)
            return failure
        except Exception as error:
            log.exception("post to a reader", row=post.delivery.id)
            return PerhapsSent(type(error).__name__)

    async def _record(self, tx: Tx, post: Post, result: int | outcome.Failure) -> None:
        row, now = post.delivery, self._clock.now()
        match result:
            case int():
                await deliveries.record(tx, row.id, DeliveryState.SENT, message_id=result, not_before=None, problem="")
            case PerhapsSent():
                delay = outcome.telegram_delay(row.doubts + 1, self._random, result) or 0
                again_at = now + timedelta(seconds=delay)
                await mailing.doubt(tx, row, now, again_at, "", mailing.HELD_POSTS)
            case ChatGone():
                await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=REFUSED)
                await here.lost(tx, row.target_id, now)
            case ChatMoved() | NotSent(permanent=True, whose="target"):
                await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=REFUSED)
            case NotSent():
                await self._defer(tx, row, result, now)

    async def _defer(self, tx: Tx, row: Delivery, failure: NotSent, now: datetime) -> None:
        """Try again later, unless that took three days."""
        delay = outcome.telegram_delay(row.attempt, self._random, failure)
        if delay is None:
            await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=mailing.GAVE_UP)
            return
        await deliveries.record(tx, row.id, DeliveryState.DEFERRED, not_before=now + timedelta(seconds=delay))
