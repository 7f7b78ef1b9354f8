"""Decisions on items: each takes effect once, alone or by enough votes, and its senders hear of it."""

from collections import Counter
from datetime import datetime
from typing import Any, TypeVar

from bot.errors import Refused
from bot.intake import following
from bot.intake.submit import show_card
from bot.moderation import claims
from bot.moderation.verdict import DECIDED, Verdict, parts_of, sender_of, too_late, wait_again
from store import audit, items, votes
from store import people as people_records
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Item, Person
from store.states import ItemState
from store.votes import APPROVE, REJECT, Vote

T = TypeVar("T")
TAKEN_BACK: dict[str, Any] = {
    "state": ItemState.PENDING,
    "section_id": None,
    "reason": "",
    "decided_by": None,
    "decided_at": None,
}


async def approve(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, section_id: int, now: datetime
) -> Verdict:
    """Approve a pending item into a section, or vote for that.

    Raises Refused while somebody else edits it, and for one's own where the bulletin asks for another moderator.
    """
    if section_id not in {section.id for section in bulletin.sections}:
        raise Refused("desk-no-section")
    if not bulletin.approve_own and await sender_of(tx, await items.get(tx, item_id)) == by.id:
        raise Refused("desk-own")
    return await _press(tx, bulletin, item_id, revision, by, Vote(by.id, APPROVE, section_id, "", now))


async def reject(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, reason: str, now: datetime
) -> Verdict:
    """Reject a pending item, or vote for that; `reason` is the key of a house reason or words, told to the sender."""
    return await _press(tx, bulletin, item_id, revision, by, Vote(by.id, REJECT, None, reason, now))


async def undo(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, now: datetime) -> Verdict:
    """Take a decision back, until the issue is closed; the sender who heard of it hears of this too."""
    before = await items.get(tx, item_id)
    if before is None or before.bulletin_id != bulletin.id:
        return await too_late(tx, bulletin, item_id, now)
    await claims.check_free(tx, bulletin, before, by, now)
    try:
        await items.change(tx, item_id, revision, states=DECIDED, **TAKEN_BACK)
    except Stale:
        return await too_late(tx, bulletin, item_id, now)
    await audit.note(tx, at=now, actor=f"person {by.id}", act="undo", subject=f"item {item_id}")
    await wait_again(tx, before, [before, *await parts_of(tx, before)], now)
    await show_card(tx, bulletin, item_id, now)
    return Verdict(True, "desk-undone", {})


async def _press(tx: Tx, bulletin: Bulletin, item_id: int, revision: int, by: Person, vote: Vote) -> Verdict:
    """Let a press decide where it is enough, or count it."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        return await too_late(tx, bulletin, item_id, vote.at)
    await claims.check_free(tx, bulletin, item, by, vote.at)
    alike = [vote]
    if bulletin.quorum > 1:
        others = [other for other in await votes.counting(tx, item_id) if other.person_id != by.id]
        alike = [*(other for other in others if other.verdict == vote.verdict), vote]
    try:
        if len(alike) < bulletin.quorum:
            return await _count(tx, bulletin, item_id, revision, vote, len(alike))
        return await _decide(tx, bulletin, item, revision, vote, alike)
    except Stale:
        return await too_late(tx, bulletin, item_id, vote.at)


async def _count(tx: Tx, bulletin: Bulletin, item_id: int, revision: int, vote: Vote, alike: int) -> Verdict:
    """Count a vote that decides nothing yet; it changes the revision, so that two at once are never taken for one."""
    await items.change(tx, item_id, revision, states=(ItemState.PENDING,), snoozed_until=None, skips_issue_id=None)
    await votes.put(tx, item_id, vote)
    details: dict[str, Any] = {"verdict": vote.verdict, "section_id": vote.section_id, "reason": vote.reason}
    await audit.note(tx, at=vote.at, actor=f"person {vote.person_id}", act="vote", subject=f"item {item_id}", **details)
    await show_card(tx, bulletin, item_id, vote.at)
    return Verdict(True, f"desk-vote-{vote.verdict}", {"given": alike, "of": bulletin.quorum})


async def _decide(tx: Tx, bulletin: Bulletin, item: Item, revision: int, vote: Vote, alike: list[Vote]) -> Verdict:
    """Decide an item; raises Stale when somebody was first."""
    known = {section.id: section.title for section in bulletin.sections}
    approves = vote.verdict == APPROVE
    section_id = _most([one.section_id for one in alike if one.section_id in known]) if approves else None
    details: dict[str, Any] = (
        {"section_id": section_id} if approves else {"reason": _most([one.reason for one in alike])}
    )
    columns: dict[str, Any] = {
        **details,
        "state": ItemState.APPROVED if approves else ItemState.REJECTED,
        "decided_by": vote.person_id,
        "decided_at": vote.at,
        "found_change": None,
        "claimed_by": None,
        "claimed_until": None,
        "snoozed_until": None,
        "skips_issue_id": None,
        "position": None,
    }
    await items.change(tx, item.id, revision, states=(ItemState.PENDING,), **columns)
    if len(alike) > 1:
        await votes.put(tx, item.id, vote)
        details["votes"] = [one.person_id for one in alike]
    actor, subject = f"person {vote.person_id}", f"item {item.id}"
    await audit.note(tx, at=vote.at, actor=actor, act=vote.verdict, subject=subject, **details)
    await claims.forget(tx, item.id)
    await _tell(tx, item.id, approves=approves, now=vote.at)
    await show_card(tx, bulletin, item.id, vote.at)
    if approves:
        return Verdict(True, "desk-approved", {"section": known.get(section_id or 0, "")})
    return Verdict(True, "desk-rejected", {})


async def _tell(tx: Tx, item_id: int, *, approves: bool, now: datetime) -> None:
    """Queue word for everybody who sent the item or a part of it, and count what they brought in."""
    item = await items.get(tx, item_id)
    for part in [item, *await parts_of(tx, item)] if item is not None else []:
        sender = await sender_of(tx, part)
        if sender is not None and approves:
            await people_records.count_accepted(tx, sender, 1)
        await following.tell(tx, part, now)


def _most(given: list[T]) -> T:
    """Return what most votes name, of equals what was named last."""
    counts = Counter(given)
    return max(reversed(given), key=lambda one: counts[one])
