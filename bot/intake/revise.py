"""A message that its sender changed or added words to: what is undecided follows it, what is decided stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake import following
from bot.intake.entries import Entry, GoingOn, Place
from bot.intake.found import Found, find
from bot.intake.headings import folded
from bot.intake.missing import ask_for_links
from bot.intake.submit import add_entries, columns_of, say_what_was_left_out, show_card
from store import audit, items
from store import people as people_records
from store.database import Tx
from store.messages import Incoming
from store.records import Bulletin, Item, Person, Submission
from store.states import ItemState

UNDECIDED = (ItemState.DRAFT, ItemState.PENDING)
GONE = (ItemState.WITHDRAWN, ItemState.MERGED)


@dataclass(frozen=True, slots=True)
class Revised:
    """What a changed message did: how many items follow it, and the titles of those that were decided already."""

    changed: int
    too_late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which item becomes which entry; `kept` stay as they are but for what is told of them."""

    kept: tuple[tuple[Item, Entry], ...]
    replaced: tuple[tuple[Item, Entry], ...]
    withdrawn: tuple[Item, ...]
    added: tuple[Entry, ...]
    too_late: tuple[Item, ...]


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
    plan = _plan(before, found.entries)
    changed = sum([await _keep(tx, bulletin, item, entry, now) for item, entry in plan.kept])
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
    noted = await _note(tx, bulletin, submission, found, before, now)
    changed += len(plan.replaced) + len(plan.withdrawn) + len(plan.added) + noted
    if changed:
        await audit.note(tx, at=now, actor="contributor", act="revise", subject="submission", person=person.id)
        await following.follow(tx, submission.id, now)
    await ask_for_links(tx, submission, now)
    await say_what_was_left_out(tx, person, found, now)
    return Revised(changed, tuple(item.title for item in plan.too_late))


def _plan(before: Sequence[Item], entries: Sequence[Entry]) -> _Plan:
    """Pair items with entries: by their pages, by their titles, and then in the order in which they stand."""
    items_left, entries_left = list(before), list(entries)
    kept = []
    for same in (_same_page, _same_title):
        for item in list(items_left):
            entry = next((entry for entry in entries_left if same(item, entry)), None)
            if entry is not None:
                items_left.remove(item)
                entries_left.remove(entry)
                kept.append((item, entry))
    too_late = tuple(item for item in items_left if item.state not in UNDECIDED)
    undecided = [item for item in items_left if item.state in UNDECIDED]
    replaced = tuple(zip(undecided, entries_left, strict=False))
    # A new link in the place of a decided one is a story of its own.
    return _Plan(
        tuple(kept), replaced, tuple(undecided[len(replaced) :]), tuple(entries_left[len(replaced) :]), too_late
    )


def _same_page(item: Item, entry: Entry) -> bool:
    pages = {cited.canonical for cited in item.citations if cited.canonical}
    return bool(pages & {cited.canonical for cited in entry.citations if cited.canonical})


def _same_title(item: Item, entry: Entry) -> bool:
    return bool(entry.title) and "title" in item.told and folded(item.title) == folded(entry.title)


async def _keep(tx: Tx, bulletin: Bulletin, item: Item, entry: Entry, now: datetime) -> bool:
    """Let an item with the same page take what is told of it now; says whether anything changed."""
    if item.state not in UNDECIDED:
        return False
    columns = columns_of(entry)
    lacked = not any(cited.url for cited in item.citations)
    told = set(entry.told)
    changes: dict[str, object] = {}
    if "title" in told and entry.title != item.title:
        changes["title"] = entry.title
    if "section" in told and entry.section_id != item.wanted_section_id:
        changes["wanted_section_id"] = entry.section_id
    said = tuple((cited.url, cited.date if "date" in told else None) for cited in entry.citations)
    stood = tuple((cited.url, cited.date if "date" in told else None) for cited in item.citations)
    names = tuple(cited.source for cited in entry.citations) if "source" in told else ()
    if said != stood or (names and names != tuple(cited.source for cited in item.citations)):
        changes |= {"citations": columns["citations"]}
    if not changes:
        return False
    changes["told"] = sorted({*item.told, *told})
    if "citations" in changes and (lacked or item.state == ItemState.DRAFT):
        changes |= {"unread": columns["unread"]}
    await items.change(tx, item.id, item.revision, states=UNDECIDED, **changes)  # type: ignore[arg-type]
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


async def _note(
    tx: Tx, bulletin: Bulletin, submission: Submission, found: Found, before: Sequence[Item], now: datetime
) -> bool:
    """Take over the words around the links; says whether they changed. Of a paste they stay as they are."""
    if found.going_on is not None or found.note == submission.note:
        return False
    await items.change_submission(tx, submission.id, note=found.note)
    for item in before:
        if item.state in UNDECIDED:
            await show_card(tx, bulletin, item.id, now)
    return True


async def add_words(tx: Tx, bulletin: Bulletin, submission: Submission, words: str, now: datetime) -> bool:
    """Add words that were sent later to the note of a submission; False when everything in it is decided."""
    waiting = [item for item in await items.of_submission(tx, submission.id) if item.state in UNDECIDED]
    if not waiting or not words:
        return False
    note = "\n".join(part for part in (submission.note, words) if part)
    await items.change_submission(tx, submission.id, note=note)
    for item in waiting:
        await show_card(tx, bulletin, item.id, now)
    return True
