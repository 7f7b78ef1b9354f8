"""SQL of the outbox: what must still be said, to whom, and not before when; and of posted cards and questions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, delete, exists, false, func, not_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import crowds
from store import schema as t
from store.database import Tx, insert_row
from store.records import Bulletin
from store.states import Topic

TOPICS = {
    **dict.fromkeys(("gate", "report", "board", "suggestion"), Topic.ISSUE),
    **dict.fromkeys(("say", "doubt"), Topic.ALARMS),
}
_SAME_MOMENT = timedelta(milliseconds=1)
_WAITING = select(t.outbox.c.not_before).where(t.outbox.c.merge_key == bindparam("key"))
_PUT = upsert(t.outbox)
_MERGE_PATIENTLY = _PUT.on_conflict_do_update(index_elements=["merge_key"], set_={"payload": _PUT.excluded.payload})
_MERGE = _PUT.on_conflict_do_update(
    index_elements=["merge_key"],
    set_={"payload": _PUT.excluded.payload, "not_before": _PUT.excluded.not_before, "attempt": 0},
)


class Waiting(NamedTuple):
    """One outbox row. `person_id` or `chat_id` names the target; with neither it is the stranger of the submission."""

    id: int
    kind: str
    person_id: int | None
    chat_id: int | None
    thread_id: int | None
    subject_id: int
    payload: dict[str, Any]
    not_before: datetime
    attempt: int
    merge_key: str | None
    created_at: datetime


async def put(
    tx: Tx, *, now: datetime, kind: str, payload: dict[str, Any], patient: bool = False, **columns: Any
) -> None:
    """Add a row; one with the `merge_key` of a waiting row replaces it, keeping its place.

    A `patient` one leaves the moment of the waiting row as it is.
    """
    values = {"kind": kind, "payload": payload, "created_at": now, "not_before": now, **columns}
    if values.get("merge_key") and not patient:
        older: datetime | None = (await tx.execute(_WAITING, {"key": values["merge_key"]})).scalar()
        if older is not None and timedelta(0) <= values["not_before"] - older < _SAME_MOMENT:
            # an older one may be on its way now, and `done` tells them apart by their moments
            values["not_before"] = older - timedelta(microseconds=1)
    await tx.execute(_MERGE_PATIENTLY if patient else _MERGE, values)  # without a merge key no row is replaced


async def put_at_desk(
    tx: Tx, bulletin: Bulletin, *, now: datetime, kind: str, topic: Topic | None = None, **columns: Any
) -> None:
    """Add a row for the moderators' chat of a bulletin; while it has none, nothing is said.

    `topic` is what it is about, where that is not to be told by its kind.
    """
    if bulletin.moderators_chat is None:
        return
    thread = bulletin.thread_of(topic or TOPICS.get(kind, Topic.CARDS))
    columns |= {"chat_id": bulletin.moderators_chat, "thread_id": thread}
    await put(tx, now=now, kind=kind, **columns)


async def due(tx: Tx, now: datetime, held: Iterable[int] = ()) -> list[Waiting]:
    """Return for each chat and person the row that may be sent next, oldest first.

    Cards wait for all else, and new ones for those that stand already and only change; in the chats `held` new ones
    are left out.
    """
    crowded = list(held)
    rows = await tx.execute(_due(bool(crowded)), {"now": now, "crowded": crowded} if crowded else {"now": now})
    return [Waiting(*row) for row in rows.all()]


@cache
def _due(crowded: bool) -> Select[Any]:
    """Return the question of `due`, which is asked all the time; to put it together takes longer than to answer it."""
    c, card = t.outbox.c, t.cards.c
    stands = exists().where(card.kind == c.kind, card.subject_id == c.subject_id, card.chat_id == c.chat_id)
    turn = case((c.kind != "card", 0), (stands, 1), else_=2)
    stranger = case((c.person_id.is_(None) & c.chat_id.is_(None), c.subject_id), else_=0)
    place = func.row_number().over(partition_by=(c.person_id, c.chat_id, stranger), order_by=(turn, c.id))
    left_out = and_(c.chat_id.in_(bindparam("crowded", expanding=True)), crowds.is_new()) if crowded else false()
    ranked = select(c.id, place.label("place")).where(c.not_before <= bindparam("now"), not_(left_out)).subquery()
    first = select(ranked.c.id).where(ranked.c.place == 1)
    return select(t.outbox).where(c.id.in_(first)).order_by(c.id)


async def waits(tx: Tx, merge_key: str) -> bool:
    """Say whether a row of this merge key waits to be said."""
    return (await tx.execute(select(t.outbox.c.id).where(t.outbox.c.merge_key == merge_key))).first() is not None


async def begin(tx: Tx, row: Waiting) -> bool:
    """Note that a row is being said, so that `cancel` leaves it alone; False when it was taken back before."""
    c = t.outbox.c
    statement = update(t.outbox).where(c.id == row.id, c.not_before == row.not_before)
    return (await tx.execute(statement.values(attempt=row.attempt + 1))).rowcount == 1


async def cancel(tx: Tx, merge_key: str) -> bool:
    """Take back a row that nobody began to say; False when it is said, or being said."""
    c = t.outbox.c
    return (await tx.execute(delete(t.outbox).where(c.merge_key == merge_key, c.attempt == 0))).rowcount > 0


async def done(tx: Tx, row: Waiting) -> bool:
    """Forget a row that was sent, unless it was replaced or taken back meanwhile; says whether it was there."""
    c = t.outbox.c
    same = (c.id == row.id, c.payload == row.payload, c.not_before == row.not_before)
    return (await tx.execute(delete(t.outbox).where(*same))).rowcount == 1


async def again(tx: Tx, row: Waiting, now: datetime) -> None:
    """Add a row as it was, to be drawn and said now."""
    target: dict[str, Any] = {"chat_id": row.chat_id, "thread_id": row.thread_id, "merge_key": row.merge_key}
    await put(tx, now=now, kind=row.kind, payload=row.payload, subject_id=row.subject_id, **target)


async def later(tx: Tx, row: Waiting, not_before: datetime) -> None:
    c = t.outbox.c
    statement = update(t.outbox).where(c.id == row.id, c.not_before == row.not_before)
    await tx.execute(statement.values(not_before=not_before, attempt=row.attempt + 1))


async def count(tx: Tx) -> int:
    return int((await tx.execute(select(func.count()).select_from(t.outbox))).scalar_one())


async def card(tx: Tx, kind: str, subject_id: int, chat_id: int) -> int | None:
    """Return the message id of a posted card, if there is one in this chat."""
    c = t.cards.c
    query = select(c.message_id).where(c.kind == kind, c.subject_id == subject_id, c.chat_id == chat_id)
    return (await tx.execute(query)).scalar()


async def subjects_at(tx: Tx, kinds: Iterable[str], chat_id: int, message_id: int) -> list[int]:
    """Return what a message of ours is about; in private chats, which are not told apart, it may be several's."""
    c = t.cards.c
    query = select(c.subject_id).where(c.kind.in_(list(kinds)), c.chat_id == chat_id, c.message_id == message_id)
    return list((await tx.execute(query)).scalars())


async def remember_card(tx: Tx, kind: str, subject_id: int, chat_id: int, message_id: int) -> None:
    values = {"kind": kind, "subject_id": subject_id, "chat_id": chat_id, "message_id": message_id}
    statement = upsert(t.cards).values(**values)
    target = ["kind", "subject_id", "chat_id"]
    await tx.execute(statement.on_conflict_do_update(index_elements=target, set_={"message_id": message_id}))


async def forget_card(tx: Tx, kind: str, subject_id: int, chat_id: int) -> None:
    c = t.cards.c
    await tx.execute(delete(t.cards).where(c.kind == kind, c.subject_id == subject_id, c.chat_id == chat_id))


class Question(NamedTuple):
    """A message of ours that waits for a reply."""

    purpose: str
    subject_id: int
    message_id: int | None = None


async def ask(tx: Tx, *, chat_mac: str, purpose: str, subject_id: int, now: datetime) -> int:
    """Remember that a message which is about to be sent waits for a reply; returns the question's id."""
    values = {"chat_mac": chat_mac, "purpose": purpose, "subject_id": subject_id}
    return await insert_row(tx, t.prompts, **values, created_at=now)


async def asked(tx: Tx, question_id: int, message_id: int) -> None:
    """Note which message a question became, unless a reply that was quicker has told it."""
    c = t.prompts.c
    await tx.execute(update(t.prompts).where(c.id == question_id, c.message_id.is_(None)).values(message_id=message_id))


async def question(tx: Tx, chat_mac: str, message_id: int) -> Question | None:
    """Return the question that a message of ours asked."""
    c = t.prompts.c
    query = select(c.purpose, c.subject_id).where(c.chat_mac == chat_mac, c.message_id == message_id)
    row = (await tx.execute(query)).first()
    return None if row is None else Question(*row)


async def waiting_question(tx: Tx, chat_mac: str, purpose: str, since: datetime) -> Question | None:
    """Return the latest question of one purpose that was asked in a chat since a moment."""
    c = t.prompts.c
    asked_since = (c.chat_mac == chat_mac, c.purpose == purpose, c.created_at >= since)
    row = (await tx.execute(select(t.prompts).where(*asked_since).order_by(c.id.desc()).limit(1))).first()
    return None if row is None else Question(row.purpose, row.subject_id, row.message_id)


async def quickly_answered(tx: Tx, chat_mac: str, message_id: int, since: datetime) -> Question | None:
    """Return the latest question whose message is not known yet: a reply to it may come before Telegram's answer."""
    c = t.prompts.c
    on_its_way = (c.chat_mac == chat_mac, c.message_id.is_(None), c.created_at >= since)
    row = (await tx.execute(select(t.prompts).where(*on_its_way).order_by(c.id.desc()).limit(1))).first()
    if row is None:
        return None
    await asked(tx, row.id, message_id)
    return Question(row.purpose, row.subject_id)


async def forget_questions(tx: Tx, before: datetime) -> None:
    """Forget the questions that nobody has answered for long."""
    await tx.execute(delete(t.prompts).where(t.prompts.c.created_at < before))


async def unasked(tx: Tx, question_id: int) -> None:
    """Forget a question that Telegram did not take."""
    await tx.execute(delete(t.prompts).where(t.prompts.c.id == question_id))


async def answered(tx: Tx, chat_mac: str, message_id: int) -> None:
    c = t.prompts.c
    await tx.execute(delete(t.prompts).where(c.chat_mac == chat_mac, c.message_id == message_id))
