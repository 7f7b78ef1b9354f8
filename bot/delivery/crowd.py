"""A rush at a desk: when very many new cards wait, few stand there at a time and one message tells of the others.

The rule: while more than `CROWD` new cards wait for a chat, as much as it takes in a minute, a further one is posted
only when fewer than `FEW` undecided ones stand there, so each decision brings the next. A card that somebody asked for
comes at once. With `CROWD` or fewer the rest comes at the chat's own pace.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from store import bulletins, crowds, outbox
from store.database import Store, Tx
from store.records import Bulletin

CROWD = 20
FEW = 5
TELL_SECONDS = 10
KIND = "crowd"


async def size(tx: Tx, chat: int, now: datetime) -> int:
    """Return how many new cards wait for a chat in which there is a rush, 0 where there is none."""
    count = (await crowds.waiting(tx, now)).get(chat, 0)
    return count if count > CROWD else 0


class Crowds:
    """Remembers what was told of a rush in each chat, and when."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: dict[int, tuple[int, datetime]] = {}
        self._looked = False

    async def held(self, tx: Tx, now: datetime) -> tuple[Mapping[int, int], list[int]]:
        """Return how many new cards wait for each crowded chat, and the chats that get none of them now."""
        found = {chat: count for chat, count in (await crowds.waiting(tx, now)).items() if count > CROWD}
        return found, [chat for chat in found if await crowds.undecided(tx, chat) >= FEW]

    async def tell(self, found: Mapping[int, int], now: datetime) -> bool:
        """Queue what is to be told of a rush that began, goes on or is over; returns whether there was anything."""
        if not self._looked:
            await self._look_back(now)
        due = [chat for chat in {*found, *self._told} if self._is_due(chat, found.get(chat, 0), now)]
        if not due:
            return False
        async with self._store.transaction() as tx:
            for bulletin in await bulletins.every(tx):
                chat = bulletin.moderators_chat
                if chat in due and chat is not None:
                    await self._put(tx, bulletin, chat, now)
                    self._told[chat] = (found.get(chat, 0), now)
        for chat in set(due) - set(self._told):
            self._told[chat] = (found.get(chat, 0), now)
        return True

    def _is_due(self, chat: int, count: int, now: datetime) -> bool:
        told, since = self._told.get(chat, (0, now))
        if (told == 0) != (count == 0):
            return True
        return told != count and now - since >= timedelta(seconds=TELL_SECONDS)

    async def _put(self, tx: Tx, bulletin: Bulletin, chat: int, now: datetime) -> None:
        if self._told.get(chat, (0, now))[0] == 0:
            await outbox.forget_card(tx, KIND, bulletin.id, chat)  # another rush is told of in a message of its own
        key = f"{KIND}:{bulletin.id}"
        await outbox.put_at_desk(tx, bulletin, now=now, kind=KIND, payload={}, subject_id=bulletin.id, merge_key=key)

    async def _look_back(self, now: datetime) -> None:
        """Take up what was told before the bot was started again: it is told anew how it stands."""
        async with self._store.reading() as tx:
            for bulletin in await bulletins.every(tx):
                chat = bulletin.moderators_chat
                if chat is not None and await outbox.card(tx, KIND, bulletin.id, chat) is not None:
                    self._told[chat] = (-1, now - timedelta(seconds=TELL_SECONDS))
        self._looked = True
