"""SQL of submissions, items and their citations. Every change of an item is conditional on its revision."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from store import known, votes
from store import schema as t
from store.database import Tx
from store.errors import Stale
from store.records import Citation, Item, MediaType, Precision, PublicationDate, Submission
from store.states import ItemState

OPEN_STATES = (ItemState.APPROVED, ItemState.CARRIED)
_OF_MESSAGE = select(t.intake_keys.c.submission_id).where(t.intake_keys.c.key == bindparam("message"))
_SUBMISSION = select(t.submissions).where(t.submissions.c.id == bindparam("submission"))
_LATEST = (
    select(t.submissions)
    .where(t.submissions.c.person_id == bindparam("person"))
    .order_by(t.submissions.c.number.desc())
    .limit(1)
)
_ADD_SUBMISSION = insert(t.submissions).returning(t.submissions)
_ADD_MESSAGE = insert(t.intake_keys)
_ADD_ITEMS = insert(t.items).returning(t.items.c.id, sort_by_parameter_order=True)
_ADD_CITATIONS = insert(t.citations)
_IN_ORDER = select(t.items).order_by(t.items.c.id)
_ONE = select(t.items).where(t.items.c.id == bindparam("item"))
LATEST_CITATIONS = 200  # of a source are looked through at most, since one may have tens of thousands
_UNREAD = _IN_ORDER.where(t.items.c.unread.is_(True), t.items.c.state == ItemState.DRAFT).limit(bindparam("most"))
_CITATIONS = (
    select(t.citations)
    .where(t.citations.c.item_id.in_(bindparam("items", expanding=True)))
    .order_by(t.citations.c.item_id, t.citations.c.position)
)


async def submission_of_message(tx: Tx, intake_key: str) -> int | None:
    """Return the submission that a message is part of, None when it was not taken in yet."""
    return (await tx.execute(_OF_MESSAGE, {"message": intake_key})).scalar()


async def add_submission(tx: Tx, *, intake_key: str, **columns: Any) -> Submission:
    """Add a submission that begins with this message."""
    added = Submission(**(await tx.execute(_ADD_SUBMISSION, columns)).one()._asdict())
    await add_message(tx, added.id, intake_key)
    return added


async def add_message(tx: Tx, submission_id: int, intake_key: str) -> None:
    """Note that a message is part of a submission."""
    await tx.execute(_ADD_MESSAGE, {"key": intake_key, "submission_id": submission_id})


async def change_submission(tx: Tx, submission_id: int, **columns: Any) -> None:
    await tx.execute(update(t.submissions).where(t.submissions.c.id == submission_id).values(**columns))


async def submission(tx: Tx, submission_id: int) -> Submission:
    row = (await tx.execute(_SUBMISSION, {"submission": submission_id})).one()
    return Submission(**row._asdict())


async def latest_submission(tx: Tx, person_id: int) -> Submission | None:
    """Return what a person sent last."""
    row = (await tx.execute(_LATEST, {"person": person_id})).first()
    return None if row is None else Submission(**row._asdict())


async def add(tx: Tx, *, citations: Iterable[Citation], **columns: Any) -> int:
    """Add an item with its citations; returns its id."""
    return (await add_all(tx, [{"citations": citations, **columns}]))[0]


async def add_all(tx: Tx, added: Sequence[dict[str, Any]]) -> list[int]:
    """Add items with their citations, in a few statements however many they are; returns their ids in order."""
    rows = [{name: value for name, value in item.items() if name != "citations"} for item in added]
    if not rows:
        return []
    ids = [int(number) for number in (await tx.execute(_ADD_ITEMS, rows)).scalars()]
    await _add_citations(tx, {number: item["citations"] for number, item in zip(ids, added, strict=True)})
    await known.index_titles(tx, {number: row["title"] for number, row in zip(ids, rows, strict=True)})
    return ids


async def get(tx: Tx, item_id: int) -> Item | None:
    found = await _whole(tx, (await tx.execute(_ONE, {"item": item_id})).all())
    return found[0] if found else None


async def in_states(tx: Tx, bulletin_id: int, *states: ItemState) -> list[Item]:
    """Return the items of a bulletin in these states, oldest first."""
    return await _items(tx, t.items.c.bulletin_id == bulletin_id, t.items.c.state.in_(states))


async def unread(tx: Tx, limit: int) -> list[Item]:
    """Return items whose page was not read yet, oldest first."""
    return await _whole(tx, (await tx.execute(_UNREAD, {"most": limit})).all())


async def of_submission(tx: Tx, submission_id: int) -> list[Item]:
    return await _items(tx, t.items.c.submission_id == submission_id)


async def of_submissions(tx: Tx, submission_ids: Iterable[int]) -> list[Item]:
    return await _items(tx, t.items.c.submission_id.in_(list(submission_ids)))


async def of_message(tx: Tx, intake_key: str) -> list[Item]:
    """Return the items that came in with one message, in their order."""
    return await _items(tx, t.items.c.intake_key == intake_key)


async def change(
    tx: Tx,
    item_id: int,
    revision: int,
    *,
    states: Iterable[ItemState],
    citations: Iterable[Citation] | None = None,
    **columns: Any,
) -> None:
    """Change an item that is still of this revision and in one of these states, in one statement.

    Raises Stale when it is not: somebody else was first.
    """
    c = t.items.c
    statement = update(t.items).where(c.id == item_id, c.revision == revision, c.state.in_(list(states)))
    result = await tx.execute(statement.values(revision=c.revision + 1, **columns))
    if result.rowcount != 1:
        raise Stale
    if columns.get("state") in (ItemState.DRAFT, ItemState.PENDING):
        await votes.clear(tx, item_id)  # it is to be decided anew
    if "title" in columns:
        await known.index_title(tx, item_id, columns["title"], before=True)
    if citations is not None:
        await tx.execute(delete(t.citations).where(t.citations.c.item_id == item_id))
        await _add_citations(tx, {item_id: citations})


async def put_off_until(tx: Tx, now: datetime) -> list[Item]:
    """Return the pending items of every bulletin that were put off until now or earlier, oldest first."""
    c = t.items.c
    pending = c.bulletin_id.in_(select(t.bulletins.c.id)), c.state == ItemState.PENDING  # as the index has them
    return await _items(tx, *pending, c.snoozed_until <= now)


async def several(tx: Tx, item_ids: Iterable[int]) -> list[Item]:
    """Return these items, oldest first."""
    return await _items(tx, t.items.c.id.in_(list(item_ids)))


async def in_group(tx: Tx, translation_group: int) -> list[Item]:
    """Return the items that tell one story in several languages, oldest first."""
    return await _items(tx, t.items.c.translation_group == translation_group)


async def merged_into(tx: Tx, item_id: int) -> list[Item]:
    """Return the items that became part of this one."""
    return await _items(tx, t.items.c.merged_into_id == item_id, t.items.c.state == ItemState.MERGED)


async def followed(tx: Tx, item: Item) -> Item:
    """Return the item that this one became part of, itself where it stands alone: what becomes of it is told there."""
    met = {item.id}
    while item.state == ItemState.MERGED and item.merged_into_id is not None and item.merged_into_id not in met:
        met.add(item.merged_into_id)
        target = await get(tx, item.merged_into_id)
        if target is None:
            break
        item = target
    return item


async def sections_of_sources(tx: Tx, bulletin_id: int, sources: Iterable[str], recent: int) -> dict[int, int]:
    """Return how often items of these sources went into each section, among the latest decided ones."""
    i, c = t.items.c, t.citations.c
    wanted = select(c.item_id).where(c.source.in_(list(sources))).order_by(c.id.desc()).limit(LATEST_CITATIONS)
    query = select(i.section_id).where(i.bulletin_id == bulletin_id, i.section_id.is_not(None), i.id.in_(wanted))
    found = Counter((await tx.execute(query.order_by(i.id.desc()).limit(recent))).scalars())
    return dict(found)


async def put_in_issue(tx: Tx, items: Iterable[Item], issue_id: int) -> None:
    """Mark these approved items as printed in an issue; raises Stale when one changed meanwhile."""
    for item in items:
        await change(tx, item.id, item.revision, states=OPEN_STATES, state=ItemState.IN_ISSUE, issue_id=issue_id)


async def counts(tx: Tx, bulletin_id: int) -> dict[ItemState, int]:
    c = t.items.c
    rows = await tx.execute(select(c.state, func.count()).where(c.bulletin_id == bulletin_id).group_by(c.state))
    return {ItemState(state): number for state, number in rows.all()}


async def _add_citations(tx: Tx, cited_by: Mapping[int, Iterable[Citation]]) -> None:
    rows = [
        {
            "item_id": item_id,
            "position": position,
            "url": cited.url,
            "canonical": cited.canonical,
            "source": cited.source,
            "date_precision": cited.date.precision,
            "date_start": cited.date.start,
            "date_end": cited.date.end,
            "original_source": cited.original_source,
            "archived": cited.archived,
        }
        for item_id, citations in cited_by.items()
        for position, cited in enumerate(citations)
    ]
    if rows:
        await tx.execute(_ADD_CITATIONS, rows)


async def _items(tx: Tx, *conditions: Any) -> list[Item]:
    return await _whole(tx, (await tx.execute(_IN_ORDER.where(*conditions))).all())


async def _whole(tx: Tx, rows: Sequence[Row[Any]]) -> list[Item]:
    """Return items with their citations."""
    cited: dict[int, list[Citation]] = {row.id: [] for row in rows}
    for row in (await tx.execute(_CITATIONS, {"items": list(cited)})).all() if cited else ():
        cited[row.item_id].append(_citation(row))
    return [_item(row, tuple(cited[row.id])) for row in rows]


def _citation(row: Row[Any]) -> Citation:
    when = PublicationDate(Precision(row.date_precision), row.date_start, row.date_end)
    return Citation(row.source, row.url, row.canonical, when, row.original_source, row.archived)


def _item(row: Row[Any], citations: tuple[Citation, ...]) -> Item:
    values = row._asdict()
    values |= {
        "state": ItemState(row.state),
        "media_type": MediaType(row.media_type),
        "authors": tuple(row.authors),
        "told": tuple(row.told),
        "citations": citations,
    }
    return Item(**values)
