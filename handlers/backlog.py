"""The updates that wait: those that Telegram holds for us, and those of a rush, which are kept on our side."""

import json
from collections.abc import Sequence
from typing import Any

from telegram import Bot, Update

from bot.logs import logger
from handlers.door import Doorkeeper, goes_together
from store import updates

Json = dict[str, Any]
SEALED = "update"
MOST = 2_000  # updates that are kept on our side, which hold memory; Telegram holds the others
log = logger("polling")


class Backlog:
    """Updates in the order in which they came, each read once, and only when its turn has come."""

    def __init__(self, bot: Bot, keeper: Doorkeeper) -> None:
        self._bot = bot
        self._services = keeper.services
        self._kept: dict[int, Json] = {}
        self._held: dict[int, Json] = {}
        self._read: dict[int, Update] = {}
        self._done: set[int] = set()
        self._last: int | None = None

    @property
    def kept(self) -> bool:
        """Is there anything on our side, which Telegram holds no more?"""
        return bool(self._kept)

    @property
    def held(self) -> bool:
        """Is there anything that Telegram gives again?"""
        return bool(self._held)

    @property
    def waiting(self) -> list[Json]:
        return [*self._kept.values(), *self._held.values()]

    @property
    def offset(self) -> int | None:
        """Confirms to Telegram what it need not give again: what is done, and what is kept."""
        if self._held:
            return min(self._held)
        return None if self._last is None else self._last + 1

    async def take_up(self) -> None:
        """Go on with what a run before had kept, which a kill may have ended."""
        async with self._services.store.reading() as tx:
            kept = await updates.kept(tx)
        unseal = self._services.sealer.open
        self._kept = {number: json.loads(unseal(SEALED, sealed)) for number, sealed in kept.items()}

    def take(self, batch: list[Json]) -> None:
        """Take in what Telegram gave."""
        self._last = batch[-1]["update_id"] if batch else None
        for raw in batch:
            number = raw["update_id"]
            if number not in self._done and number not in self._kept:
                self._held.setdefault(number, raw)
        offset = self.offset
        self._done = {number for number in self._done if offset is not None and number >= offset}

    async def keep(self) -> bool:
        """Keep on our side what Telegram holds, so that it gives what stands behind; else it goes on holding it."""
        if len(self._kept) + len(self._held) > MOST:
            return False
        seal = self._services.sealer.seal
        contents = {number: seal(SEALED, json.dumps(raw)) for number, raw in self._held.items()}
        try:
            async with self._services.store.transaction() as tx:
                await updates.keep(tx, contents, self._services.clock.now().date())
        except Exception:
            log.exception("the updates of a rush could not be kept; is the disk full?")
            return False
        self._kept |= self._held
        self._held.clear()
        return True

    def read(self, raw: Json) -> Update | None:
        """Return an update as the library reads it; None for one of a form that it does not know."""
        number = raw["update_id"]
        if number not in self._read:
            try:
                self._read[number] = Update.de_json(raw, self._bot)
            except Exception:  # noqa: BLE001  # it may be anything, and may hold what somebody wrote
                return None
        return self._read[number]

    def together(self, raws: Sequence[Json]) -> list[Update]:
        """Return those of these updates, from the first on, that can be dealt with in one transaction."""
        found: list[Update] = []
        for raw in raws:
            update = self.read(raw)
            if update is None or not goes_together(update):
                break
            found.append(update)
        return found

    def done(self, raw: Json) -> None:
        """Note that an update is dealt with."""
        number = raw["update_id"]
        self._read.pop(number, None)
        if self._held.pop(number, None) is not None:
            self._done.add(number)
        self._kept.pop(number, None)


def in_turn(waiting: list[Json]) -> list[Json]:
    """Return updates in the order in which they are dealt with: presses overtake what other people sent."""
    first: list[Json] = []
    others: list[Json] = []
    busy: set[int] = set()
    for raw in waiting:
        user = _user_of(raw)
        if "callback_query" in raw and user not in busy:
            first.append(raw)
        else:
            others.append(raw)
            busy.add(user)
    return first + others


def _user_of(raw: Json) -> int:
    content = next((content for name, content in raw.items() if name != "update_id"), None)
    sender = content.get("from") if isinstance(content, dict) else None
    return int(sender.get("id", 0)) if isinstance(sender, dict) else 0
