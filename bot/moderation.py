"""Decisions on items: each takes effect once, with its audit row, the card's redrawing and word to the sender."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot import sources
from bot.errors import Refused
from bot.intake import following
from bot.intake.address import urls
from bot.intake.address.archives import place_of
from bot.intake.message.citations import read_line
from bot.intake.submit import show_card
from store import audit, items
from store import people as people_records
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Citation, Item, Person
from store.states import ItemState

CLAIM_MINUTES = 10
ANY_TITLE = "…"
KEEPS_COPIES = (ItemState.PENDING, ItemState.APPROVED, ItemState.CARRIED)
DECIDED = (ItemState.APPROVED, ItemState.REJECTED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a press did: whether it took effect, and the key and values of the sentence for who pressed."""

    done: bool
    key: str
    values: Mapping[str, object]


async def approve(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, section_id: int, now: datetime
) -> Verdict:
    """Approve a pending item into a section."""
    section = next((section for section in bulletin.sections if section.id == section_id), None)
    if section is None:
        raise Refused("desk-no-section")
    columns: dict[str, Any] = {"state": ItemState.APPROVED, "section_id": section_id}
    return await _decide(
        tx, bulletin, by, item_id, revision, columns, now, Verdict(True, "desk-approved", {"section": section.title})
    )


async def reject(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, reason: str, now: datetime
) -> Verdict:
    """Reject a pending item; `reason` is a text key or words, told to the sender."""
    columns: dict[str, Any] = {"state": ItemState.REJECTED, "reason": reason}
    return await _decide(tx, bulletin, by, item_id, revision, columns, now, Verdict(True, "desk-rejected", {}))


async def undo(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, now: datetime) -> Verdict:
    """Take a decision back, until the issue is closed; the sender who heard of it hears of this too."""
    before = await items.get(tx, item_id)
    columns: dict[str, Any] = {
        "state": ItemState.PENDING,
        "section_id": None,
        "reason": "",
        "decided_by": None,
        "decided_at": None,
    }
    try:
        await items.change(tx, item_id, revision, states=DECIDED, **columns)
    except Stale:
        return await too_late(tx, bulletin, item_id, now)
    await audit.note(tx, at=now, actor=f"person {by.id}", act="undo", subject=f"item {item_id}")
    if before is not None:
        await wait_again(tx, before, [before, *await parts_of(tx, before)], now)
    await show_card(tx, bulletin, item_id, now)
    return Verdict(True, "desk-undone", {})


async def wait_again(tx: Tx, item: Item, parts: Iterable[Item], now: datetime) -> None:
    """Take back what the senders of an item, or of its parts, have heard, as it waits for a decision again."""
    for part in parts:
        sender = await sender_of(tx, part)
        if sender is not None and item.state in (ItemState.APPROVED, ItemState.CARRIED):
            await people_records.count_accepted(tx, sender, -1)
        if not await following.take_back(tx, part.id):
            await following.tell(tx, part, now, at_once=True)


async def start_edit(tx: Tx, by: Person, item_id: int, now: datetime) -> Item:
    """Claim an item for ten minutes of editing; raises Refused when it is decided or somebody else has it."""
    item = await items.get(tx, item_id)
    if item is None or item.state != ItemState.PENDING:
        raise Refused("desk-decided-already")
    if not await items.claim(tx, item_id, by.id, now, now + timedelta(minutes=CLAIM_MINUTES)):
        holder = await people_records.get(tx, item.claimed_by) if item.claimed_by else None
        raise Refused("desk-claimed", who=holder.pseudonym if holder else "?")
    return item


async def edit(
    tx: Tx,
    bulletin: Bulletin,
    by: Person,
    item_id: int,
    line: str,
    links: tuple[str, ...],
    near: date,
    now: datetime,
    *,
    copy: str | None = None,
) -> Item:
    """Give a pending item the title and citations of a typed line such as `Title (Source, February 5th)`.

    The addresses stay with the citations in their order; `links` of the reply are further citations' addresses. A
    reply of brackets alone changes sources and dates, one of links alone adds citations; `copy` is the address of an
    archived copy. Raises Refused when there is none of these, or the item is decided meanwhile.
    """
    title, citations = _read(" ".join(line.split()), near)
    if not title and not citations and not links and copy is None:
        raise Refused("desk-edit-title")
    item = await items.get(tx, item_id)
    if item is None or item.state != ItemState.PENDING:
        raise Refused("desk-decided-already")
    if item.claimed_by not in (None, by.id) and item.claimed_until and item.claimed_until > now:
        raise Refused("desk-claimed", who=(await people_records.get(tx, item.claimed_by)).pseudonym)
    cited = _with_addresses(citations, item.citations, [urls.unwrapped(link) for link in links])
    fresh = _with_copy([await sources.named(tx, one, told=True) for one in cited], copy)
    columns: dict[str, Any] = {"title": title or item.title, "problem": "", "claimed_by": None, "claimed_until": None}
    await items.change(tx, item_id, item.revision, states=(ItemState.PENDING,), citations=fresh, **columns)
    await audit.note(tx, at=now, actor=f"person {by.id}", act="edit", subject=f"item {item_id}", title=columns["title"])
    await show_card(tx, bulletin, item_id, now)
    await following.follow_item(tx, item, now)
    changed = await items.get(tx, item_id)
    return changed if changed is not None else item


def _read(line: str, near: date) -> tuple[str, tuple[Citation, ...]]:
    """Return title and citations of a typed line; the title is "" where it is brackets alone."""
    if not line.startswith("("):
        return read_line(line, near)
    title, citations = read_line(f"{ANY_TITLE} {line}", near)
    return ("", citations) if title == ANY_TITLE else read_line(line, near)


async def keep_copy(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, copy: str, now: datetime) -> Item:
    """Keep the address of an archived copy with an item that is in no closed issue; raises Refused for others."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        raise Refused("desk-gone")
    try:
        citations = _with_copy(list(item.citations), copy)
        await items.change(tx, item_id, item.revision, states=KEEPS_COPIES, citations=citations)
    except Stale:
        raise Refused("desk-in-issue" if item.state == ItemState.IN_ISSUE else "desk-changed") from None
    await audit.note(tx, at=now, actor=f"person {by.id}", act="keep-copy", subject=f"item {item_id}", copy=copy)
    await show_card(tx, bulletin, item_id, now)
    return item


async def sender_of(tx: Tx, item: Item | None) -> int | None:
    """Return the person who sent an item, while that is still known."""
    if item is None or item.submission_id is None:
        return None
    return (await items.submission(tx, item.submission_id)).person_id


async def parts_of(tx: Tx, item: Item) -> list[Item]:
    """Return what other messages brought to an item: their senders hear what becomes of it too."""
    return [part for part in await items.merged_into(tx, item.id) if part.submission_id != item.submission_id]


async def _decide(
    tx: Tx,
    bulletin: Bulletin,
    by: Person,
    item_id: int,
    revision: int,
    columns: dict[str, Any],
    now: datetime,
    verdict: Verdict,
) -> Verdict:
    try:
        await items.change(
            tx,
            item_id,
            revision,
            states=(ItemState.PENDING,),
            decided_by=by.id,
            decided_at=now,
            found_change=None,
            **columns,
        )
    except Stale:
        return await too_late(tx, bulletin, item_id, now)
    act = "approve" if columns["state"] == ItemState.APPROVED else "reject"
    details = {key: value for key, value in columns.items() if key != "state"}
    await audit.note(tx, at=now, actor=f"person {by.id}", act=act, subject=f"item {item_id}", **details)
    item = await items.get(tx, item_id)
    for part in [item, *await parts_of(tx, item)] if item is not None else []:
        sender = await sender_of(tx, part)
        if sender is not None and act == "approve":
            await people_records.count_accepted(tx, sender, 1)
        await following.tell(tx, part, now)
    await show_card(tx, bulletin, item_id, now)
    return verdict


async def too_late(tx: Tx, bulletin: Bulletin, item_id: int, now: datetime) -> Verdict:
    """Say what the item has become, and draw its card again."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        return Verdict(False, "desk-gone", {})
    await show_card(tx, bulletin, item_id, now)
    if item.state == ItemState.IN_ISSUE:
        return Verdict(False, "desk-in-issue", {})
    who = await people_records.get(tx, item.decided_by) if item.decided_by else None
    if item.state == ItemState.MERGED:
        return Verdict(False, "desk-already-added", {"who": who.pseudonym if who else "?"})
    if item.state not in DECIDED:
        return Verdict(False, "desk-changed", {})
    key = "desk-already-approved" if item.state == ItemState.APPROVED else "desk-already-rejected"
    return Verdict(False, key, {"who": who.pseudonym if who else "?"})


def _with_addresses(typed: Sequence[Citation], old: tuple[Citation, ...], links: list[str]) -> list[Citation]:
    """Pair the typed sources and dates with the known addresses, then with new ones; nothing known is dropped."""
    addresses = [cited.url for cited in old] + [link for link in links if link not in {cited.url for cited in old}]
    fresh = []
    for position in range(max(len(typed), len(addresses))):
        url = addresses[position] if position < len(addresses) else None
        known = old[position] if position < len(old) else Citation(urls.display_host(url) if url else "")
        said = typed[position] if position < len(typed) else known
        canonical = urls.canonical(url) if url else None
        fresh.append(replace(known, source=said.source, url=url, canonical=canonical, date=said.date))
    return fresh


def _with_copy(citations: list[Citation], copy: str | None) -> list[Citation]:
    """Return the citations, the archived copy with the one it is of."""
    place = place_of(copy, tuple(citations)) if copy is not None else None
    if copy is not None and place is None:
        raise Refused("archive-no-link")
    return [replace(one, archived=copy) if number == place else one for number, one in enumerate(citations)]
