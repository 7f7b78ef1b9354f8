"""The sweep: who asked and never confirmed is forgotten, and who has left a chat, in the files too."""

from bot.ports import Clock
from bot.subscriptions.coming import sweep
from bot.subscriptions.here import sweep_chats
from bot.subscriptions.moving import sweep_changes
from store.database import Store


class Forgetting:
    """Looks for what is to be forgotten."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def step(self) -> int:
        """Forget what is due; returns 0, since nothing is left to do then."""
        async with self._store.transaction(long=True) as tx:
            forgotten = await sweep(tx, self._clock.now())
            forgotten += await sweep_changes(tx, self._clock.now())
            forgotten += await sweep_chats(tx, self._clock.now())
        if forgotten:
            await self._store.checkpoint()
        return 0
