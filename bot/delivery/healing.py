"""How the desk heals: a group that moved is followed, a topic that is gone left, a card that is gone posted again."""

from datetime import datetime, timedelta

from bot.errors import NotSent
from bot.ports import Clock
from store import bulletins, desks, items, outbox
from store.database import Store, Tx
from store.outbox import Waiting
from store.records import Bulletin
from store.states import ItemState, Topic

LOOK_HOURS = 24
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")


async def follow(tx: Tx, old: int, new: int, now: datetime) -> bool:
    """Follow a group that became a supergroup: what waits goes there, and what is open is drawn there again.

    False when nothing of ours lived in the old one, or it was followed before.
    """
    stood = await desks.open_places(tx, old)
    if not await desks.move_chat(tx, old, new):
        return False
    for bulletin_id in await desks.used_by(tx, new):
        bulletin = await bulletins.get(tx, bulletin_id)
        await draw_open(tx, bulletin, now, stood)
        payload = {"key": "desk-moved", "values": {}}
        await outbox.put_at_desk(tx, bulletin, now=now, kind="say", payload=payload, subject_id=bulletin_id)
    return True


async def draw_open(tx: Tx, bulletin: Bulletin, now: datetime, stood: list[tuple[str, int]]) -> None:
    """Queue the drawing of what stood at a desk, and of every item that waits; what waits to be drawn stays so."""
    pending = [("card", item.id) for item in await items.in_states(tx, bulletin.id, ItemState.PENDING)]
    for kind, subject in dict.fromkeys((*stood, *pending)):
        key = f"{kind}:{subject}"
        if not await outbox.waits(tx, key):
            payload = {} if kind == "card" else {"at": now.isoformat()}
            await outbox.put_at_desk(
                tx, bulletin, now=now, kind=kind, payload=payload, subject_id=subject, merge_key=key
            )


async def topic_lost(tx: Tx, row: Waiting, error: NotSent, now: datetime) -> bool:
    """Let the messages of a topic that is gone or closed go to the general one, and say so once."""
    if row.thread_id is None or row.chat_id is None or not any(sign in error.reason.lower() for sign in NO_TOPIC):
        return False
    lost: dict[int, list[Topic]] = {}
    for bulletin_id, topic in await desks.lose_topic(tx, row.chat_id, row.thread_id):
        lost.setdefault(bulletin_id, []).append(topic)
    for bulletin_id in lost:
        payload = {"key": "topic-lost", "values": {}}
        await outbox.put(tx, now=now, kind="say", payload=payload, chat_id=row.chat_id, subject_id=bulletin_id)
    return True


class Looking:
    """Looks at the start and once a day whether all that is open still stands at the desks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._looked_at: datetime | None = None

    async def step(self) -> int:
        """Draw everything open again where that is due: what stands stays as it is, what is gone is posted again."""
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at < timedelta(hours=LOOK_HOURS):
            return 0
        async with self._store.transaction() as tx:
            for bulletin in await bulletins.every(tx):
                if bulletin.moderators_chat is not None:
                    stood = await desks.open_places(tx, bulletin.moderators_chat)
                    await draw_open(tx, bulletin, now, stood)
        self._looked_at = now
        return 1
