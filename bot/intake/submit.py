"""The step by which a message becomes stored items: first stored, then acknowledged, then read."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake import urls
from bot.seal import Sealer
from bot.texts import say
from store import audit, items, outbox
from store import people as people_records
from store.database import Tx
from store.messages import Incoming
from store.records import Bulletin, Citation, Person
from store.states import ItemState

LINK_SHOWN = 200


def sift(links: tuple[str, ...]) -> tuple[list[str], dict[str, Refused]]:
    """Return the links of a message that can be stored, each page once, and why each other one cannot.

    Raises Refused when none is left, with the reason of the first one.
    """
    kept: dict[str, str] = {}
    refused: dict[str, Refused] = {}
    for raw in links:
        try:
            url = urls.check_link(raw)
        except Refused as error:
            refused[raw] = error
        else:
            kept.setdefault(urls.canonical(url), url)
    if not kept:
        raise next(iter(refused.values()), Refused("submit-no-link"))
    return list(kept.values()), refused


async def submit(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, person: Person, incoming: Incoming, now: datetime
) -> int | None:
    """Store what a person sent and queue its acknowledgement; returns its number, None when it was stored before.

    Raises Refused with a sentence for the sender when there is no link that can be stored.
    """
    key = f"{sealer.mac('chat', str(incoming.chat))}:{incoming.message}"
    if await items.submitted_before(tx, key):
        return None
    links, refused = sift(incoming.links)
    day = now.astimezone(ZoneInfo(bulletin.timezone)).date()
    number = await people_records.next_number(tx, person.id, len(links), day)
    submission = await items.add_submission(
        tx,
        bulletin_id=bulletin.id,
        person_id=person.id,
        number=number,
        road="telegram",
        intake_key=key,
        note=incoming.note,
        received_at=now,
    )
    for link in links:
        cited = Citation(source=urls.display_host(link), url=link, canonical=urls.canonical(link))
        await items.add(
            tx,
            citations=[cited],
            bulletin_id=bulletin.id,
            submission_id=submission,
            state=ItemState.DRAFT,
            title=link,
            unread=True,
            created_at=now,
        )
    # Who sent what stands in the payload, which can be erased; the rest of an audit row is chained for ever.
    details = {"person": person.id, "submission": submission, "items": len(links)}
    await audit.note(tx, at=now, actor="contributor", act="submit", subject="submission", **details)
    await follow(tx, person.id, submission, now)
    for link, reason in refused.items():
        why = say(person.language, reason.key, **reason.values)
        payload = {"key": "submit-left-out", "values": {"link": link[:LINK_SHOWN], "why": why}}
        await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person.id)
    return number


async def show_card(tx: Tx, bulletin: Bulletin, item_id: int, now: datetime) -> None:
    """Queue the drawing of an item's card in the moderators' chat; several drawings that wait become one."""
    if bulletin.moderators_chat is None:
        return
    await outbox.put(
        tx,
        now=now,
        kind="card",
        payload={},
        chat_id=bulletin.moderators_chat,
        thread_id=bulletin.moderators_thread,
        subject_id=item_id,
        merge_key=f"card:{item_id}",
    )


async def follow(tx: Tx, person_id: int, submission_id: int, now: datetime) -> None:
    """Queue the sender's message that follows a submission, or its redrawing."""
    await outbox.put(
        tx,
        now=now,
        not_before=now,
        kind="ack",
        payload={"at": now.isoformat()},
        person_id=person_id,
        subject_id=submission_id,
        merge_key=f"ack:{submission_id}",
    )
