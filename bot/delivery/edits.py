"""Corrections of posts on their way: the message is edited, and a doubt is simply tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import healing, outcome, tell
from bot.delivery.plan import PAUSED
from bot.delivery.runs import LOOK_ROWS, Run
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent
from bot.logs import logger
from bot.render.editions import read_text
from store import bulletins, corrections, deliveries, issues
from store.database import Tx
from store.records import Delivery
from store.states import DeliveryState

GONE = "delivery-edit-gone"
UNKNOWN = "delivery-edit-unknown"
NOT_POSTED = "delivery-edit-not-posted"
FOR_GOOD = (GONE, UNKNOWN, NOT_POSTED)
_TOLD = {GONE: "delivery-edit-gone-told", UNKNOWN: "delivery-edit-unknown-told"}
MOST_AT_ONCE = 8
_GONE_SIGNS = ("message to edit not found", "message can't be edited", "message_id_invalid")

Result = outcome.Failure | None

log = logger("delivery")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: a channel, or a reader's chat; `closed` says why nothing is written there any more."""

    id: int
    chat: int
    title: str
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One claimed correction with what it takes to make it."""

    delivery: Delivery
    place: Place
    message_id: int
    content: bytes


class EditRun(Run[Edit, Result]):
    """Makes the corrections that may be made now; each is of the text as it is then."""

    name, act, most = "edit", "edit", MOST_AT_ONCE
    kind = deliveries.EDIT

    async def _waiting(self, tx: Tx, now: datetime) -> list[tuple[int, int]]:
        rows = (await corrections.next_edits(tx, now, self.kind))[:LOOK_ROWS]
        chats = await self._chats(tx, [row.target_id for row in rows])
        return [(row.id, chats[row.target_id]) for row in rows]

    async def _claim(self, delivery_id: int, chat: int) -> Edit | None:  # noqa: ARG002  # it is asked for anew
        now = self._clock.now()
        async with self._store.transaction() as tx:
            row = await deliveries.claim_one(tx, delivery_id, now)
            if row is None:
                return None
            place = await self._place(tx, row.target_id)
            state, message_id = await corrections.post_of(tx, row)
            if place.closed:
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=place.closed)
            elif state in (DeliveryState.REFUSED, DeliveryState.SKIPPED):
                await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=NOT_POSTED)
            elif state != DeliveryState.SENT:
                await deliveries.record(tx, row.id, DeliveryState.QUEUED, attempt=row.attempt - 1)
            elif message_id is None:
                await self._refuse(tx, row, place, UNKNOWN, now)
            else:
                content = await issues.rendering(tx, row.issue_id, deliveries.TELEGRAM, row.part)
                return Edit(row, place, message_id, content or b"")
        return None

    async def _chats(self, tx: Tx, target_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the chat of each of these targets."""
        return {target: (await self._place(tx, target)).chat for target in target_ids}

    async def _place(self, tx: Tx, target_id: int) -> Place:
        channel = await bulletins.channel(tx, target_id)
        return Place(channel.id, channel.chat_id, channel.title, PAUSED if channel.paused else "")

    async def _try(self, edit: Edit) -> Result:
        try:
            await self._courier.edit(edit.place.chat, edit.message_id, read_text(edit.content))
        except (NotSent, PerhapsSent, ChatMoved) as failure:
            log.warning("edit", channel=edit.place.title, part=edit.delivery.part, failure=str(failure))
            return failure
        except Exception as error:
            log.exception("edit", row=edit.delivery.id)
            return PerhapsSent(str(error))
        return None

    async def _record(self, tx: Tx, edit: Edit, result: Result) -> None:
        """Write down what came of it, unless a newer correction has queued the row anew meanwhile."""
        row, place, now = edit.delivery, edit.place, self._clock.now()
        match result:
            case None:
                await deliveries.record(tx, row.id, DeliveryState.SENT, not_before=None, problem="")
            case ChatMoved():
                await healing.follow(tx, place.chat, result.chat, now)
                await deliveries.record(tx, row.id, DeliveryState.QUEUED, attempt=row.attempt - 1)
            case ChatGone():
                await self._lost(tx, row, place, result, now)
            case NotSent(permanent=True, whose="target"):
                gone = any(sign in result.reason.lower() for sign in _GONE_SIGNS)
                await self._refuse(tx, row, place, GONE if gone else result.reason, now)
            case _:
                await self._defer(tx, row, place, result, now)

    async def _lost(self, tx: Tx, row: Delivery, place: Place, gone: ChatGone, now: datetime) -> None:
        await deliveries.record(tx, row.id, DeliveryState.SKIPPED, problem=PAUSED)
        await deliveries.skip_target(tx, deliveries.TELEGRAM, place.id, PAUSED)
        if await bulletins.pause_channel(tx, place.id, gone.reason):
            values = {"title": place.title, "reason": gone.reason}
            await tell.sentence(tx, row.issue_id, now, f"paused:{place.id}", "delivery-channel-paused", **values)

    async def _refuse(self, tx: Tx, row: Delivery, place: Place, problem: str, now: datetime) -> None:
        if not await deliveries.record(tx, row.id, DeliveryState.REFUSED, problem=problem):
            return
        about = f"edit:{row.issue_id}:{place.id}:{row.part}"
        key = _TOLD.get(problem, "delivery-edit-refused-told")
        values = {"title": place.title, "part": row.part + 1, "reason": problem}
        issue = await issues.get(tx, row.issue_id)
        number = issue.number if issue is not None else 0
        await tell.sentence(tx, row.issue_id, now, about, key, number=number, **values)

    async def _defer(self, tx: Tx, row: Delivery, place: Place, failure: NotSent | PerhapsSent, now: datetime) -> None:
        """Try again later, unless that took three days."""
        delay = outcome.telegram_delay(row.attempt, self._random, failure)
        if delay is None:
            await self._refuse(tx, row, place, str(failure), now)
            return
        values = {"not_before": now + timedelta(seconds=delay), "problem": str(failure)}
        await deliveries.record(tx, row.id, DeliveryState.DEFERRED, **values)
