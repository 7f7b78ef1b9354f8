"""The posts of an issue on their way to readers' private chats: part after part, one under way in each chat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import mailing, outcome
from bot.delivery.chat_edits import REFUSED
from bot.delivery.runs import LOOK_ROWS, Run
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.render.editions import read_text
from bot.subscriptions import here
from store import chat_readers, deliveries, issues
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState, SubscriptionState

MOST_AT_ONCE = 8

Result = int | outcome.Failure

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Post:
    """One claimed row with what it takes to send it."""

    delivery: Delivery
    chat: int
    content: bytes


class ChatRun(Run[Post, Result]):
    """Posts what may be posted now.

    What was perhaps sent is sent again, marked before, as a letter is: nobody but the reader can look.
    """

    name, act, most = "post to a reader", "send", MOST_AT_ONCE

    async def _waiting(self, tx: Tx, now: datetime) -> Iterable[tuple[int, int]]:
        rows = (await deliveries.next_parts(tx, now, deliveries.CHAT))[:LOOK_ROWS]
        chats = here.chats_of(self._means.sealer, await chat_readers.those(tx, [row.target_id for row in rows]))
        return [(row.id, chats[row.target_id]) for row in rows]

    async def _claim(self, delivery_id: int, chat: int) -> Post | None:
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

    async def _try(self, post: Post) -> Result:
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

    async def _record(self, tx: Tx, post: Post, result: Result) -> None:
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
