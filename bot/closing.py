"""At the cut-off the pages of all that is approved are looked at again; what changed goes back to the moderators."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot import gate, moderation
from bot.errors import NotSent, PerhapsSent
from bot.intake import following, recheck
from bot.intake.page.metadata import PageReader
from bot.intake.recheck import Change, Look
from bot.intake.submit import show_card
from bot.issues import BEFORE_FREEZE, READY
from bot.logs import logger
from bot.ports import Clock, Courier, Fetcher
from bot.render.changes import UNSEEN
from bot.render.style import clean
from store import audit, bulletins, issues, items, outbox, pages
from store.database import Store, Tx
from store.errors import Stale
from store.messages import Text
from store.records import Bulletin, Citation, Item, PageSeen
from store.states import ItemState, Topic

AT_ONCE = 4
TRIES = 3
AGAIN_MINUTES = 5
TITLES_SHOWN = 5
SUMMARY_SECONDS = 5
Key = tuple[int, str]
log = logger("closing")


class Closing:
    """The look at every approved link at the cut-off; it never holds the issue up."""

    def __init__(self, store: Store, fetcher: Fetcher, reader: PageReader, courier: Courier, clock: Clock) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._courier = courier
        self._clock = clock
        self._failed: dict[Key, tuple[int, datetime]] = {}
        self._reached = False

    async def step(self) -> int:
        """Look at a few items whose turn it is; returns how many there were."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            waiting = await _waiting(tx, now)
        if not waiting:  # what was learnt of the network in one round says nothing of the next
            self._failed.clear()
            self._reached = False
        mine = [(bulletin, item) for bulletin, item in waiting if self._is_due(item, now)][:AT_ONCE]
        await asyncio.gather(*(self._look_at(bulletin, item, now) for bulletin, item in mine))
        return len(mine)

    def _is_due(self, item: Item, now: datetime) -> bool:
        return all(self._failed.get((item.id, cited.canonical or ""), (0, now))[1] <= now for cited in item.citations)

    async def _look_at(self, bulletin: Bulletin, item: Item, now: datetime) -> None:
        try:
            await self._compare(bulletin, item)
        except Exception:  # one item must never keep the others from being looked at
            log.exception("an item could not be looked at again")
            later = (0, now + timedelta(minutes=AGAIN_MINUTES))
            self._failed |= {(item.id, cited.canonical or ""): later for cited in item.citations}

    async def _compare(self, bulletin: Bulletin, item: Item) -> None:
        async with self._store.reading() as tx:
            before = await pages.of_item(tx, item.id)
        looks = [
            (cited, await self._look(item, cited, before.get(cited.canonical or "")))
            for cited in item.citations
            if cited.url and cited.canonical
        ]
        now = self._clock.now()
        settled = [self._settled(item, cited, before.get(cited.canonical or ""), seen, now) for cited, seen in looks]
        changes = [look.change for look in settled if look is not None and look.change is not None]
        if any(look is None for look in settled) and not changes:
            return  # some page is tried again a little later
        old = None
        with suppress(Stale):
            async with self._store.transaction() as tx:
                for look in settled:
                    if look is not None and look.page is not None:
                        await pages.seen(tx, look.page)
                if changes:
                    old = await _write_down(tx, bulletin, item, changes, now)
        if old is not None and bulletin.moderators_chat is not None:
            with suppress(NotSent, PerhapsSent):
                await self._courier.edit(bulletin.moderators_chat, old, Text("↓ ") + clean(item.title)[:100])

    async def _look(self, item: Item, cited: Citation, before: PageSeen | None) -> Look:
        found = await recheck.look(self._fetcher, self._reader, cited, before, item.id, self._clock.now())
        self._reached = self._reached or found.reached
        return found

    def _settled(self, item: Item, cited: Citation, before: PageSeen | None, seen: Look, now: datetime) -> Look | None:
        """Return what to make of a look; None when the page is to be tried again."""
        key = (item.id, cited.canonical or "")
        if not seen.problem:
            self._failed.pop(key, None)
            return seen
        tries = self._failed.get(key, (0, now))[0] + 1
        if tries < TRIES:
            self._failed[key] = (tries, now + timedelta(minutes=AGAIN_MINUTES))
            return None
        self._failed.pop(key, None)
        if seen.problem == recheck.NO_SITE and self._reached:  # the others answer, so it is not our own line
            return recheck.gone(cited, before, item.id, now)
        kept = replace(before, checked_at=now) if before else PageSeen(key[0], key[1], None, None, "", now)
        if before is None or before.address is None:  # it could not be read at first either
            return Look(kept)
        return Look(kept, Change(UNSEEN, {"why": seen.problem}))


async def _waiting(tx: Tx, now: datetime) -> list[tuple[Bulletin, Item]]:
    """Return what is to be looked at: nothing before the cut-off of a bulletin's open issue."""
    found: list[tuple[Bulletin, Item]] = []
    for bulletin in await bulletins.every(tx):
        issue = await issues.current(tx, bulletin.id)
        if issue is None or issue.state not in BEFORE_FREEZE:
            continue
        cutoff = issue.due_at - timedelta(minutes=bulletin.cutoff_minutes)
        for item_id in await pages.unchecked(tx, bulletin.id, cutoff) if cutoff <= now else ():
            item = await items.get(tx, item_id)
            found += [] if item is None else [(bulletin, item)]
    return found


async def _write_down(tx: Tx, bulletin: Bulletin, item: Item, changes: Sequence[Change], now: datetime) -> int | None:
    """Keep with an item what was found; what changed goes back to the moderators.

    Returns the message of its old card, to be folded, since a fresh one comes to the end of the chat. Raises Stale
    when somebody decided otherwise meanwhile.
    """
    found = {"changes": [asdict(change) for change in changes]}
    if all(change.key == UNSEEN for change in changes):
        await items.change(tx, item.id, item.revision, states=READY, found_change=found)
        await show_card(tx, bulletin, item.id, now)
        return None
    columns: dict[str, Any] = {
        "state": ItemState.PENDING,
        "decided_by": None,
        "decided_at": None,
        "found_change": found,
    }
    await items.change(tx, item.id, item.revision, states=READY, **columns)
    await audit.note(tx, at=now, actor="clock", act="send-back", subject=f"item {item.id}", **found)
    await moderation.wait_again(tx, item, [item, *await moderation.parts_of(tx, item)], now)
    await following.follow_item(tx, item, now)
    old = None
    if bulletin.moderators_chat is not None:
        old = await outbox.card(tx, "card", item.id, bulletin.moderators_chat)
        await outbox.forget_card(tx, "card", item.id, bulletin.moderators_chat)
    await show_card(tx, bulletin, item.id, now)
    await _summarise(tx, bulletin, now)
    await gate.refresh(tx, bulletin, now)
    return old


async def _summarise(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Queue one sentence on all that waits again; further changes go into the same one while it is not said."""
    if bulletin.moderators_chat is None:
        return
    waiting = await items.in_states(tx, bulletin.id, ItemState.PENDING)
    titles = [clean(item.title)[:80] for item in waiting if item.found_change]
    shown = "; ".join(titles[:TITLES_SHOWN]) + ("; …" if len(titles) > TITLES_SHOWN else "")
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        not_before=now + timedelta(seconds=SUMMARY_SECONDS),
        kind="say",
        topic=Topic.CARDS,
        payload={"key": "recheck-summary", "values": {"n": len(titles), "titles": shown}},
        subject_id=bulletin.id,
        merge_key=f"recheck:{bulletin.id}",
    )
