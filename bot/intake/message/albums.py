"""Albums: several messages sent as one, of which only one carries the words."""

from datetime import datetime, timedelta

from bot.intake.message.going_on import album_key
from store import items, outbox
from store.database import Tx
from store.messages import Incoming
from store.records import Person

WAIT_SECONDS = 5


def _merge_key(person: Person, incoming: Incoming) -> str:
    return f"album:{person.id}:{incoming.album}"


async def wait_for_links(tx: Tx, person: Person, incoming: Incoming, key: str, now: datetime) -> None:
    """Say that an album holds no link, unless another part of it brings one within a moment."""
    if await items.submission_of_message(tx, album_key(key, incoming)) is not None:
        return
    await outbox.put(
        tx,
        now=now,
        not_before=now + timedelta(seconds=WAIT_SECONDS),
        kind="say",
        payload={"key": "submit-no-link", "values": {}},
        person_id=person.id,
        merge_key=_merge_key(person, incoming),
    )


async def brought_links(tx: Tx, person: Person, incoming: Incoming) -> None:
    """Take back the word that an album holds no link."""
    if incoming.album:
        await outbox.cancel(tx, _merge_key(person, incoming))
