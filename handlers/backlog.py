"""The updates that wait: those that Telegram holds for us, and those of a rush, which are kept on our side."""

import json
from typing import Any

from telegram import Bot, Update

from bot.logs import logger
from handlers.door import Doorkeeper
from store import updates

Json = dict[str, Any]
SEALED = "update"
MOST = 2_000  # updates that are kept on our side, which hold memory; Telegram holds the others
log = logger("polling")


class Backlog:
    """Updates in the order in which they came, each read once however often Telegram gives it."""

    def __init__(self, bot: Bot, keeper: Doorkeeper) -> None:
        self._bot = bot
        self._keeper = keeper
        self._services = keeper.services
        self._kept: dict[int, Update] = {}
        self._held: dict[int, tuple[Update, Json]] = {}
        self._done: set[int] = set()
        self._stuck: int | None = None
        self._last: int | None = None

    def __bool__(self) -> bool:
        return bool(self._kept or self._held)

    @property
    def waiting(self) -> list[Update]:
        return [*self._kept.values(), *(update for update, _ in self._held.values())]

    @property
    def offset(self) -> int | None:
        """Confirms to Telegram what it need not give again: what is done, and what is kept."""
        held = [*self._held] if self._stuck is None else [*self._held, self._stuck]
        if held:
            return min(held)
        return None if self._last is None else self._last + 1

    async def take_up(self) -> None:
        """Go on with what a run before had kept, which a kill may have ended."""
        async with self._services.store.reading() as tx:
            kept = await updates.kept(tx)
        for number, sealed in kept.items():
            update = await self._read(number, json.loads(self._services.sealer.open(SEALED, sealed)))
            if update is not None:
                self._kept[number] = update

    async def take(self, batch: list[Json]) -> bool:
        """Take in what Telegram gave; says whether all of it could be."""
        self._stuck, self._last = None, int(batch[-1]["update_id"]) if batch else None
        for raw in batch:
            number = int(raw["update_id"])
            if number in self._done or number in self._held or number in self._kept:
                continue
            try:
                update = await self._read(number, raw)
            except Exception:
                log.exception("an update that cannot be read could not be set aside yet")
                self._stuck = number
                break
            if update is not None:
                self._held[number] = update, raw
        offset = self.offset
        self._done = {number for number in self._done if offset is not None and number >= offset}
        return self._stuck is None

    async def _read(self, number: int, raw: Json) -> Update | None:
        """Return an update as the library reads it; one of a form that it does not know is set aside."""
        try:
            return Update.de_json(raw, self._bot)
        except Exception:  # noqa: BLE001  # it may be anything, and may hold what somebody wrote
            await self._keeper.set_aside(number)
        log.error("an update cannot be read and was set aside: a newer bulletin-bot may know it", update_id=number)
        self._done.add(number)
        return None

    async def keep(self) -> bool:
        """Keep on our side what Telegram holds, so that it gives what stands behind; else it goes on holding it."""
        if len(self._kept) + len(self._held) > MOST:
            return False
        seal = self._services.sealer.seal
        contents = {number: seal(SEALED, json.dumps(raw)) for number, (_, raw) in self._held.items()}
        try:
            async with self._services.store.transaction() as tx:
                await updates.keep(tx, contents, self._services.clock.now().date())
        except Exception:
            log.exception("the updates of a rush could not be kept; is the disk full?")
            return False
        self._kept |= {number: update for number, (update, _) in self._held.items()}
        self._held.clear()
        return True

    def done(self, update: Update) -> None:
        """Note that an update is dealt with."""
        number = update.update_id
        if self._kept.pop(number, None) is None and self._held.pop(number, None) is not None:
            self._done.add(number)


def in_turn(waiting: list[Update]) -> list[Update]:
    """Return updates in the order in which they are dealt with: presses overtake what other people sent."""
    first: list[Update] = []
    others: list[Update] = []
    busy: set[int] = set()
    for update in waiting:
        user = update.effective_user.id if update.effective_user is not None else 0
        if update.callback_query is not None and user not in busy:
            first.append(update)
        else:
            others.append(update)
            busy.add(user)
    return first + others
