"""What a road needs of the rest of the bot: someone who takes a letter, and someone who is told when nobody can."""

import traceback
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from typing import Protocol

from bot.ports import Clock
from store import bulletins, outbox
from store.database import Store
from store.states import Topic

MOST_TRIES = 3
TAKE_SECONDS = 60.0  # a mail server waits ten minutes for the answer to a letter
Take = Callable[[bytes, str | None, tuple[str, ...]], Awaitable[None]]
"""Commits all that a letter brings about, once however often it comes: the raw letter, its envelope's sender (empty for
the null sender, None where the road does not know it), and the envelope's recipients."""


class Alarm(Protocol):
    """Tells the moderators in a sentence that something needs a person."""

    async def __call__(self, key: str, **values: str) -> None: ...


def alarm_of(store: Store, clock: Clock) -> Alarm:
    """Return what writes an alarm for the moderators' chat; what waits to be said already is said once."""

    async def alarm(key: str, **values: str) -> None:
        now = clock.now()
        async with store.transaction() as tx:
            bulletin = await bulletins.first(tx)
            if bulletin is None:
                return
            payload = {"key": key, "values": values}
            await outbox.put_at_desk(
                tx,
                bulletin,
                now=now,
                kind="say",
                topic=Topic.ALARMS,
                payload=payload,
                subject_id=bulletin.id,
                merge_key=f"alarm:{key}",
            )

    return alarm


def place_of(error: BaseException) -> str:
    """Return what broke and where, without the error's own words: they may hold what stands in a letter."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where
