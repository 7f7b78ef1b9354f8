"""The life of an issue: opened, due, through the gate, frozen with its number, sent, held; nothing twice."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import calendar
from bot.delivery import plan
from bot.errors import Refused
from bot.render import editions, style
from bot.render.editions import Press
from store import audit, bulletins, issues, items, outbox, subscribers
from store.database import Store, Tx
from store.errors import Stale
from store.records import Bulletin, FrozenIssue, Issue, Item, Notice, PrintedItem, PrintedSection
from store.states import IssueState, ItemState

LATE_HOURS = 24
READY = (ItemState.APPROVED, ItemState.CARRIED)
BEFORE_FREEZE = (IssueState.OPEN, IssueState.WAITING, IssueState.HELD)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What would go into an issue now; `fingerprint` tells whether any of it changed since."""

    bulletin: Bulletin
    issue: Issue
    items: tuple[Item, ...]
    notices: tuple[Notice, ...]

    @property
    def fingerprint(self) -> str:
        words = repr((self.bulletin, self.issue.id, self.items, self.notices))
        return hashlib.sha256(words.encode()).hexdigest()


async def ensure_open(tx: Tx, bulletin: Bulletin, now: datetime) -> Issue:
    """Return the open issue of a bulletin, opening the next one of its schedule where there is none."""
    found = await issues.current(tx, bulletin.id)
    after = now
    while found is None:
        due, local, day = calendar.next_due(bulletin.schedule, bulletin.timezone, after)
        await issues.open_next(tx, bulletin.id, due_at=due, due_local=local, day=day)
        found, after = await issues.current(tx, bulletin.id), due
    return found


async def gather(tx: Tx, bulletin_id: int) -> Gathered | None:
    """Collect what is approved for the open issue; None when there is no open issue."""
    bulletin = await bulletins.get(tx, bulletin_id)
    issue = await issues.current(tx, bulletin_id)
    if issue is None:
        return None
    approved = await items.in_states(tx, bulletin_id, *READY)
    return Gathered(bulletin, issue, tuple(approved), tuple(await issues.notices(tx, bulletin_id, issue.date)))


def compose(gathered: Gathered, press: Press, now: datetime) -> FrozenIssue:
    """Make of what was gathered the document that every rendering is drawn from."""
    bulletin, number = gathered.bulletin, gathered.bulletin.next_number
    addresses = press.addresses(bulletin.slug)
    printed: dict[int | None, list[PrintedItem]] = {}
    for item in gathered.items:
        line = PrintedItem(item.title, item.citations, item.authors, item.language, item.media_type)
        printed.setdefault(item.section_id, []).append(line)
    sections = tuple(
        PrintedSection(section.title, style.order(printed[section.id]))
        for section in bulletin.sections
        if section.id in printed
    )
    return FrozenIssue(
        bulletin=bulletin.title,
        slug=bulletin.slug,
        number=number,
        date=gathered.issue.date,
        language=bulletin.language,
        timezone=bulletin.timezone,
        closed_at=now.replace(microsecond=0),
        sections=sections,
        subtitle=bulletin.subtitle,
        notices=gathered.notices,
        footer=bulletin.footer,
        address=addresses.issue(number),
        pdf_address=addresses.pdf(number),
        home=addresses.home,
    )


async def freeze(store: Store, bulletin_id: int, press: Press, actor: str, now: datetime) -> Issue:
    """Close the open issue: draw it, then in one transaction compare, number, copy and store it.

    Raises Refused when nothing is approved, and when what it consists of keeps changing meanwhile.
    """
    for _attempt in range(5):
        async with store.reading() as tx:
            gathered = await gather(tx, bulletin_id)
        if gathered is None or not gathered.items:
            raise Refused("issue-empty")
        document = compose(gathered, press, now)
        drawn = await asyncio.to_thread(press.print, document)
        async with store.transaction() as tx:
            if await _store_frozen(tx, gathered, document, drawn, actor, now):
                found = await issues.get(tx, gathered.issue.id)
                if found is not None:
                    return found
    raise Refused("issue-busy")


async def _store_frozen(
    tx: Tx, seen: Gathered, document: FrozenIssue, drawn: Iterable[tuple[str, int, bytes]], actor: str, now: datetime
) -> bool:
    again = await gather(tx, seen.bulletin.id)
    if again is None or again.fingerprint != seen.fingerprint:
        return False
    await issues.change(
        tx,
        seen.issue.id,
        seen.issue.revision,
        states=BEFORE_FREEZE,
        state=IssueState.FROZEN,
        number=document.number,
        frozen_at=now,
        gate_until=None,
        held_from=None,
        audience_until=await subscribers.last_id(tx),
        document=editions.to_record(document),
    )
    await bulletins.change(tx, seen.bulletin.id, next_number=document.number + 1)
    await items.put_in_issue(tx, seen.items, seen.issue.id)
    await issues.add_renderings(tx, seen.issue.id, drawn)
    subject = f"issue {seen.issue.id}"
    await audit.note(tx, at=now, actor=actor, act="freeze", subject=subject, number=document.number)
    await ensure_open(tx, await bulletins.get(tx, seen.bulletin.id), max(now, seen.issue.due_at))
    await desk(tx, seen.bulletin, seen.issue.id, "gate", now)
    return True


async def send(store: Store, issue: Issue) -> None:
    """Write the ledger of a frozen issue and let it go out; calling it again changes nothing."""
    await plan.plan(store, issue)


async def tick(store: Store, press: Press, now: datetime) -> bool:
    """Do what is due: open issues, start gates, close issues whose gate is over, plan what is frozen.

    Returns whether anything was due.
    """
    async with store.reading() as tx:
        if not await _anything_due(tx, now):
            return False
    async with store.transaction() as tx:
        every = await bulletins.every(tx)
        for bulletin in every:
            await _look_at(tx, bulletin, await ensure_open(tx, bulletin, now), now)
    for bulletin in every:
        async with store.reading() as tx:
            issue = await issues.current(tx, bulletin.id)
        if issue and issue.state == IssueState.WAITING and issue.gate_until and issue.gate_until <= now:
            try:
                await freeze(store, bulletin.id, press, "clock", now)
            except Refused:
                await _reopen_empty(store, bulletin, now)
    async with store.reading() as tx:
        frozen = [issue for issue in await issues.running(tx) if issue.state == IssueState.FROZEN]
    for issue in frozen:
        await send(store, issue)
    return True


async def _anything_due(tx: Tx, now: datetime) -> bool:
    for bulletin in await bulletins.every(tx):
        issue = await issues.current(tx, bulletin.id)
        if issue is None or (issue.state == IssueState.OPEN and issue.due_at <= now):
            return True
        if issue.state == IssueState.WAITING and issue.gate_until is not None and issue.gate_until <= now:
            return True
    return any(issue.state == IssueState.FROZEN for issue in await issues.running(tx))


async def _look_at(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    if issue.state != IssueState.OPEN or now < issue.due_at:
        return
    if not await items.in_states(tx, bulletin.id, *READY):
        await _skip(tx, bulletin, issue, now)
    elif now - issue.due_at > timedelta(hours=LATE_HOURS):
        if await issues.tell_late_once(tx, issue.id):
            await say_to_desk(tx, bulletin, now, "issue-late", due=issue.due_at.isoformat())
            await desk(tx, bulletin, issue.id, "gate", now)
    else:
        await _start_gate(tx, bulletin, issue, "clock", now, timedelta(minutes=bulletin.gate_minutes))


async def _start_gate(tx: Tx, bulletin: Bulletin, issue: Issue, actor: str, now: datetime, wait: timedelta) -> None:
    states = (IssueState.OPEN, IssueState.WAITING, IssueState.HELD)
    values = {"state": IssueState.WAITING, "gate_until": now + wait, "held_from": None}
    await issues.change(tx, issue.id, issue.revision, states=states, **values)
    await audit.note(tx, at=now, actor=actor, act="gate", subject=f"issue {issue.id}", minutes=wait.seconds // 60)
    await desk(tx, bulletin, issue.id, "gate", now)


async def _skip(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> None:
    """Move an empty issue to the next hour of the schedule; no number is used, and moderators are told."""
    due, local, day = calendar.next_due(bulletin.schedule, bulletin.timezone, max(now, issue.due_at))
    moved = {"due_at": due, "due_local": local, "date": day, "state": IssueState.OPEN, "gate_until": None}
    await issues.change(tx, issue.id, issue.revision, states=BEFORE_FREEZE, **moved)
    await audit.note(tx, at=now, actor="clock", act="skip", subject=f"issue {issue.id}", due=due.isoformat())
    await say_to_desk(tx, bulletin, now, "issue-nothing-approved", day=day.isoformat())


async def _reopen_empty(store: Store, bulletin: Bulletin, now: datetime) -> None:
    async with store.transaction() as tx:
        issue = await issues.current(tx, bulletin.id)
        if issue and issue.state == IssueState.WAITING and not await items.in_states(tx, bulletin.id, *READY):
            await _skip(tx, bulletin, issue, now)


async def publish(tx: Tx, bulletin: Bulletin, actor: str, now: datetime) -> Issue:
    """Let the open issue out at once; raises Refused when nothing is approved."""
    issue = await ensure_open(tx, bulletin, now)
    if not await items.in_states(tx, bulletin.id, *READY):
        raise Refused("issue-empty")
    if issue.state == IssueState.OPEN and issue.due_at > now:
        day = now.astimezone(ZoneInfo(bulletin.timezone)).date()
        await issues.change(tx, issue.id, issue.revision, states=(IssueState.OPEN,), date=day)
        issue = await ensure_open(tx, bulletin, now)
    await _start_gate(tx, bulletin, issue, actor, now, timedelta(0))
    return issue


async def hold(tx: Tx, bulletin: Bulletin, actor: str, now: datetime) -> Issue:
    """Put the countdown, or else the running broadcast, on hold; raises Refused when neither is going on."""
    issue = await issues.current(tx, bulletin.id)
    if issue is None or issue.state != IssueState.WAITING:
        going = [i for i in await issues.running(tx) if i.bulletin_id == bulletin.id and i.state != IssueState.HELD]
        issue = going[-1] if going else None
    if issue is None:
        raise Refused("issue-nothing-to-hold")
    states = (IssueState.WAITING, IssueState.FROZEN, IssueState.SENDING)
    await _change(tx, issue, states, state=IssueState.HELD, held_from=issue.state)
    await audit.note(tx, at=now, actor=actor, act="hold", subject=f"issue {issue.id}")
    await desk(tx, bulletin, issue.id, "gate", now)
    return issue


async def go_on(tx: Tx, bulletin: Bulletin, actor: str, now: datetime) -> Issue:
    """Go on with what is on hold: a countdown starts again in full, a broadcast goes on where it stopped."""
    issue = await issues.current(tx, bulletin.id)
    if issue is not None and issue.state == IssueState.HELD:
        await _start_gate(tx, bulletin, issue, actor, now, timedelta(minutes=bulletin.gate_minutes))
        return issue
    held = [i for i in await issues.running(tx) if i.bulletin_id == bulletin.id and i.state == IssueState.HELD]
    if not held:
        raise Refused("issue-nothing-held")
    await _change(tx, held[0], (IssueState.HELD,), state=held[0].held_from or IssueState.FROZEN, held_from=None)
    await audit.note(tx, at=now, actor=actor, act="continue", subject=f"issue {held[0].id}")
    await desk(tx, bulletin, held[0].id, "gate", now)
    return held[0]


async def _change(tx: Tx, issue: Issue, states: tuple[IssueState, ...], **columns: object) -> None:
    try:
        await issues.change(tx, issue.id, issue.revision, states=states, **columns)
    except Stale:
        raise Refused("issue-changed") from None


async def desk(tx: Tx, bulletin: Bulletin, issue_id: int, kind: str, now: datetime) -> None:
    """Queue the drawing of an issue's message in the moderators' chat."""
    if bulletin.moderators_chat is None:
        return
    await outbox.put(
        tx,
        now=now,
        kind=kind,
        payload={"at": now.isoformat()},
        chat_id=bulletin.moderators_chat,
        thread_id=bulletin.moderators_thread,
        subject_id=issue_id,
        merge_key=f"{kind}:{issue_id}",
    )


async def say_to_desk(tx: Tx, bulletin: Bulletin, now: datetime, key: str, **values: object) -> None:
    """Queue a sentence for the moderators' chat."""
    if bulletin.moderators_chat is None:
        return
    payload = {"key": key, "values": values}
    place = {"chat_id": bulletin.moderators_chat, "thread_id": bulletin.moderators_thread}
    await outbox.put(tx, now=now, kind="say", payload=payload, subject_id=bulletin.id, **place)
