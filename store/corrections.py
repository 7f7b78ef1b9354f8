"""SQL of corrections of published issues: what was corrected, the drafts of it, and the rows that carry it out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, delete, func, insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx, insert_row
from store.deliveries import BATCH_ROWS, CHAT, CHAT_EDIT, CORRECTION, EDIT, MAIL, READY, TELEGRAM
from store.plans import PLANNED
from store.records import Delivery
from store.states import DeliveryState, IssueState, SubscriptionState

POST_OF = {EDIT: TELEGRAM, CHAT_EDIT: CHAT}
"""What the rows of a kind correct."""
OUT_THERE = (DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.IN_DOUBT)


class Correction(NamedTuple):
    """What was corrected in an issue; `before` and `after` are printed items, `after` is None for a withdrawn one."""

    number: int
    at: datetime
    actor: str
    item_id: int | None
    note: str
    mailed: bool


class Draft(NamedTuple):
    """A correction that waits for somebody's last word; it holds while `seen` corrections of the issue are made."""

    id: int
    issue_id: int
    seen: int
    place: int
    change: dict[str, Any]


class EditRow(NamedTuple):
    """A correction of a post that is to be made: of the row `id`, and what is known of the post."""

    id: int
    target_id: int
    post: DeliveryState
    message_id: int | None


async def count(tx: Tx, issue_id: int) -> int:
    """Return how many corrections of an issue were made."""
    c = t.corrections.c
    return int((await tx.execute(select(func.count()).where(c.issue_id == issue_id))).scalar_one())


async def of_issue(tx: Tx, issue_id: int) -> list[Correction]:
    """Return the corrections of an issue, in their order."""
    c = t.corrections.c
    query = select(c.number, c.at, c.actor, c.item_id, c.note, c.mailed).where(c.issue_id == issue_id)
    return [Correction(*row) for row in (await tx.execute(query.order_by(c.number))).all()]


async def add(tx: Tx, **columns: Any) -> None:
    await tx.execute(insert(t.corrections).values(**columns))


async def draft(tx: Tx, **columns: Any) -> int:
    """Keep a correction until it is confirmed; returns its id."""
    return await insert_row(tx, t.correction_drafts, **columns)


async def drafted(tx: Tx, draft_id: int) -> Draft | None:
    c = t.correction_drafts.c
    row = (await tx.execute(select(c.id, c.issue_id, c.seen, c.place, c.change).where(c.id == draft_id))).first()
    return None if row is None else Draft(*row)


async def drop_draft(tx: Tx, draft_id: int) -> bool:
    """Forget a draft; False when somebody was first."""
    return (await tx.execute(delete(t.correction_drafts).where(t.correction_drafts.c.id == draft_id))).rowcount == 1


async def forget_drafts(tx: Tx, before: datetime) -> None:
    """Forget the drafts that nobody has confirmed for long."""
    await tx.execute(delete(t.correction_drafts).where(t.correction_drafts.c.at < before))


async def replace_document(
    tx: Tx, issue_id: int, document: dict[str, Any], renderings: Iterable[tuple[str, int, bytes]], **columns: Any
) -> None:
    """Put another document and other editions in the place of an issue's."""
    values = {"document": document, "revision": t.issues.c.revision + 1, **columns}
    await tx.execute(update(t.issues).where(t.issues.c.id == issue_id).values(**values))
    rows = [{"issue_id": issue_id, "format": form, "part": part, "content": body} for form, part, body in renderings]
    statement = upsert(t.renderings)
    new = {"content": statement.excluded.content}
    await tx.execute(statement.on_conflict_do_update(index_elements=["issue_id", "format", "part"], set_=new), rows)


async def plan_edits(tx: Tx, issue_id: int, parts: Iterable[int]) -> int:
    """Queue the correction of these parts wherever they went out, are going out or perhaps did; returns how many rows.

    A part whose correction is under way is queued once more: what it sends is not the last word.
    """
    d, rows, changed = t.deliveries.c, 0, list(parts)
    for edit, post in POST_OF.items():
        there = and_(d.issue_id == issue_id, d.kind == post, d.part.in_(changed), d.state.in_(OUT_THERE))
        statement = upsert(t.deliveries).from_select(PLANNED, _fresh(edit, d.part).where(there))
        again = {"state": DeliveryState.QUEUED, "attempt": 0, "not_before": None, "problem": ""}
        where = ["issue_id", "kind", "target_id", "part"]
        rows += (await tx.execute(statement.on_conflict_do_update(index_elements=where, set_=again))).rowcount
    return rows


async def plan_letters(tx: Tx, issue_id: int, number: int) -> int:
    """Queue a letter on this correction for everybody who got the issue and still reads; returns how many rows."""
    d, s = t.deliveries.c, t.subscriptions.c
    got = and_(d.issue_id == issue_id, d.kind == MAIL, d.state.in_((DeliveryState.SENT, DeliveryState.SENDING)))
    reading = select(s.id).where(s.state == SubscriptionState.ACTIVE)
    source = _fresh(CORRECTION, literal(number)).where(got, d.target_id.in_(reading)).order_by(d.id)
    return (await tx.execute(insert(t.deliveries).from_select(PLANNED, source))).rowcount


def _fresh(kind: str, part: ColumnElement[int]) -> Select[Any]:
    """Return rows of another kind, planned for the targets of those that are asked for."""
    d = t.deliveries.c
    zeros = [literal(0, Integer).label(name) for name in ("attempt", "doubts", "possible_duplicate")]
    state = literal(DeliveryState.QUEUED.value)
    return select(d.issue_id, literal(kind), d.target_id, part, state, *zeros, literal("").label("problem"))


async def got_the_issue(tx: Tx, issue_id: int, targets: Iterable[int]) -> set[int]:
    """Return those of these readers to whom the issue went, or is on its way this moment."""
    d = t.deliveries.c
    here = (d.issue_id == issue_id, d.kind == MAIL, d.target_id.in_(list(targets)))
    states = d.state.in_((DeliveryState.SENT, DeliveryState.SENDING))
    return set((await tx.execute(select(d.target_id).where(*here, states))).scalars())


async def next_edits(tx: Tx, now: datetime, kind: str = EDIT) -> list[EditRow]:
    """Return for each channel, or chat, of an issue being sent the first correction that may be made now.

    One whose post is under way, or perhaps sent, waits until that is settled.
    """
    e, p = t.deliveries.alias("edits"), t.deliveries.alias("posts")
    same = and_(
        p.c.issue_id == e.c.issue_id,
        p.c.kind == POST_OF[kind],
        p.c.target_id == e.c.target_id,
        p.c.part == e.c.part,
        p.c.state.in_((DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.SKIPPED)),
    )
    sending = select(t.issues.c.id).where(t.issues.c.state == IssueState.SENDING)
    due = e.c.not_before.is_(None) | (e.c.not_before <= now)
    query = (
        select(e.c.id, e.c.target_id, p.c.state, p.c.message_id)
        .select_from(e.join(p, same))
        .where(e.c.kind == kind, e.c.state.in_(READY), e.c.issue_id.in_(sending), due)
        .order_by(e.c.id)
    )
    first: dict[int, EditRow] = {}
    for row in (await tx.execute(query.limit(BATCH_ROWS))).all():
        found = EditRow(row.id, row.target_id, DeliveryState(row.state), row.message_id)
        first.setdefault(found.target_id, found)
    return list(first.values())


async def post_of(tx: Tx, edit: Delivery) -> tuple[DeliveryState, int | None]:
    """Return the state of the post that a row corrects, and its message, where that is known."""
    d = t.deliveries.c
    same = (d.issue_id == edit.issue_id, d.target_id == edit.target_id, d.part == edit.part)
    here = (*same, d.kind == POST_OF[edit.kind])
    row = (await tx.execute(select(d.state, d.message_id).where(*here))).one()
    return DeliveryState(row.state), row.message_id
