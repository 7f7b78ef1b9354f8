"""SQL of what a sender is shown: submissions together, the message that follows them, and what waits to be said."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update

from store import items
from store import schema as t
from store.database import Tx
from store.outbox import Waiting
from store.records import Item, Submission
from store.states import ItemState

PRIVATE = 0
"""Stands for a person's private chat where a message is remembered: no private chat id is kept in clear."""

SUGGESTED = "suggestion"
"""The road of what a stranger sent."""

LETTER = "letter"
"""The road of what a contributor wrote by letter and is answered by letter; the sealed contact is its address."""

LETTER_IN_CHAT = "letter in chat"
"""The road of a contributor's letter that is answered in their chat, and by no mail."""

SUGGESTED_BY_LETTER = "suggested by letter"
"""The road of what a stranger wrote by letter."""

STRANGERS = (SUGGESTED, SUGGESTED_BY_LETTER)
ANSWERED_BY_MAIL = (LETTER, SUGGESTED_BY_LETTER)

UNDECIDED = (ItemState.DRAFT, ItemState.PENDING)


async def latest(tx: Tx, person_id: int, limit: int, offset: int = 0) -> list[Submission]:
    """Return what a person sent, the newest first."""
    c = t.submissions.c
    query = select(t.submissions).where(c.person_id == person_id).order_by(c.number.desc()).limit(limit).offset(offset)
    return [Submission(**row._asdict()) for row in (await tx.execute(query)).all()]


async def count(tx: Tx, person_id: int) -> int:
    """Return how many submissions of a person are known."""
    query = select(func.count()).select_from(t.submissions).where(t.submissions.c.person_id == person_id)
    return int((await tx.execute(query)).scalar_one())


async def submissions(tx: Tx, ids: Iterable[int]) -> list[Submission]:
    """Return these submissions, oldest first."""
    c = t.submissions.c
    rows = (await tx.execute(select(t.submissions).where(c.id.in_(list(ids))).order_by(c.id))).all()
    return [Submission(**row._asdict()) for row in rows]


async def items_of(tx: Tx, ids: Iterable[int]) -> dict[int, list[Item]]:
    """Return the items of each of these submissions, in the order in which they came."""
    found: dict[int, list[Item]] = {submission_id: [] for submission_id in ids}
    for item in await items.of_submissions(tx, found):
        if item.submission_id is not None:
            found[item.submission_id].append(item)
    return found


async def followed_in(tx: Tx, person_id: int, message_id: int) -> list[int]:
    """Return the submissions that one message in a person's private chat follows."""
    card, sub = t.cards.c, t.submissions.c
    query = select(sub.id).join(t.cards, card.subject_id == sub.id).where(card.message_id == message_id)
    query = query.where(card.kind == "ack", card.chat_id == PRIVATE, sub.person_id == person_id)
    return list((await tx.execute(query.order_by(sub.id))).scalars())


async def messages_of(tx: Tx, ids: Iterable[int]) -> dict[int, int]:
    """Return the id of the message that follows each of these submissions, where there is one."""
    c = t.cards.c
    query = select(c.subject_id, c.message_id).where(c.kind == "ack", c.chat_id == PRIVATE, c.subject_id.in_(list(ids)))
    return {row.subject_id: row.message_id for row in (await tx.execute(query)).all()}


async def waiting(tx: Tx, kind: str, person_id: int, now: datetime) -> list[Waiting]:
    """Return what of this kind may be said to a person now, oldest first."""
    c = t.outbox.c
    query = select(t.outbox).where(c.kind == kind, c.person_id == person_id, c.not_before <= now).order_by(c.id)
    return [Waiting(*row) for row in (await tx.execute(query)).all()]


async def note(tx: Tx, submission_id: int, words: str) -> None:
    """Keep other words as the sender's note."""
    await tx.execute(update(t.submissions).where(t.submissions.c.id == submission_id).values(note=words))


async def undecided_of(tx: Tx, contact_mac: str) -> int:
    """Return how many links of a stranger wait for a decision."""
    i, sub = t.items.c, t.submissions.c
    mine = select(sub.id).where(sub.contact_mac == contact_mac)
    query = select(func.count()).where(i.submission_id.in_(mine), i.state.in_(UNDECIDED))
    return int((await tx.execute(query)).scalar_one())


async def suggested_since(tx: Tx, moment: datetime) -> int:
    """Return how many links strangers sent since then, all of them together."""
    i, sub = t.items.c, t.submissions.c
    theirs = select(sub.id).where(sub.person_id.is_(None), sub.road.in_(STRANGERS), sub.received_at >= moment)
    return int((await tx.execute(select(func.count()).where(i.submission_id.in_(theirs)))).scalar_one())


async def settled_strangers(tx: Tx) -> list[int]:
    """Return strangers' submissions with nothing left to decide or to tell, whose sender is still known."""
    i, sub, box = t.items.c, t.submissions.c, t.outbox.c
    whole = t.items.alias()  # what an item became part of: the one is decided with the other
    undecided = i.state.in_(UNDECIDED) | whole.c.state.in_(UNDECIDED)
    joined = t.items.outerjoin(whole, whole.c.id == i.merged_into_id)
    open_items = select(i.id).select_from(joined).where(i.submission_id == sub.id, undecided).correlate(t.submissions)
    told = select(box.id).join(t.items, i.id == box.subject_id)
    to_tell = told.where(box.kind == "outcome", box.person_id.is_(None), i.submission_id == sub.id).exists()
    query = select(sub.id).where(sub.contact_mac.is_not(None), ~open_items.exists(), ~to_tell)
    return list((await tx.execute(query)).scalars())


async def forget_addresses(tx: Tx) -> bool:
    """Erase the addresses of contributors' letters with nothing left to decide or to tell; says whether any was."""
    i, sub, box = t.items.c, t.submissions.c, t.outbox.c
    whole = t.items.alias()
    undecided = i.state.in_(UNDECIDED) | whole.c.state.in_(UNDECIDED)
    joined = t.items.outerjoin(whole, whole.c.id == i.merged_into_id)
    open_items = select(i.id).select_from(joined).where(i.submission_id == sub.id, undecided).correlate(t.submissions)
    told = select(box.id).join(t.items, i.id == box.subject_id)
    to_tell = told.where(box.kind == "outcome", i.submission_id == sub.id).correlate(t.submissions)
    settled = update(t.submissions).where(sub.road == LETTER, sub.contact.is_not(None), ~open_items.exists())
    return (await tx.execute(settled.where(~to_tell.exists()).values(contact=None))).rowcount > 0


async def mail_contacts(tx: Tx) -> list[tuple[int, bytes]]:
    """Return every submission that is answered by mail, with the sealed address."""
    sub = t.submissions.c
    query = select(sub.id, sub.contact).where(sub.road.in_(ANSWERED_BY_MAIL), sub.contact.is_not(None))
    return [(row.id, row.contact) for row in (await tx.execute(query)).all()]


async def forget_contact(tx: Tx, submission_id: int) -> None:
    """Erase the address that a submission came from; of a stranger's nothing is left that tells who sent it."""
    sub = t.submissions.c
    statement = update(t.submissions).where(sub.id == submission_id).values(contact=None).returning(sub.road)
    if (await tx.execute(statement)).scalar_one() in STRANGERS:
        await forget_stranger(tx, submission_id)


async def forget_stranger(tx: Tx, submission_id: int) -> None:
    """Erase all that tells who sent this, and the words they wrote beside it."""
    sub, card, box = t.submissions.c, t.cards.c, t.outbox.c
    gone = {"contact": None, "contact_mac": None, "language": "", "note": ""}
    await tx.execute(update(t.submissions).where(sub.id == submission_id).values(**gone))
    await tx.execute(delete(t.intake_keys).where(t.intake_keys.c.submission_id == submission_id))
    await tx.execute(update(t.items).where(t.items.c.submission_id == submission_id).values(intake_key=None))
    await tx.execute(delete(t.cards).where(card.kind == "ack", card.subject_id == submission_id))
    await tx.execute(delete(t.outbox).where(box.kind == "ack", box.subject_id == submission_id))
