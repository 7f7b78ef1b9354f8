"""What senders change of their own items until the issue is closed, and how the moderators come to see it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import links, moderation, sources
from bot.errors import Refused
from bot.intake.dates import parse_date
from bot.intake.following import follow, follow_item, take_back
from bot.intake.hand_over import NO_TITLE
from bot.intake.submit import show_card
from store import audit, items, senders, votes
from store import issues as issue_records
from store import people as people_records
from store.database import Tx
from store.errors import Stale
from store.records import NO_DATE, Bulletin, Citation, Item, Person, Submission
from store.states import ItemState

TITLE_LENGTH = 300
SOURCE_LENGTH = 255
NOTE_LENGTH = 1000
NOTHING = ("-", "–", "—")
APPROVED = (ItemState.APPROVED, ItemState.CARRIED)
CHANGEABLE = (*senders.UNDECIDED, *APPROVED)
UNDECIDED_AGAIN: dict[str, Any] = {
    "state": ItemState.PENDING,
    "section_id": None,
    "reason": "",
    "decided_by": None,
    "decided_at": None,
}


@dataclass(frozen=True, slots=True)
class Own:
    """An item with what its sender sent it in."""

    item: Item
    submission: Submission


async def own(tx: Tx, person: Person, item_id: int) -> Own:
    """Return an item of this sender; raises Refused for anybody else's, and for one that is gone."""
    item = await items.get(tx, item_id)
    if item is None or item.submission_id is None:
        raise Refused("correct-not-yours")
    submission = await items.submission(tx, item.submission_id)
    if submission.person_id != person.id:
        raise Refused("correct-not-yours")
    return Own(item, submission)


async def still_changeable(tx: Tx, item: Item) -> None:
    """Raise Refused with the reason when a sender can no longer change an item."""
    if item.state in CHANGEABLE:
        return
    issue = await issue_records.get(tx, item.issue_id) if item.issue_id is not None else None
    if issue is not None:
        raise Refused("correct-published", number=issue.number or "?")
    raise Refused("correct-decided")


async def correct(
    tx: Tx, bulletin: Bulletin, person: Person, item_id: int, field: str, words: str, now: datetime
) -> bool:
    """Give an item another title, source or date, or its submission another note, as its sender writes it.

    What was approved waits for a decision again: True then. Raises Refused when nothing can be made of the words, and
    when the item is another's, decided or published.
    """
    mine = await own(tx, person, item_id)
    await still_changeable(tx, mine.item)
    words = " ".join(words.split())
    if not words:
        raise Refused("correct-empty")
    if field == "note":
        note = "" if words in NOTHING else words[:NOTE_LENGTH]
        await senders.note(tx, mine.submission.id, note)
        await show_card(tx, bulletin, item_id, now)
        await follow(tx, mine.submission.id, now)
        return False
    columns: dict[str, Any] = {}
    citations: tuple[Citation, ...] | None = None
    if field == "title":
        columns["title"] = words[:TITLE_LENGTH]
        columns |= {"problem": ""} if mine.item.problem == NO_TITLE else {}
    elif field == "source":
        first, *others = _with_first(mine.item, source=words[:SOURCE_LENGTH])
        citations = (await sources.named(tx, first, told=True), *others)
    else:
        near = now.astimezone(ZoneInfo(bulletin.timezone)).date()
        date = NO_DATE if words in NOTHING else parse_date(words, near=near)
        if date == NO_DATE and words not in NOTHING:
            raise Refused("correct-date")
        citations = _with_first(mine.item, date=date)
    return await _write(tx, bulletin, person, mine.item, field, columns, citations, now)


async def wish(
    tx: Tx, bulletin: Bulletin, person: Person, item_id: int, revision: int, section_id: int, now: datetime
) -> bool:
    """Note the section that the sender would put an item in, 0 for none; True when it waits for a decision again."""
    mine = await own(tx, person, item_id)
    await still_changeable(tx, mine.item)
    if mine.item.revision != revision:
        raise Refused("correct-stale")
    if section_id not in {0, *(section.id for section in bulletin.sections)}:
        raise Refused("desk-no-section")
    columns = {"wanted_section_id": section_id or None}
    return await _write(tx, bulletin, person, mine.item, "section", columns, None, now)


async def withdraw(tx: Tx, bulletin: Bulletin, person: Person, item_id: int, revision: int, now: datetime) -> bool:
    """Take an item out at once; True when it was approved before."""
    mine = await own(tx, person, item_id)
    await still_changeable(tx, mine.item)
    if mine.item.revision != revision:
        raise Refused("correct-stale")
    approved = mine.item.state in APPROVED
    await items.change(
        tx, item_id, revision, states=CHANGEABLE, state=ItemState.WITHDRAWN, unread=False, claimed_until=None
    )
    await _note(tx, person, mine.item, "withdraw", now)
    await take_back(tx, item_id)
    await links.release_parts(tx, bulletin, mine.item, now)
    if approved:
        await people_records.count_accepted(tx, person.id, -1)
    await show_card(tx, bulletin, item_id, now)
    await follow_item(tx, mine.item, now)
    return approved


async def _write(
    tx: Tx,
    bulletin: Bulletin,
    person: Person,
    item: Item,
    field: str,
    columns: dict[str, Any],
    citations: tuple[Citation, ...] | None,
    now: datetime,
) -> bool:
    again = item.state in APPROVED
    told = list(dict.fromkeys((*item.told, field)))
    changed = {**columns, "told": told, **(UNDECIDED_AGAIN if again else {})}
    try:
        await items.change(tx, item.id, item.revision, states=CHANGEABLE, citations=citations, **changed)
    except Stale:
        raise Refused("correct-stale") from None
    await votes.clear(tx, item.id)  # they were cast for what stood there before
    await _note(tx, person, item, "correct", now, field=field)
    if again:
        await people_records.count_accepted(tx, person.id, -1)
        await take_back(tx, item.id)
        await moderation.wait_again(tx, item, await moderation.parts_of(tx, item), now)
    if item.state != ItemState.DRAFT:
        await show_card(tx, bulletin, item.id, now)
    await follow_item(tx, item, now)
    return again


async def _note(tx: Tx, person: Person, item: Item, act: str, now: datetime, **details: str) -> None:
    """Keep who did it in the payload, which can be erased; the rest of an audit row is chained for ever."""
    await audit.note(tx, at=now, actor="contributor", act=act, subject=f"item {item.id}", person=person.id, **details)


def _with_first(item: Item, **changes: Any) -> tuple[Citation, ...]:
    """Return the citations with the first one changed."""
    first = item.citations[0] if item.citations else Citation()
    return (replace(first, **changes), *item.citations[1:])
