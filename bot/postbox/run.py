"""The loop of single mails: claimed in a commit, handed to the mail server, written down; beside a broadcast."""

import asyncio
from datetime import datetime, timedelta
from random import Random

from bot import returns
from bot.delivery.letters import Letter
from bot.delivery.outcome import refused_status, retry_delay, run_delay
from bot.errors import NotSent, OperatorError, PerhapsSent
from bot.logs import logger
from bot.ports import Clock, Postman
from bot.postbox.writing import Writing
from store import postbox
from store.database import Store, Tx
from store.postbox import Single

AT_ONCE = 4
"""How many mails are under way; they take turns with the letters of a broadcast for the same connections."""

MOST_DOUBTS = 2
GIVE_UP = timedelta(days=3)
Result = NotSent | PerhapsSent | None

log = logger("postbox")


class PostboxRun:
    """Sends what waits. Without a postman, or a writer, it waits until there is one."""

    def __init__(
        self, store: Store, postman: Postman | None, writing: Writing | None, clock: Clock, random: Random
    ) -> None:
        self._store = store
        self._postman = postman
        self._writing = writing
        self._clock = clock
        self._random = random
        self._pauses = 0
        self._paused_until: datetime | None = None

    async def step(self) -> int:
        """Send the mails that are due, a few at once; returns how many were dealt with."""
        now = self._clock.now()
        if self._postman is None or self._writing is None or (self._paused_until and self._paused_until > now):
            return 0
        async with self._store.transaction() as tx:
            rows = await postbox.claim(tx, now, AT_ONCE)
            letters = [await self._written(tx, row) for row in rows]
        if not rows:
            return 0
        results = await asyncio.gather(*(self._post(self._postman, letter) for letter in letters))
        now = self._clock.now()
        troubled = any(isinstance(result, NotSent) and result.whose == "run" for result in results)
        self._pauses = self._pauses + 1 if troubled else 0
        self._paused_until = now + timedelta(seconds=run_delay(self._pauses, self._random)) if troubled else None
        async with self._store.transaction() as tx:
            for row, result in zip(rows, results, strict=True):
                await self._record(tx, row, result, now)
        return len(rows)

    async def _written(self, tx: Tx, row: Single) -> Letter | Result:
        """Return the letter of a row, None when there is nothing to send, or why it cannot be written."""
        if row.doubts >= MOST_DOUBTS:
            return None
        assert self._writing is not None
        try:
            return await self._writing.write(tx, row)
        except OperatorError as error:
            return NotSent(str(error), permanent=False)
        except Exception:  # one that cannot be written must not hold up the others
            log.exception("a mail cannot be written and is given up", kind=row.kind, row=row.id)
            return None

    async def _post(self, postman: Postman, letter: Letter | Result) -> Result:
        if not isinstance(letter, Letter):
            return letter
        try:
            await postman.post(letter.envelope_from, letter.recipient, letter.message)
        except (NotSent, PerhapsSent) as failure:
            return failure
        return None

    async def _record(self, tx: Tx, row: Single, result: Result, now: datetime) -> None:
        """Erase what was taken, or refused for good; try the rest again for three days, a doubtful one once."""
        if result is None:
            await postbox.done(tx, row)
            return
        if row.kind == returns.PROBE and isinstance(result, NotSent):
            await self._came_back(tx, row, result, now)
        log.info("a single mail was not sent", kind=row.kind, row=row.id, why=str(result))
        ours = isinstance(result, NotSent) and result.whose == "run"
        over = isinstance(result, NotSent) and result.permanent and not ours
        doubts = row.doubts + isinstance(result, PerhapsSent)
        attempt = row.attempt if ours else row.attempt + 1
        delay = retry_delay(max(attempt, 1), self._random)
        if over or doubts >= MOST_DOUBTS or delay is None or now - row.created_at > GIVE_UP:
            await postbox.done(tx, row)
            return
        again = now + timedelta(seconds=delay)
        if ours and self._paused_until is not None:
            again = self._paused_until
        await postbox.later(tx, row, again, doubts=doubts, attempt=attempt)

    async def _came_back(self, tx: Tx, row: Single, refusal: NotSent, now: datetime) -> None:
        """Count a probe that the mail server refused for good as one that came back."""
        status = refused_status(refusal.reason) if refusal.permanent and refusal.whose == "target" else None
        if status is not None:
            generation = int(row.payload["generation"]) % 256
            named = returns.Named(int(row.payload["subscription"]), generation, probe=True)
            await returns.bounced(tx, named, returns.HARD, status, now)
