"""The posts of an issue on their way to the channels: part after part, one under way in each chat."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.delivery import healing, outcome, tell
from bot.delivery.pace import Pace
from bot.delivery.plan import PAUSED
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Courier
from bot.render.editions import read_text
from store import bulletins, deliveries, issues
from store.database import Store, Tx
from store.records import Channel, Delivery
from store.states import DeliveryState

RECORD_AGAIN_SECONDS = 1.0

Result = int | outcome.Failure

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Post:
    """One claimed row with what it takes to send it."""

    delivery: Delivery
    channel: Channel
    content: bytes


class ChannelRun:
    """Posts what may be posted now; `wake` is called whenever a post is settled."""

    def __init__(
        self, store: Store, courier: Courier, pace: Pace, clock: Clock, random: Random, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._courier = courier
        self._pace = pace
        self._clock = clock
        self._random = random
        self._wake = wake
        self._busy: dict[int, asyncio.Task[None]] = {}

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The posts under way."""
        return list(self._busy.values())

    async def step(self) -> datetime | None:
        """Begin every post that the ledger and the pace allow; returns when the pace allows another, if it is known."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting = [
                (row, await bulletins.channel(tx, row.target_id)) for row in await deliveries.next_parts(tx, now)
            ]
        later: list[datetime] = []
        for row, channel in waiting:
            chat = channel.chat_id
            ready = self._pace.ready_at(chat, now, "send")
            if chat in self._busy:
                continue
            if ready > now:
                later.append(ready)
            else:
                task = asyncio.create_task(self._send(row.id, chat), name=f"post {row.id}")
                self._busy[chat] = task
                task.add_done_callback(partial(self._ended, chat))
        return min(later, default=None)

    def _ended(self, chat: int, task: asyncio.Task[None]) -> None:
        del self._busy[chat]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("post", error=repr(error))
        self._wake()

    async def _send(self, delivery_id: int, chat: int) -> None:
        try:
            post = await self._claim(delivery_id, chat)
        except Exception:
            log.exception("claim", row=delivery_id)
            await self._clock.sleep(RECORD_AGAIN_SECONDS)
            return
        if post is None:
            return
        result = await self._try(post)
        while True:
            try:
                async with self._store.transaction() as tx:
                    await self._record(tx, post, result)
            except Exception:
                # What happened must not be lost while the disk is full: nobody else will find it out.
                log.exception("record", row=delivery_id)
                await self._clock.sleep(RECORD_AGAIN_SECONDS)
            else:
                return

    async def _claim(self, delivery_id: int, chat: int) -> Post | None:
        """Commit the intent; None when the row is no longer to be sent, or not to this chat."""
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
        """Try again later: exactly when Telegram says, or after a growing while.

        Three days of failures that concern this chat alone end it; while Telegram itself is away nothing ends.
        """
        row = post.delivery
        first, longest = outcome.TELEGRAM_FIRST_SECONDS, outcome.TELEGRAM_LONGEST_SECONDS
        delay = outcome.retry_delay(row.attempt, self._random, first=first, longest=longest)
        if failure.retry_after is not None:
            delay = failure.retry_after
        elif delay is None and failure.whose == "run":
            delay = longest
        if delay is None:
            await self._refuse(tx, post, failure.reason, now, "delivery-post-gave-up")
            return
        values = {"not_before": now + timedelta(seconds=delay), "problem": failure.reason}
        await deliveries.record(tx, row.id, DeliveryState.DEFERRED, **values)
