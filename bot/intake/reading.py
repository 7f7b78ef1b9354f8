"""Reads the pages of stored links, a few at a time; what was not read yet stands in the store."""

import asyncio
from datetime import datetime

from bot.errors import Unreadable
from bot.intake.hand_over import page_of, take_facts, where_it_led
from bot.intake.known import note_page
from bot.intake.page.metadata import PageFacts, PageReader
from bot.logs import logger
from bot.ports import Clock, Fetcher
from bot.wake import Rush
from store import bulletins, items
from store.database import Store
from store.records import Item, MediaType

AT_ONCE = 6
log = logger("reading")


class Reading:
    """The step between a stored link and a card: fetch under the guard, read, hand over."""

    def __init__(self, store: Store, fetcher: Fetcher, reader: PageReader, clock: Clock, rush: Rush) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._rush = rush

    async def step(self) -> int:
        """Read the pages of the oldest unread items; returns how many there were."""
        async with self._store.reading() as tx:
            waiting = await items.unread(tx, AT_ONCE)
        await asyncio.gather(*(self._read(item) for item in waiting), return_exceptions=True)
        return len(waiting)

    async def _read(self, item: Item) -> None:
        facts, problem, address = None, "", ""
        place = page_of(item)
        url = (item.citations[place].url if place is not None else None) or ""
        try:
            page = await self._fetcher.fetch(url)
            facts, address = await self._reader.read(page), page.url
            problem = "" if facts.title else "intake-no-title"
        except Unreadable as error:
            problem = error.key
            facts = PageFacts(media_type=MediaType(error.media_type)) if error.media_type else None
        except Exception:  # a page must never stop the others, and its link is never lost
            log.exception("a page could not be read")
            problem = "intake-unreachable"
        try:
            await self._hand_over(item, facts, problem, address, self._clock.now())
        except Exception:  # what a page says must not keep its link from the moderators
            log.exception("what a page says could not be stored")
            await self._hand_over(item, None, "intake-unreachable", "", self._clock.now())

    async def _hand_over(self, item: Item, facts: PageFacts | None, problem: str, address: str, now: datetime) -> None:
        item = where_it_led(item, address)
        await self._rush.over()
        async with self._store.transaction() as tx:
            bulletin = await bulletins.get(tx, item.bulletin_id)
            taken = await take_facts(tx, bulletin, item, facts, problem, now)
            if taken and facts is not None and address:
                await note_page(tx, item, facts, address, now)
