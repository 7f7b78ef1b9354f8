"""SQL that erases one reader: what is left are rows of nobody, so that each issue's letters still add up."""

from datetime import date

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from store import schema as t
from store.database import Tx
from store.deliveries import LETTERS
from store.states import SubscriptionState

ERASED = "erased"
"""Why the address is barred; what comes before the number of nobody in place of an address's HMAC."""
_NOBODY = {"consent": "", "language": "", "format": "html", "with_pdf": False, "paused_until": None, "asked_at": None}
_UNSCORED = {"score": 0.0, "scored_on": None, "probed_at": None}


async def subscriber(tx: Tx, address_mac: str) -> int | None:
    """Return the id of whoever has an address."""
    found: int | None = (
        await tx.execute(select(t.subscribers.c.id).where(t.subscribers.c.address_mac == address_mac))
    ).scalar()
    return found


async def erase(tx: Tx, subscriber_id: int, address: bytes, day: date) -> None:
    """Make the rows of a subscriber those of nobody; `address` is an empty one, sealed.

    The rows stay, since the letters of every issue are counted by them and their numbers must not be given anew. Links
    of letters that went out open nothing any more.
    """
    b = t.subscriptions.c
    own = select(b.id).where(b.subscriber_id == subscriber_id)
    await tx.execute(
        update(t.deliveries)
        .where(
            t.deliveries.c.kind.in_(LETTERS), t.deliveries.c.target_id.in_(own), t.deliveries.c.problem.contains("@")
        )
        .values(problem="")
    )
    await tx.execute(
        update(t.subscriptions)
        .where(b.subscriber_id == subscriber_id)
        .values(state=SubscriptionState.LEFT, changed_on=day, generation=b.generation + 1, **_NOBODY, **_UNSCORED)
    )
    nobody = {"address": address, "address_mac": f"{ERASED} {subscriber_id}", "provider": ""}
    await tx.execute(update(t.subscribers).where(t.subscribers.c.id == subscriber_id).values(**nobody))


async def forget_requests(tx: Tx, address_mac: str, subscriber_id: int | None) -> int:
    """Delete what was asked for with an address: confirmations, and changes from it and to it; returns how many."""
    c, m = t.address_changes.c, t.confirmation_mails.c
    changes = delete(t.address_changes).where(or_(c.address_mac == address_mac, c.subscriber_id == subscriber_id))
    mails = delete(t.confirmation_mails).where(m.address_mac == address_mac)
    return (await tx.execute(changes)).rowcount + (await tx.execute(mails)).rowcount


async def waiting_mails(tx: Tx) -> list[tuple[int, bytes]]:
    """Return every single mail that waits to be sent, with its sealed address."""
    p = t.postbox.c
    return [(row.id, row.address) for row in (await tx.execute(select(p.id, p.address))).all()]


async def forget_mails(tx: Tx, mail_ids: list[int]) -> None:
    await tx.execute(delete(t.postbox).where(t.postbox.c.id.in_(mail_ids)))


async def bar(tx: Tx, address_mac: str, day: date) -> None:
    """Let no import bring an address back; one that is barred already keeps its reason."""
    row = {"address_mac": address_mac, "reason": ERASED, "since": day}
    await tx.execute(upsert(t.suppressions).values(row).on_conflict_do_nothing(index_elements=["address_mac"]))
