"""The drain of the ledger: what one run of the bot does to send what is planned, and to take up what a kill left."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from bot.delivery import mailing, tell
from bot.delivery.channels import ChannelRun
from bot.delivery.chat_edits import ChatEditRun
from bot.delivery.chats import ChatRun
from bot.delivery.edits import EditRun
from bot.delivery.letters import Letters
from bot.delivery.mailing import MailRun
from bot.delivery.pace import Pace
from bot.delivery.runs import Means
from bot.logs import logger
from bot.ports import Clock, Courier, Postman
from bot.seal import Sealer
from bot.wake import Bell, Hears, always
from store import deliveries, issues
from store.database import Store
from store.errors import Stale
from store.states import DeliveryState, IssueState

LOOK_SECONDS = 30.0
AFTER_ERROR_SECONDS = 5.0
CHANNELS_SECONDS = 2.0
GRACE_SECONDS = 15.0
INTERRUPTED = "interrupted"

log = logger("delivery")


class Drain:
    """Sends every issue that is being sent, to channels and readers at the same time.

    A row is claimed, in a commit, before anything is sent, and its result recorded after. `in_flight`: letters under
    way at most. Without a postman letters wait until there is one. `bell` wakes it from outside.
    """

    def __init__(
        self,
        store: Store,
        courier: Courier,
        postman: Postman | None,
        *,
        letters: Letters,
        sealer: Sealer,
        pace: Pace,
        clock: Clock,
        random: Random,
        in_flight: int,
        bell: Bell,
    ) -> None:
        self._store = store
        self._clock = clock
        self._bell = bell
        self._hears: Hears = always
        self._settled = asyncio.Event()
        self._channels_at = clock.now()
        self._channels_ready: datetime | None = None
        means = Means(store, courier, sealer, pace, clock, random, self.wake)
        self._posts = (ChannelRun(means), EditRun(means), ChatRun(means), ChatEditRun(means))
        self._mail = (
            MailRun(store, postman, letters, clock, random, in_flight, self._settled.set)
            if postman is not None
            else None
        )

    def wake(self) -> None:
        """Have the ledger looked at now."""
        self._channels_at = self._clock.now()
        self._settled.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; then begin nothing new and wait a while for what is under way."""
        await self.recover()
        ended = asyncio.create_task(self._wake_at_the_end(stop))
        try:
            while not stop.is_set():
                try:
                    again_at = await self.step()
                except Exception:
                    log.exception("delivery")
                    self._settled.clear()
                    await self._pause(AFTER_ERROR_SECONDS)
                else:
                    await self._pause(self._seconds_until(again_at))
        finally:
            ended.cancel()
            await self._bring_home()

    async def recover(self) -> None:
        """Take up the rows that a dead process left under way: nobody knows whether they were sent.

        A post in a channel is held and asked about; a letter, or a post in a reader's chat, is marked as a possible
        duplicate, then sent again; a correction of a post is made again, which changes nothing where it was made.
        """
        now = self._clock.now()
        async with self._store.transaction(long=True) as tx:
            rows = await deliveries.interrupted(tx)
            for row in rows:
                if row.kind in deliveries.TO_READERS:
                    told = mailing.HELD_POSTS if row.kind == deliveries.CHAT else mailing.HELD_LETTERS
                    await mailing.doubt(tx, row, now, None, INTERRUPTED, told)
                elif row.kind in deliveries.EDITS:
                    await deliveries.record(tx, row.id, DeliveryState.QUEUED, problem=INTERRUPTED)
                else:
                    values = {"doubts": row.doubts + 1, "problem": INTERRUPTED}
                    await deliveries.record(tx, row.id, DeliveryState.IN_DOUBT, **values)
                    await tell.doubt(tx, row, now)
        if rows:
            log.warning("rows were under way when the last run ended", rows=len(rows))

    async def step(self) -> datetime | None:
        """Do all that can be done now; returns the next moment at which there may be more, if one is known."""
        self._settled.clear()
        self._hears, changed = always, self._store.changes("issues")
        if not await self._anything_to_do():
            self._hears = changed
            return None
        ready = await self._channels_step()
        if self._mail is not None:
            await self._mail.step()
        if self._under_way():
            return self._next(ready)
        await self._finish()
        async with self._store.reading(long=True) as tx:
            deferred = await deliveries.next_moment(tx, self._clock.now())
        return self._next(ready, deferred, self._mail.paused_until if self._mail is not None else None)

    async def _anything_to_do(self) -> bool:
        if self._under_way() or (self._mail is not None and self._mail.unrecorded):
            return True
        async with self._store.reading() as tx:
            return any(issue.state == IssueState.SENDING for issue in await issues.running(tx))

    async def _channels_step(self) -> datetime | None:
        """Look after the channels, yet not after each letter, since that moves nothing there."""
        if self._clock.now() >= self._channels_at:
            moments = [await run.step() for run in self._posts]
            self._channels_ready = min((moment for moment in moments if moment is not None), default=None)
            look = self._clock.now() + timedelta(seconds=CHANNELS_SECONDS)
            self._channels_at = min(look, self._channels_ready or look)
        return self._channels_ready

    def _next(self, *moments: datetime | None) -> datetime | None:
        now = self._clock.now()
        return min((moment for moment in moments if moment is not None and moment > now), default=None)

    def _seconds_until(self, moment: datetime | None) -> float:
        if moment is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, (moment - self._clock.now()).total_seconds())

    async def _finish(self) -> None:
        """Close the issues of which nothing is left to send, and bring the moderators their reports."""
        async with self._store.reading(long=True) as tx:
            running = [issue for issue in await issues.running(tx) if issue.state == IssueState.SENDING]
            done = [issue for issue in running if not await deliveries.unfinished(tx, issue.id)]
        for issue in done:
            now = self._clock.now()
            with suppress(Stale):  # put on hold this moment; looked at again when it goes on
                async with self._store.transaction() as tx:
                    values = {"state": IssueState.SENT, "sent_at": issue.sent_at or now}
                    await issues.change(tx, issue.id, issue.revision, states=(IssueState.SENDING,), **values)
                    await tell.finished(tx, issue.id, now)
                log.info("sent", issue=issue.number, rows=issue.rows)

    async def _pause(self, seconds: float) -> None:
        """Wait until something is settled, somebody rings, or the time has come."""
        await _first(self._settled.wait(), self._bell.wait("delivery", self._clock, max(0.0, seconds), self._hears))
        if not self._settled.is_set():
            self.wake()

    async def _wake_at_the_end(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.wake()

    async def _bring_home(self) -> None:
        """Wait for what is under way and write down what came of it; what takes too long is left in doubt."""
        tasks = self._under_way()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if self._mail is not None:
            await self._mail.step(claim=False)

    def _under_way(self) -> list[asyncio.Task[None]]:
        posts = [task for run in self._posts for task in run.tasks]
        return [*posts, *(self._mail.tasks if self._mail is not None else ())]


async def _first(*waits: Coroutine[None, None, object]) -> None:
    """Wait for the first of these and end the others, whole, before anybody goes on."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
