"""Closing an issue: drawn first, then compared, numbered, copied and stored in one transaction; nothing twice."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime

from bot.delivery import plan
from bot.errors import Refused
from bot.intake.following import follow_item
from bot.intake.submit import show_card
from bot.issues import approvals
from bot.issues.gathering import BEFORE_FREEZE, Gathered, ensure_open, gather
from bot.issues.printing import compose
from bot.issues.words import desk
from bot.render import editions
from bot.render.editions import Press
from store import audit, bulletins, issues, items, subscribers
from store.database import Store, Tx
from store.records import FrozenIssue, Issue
from store.states import IssueState


async def freeze(
    store: Store,
    bulletin_id: int,
    press: Press,
    actor: str,
    now: datetime,
    *,
    states: Collection[IssueState] = BEFORE_FREEZE,
    on_hold: bool = False,
    through_gate: bool = False,
    only: Issue | None = None,
) -> Issue:
    """Close the open issue: draw it, then in one transaction compare, number, copy and store it.

    Only an issue in one of `states` is closed, and where `only` is given, that one as it was then; `through_gate` asks
    for the presses that the bulletin's gate wants. With `on_hold` it waits, closed, until somebody lets it out. Raises
    Refused when nothing is approved, when it may not be closed, and when it keeps changing meanwhile.
    """
    for _attempt in range(5):
        async with store.reading() as tx:
            gathered = await gather(tx, bulletin_id)
            if gathered is None or not gathered.items:
                raise Refused("issue-empty")
            if gathered.issue.state not in states or (only is not None and not _is_same(gathered.issue, only)):
                raise Refused("issue-changed")
            if through_gate:
                await _check_gate(tx, gathered)
        document = compose(gathered, press, now)
        drawn = await asyncio.to_thread(press.print, document)
        async with store.transaction() as tx:
            if await _is_as_seen(tx, gathered):
                if through_gate:
                    await _check_gate(tx, gathered)
                await _store_frozen(tx, gathered, document, drawn, actor, now, on_hold=on_hold)
                found = await issues.get(tx, gathered.issue.id)
                assert found is not None
                return found
    raise Refused("issue-busy")


def _is_same(issue: Issue, as_then: Issue) -> bool:
    return (issue.id, issue.revision) == (as_then.id, as_then.revision)


async def _check_gate(tx: Tx, gathered: Gathered) -> None:
    """Raise Refused unless enough persons have let out what was gathered: a role may be gone by now."""
    if not await approvals.is_let_out(tx, gathered.bulletin, gathered.issue, gathered):
        raise Refused("release-not-let-out")


async def _is_as_seen(tx: Tx, seen: Gathered) -> bool:
    again = await gather(tx, seen.bulletin.id)
    return again is not None and again.fingerprint == seen.fingerprint and again.issue.revision == seen.issue.revision


async def _store_frozen(
    tx: Tx,
    seen: Gathered,
    document: FrozenIssue,
    drawn: Iterable[tuple[str, int, bytes]],
    actor: str,
    now: datetime,
    *,
    on_hold: bool,
) -> None:
    let_out = await approvals.let_out_by(tx, seen.issue, seen)
    await issues.change(
        tx,
        seen.issue.id,
        seen.issue.revision,
        states=BEFORE_FREEZE,
        state=IssueState.HELD if on_hold else IssueState.FROZEN,
        number=document.number,
        frozen_at=now,
        gate_until=None,
        held_from=IssueState.FROZEN if on_hold else None,
        audience_until=await subscribers.last_id(tx),
        document=editions.to_record(document),
        approvals=approvals.add_approval(seen.issue, let_out, seen),
    )
    await bulletins.change(tx, seen.bulletin.id, next_number=document.number + 1)
    await items.put_in_issue(tx, seen.items, seen.issue.id)
    for item in seen.items:
        await show_card(tx, seen.bulletin, item.id, now)
        await follow_item(tx, item, now)
    await issues.add_renderings(tx, seen.issue.id, drawn)
    subject = f"issue {seen.issue.id}"
    await audit.note(tx, at=now, actor=actor, act="freeze", subject=subject, number=document.number)
    await ensure_open(tx, await bulletins.get(tx, seen.bulletin.id), max(now, seen.issue.due_at))
    await desk(tx, seen.bulletin, seen.issue.id, "gate", now)


async def send(store: Store, issue: Issue) -> None:
    """Write the ledger of a frozen issue and let it go out; calling it again changes nothing."""
    await plan.plan(store, issue)
