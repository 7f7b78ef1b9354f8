"""An issue: opened, gathered, composed, frozen with its number in one transaction, and sent; nothing twice."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import calendar
from bot.delivery import plan
from bot.errors import Refused
from bot.intake.following import follow_item
from bot.intake.submit import show_card
from bot.render import editions, style
from bot.render.editions import Press
from bot.texts import say
from store import audit, boards, bulletins, issues, items, outbox, subscribers
from store.database import Store, Tx
from store.records import Bulletin, FrozenIssue, Issue, Item, MediaType, Notice, PrintedItem, PrintedSection, Section
from store.states import IssueState, ItemState, Topic

READY = (ItemState.APPROVED, ItemState.CARRIED)
BEFORE_FREEZE = (IssueState.OPEN, IssueState.WAITING, IssueState.HELD)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What would go into an issue now; `fingerprint` tells whether any of it changed since.

    `sections` are those of the bulletin, then those out of use in which an item still stands.
    """

    bulletin: Bulletin
    issue: Issue
    items: tuple[Item, ...]
    notices: tuple[Notice, ...]
    sections: tuple[Section, ...]

    @property
    def fingerprint(self) -> str:
        words = repr((self.bulletin, self.issue.id, self.items, self.notices, self.sections))
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


def day_of(issue: Issue, bulletin: Bulletin, now: datetime) -> date:
    """Return the date that an issue carries if it goes out now: before its hour that is today."""
    zone = ZoneInfo(bulletin.timezone)
    early = issue.state == IssueState.OPEN and issue.due_at > now
    chosen = issue.date != issue.due_at.astimezone(zone).date()
    return now.astimezone(zone).date() if early and not chosen else issue.date


async def gather(tx: Tx, bulletin_id: int, now: datetime | None = None) -> Gathered | None:
    """Collect what is approved for the open issue, with `now` as if it went out now; None when none is open."""
    bulletin = await bulletins.get(tx, bulletin_id)
    issue = await issues.current(tx, bulletin_id)
    if issue is None:
        return None
    if now is not None:
        issue = replace(issue, date=day_of(issue, bulletin, now))
    ready = await items.in_states(tx, bulletin_id, *READY)
    approved = tuple(item for item in ready if item.skips_issue_id != issue.id)
    notices = tuple(await issues.notices(tx, bulletin_id, issue.date))
    used = {section.id for section in bulletin.sections}
    left = sorted({item.section_id for item in approved if item.section_id} - used)
    sections = (*bulletin.sections, *[await bulletins.section(tx, section) for section in left])
    return Gathered(bulletin, issue, approved, notices, sections)


def compose(gathered: Gathered, press: Press, now: datetime) -> FrozenIssue:
    """Make of what was gathered the document that every rendering is drawn from."""
    bulletin, issue, number = gathered.bulletin, gathered.issue, gathered.bulletin.next_number
    addresses = press.addresses(bulletin.slug)
    return FrozenIssue(
        bulletin=bulletin.title,
        slug=bulletin.slug,
        number=number,
        date=issue.date,
        language=bulletin.language,
        timezone=bulletin.timezone,
        closed_at=now.replace(microsecond=0),
        sections=_sections(gathered),
        subtitle=bulletin.subtitle if issue.subtitle is None else issue.subtitle,
        intro=issue.intro,
        highlights=tuple(item.highlight or item.title for item in in_order(gathered) if item.highlight is not None),
        notices=gathered.notices,
        footer=bulletin.footer if issue.footer is None else issue.footer,
        address=addresses.issue(number),
        pdf_address=addresses.pdf(number),
        home=addresses.home,
    )


def _sections(gathered: Gathered) -> tuple[PrintedSection, ...]:
    language = gathered.bulletin.language
    printed: dict[int | None, list[PrintedItem]] = {}
    for item in in_order(gathered):
        kind = _unsaid(item, language)
        line = PrintedItem(item.title, item.citations, item.authors, item.language, kind, item.id)
        printed.setdefault(item.section_id, []).append(line)
    return tuple(
        PrintedSection(section.title, tuple(printed[section.id]))
        for section in gathered.sections
        if section.id in printed
    )


def in_order(gathered: Gathered) -> tuple[Item, ...]:
    """Return the items as they print: by section, inside as an editor ordered them, the others newest first."""
    place = {section.id: number for number, section in enumerate(gathered.sections)}
    by_hand = [item for item in gathered.items if item.position is not None]
    others = style.order([item for item in gathered.items if item.position is None])
    by_hand.sort(key=lambda item: (item.position or 0, style.place(item)))
    return tuple(sorted((*by_hand, *others), key=lambda item: place.get(item.section_id or 0, len(place))))


def _unsaid(item: Item, language: str) -> MediaType:
    """Return what kind of thing an item is, unless its title says so: "Interview (interview)" reads like a mistake."""
    said = say(language, f"render-{item.media_type}") if item.media_type != MediaType.ARTICLE else ""
    return MediaType.ARTICLE if said.casefold() in item.title.casefold() else item.media_type


async def freeze(
    store: Store,
    bulletin_id: int,
    press: Press,
    actor: str,
    now: datetime,
    *,
    states: Collection[IssueState] = BEFORE_FREEZE,
    on_hold: bool = False,
) -> Issue:
    """Close the open issue: draw it, then in one transaction compare, number, copy and store it.

    Only an issue in one of `states` is closed; with `on_hold` it waits, closed, until somebody lets it out. Raises
    Refused when nothing is approved, when its state is another, and when it keeps changing meanwhile.
    """
    for _attempt in range(5):
        async with store.reading() as tx:
            gathered = await gather(tx, bulletin_id)
        if gathered is None or not gathered.items:
            raise Refused("issue-empty")
        if gathered.issue.state not in states:
            raise Refused("issue-changed")
        document = compose(gathered, press, now)
        drawn = await asyncio.to_thread(press.print, document)
        async with store.transaction() as tx:
            if await _store_frozen(tx, gathered, document, drawn, actor, now, on_hold=on_hold):
                found = await issues.get(tx, gathered.issue.id)
                if found is not None:
                    return found
    raise Refused("issue-busy")


async def _store_frozen(
    tx: Tx,
    seen: Gathered,
    document: FrozenIssue,
    drawn: Iterable[tuple[str, int, bytes]],
    actor: str,
    now: datetime,
    *,
    on_hold: bool,
) -> bool:
    again = await gather(tx, seen.bulletin.id)
    if again is None or again.fingerprint != seen.fingerprint or again.issue.revision != seen.issue.revision:
        return False
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
    return True


async def send(store: Store, issue: Issue) -> None:
    """Write the ledger of a frozen issue and let it go out; calling it again changes nothing."""
    await plan.plan(store, issue)


async def desk(tx: Tx, bulletin: Bulletin, issue_id: int, kind: str, now: datetime) -> None:
    """Queue the drawing of an issue's message in the moderators' chat."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=kind,
        payload={"at": now.isoformat()},
        subject_id=issue_id,
        merge_key=f"{kind}:{issue_id}",
    )
    if kind == "gate":
        await boards.refresh(tx, bulletin, now)


async def say_to_desk(tx: Tx, bulletin: Bulletin, now: datetime, key: str, **values: object) -> None:
    """Queue a sentence that wants attention for the moderators' chat."""
    await say_about(tx, bulletin, Topic.ALARMS, now, key, **values)


async def say_about(tx: Tx, bulletin: Bulletin, topic: Topic, now: datetime, key: str, /, **values: object) -> None:
    """Queue a sentence for the moderators' chat, for the topic of what it is about."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind="say",
        topic=topic,
        payload={"key": key, "values": values},
        subject_id=bulletin.id,
    )
