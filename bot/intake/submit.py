"""The step by which a message becomes stored items: first stored, then acknowledged, then read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake import allowance, following
from bot.intake.allowance import NO_QUOTAS, Quotas
from bot.intake.message import albums, going_on
from bot.intake.message.entries import Entry
from bot.intake.message.found import Found, find
from bot.intake.message.missing import ask_for_links, fill
from bot.intake.message.notice_cards import suggest_notices
from bot.seal import Sealer
from bot.texts import say
from store import audit, boards, crowds, items, outbox
from store import people as people_records
from store.database import Tx
from store.messages import Incoming
from store.records import Bulletin, Person, Submission
from store.states import ItemState

LINK_SHOWN = 200
SOURCE_LENGTH = 255


class Road(NamedTuple):
    """How a message came, and to whom its answers go where not to the chat: a sealed address and its language."""

    name: str
    contact: bytes | None = None
    language: str = ""


BY_CHAT = Road("telegram")


def intake_key(sealer: Sealer, incoming: Incoming) -> str:
    """Return the key under which a message is known, which does not tell whose it is."""
    return f"{sealer.mac('chat', str(incoming.chat))}:{incoming.message}"


async def submit(
    tx: Tx,
    sealer: Sealer,
    bulletin: Bulletin,
    person: Person,
    incoming: Incoming,
    now: datetime,
    quotas: Quotas = NO_QUOTAS,
) -> int | None:
    """Store what a person sent and queue its acknowledgement; returns its number, None when it was stored before.

    Consecutive messages of a pasted digest, and the messages of an album, are one submission. Raises Refused with a
    sentence for the sender when there is nothing that can be stored.
    """
    key = intake_key(sealer, incoming)
    return await take_in(tx, bulletin, person, incoming, key, now, quotas=quotas)


async def take_in(
    tx: Tx,
    bulletin: Bulletin,
    person: Person,
    incoming: Incoming,
    key: str,
    now: datetime,
    *,
    found: Found | None = None,
    quotas: Quotas = NO_QUOTAS,
    road: Road = BY_CHAT,
) -> int | None:
    """Store a message that is known by this key, as `submit`; `found` is what was read out of it, as of a file."""
    if await items.submission_of_message(tx, key) is not None:
        return None
    joined = await going_on.submission_of(tx, person, incoming, key, alone=found is not None)
    if found is None:
        day = now.astimezone(ZoneInfo(bulletin.timezone)).date()
        found = find(incoming, bulletin, day, going_on.state_of(joined) if joined else None)
    if joined is not None and not going_on.belongs(found, incoming):
        joined = None
    if joined is None and (filled := await fill(tx, person.id, found.entries, now)) is not None:
        return await _filled(tx, person, filled, found, key, now)
    if found.is_nothing and joined is None:
        raise next((reason for _, reason in found.refused), Refused("submit-no-link"))
    allowance.check(bulletin, person, len(found.entries), quotas, now)
    submission = joined or await _begin(tx, bulletin, person, found, key, now, road)
    if joined is not None:
        await _go_on(tx, bulletin, person, joined, found, key, now)
    await _store(tx, bulletin, submission, found, incoming, key, now)
    # Who sent what stands in the payload, which can be erased; the rest of an audit row is chained for ever.
    details = {"person": person.id, "submission": submission.id, "items": len(found.entries)}
    await audit.note(tx, at=now, actor="contributor", act="submit", subject="submission", **details)
    await following.follow_submission(tx, submission, now)
    await albums.brought_links(tx, person, incoming)
    await say_what_was_left_out(tx, person, found, now)
    return submission.number


async def _filled(tx: Tx, person: Person, submission: Submission, found: Found, key: str, now: datetime) -> int:
    """Say that a message brought the links of lines that were sent before; it is a part of what they came with."""
    await items.add_message(tx, submission.id, key)
    payload = {"key": "links-given", "values": {"n": len(found.entries), "number": submission.number}}
    await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person.id)
    await following.follow(tx, submission.id, now)
    return submission.number


async def _begin(
    tx: Tx, bulletin: Bulletin, person: Person, found: Found, key: str, now: datetime, road: Road
) -> Submission:
    """Begin a submission with a message."""
    day = now.astimezone(ZoneInfo(bulletin.timezone)).date()
    number = await people_records.next_number(tx, person.id, len(found.entries), day)
    return await items.add_submission(
        tx,
        bulletin_id=bulletin.id,
        person_id=person.id,
        number=number,
        road=road.name,
        intake_key=key,
        note=found.note,
        received_at=now,
        contact=road.contact,
        language=road.language,
    )


async def _go_on(
    tx: Tx, bulletin: Bulletin, person: Person, joined: Submission, found: Found, key: str, now: datetime
) -> None:
    """Make a message a further part of a submission."""
    day = now.astimezone(ZoneInfo(bulletin.timezone)).date()
    await people_records.count_links(tx, person.id, len(found.entries), day)
    await items.add_message(tx, joined.id, key)
    if found.note:
        note = "\n".join(words for words in (joined.note, found.note) if words)
        await items.change_submission(tx, joined.id, note=note)


async def _store(
    tx: Tx, bulletin: Bulletin, submission: Submission, found: Found, incoming: Incoming, key: str, now: datetime
) -> None:
    """Store what was found in a message: entries, notices, and what completes the message before."""
    if found.mended is not None:
        mended = await going_on.mend(tx, submission, found.mended)
        if mended is not None and mended.state == ItemState.PENDING:
            await show_card(tx, bulletin, mended.id, now)
    await add_entries(tx, bulletin, submission.id, found.entries, key, now)
    notices = await suggest_notices(tx, bulletin, submission, found, now)
    await going_on.remember(tx, submission, incoming, key, found, notices)
    if found.mended is not None or any(entry.lacks_link for entry in found.entries):
        await ask_for_links(tx, submission, now)


async def add_entries(
    tx: Tx, bulletin: Bulletin, submission_id: int, entries: Sequence[Entry], key: str, now: datetime
) -> None:
    """Store entries as items; the pages of those with a link are read soon, the others wait for one."""
    new = {"bulletin_id": bulletin.id, "submission_id": submission_id, "state": ItemState.DRAFT, "created_at": now}
    await items.add_all(tx, [{**new, "intake_key": key, **columns_of(entry)} for entry in entries])


def columns_of(entry: Entry) -> dict[str, Any]:
    """Return what an entry says of its item."""
    link = next((cited.url for cited in entry.citations if cited.url), "")
    return {
        "citations": [replace(cited, source=cited.source[:SOURCE_LENGTH]) for cited in entry.citations],
        "title": entry.title or link,
        "unread": bool(link),
        "wanted_section_id": entry.section_id,
        "told": list(entry.told),
    }


async def say_what_was_left_out(tx: Tx, person: Person, found: Found, now: datetime) -> None:
    """Queue a sentence for each link that cannot be stored."""
    for link, reason in found.refused:
        why = say(person.language, reason.key, **reason.values)
        payload = {"key": "submit-left-out", "values": {"link": link[:LINK_SHOWN], "why": why}}
        await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person.id)


async def show_card(tx: Tx, bulletin: Bulletin, item_id: int, now: datetime, *, brought: bool = False) -> None:
    """Queue the drawing of an item's card in the moderators' chat; several drawings that wait become one.

    One that is `brought` was asked for, and is not held back in a rush.
    """
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind="card",
        payload={crowds.BROUGHT: True} if brought else {},
        subject_id=item_id,
        merge_key=f"card:{item_id}",
    )
    await boards.refresh(tx, bulletin, now)
