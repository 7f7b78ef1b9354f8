"""SQL of the moderators' chats: what stands there, their topics, and what becomes of it all when a group moves."""

from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update

from store import schema as t
from store.bulletins import fact, forget_fact, set_fact
from store.database import Tx
from store.guard import OPEN as GUARDED
from store.states import DeliveryState, IssueState, ItemState, Topic

COLUMNS = {Topic.CARDS: "moderators_thread", Topic.ISSUE: "issue_thread", Topic.ALARMS: "alarm_thread"}
UNSETTLED = (DeliveryState.IN_DOUBT, DeliveryState.HELD)


async def open_places(tx: Tx, chat_id: int) -> list[tuple[str, int]]:
    """Return kind and subject of everything posted in a chat with which something is still to be done."""
    c, i, e, d, g = t.cards.c, t.items.c, t.issues.c, t.deliveries.c, t.guarded_acts.c
    pending = exists().where(i.id == c.subject_id, i.state == ItemState.PENDING)
    unsent = exists().where(e.id == c.subject_id, e.state != IssueState.SENT)
    unsettled = exists().where(d.id == c.subject_id, d.state.in_(UNSETTLED))
    waiting = exists().where(g.id == c.subject_id, g.state.in_(GUARDED))
    still_open = or_(
        and_(c.kind == "card", pending),
        and_(c.kind == "gate", unsent),
        and_(c.kind == "doubt", unsettled),
        and_(c.kind == "guard", waiting),
        c.kind.not_in(("card", "gate", "doubt", "guard", "report")),
    )
    query = select(c.kind, c.subject_id).where(c.chat_id == chat_id, still_open).order_by(c.message_id)
    return [(row.kind, row.subject_id) for row in (await tx.execute(query)).all()]


async def naming(tx: Tx, person_id: int) -> list[tuple[int, int]]:
    """Return bulletin and item of each card of an open issue on which somebody stands, as sender or as who decided."""
    i, s, c, b = t.items.c, t.submissions.c, t.cards.c, t.bulletins.c
    theirs = or_(i.decided_by == person_id, i.submission_id.in_(select(s.id).where(s.person_id == person_id)))
    query = (
        select(i.bulletin_id, i.id)
        .join(t.bulletins, b.id == i.bulletin_id)
        .join(t.cards, and_(c.kind == "card", c.subject_id == i.id, c.chat_id == b.moderators_chat))
        .where(theirs, i.state.in_((ItemState.PENDING, ItemState.APPROVED)))
        .order_by(i.id)
    )
    return [(row.bulletin_id, row.id) for row in (await tx.execute(query)).all()]


async def used_by(tx: Tx, chat_id: int) -> list[int]:
    """Return the ids of the bulletins whose moderators' chat this is."""
    c = t.bulletins.c
    return list((await tx.execute(select(c.id).where(c.moderators_chat == chat_id).order_by(c.id))).scalars())


async def settle(tx: Tx, bulletin_id: int, old: int | None, new: int) -> None:
    """Make a chat the moderators' chat of a bulletin; what waits to be said in the old one is said in the new one."""
    b, o = t.bulletins, t.outbox
    without_topics: dict[str, Any] = dict.fromkeys(COLUMNS.values())
    await tx.execute(update(b).where(b.c.id == bulletin_id).values(moderators_chat=new, **without_topics))
    if old is not None and old != new:
        await tx.execute(update(o).where(o.c.chat_id == old).values(chat_id=new, thread_id=None))


async def set_topic(tx: Tx, bulletin_id: int, topic: Topic, thread_id: int | None) -> None:
    """Let messages of one kind go to a topic of the moderators' chat; None is the general one."""
    b = t.bulletins
    await tx.execute(update(b).where(b.c.id == bulletin_id).values({COLUMNS[topic]: thread_id}))


async def lose_topic(tx: Tx, chat_id: int, thread_id: int) -> list[tuple[int, Topic]]:
    """Take a topic that is no more out of use, and let what waits for it go to the general one.

    Returns which bulletins used it, and for what; nothing the second time.
    """
    b, o, ch = t.bulletins, t.outbox, t.channels
    lost: list[tuple[int, Topic]] = []
    for topic, column in COLUMNS.items():
        there = (b.c.moderators_chat == chat_id, b.c[column] == thread_id)
        users = (await tx.execute(select(b.c.id).where(*there))).scalars().all()
        lost += [(bulletin_id, topic) for bulletin_id in users]
        await tx.execute(update(b).where(*there).values({column: None}))
    await tx.execute(update(o).where(o.c.chat_id == chat_id, o.c.thread_id == thread_id).values(thread_id=None))
    await tx.execute(update(ch).where(ch.c.chat_id == chat_id, ch.c.thread_id == thread_id).values(thread_id=None))
    return lost


async def move_chat(tx: Tx, old: int, new: int) -> bool:
    """Rewrite a chat's id everywhere after it became a supergroup; False when nothing of ours lived there.

    A supergroup begins without topics and without the messages of before.
    """
    b, ch, ca, o = t.bulletins, t.channels, t.cards, t.outbox
    without_topics: dict[str, Any] = dict.fromkeys(COLUMNS.values())
    desks = update(b).where(b.c.moderators_chat == old).values(moderators_chat=new, **without_topics)
    changed = (await tx.execute(desks)).rowcount
    known = select(ch.c.bulletin_id).where(ch.c.chat_id == new)
    doubled = update(ch).where(ch.c.chat_id == old, ch.c.bulletin_id.in_(known))
    changed += (await tx.execute(doubled.values(paused=True, problem="moved"))).rowcount
    moved = update(ch).where(ch.c.chat_id == old, ch.c.bulletin_id.not_in(known))
    changed += (await tx.execute(moved.values(chat_id=new, thread_id=None))).rowcount
    await tx.execute(delete(ca).where(ca.c.chat_id == old))
    await tx.execute(update(o).where(o.c.chat_id == old).values(chat_id=new, thread_id=None))
    about = await fact(tx, f"chat:{old}")
    if about is not None:
        await set_fact(tx, f"chat:{new}", {**about, "kind": "supergroup"})
        await forget_fact(tx, f"chat:{old}")
    return changed > 0
