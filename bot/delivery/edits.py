"""Corrections of posts on their way: the message is edited, and a doubt is simply tried again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.delivery import healing, outcome, tell
from bot.delivery.pace import Pace
from bot.delivery.plan import PAUSED
from bot.delivery.turns import Turns
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Courier
from bot.render.editions import read_text
from store import bulletins, corrections, deliveries, issues
from store.database import Store, Tx
from store.records import Channel, Delivery
from store.states import DeliveryState

GONE = "delivery-edit-gone"
UNKNOWN = "delivery-edit-unknown"
NOT_POSTED = "delivery-edit-not-posted"
FOR_GOOD = (GONE, UNKNOWN, NOT_POSTED)
_TOLD = {GONE: "delivery-edit-gone-told", UNKNOWN: "delivery-edit-unknown-told"}
_GONE_SIGNS = ("message to edit not found", "message can't be edited", "message_id_invalid")

Result = outcome.Failure | None

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Edit:
    """One claimed correction with what it takes to make it."""

    delivery: Delivery
    channel: Channel
    message_id: int
    content: bytes


class EditRun:
    """Makes the corrections that may be made now, one under way in each chat; `wake` is called after each."""

    def __init__(
        self, store: Store, courier: Courier, pace: Pace, clock: Clock, random: Random, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._courier = courier
        self._clock = clock
        self._random = random
        self._turns = Turns(store, pace, clock, wake, name="edit", kind="edit")

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The corrections under way."""
        return self._turns.tasks

    async def step(self) -> datetime | None:
        """Begin what the ledger and the pace allow; returns when the pace allows more, if it is known."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting = [
                (row.id, (await bulletins.channel(tx, row.channel_id)).chat_id)
                for row in await corrections.next_edits(tx, now)
            ]
        return self._turns.begin(waiting, self._carry_out, now)

    async def _carry_out(self, delivery_id: int, _chat: int) -> None:
        await self._turns.carry_out(delivery_id, self._claim(delivery_id), self._try, self._record)

    async def _claim(self, delivery_id: int) -> Edit | None:
        """Commit the intent and read the text as it is now; None when there is nothing to edit."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await deliveries.claim_one(tx, delivery_id, now)
            if row is None:
                return None
            channel = await bulletins.channel(tx, row.target_id)
            state, message_id = await corrections.post_of(tx, row.issue_id, row.target_id, row.part)
            if channel.paused:
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=PAUSED)
            elif state in (DeliveryState.REFUSED, DeliveryState.SKIPPED):
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=NOT_POSTED)
            elif state != DeliveryState.SENT:
                await deliveries.record(tx, row.id, DeliveryState.QUEUED, attempt=row.attempt - 1)
            elif message_id is None:
                await self._refuse(tx, row, channel, UNKNOWN, now)
            else:
                content = await issues.rendering(tx, row.issue_id, deliveries.TELEGRAM, row.part)
                return Edit(row, channel, message_id, content or b"")
        return None

    async def _try(self, edit: Edit) -> Result:
        try:
            await self._courier.edit(edit.channel.chat_id, edit.message_id, read_text(edit.content))
        except (NotSent, PerhapsSent, ChatMoved) as failure:
            log.warning("edit", channel=edit.channel.title, part=edit.delivery.part, failure=str(failure))
            return failure
        except Exception as error:
            log.exception("edit", row=edit.delivery.id)
            return PerhapsSent(str(error))
        return None

    async def _record(self, tx: Tx, edit: Edit, result: Result) -> None:
        """Write down what came of it, unless a newer correction has queued the row anew meanwhile."""
        row, channel, now = edit.delivery, edit.channel, self._clock.now()
        match result:
            case None:
                await deliveries.record(tx, row.id, DeliveryState.SENT, not_before=None, problem="")
            case ChatMoved():
                await healing.follow(tx, channel.chat_id, result.chat, now)
                await deliveries.record(tx, row.id, DeliveryState.QUEUED, attempt=row.attempt - 1)
            case ChatGone():
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=PAUSED)
                await deliveries.skip_target(tx, deliveries.TELEGRAM, channel.id, PAUSED)
                if await bulletins.pause_channel(tx, channel.id, result.reason):
                    values = {"title": channel.title, "reason": result.reason}
                    await tell.sentence(
                        tx, row.issue_id, now, f"paused:{channel.id}", "delivery-channel-paused", **values
                    )
            case NotSent(permanent=True, whose="target"):
                gone = any(sign in result.reason.lower() for sign in _GONE_SIGNS)
                await self._refuse(tx, row, channel, GONE if gone else result.reason, now)
            case _:
                await self._defer(tx, row, channel, result, now)

    async def _refuse(self, tx: Tx, row: Delivery, channel: Channel, problem: str, now: datetime) -> None:
        if not await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=problem):
            return
        about = f"edit:{row.issue_id}:{channel.id}:{row.part}"
        key = _TOLD.get(problem, "delivery-edit-refused-told")
        values = {"title": channel.title, "part": row.part + 1, "reason": problem}
        issue = await issues.get(tx, row.issue_id)
        number = issue.number if issue is not None else 0
        await tell.sentence(tx, row.issue_id, now, about, key, number=number, **values)

    async def _defer(
        self, tx: Tx, row: Delivery, channel: Channel, failure: NotSent | PerhapsSent, now: datetime
    ) -> None:
        """Try again later, unless that took three days."""
        delay = outcome.telegram_delay(row.attempt, self._random, failure)
        if delay is None:
            await self._refuse(tx, row, channel, str(failure), now)
            return
        values = {"not_before": now + timedelta(seconds=delay), "problem": str(failure)}
        await deliveries.record(tx, row.id, DeliveryState.DEFERRED, **values)
