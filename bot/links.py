"""A new link joined to an item that was here before, as one item with it or as its translation, and parted again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.intake import following
from bot.intake.address import urls
from bot.intake.known import is_home, met_before
from bot.intake.submit import show_card
from bot.moderation import Verdict, parts_of, sender_of, too_late, wait_again
from bot.moderation.claims import check_free
from bot.render.known import OPEN, How, other_language
from bot.render.style import clean
from store import audit, items, known, pages
from store import people as people_records
from store.database import Tx
from store.records import Bulletin, Citation, Item, Person
from store.states import ItemState

SHOWN_AT_DESK = (*OPEN, ItemState.REJECTED)
TITLE_LENGTH = 60
LIKELY_SHOWN = 5
CITED, SAME = "merged-cited", "merged-same"
"""What an item that was merged brought along: further citations, or nothing, as it was the same page."""
GONE = Verdict(False, "desk-gone", {})


@dataclass(frozen=True, slots=True)
class Pair:
    """A new item and the one it is joined to, both as the moderator saw them."""

    item_id: int
    revision: int
    other_id: int
    other_revision: int


async def attach_citation(tx: Tx, bulletin: Bulletin, by: Person, pair: Pair, now: datetime) -> Verdict:
    """Make a pending item part of one that was here before: its links become further citations of that one."""
    item, other = await items.get(tx, pair.item_id), await items.get(tx, pair.other_id)
    if item is None or other is None or item.id == other.id or {item.bulletin_id, other.bulletin_id} != {bulletin.id}:
        return GONE
    if not _is(item, pair.revision, ItemState.PENDING) or not _is(other, pair.other_revision, *OPEN):
        return await too_late(tx, bulletin, item.id, now)
    await check_free(tx, bulletin, item, by, now)
    if not bulletin.approve_own and other.state != ItemState.PENDING and await sender_of(tx, item) == by.id:
        raise Refused("desk-own")
    added = await _not_cited(tx, item, other)
    await items.change(tx, other.id, other.revision, states=OPEN, citations=(*other.citations, *added))
    columns = {"merged_into_id": other.id, "reason": CITED if added else SAME, "decided_by": by.id, "decided_at": now}
    await items.change(
        tx,
        item.id,
        item.revision,
        states=(ItemState.PENDING,),
        citations=added or item.citations,
        state=ItemState.MERGED,
        **columns,
    )
    await _noted(tx, f"person {by.id}", "merge", other, item, now)
    if other.state != ItemState.PENDING:
        await _count(tx, item, 1)
        await following.tell(tx, item, now)
    await following.follow_item(tx, item, now)
    await _draw(tx, bulletin, (item, other), now)
    return _done("desk-cited", other)


async def separate(tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, now: datetime) -> Verdict:
    """Let a merged item wait for a decision of its own again, until the issue of the other one is closed."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        return GONE
    other = await items.get(tx, item.merged_into_id) if item.merged_into_id is not None else None
    if other is None or not _is(item, revision, ItemState.MERGED) or other.state not in OPEN:
        late = other is not None and other.state == ItemState.IN_ISSUE
        return Verdict(False, "desk-in-issue", {}) if late else await too_late(tx, bulletin, item.id, now)
    await _take_out(tx, item, other.id)
    await _release(tx, item, other, now)
    await _noted(tx, f"person {by.id}", "separate", other, item, now)
    await _draw(tx, bulletin, (item, other), now)
    return Verdict(True, "desk-separated", {})


async def release_parts(tx: Tx, bulletin: Bulletin, item: Item, now: datetime) -> None:
    """Let what others sent and what was merged into an item stand alone again, as when its sender takes it back."""
    for part in await parts_of(tx, item):
        await _take_out(tx, part, item.id)
        await _release(tx, part, item, now)
        await _noted(tx, "clock", "separate", item, part, now)
        await _draw(tx, bulletin, (part,), now)


async def attach_translation(tx: Tx, bulletin: Bulletin, by: Person, pair: Pair, now: datetime) -> Verdict:
    """Note that an open item tells the story of another one in another language; both live on."""
    item, other = await items.get(tx, pair.item_id), await items.get(tx, pair.other_id)
    if item is None or other is None or item.id == other.id or {item.bulletin_id, other.bulletin_id} != {bulletin.id}:
        return GONE
    joinable = set(ItemState) - {ItemState.MERGED, ItemState.WITHDRAWN}
    if not _is(item, pair.revision, *OPEN) or not _is(other, pair.other_revision, *joinable):
        return await too_late(tx, bulletin, item.id, now)
    await check_free(tx, bulletin, item, by, now)
    group = other.translation_group or other.id
    members = await items.in_group(tx, item.translation_group) if item.translation_group is not None else [item]
    moved = [member for member in (*members, other) if member.translation_group != group]
    await _regroup(tx, moved, group)
    await _noted(tx, f"person {by.id}", "translation", other, item, now)
    await _draw(tx, bulletin, (item, *(member for member in moved if member.id != item.id)), now)
    return _done("desk-translated", other)


async def detach_translation(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, now: datetime
) -> Verdict:
    """Note that an open item is no translation of the others after all."""
    item = await items.get(tx, item_id)
    if item is None or item.bulletin_id != bulletin.id:
        return GONE
    if item.translation_group is None or not _is(item, revision, *OPEN):
        return await too_late(tx, bulletin, item.id, now)
    others = [other for other in await items.in_group(tx, item.translation_group) if other.id != item.id]
    alone = [item, *others] if len(others) == 1 else [item]
    await _regroup(tx, alone, None)
    await audit.note(tx, at=now, actor=f"person {by.id}", act="no translation", subject=f"item {item.id}")
    await _draw(tx, bulletin, alone, now)
    return Verdict(True, "desk-parted", {})


async def at_address(tx: Tx, bulletin: Bulletin, address: str, *, but: int) -> Item | None:
    """Return the newest item of a bulletin that cites an address, or whose page led there; raises Refused for none."""
    page = urls.canonical(address)
    met = await known.at_addresses(tx, [page], [page], but=but)
    found = [other for other in await items.several(tx, met.same) if other.bulletin_id == bulletin.id]
    return max(found, key=lambda other: other.id, default=None)


async def likely_translations(tx: Tx, bulletin: Bulletin, item: Item) -> tuple[Item, ...]:
    """Return the items that one may be a translation of: those met before, then the newest in other languages."""
    alike = [before.item for before in await met_before(tx, bulletin, item) if before.how != How.LINKED]
    newest = [other for other in reversed(await items.in_states(tx, bulletin.id, *OPEN)) if other.language]
    found = {other.id: other for other in (*alike, *newest) if other_language(item, other) and other.id != item.id}
    group = item.translation_group
    apart = [one for one in found.values() if group is None or one.translation_group != group]
    return tuple(one for one in apart if one.state not in (ItemState.MERGED, ItemState.WITHDRAWN))[:LIKELY_SHOWN]


async def _not_cited(tx: Tx, item: Item, other: Item) -> tuple[Citation, ...]:
    """Return the citations of an item whose pages the other one does not cite yet."""
    there = {cited.canonical for cited in other.citations} | await known.led_to(tx, other.id)
    seen = await pages.of_item(tx, item.id)
    fresh = []
    for cited in item.citations:
        page = seen.get(cited.canonical or "")
        led = {page.address, page.own_address} if page else set()
        names = {cited.canonical} | {address for address in led if address and not is_home(address)}
        if (names - {None}).isdisjoint(there) and cited not in other.citations:
            fresh.append(cited)
    return tuple(fresh)


async def _take_out(tx: Tx, item: Item, other_id: int) -> None:
    """Take the citations that a merged item brought along out of the other one."""
    other = await items.get(tx, other_id)
    if other is None:
        return
    brought = {cited.canonical or cited.source for cited in item.citations} if item.reason == CITED else set()
    left = tuple(cited for cited in other.citations if (cited.canonical or cited.source) not in brought)
    await items.change(tx, other.id, other.revision, states=tuple(ItemState), citations=left)


async def _release(tx: Tx, item: Item, other: Item, now: datetime) -> None:
    """Let a merged item wait again; what its sender may have heard of the whole is taken back."""
    columns: dict[str, Any] = {"merged_into_id": None, "reason": "", "decided_by": None, "decided_at": None}
    states = (ItemState.MERGED,)
    await items.change(tx, item.id, item.revision, states=states, state=ItemState.PENDING, **columns)
    if other.state != ItemState.PENDING:
        await wait_again(tx, other, (item,), now)
    await following.follow_item(tx, item, now)


async def _regroup(tx: Tx, members: Iterable[Item], group: int | None) -> None:
    for member in members:
        await items.change(tx, member.id, member.revision, states=tuple(ItemState), translation_group=group)


async def _count(tx: Tx, item: Item, by: int) -> None:
    """Count a merged item among what its sender has brought in, while the whole is approved."""
    sender = await sender_of(tx, item)
    if sender is not None:
        await people_records.count_accepted(tx, sender, by)


async def _noted(tx: Tx, actor: str, act: str, other: Item, item: Item, now: datetime) -> None:
    await audit.note(tx, at=now, actor=actor, act=act, subject=f"item {other.id}", source=f"item {item.id}")


async def _draw(tx: Tx, bulletin: Bulletin, changed: Iterable[Item], now: datetime) -> None:
    """Draw the cards of items that have changed again, and of the merged one, which has folded."""
    for item in changed:
        if item.state in SHOWN_AT_DESK or item.state == ItemState.MERGED:
            await show_card(tx, bulletin, item.id, now)


def _is(item: Item, revision: int, *states: ItemState) -> bool:
    return item.revision == revision and item.state in states


def _done(key: str, other: Item) -> Verdict:
    title = clean(other.title)
    return Verdict(True, key, {"title": title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"})
