"""A message that its sender changed or added words to: what is undecided follows it, what is decided stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake import following
from bot.intake.message import pairing
from bot.intake.message.entries import Entry, GoingOn, Place
from bot.intake.message.found import find
from bot.intake.message.missing import ask_for_links
from bot.intake.message.pairing import UNDECIDED
from bot.intake.submit import add_entries, columns_of, say_what_was_left_out, show_card
from store import audit, items, votes
from store import people as people_records
from store.database import Tx
from store.messages import Incoming
from store.records import Bulletin, Item, Person, Submission
from store.states import ItemState

GONE = (ItemState.WITHDRAWN, ItemState.MERGED)


@dataclass(frozen=True, slots=True)
class Revised:
    """What a changed message did: how many items follow it, and the titles of those that were decided already."""

    changed: int
    too_late: tuple[str, ...] = ()


async def revise(
    tx: Tx, bulletin: Bulletin, person: Person, submission: Submission, incoming: Incoming, key: str, now: datetime
) -> Revised:
    """Let the undecided items of a message follow its new text; a decided one stays as it is.

    A link that was replaced is read anew, one that is gone is withdrawn, a new one is added, and the note is changed.
    Raises Refused when nothing that can be stored is left in the message.
    """
    before = [item for item in await items.of_message(tx, key) if item.state not in GONE]
    day = incoming.sent_at.astimezone(ZoneInfo(bulletin.timezone)).date()
    found = find(incoming, bulletin, day)
    if found.going_on is None and submission.going_on is not None:
        found = find(incoming, bulletin, day, GoingOn(Place.ITEMS, cut=True))
    if found.is_nothing and before:
        raise next((reason for _, reason in found.refused), Refused("edit-no-link"))
    plan = pairing.plan(before, found.entries)
    kept = [await _keep(tx, bulletin, item, entry, now) for item, entry in plan.kept]
    too_late = [*plan.gone_too_late, *(item for (item, _), late in zip(plan.kept, kept, strict=True) if late is None)]
    for item, entry in plan.replaced:
        await _replace(tx, item, entry)
        await show_card(tx, bulletin, item.id, now)
    for item in plan.withdrawn:
        await items.change(tx, item.id, item.revision, states=UNDECIDED, state=ItemState.WITHDRAWN, unread=False)
        await show_card(tx, bulletin, item.id, now)
    await add_entries(tx, bulletin, submission.id, plan.added, key, now)
    if plan.added:
        today = now.astimezone(ZoneInfo(bulletin.timezone)).date()
        await people_records.count_links(tx, person.id, len(plan.added), today)
    noted = found.going_on is None and await change_note(tx, bulletin, submission, found.note, before, now)
    changed = sum(bool(done) for done in kept) + len(plan.replaced) + len(plan.withdrawn) + len(plan.added) + noted
    if changed:
        await audit.note(tx, at=now, actor="contributor", act="revise", subject="submission", person=person.id)
        await following.follow(tx, submission.id, now)
    await ask_for_links(tx, submission, now)
    await say_what_was_left_out(tx, person, found, now)
    return Revised(changed, tuple(item.title for item in too_late))


async def _keep(tx: Tx, bulletin: Bulletin, item: Item, entry: Entry, now: datetime) -> bool | None:
    """Let an item with the same page take what is told of it now.

    Returns whether anything changed, None when something would have but the item is decided.
    """
    columns = pairing.changes(item, entry)
    if not columns:
        return False
    if item.state not in UNDECIDED:
        return None
    await items.change(tx, item.id, item.revision, states=UNDECIDED, **columns)
    await votes.clear(tx, item.id)  # they were cast for what stood there before
    await show_card(tx, bulletin, item.id, now)
    return True


async def _replace(tx: Tx, item: Item, entry: Entry) -> None:
    """Make an item the draft of another entry, whose page is to be read."""
    await items.change(
        tx,
        item.id,
        item.revision,
        states=UNDECIDED,
        state=ItemState.DRAFT,
        problem="",
        authors=[],
        language=None,
        **columns_of(entry),
    )


async def change_note(
    tx: Tx, bulletin: Bulletin, submission: Submission, note: str, of: Sequence[Item], now: datetime
) -> bool:
    """Let other words be the note of a submission; False when they are the same, or everything is decided."""
    waiting = [item for item in of if item.state in UNDECIDED]
    if note == submission.note or not waiting:
        return False
    await items.change_submission(tx, submission.id, note=note)
    for item in waiting:
        await show_card(tx, bulletin, item.id, now)
    return True


async def add_words(tx: Tx, bulletin: Bulletin, submission: Submission, words: str, now: datetime) -> bool:
    """Add words that were sent later to the note of a submission; False when everything in it is decided."""
    note = "\n".join(part for part in (submission.note, words) if part)
    return await change_note(tx, bulletin, submission, note, await items.of_submission(tx, submission.id), now)
