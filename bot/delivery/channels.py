"""The posts of an issue on their way to the channels: part after part, one under way in each chat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import healing, outcome, tell
from bot.delivery.plan import PAUSED
from bot.delivery.runs import Run
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.render.editions import read_text
from store import bulletins, deliveries, issues
from store.database import Tx
from store.records import Channel, Delivery
from store.states import DeliveryState

Result = int | outcome.Failure

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Post:
    """One claimed row with what it takes to send it."""

    delivery: Delivery
    channel: Channel
    content: bytes


class ChannelRun(Run[Post, Result]):
    """Posts what may be posted now."""

    name, act = "post", "send"

    async def _waiting(self, tx: Tx, now: datetime) -> list[tuple[int, int]]:
        rows = await deliveries.next_parts(tx, now)
        return [(row.id, (await bulletins.channel(tx, row.target_id)).chat_id) for row in rows]

    async def _claim(self, delivery_id: int, chat: int) -> Post | None:
        async with self._store.transaction() as tx:
            row = await deliveries.claim_one(tx, delivery_id, self._clock.now())
            if row is None:
                return None
            channel = await bulletins.channel(tx, row.target_id)
            if channel.paused:
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=PAUSED)
                return None
            if channel.chat_id != chat:
                await deliveries.record(tx, row.id, DeliveryState.QUEUED, attempt=row.attempt - 1)
                return None
            content = await issues.rendering(tx, row.issue_id, deliveries.TELEGRAM, row.part)
            return Post(row, channel, content or b"")

    async def _try(self, post: Post) -> Result:
        try:
            text = read_text(post.content)
        except ValueError:
            log.exception("stored part", row=post.delivery.id)
            return NotSent("the stored part cannot be read", permanent=True)
        try:
            return await self._courier.send(post.channel.chat_id, text, thread=post.channel.thread_id)
        except (NotSent, PerhapsSent, ChatMoved) as failure:
            log.warning("post", channel=post.channel.title, part=post.delivery.part, failure=str(failure))
            return failure
        except Exception as error:
            log.exception("post", row=post.delivery.id)
            return PerhapsSent(str(error))

    async def _record(self, tx: Tx, post: Post, result: Result) -> None:
        row, channel, now = post.delivery, post.channel, self._clock.now()
        match result:
            case int():
                await deliveries.record(tx, row.id, DeliveryState.SENT, message_id=result, not_before=None, problem="")
            case PerhapsSent():
                values = {"doubts": row.doubts + 1, "problem": str(result)}
                await deliveries.record(tx, row.id, DeliveryState.IN_DOUBT, **values)
                await tell.doubt(tx, row, now)
            case ChatMoved():
                await healing.follow(tx, channel.chat_id, result.chat, now)
                await deliveries.record(tx, row.id, DeliveryState.QUEUED, attempt=row.attempt - 1)
            case ChatGone():
                await self._pause(tx, post, result, now)
            case NotSent(permanent=True, whose="target"):
                await self._refuse(tx, post, result.reason, now)
            case NotSent():
                await self._defer(tx, post, result, now)

    async def _pause(self, tx: Tx, post: Post, gone: ChatGone, now: datetime) -> None:
        row, channel = post.delivery, post.channel
        await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=gone.reason)
        await deliveries.skip_target(tx, deliveries.TELEGRAM, channel.id, PAUSED)
        if await bulletins.pause_channel(tx, channel.id, gone.reason):
            values = {"title": channel.title, "reason": gone.reason}
            await tell.sentence(tx, row.issue_id, now, f"paused:{channel.id}", "delivery-channel-paused", **values)

    async def _refuse(self, tx: Tx, post: Post, reason: str, now: datetime, key: str = "delivery-post-refused") -> None:
        row, title = post.delivery, post.channel.title
        await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=reason)
        about = f"refused:{row.issue_id}:{post.channel.id}"
        await tell.sentence(tx, row.issue_id, now, about, key, title=title, part=row.part + 1, reason=reason)

    async def _defer(self, tx: Tx, post: Post, failure: NotSent, now: datetime) -> None:
        """Try again later, unless that took three days."""
        row = post.delivery
        delay = outcome.telegram_delay(row.attempt, self._random, failure)
        if delay is None:
            await self._refuse(tx, post, failure.reason, now, "delivery-post-gave-up")
            return
        values = {"not_before": now + timedelta(seconds=delay), "problem": failure.reason}
        await deliveries.record(tx, row.id, DeliveryState.DEFERRED, **values)
