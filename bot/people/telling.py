"""Telling of people: at every desk, since roles are common to all bulletins, and to somebody in private."""

from datetime import datetime

from bot.texts import say
from store import bulletins, outbox
from store import people as records
from store.database import Tx
from store.states import Role, Topic


async def tell_desks(tx: Tx, now: datetime, key: str, *, role: Role | None = None, **values: object) -> bool:
    """Queue a sentence for every moderators' chat, silently; False where there is none. `role` is put into words."""
    told = set[int]()
    for bulletin in await bulletins.every(tx):
        chat = bulletin.moderators_chat
        if chat is None or chat in told:
            continue
        told.add(chat)
        words = {"role": say(bulletin.language, f"role-{role}")} if role is not None else {}
        payload = {"key": key, "values": {**values, **words}, "silent": True}
        await outbox.put_at_desk(
            tx, bulletin, now=now, kind="say", topic=Topic.ALARMS, payload=payload, subject_id=bulletin.id
        )
    return bool(told)


async def tell(tx: Tx, person_id: int, now: datetime, key: str, *, role: Role | None = None, **values: object) -> None:
    """Queue a sentence for somebody's private chat."""
    language = (await records.get(tx, person_id)).language
    words = {"role": say(language, f"role-{role}")} if role is not None else {}
    payload = {"key": key, "values": {**values, **words}}
    await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person_id)
