"""Messages that belong together: an album, and a pasted digest that Telegram cut into pieces."""

from dataclasses import asdict
from datetime import date, timedelta

from bot.intake.message.entries import Entry, GoingOn, Place, with_links
from bot.intake.message.found import Found
from store import items
from store.database import Tx
from store.messages import Incoming
from store.records import Item, Person, Submission
from store.states import ItemState

TOGETHER_SECONDS = 10
UNDECIDED = (ItemState.DRAFT, ItemState.PENDING)


def album_key(key: str, incoming: Incoming) -> str:
    """Return the key that the messages of one album share; `key` is that of one of them."""
    return f"{key.rpartition(':')[0]}:a{incoming.album}"


async def submission_of(
    tx: Tx, person: Person, incoming: Incoming, key: str, *, alone: bool = False
) -> Submission | None:
    """Return the submission that a message may go on with: its album's, or a paste of a few seconds ago.

    What stands `alone`, as a file does, goes on with nothing but its album.
    """
    if incoming.album:
        album = await items.submission_of_message(tx, album_key(key, incoming))
        if album is not None:
            return await items.submission(tx, album)
    latest = None if alone else await items.latest_submission(tx, person.id)
    if latest is None or latest.last_at is None:
        return None
    together = abs(incoming.sent_at - latest.last_at) <= timedelta(seconds=TOGETHER_SECONDS)
    return latest if together else None


def state_of(submission: Submission) -> GoingOn | None:
    """Return where a paste stands; None for what is no paste."""
    stored = submission.going_on
    if stored is None:
        return None
    return GoingOn(
        Place(stored["place"]),
        submission.heading_id,
        stored["cut"],
        stored["open_line"],
        stored["open_entry"],
        date.fromisoformat(stored["issue_day"]) if stored["issue_day"] else None,
    )


def notices_of(submission: Submission) -> list[int]:
    """Return the notices that a paste has held so far."""
    stored = submission.going_on
    return list(stored["notices"]) if stored is not None else []


def belongs(found: Found, incoming: Incoming) -> bool:
    """Tell whether a message goes on with one before it: of an album always, of a paste only as a digest."""
    return bool(incoming.album) or found.going_on is not None


async def remember(
    tx: Tx, submission: Submission, incoming: Incoming, key: str, found: Found, notices: list[int]
) -> None:
    """Note what the next message may go on with; `notices` are those of the paste so far."""
    if incoming.album and await items.submission_of_message(tx, album_key(key, incoming)) is None:
        await items.add_message(tx, submission.id, album_key(key, incoming))
    state = found.going_on
    if state is None:
        return
    day = state.issue_day.isoformat() if state.issue_day else None
    stored = asdict(state) | {"notices": notices, "issue_day": day}
    del stored["heading_id"]
    await items.change_submission(
        tx, submission.id, last_at=incoming.sent_at, heading_id=state.heading_id, going_on=stored
    )


async def mend(tx: Tx, submission: Submission, entry: Entry) -> Item | None:
    """Complete the last entry of the message before, and return it; one that is decided meanwhile stays as it is."""
    last = (await items.of_submission(tx, submission.id))[-1:]
    if not last or last[0].state not in UNDECIDED:
        return None
    item = last[0]
    columns: dict[str, object] = {}
    if entry.title:
        columns = {"title": entry.title, "told": list(entry.told)}
        citations = entry.citations
    elif any(cited.url for cited in item.citations) or any(cited.date.start for cited in entry.citations):
        told = [name for name in ("source", "date") if name not in item.told]
        columns = {"told": [*item.told, *told]} if not item.citations else {}
        citations = (*item.citations, *entry.citations)
    else:
        citations = with_links(item.citations, entry.citations)
    if item.state == ItemState.DRAFT:
        columns["unread"] = any(cited.url for cited in citations)
    await items.change(tx, item.id, item.revision, states=UNDECIDED, citations=citations, **columns)
    return await items.get(tx, item.id)
