"""SQL of opening a closed issue again: what must be untouched for it, and what is taken back then."""

from sqlalchemy import and_, delete, func, select, update

from store import items
from store import schema as t
from store.bulletins import fact, set_fact
from store.database import Tx
from store.records import Issue, Item
from store.states import DeliveryState, ItemState

LAST_REMOVED = "issue-removed"


async def touched(tx: Tx, issue_id: int) -> bool:
    """Say whether some row of an issue's ledger was ever more than planned."""
    d = t.deliveries.c
    planned = and_(
        d.state.in_((DeliveryState.QUEUED, DeliveryState.SKIPPED)),
        d.attempt == 0,
        d.doubts == 0,
        d.possible_duplicate.is_(False),
        d.message_id.is_(None),
    )
    return (await tx.execute(select(d.id).where(d.issue_id == issue_id, ~planned).limit(1))).first() is not None


async def corrected(tx: Tx, issue_id: int) -> bool:
    c = t.corrections.c
    return (await tx.execute(select(c.id).where(c.issue_id == issue_id).limit(1))).first() is not None


async def give_number_back(tx: Tx, bulletin_id: int, number: int) -> bool:
    """Let `number` be the next one again; False when a later one was taken meanwhile."""
    c = t.bulletins.c
    statement = update(t.bulletins).where(c.id == bulletin_id, c.next_number == number + 1)
    return (await tx.execute(statement.values(next_number=number))).rowcount == 1


async def forget_editions(tx: Tx, issue_id: int) -> None:
    """Remove the ledger and the drawings of an issue of which nothing went out."""
    await tx.execute(delete(t.deliveries).where(t.deliveries.c.issue_id == issue_id))
    await tx.execute(delete(t.renderings).where(t.renderings.c.issue_id == issue_id))


async def take_items_back(tx: Tx, issue_id: int) -> None:
    """Let the items of a closed issue be approved ones again; their order by hand stays with them."""
    c = t.items.c
    values = {"state": ItemState.APPROVED, "issue_id": None, "revision": c.revision + 1}
    await tx.execute(update(t.items).where(c.issue_id == issue_id, c.state == ItemState.IN_ISSUE).values(**values))


async def join(tx: Tx, later: Issue, into: Issue) -> None:
    """Take away an open issue and give what was prepared for it to another, whose own comes first."""
    s, h, i = t.sections.c, t.section_changes.c, t.items.c
    await tx.execute(update(t.sections).where(s.issue_id == later.id).values(issue_id=into.id))
    own = select(h.section_id).where(h.issue_id == into.id).scalar_subquery()
    moved = update(t.section_changes).where(h.issue_id == later.id, h.section_id.not_in(own))
    await tx.execute(moved.values(issue_id=into.id))
    await tx.execute(delete(t.section_changes).where(h.issue_id == later.id))
    await tx.execute(update(t.items).where(i.skips_issue_id == later.id).values(skips_issue_id=into.id))
    await tx.execute(delete(t.issues).where(t.issues.c.id == later.id))
    await set_fact(tx, LAST_REMOVED, max(later.id, await fact(tx, LAST_REMOVED, 0)))


async def next_id(tx: Tx) -> int:
    """Return an id that no issue ever had: messages and buttons of one that was taken away may still name it."""
    highest = (await tx.execute(select(func.coalesce(func.max(t.issues.c.id), 0)))).scalar_one()
    return int(max(highest, await fact(tx, LAST_REMOVED, 0))) + 1


async def end_skipping(tx: Tx, issue_id: int) -> None:
    """Let what was kept out of an issue go into the next one, which this issue has become."""
    c = t.items.c
    values = {"skips_issue_id": None, "revision": c.revision + 1}
    await tx.execute(update(t.items).where(c.skips_issue_id == issue_id).values(**values))


async def printed(tx: Tx, issue_id: int) -> list[Item]:
    """Return the items that stand in a closed issue."""
    c = t.items.c
    ids = (await tx.execute(select(c.id).where(c.issue_id == issue_id, c.state == ItemState.IN_ISSUE))).scalars()
    return await items.several(tx, ids.all())
