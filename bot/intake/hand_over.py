"""What was read from an item's page is written to it, and the item is handed to the moderators."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot import sources
from bot.errors import Refused
from bot.intake import following
from bot.intake.address import urls
from bot.intake.page.metadata import PageFacts
from bot.intake.submit import show_card
from store import audit, items
from store.database import Tx
from store.errors import Stale
from store.records import Bulletin, Citation, Item
from store.states import ItemState

SOURCE_LENGTH = 255
NO_TITLE = "intake-no-title"


def page_of(item: Item) -> int | None:
    """Return the place of the citation whose page speaks for an item, the first with an address; None without any."""
    return next((place for place, cited in enumerate(item.citations) if cited.url), None)


def where_it_led(item: Item, address: str) -> Item:
    """Return an item whose shortened link is replaced by the address to which it led; any other link stays as sent.

    Readers then see where a link leads, and nobody counts their clicks. A short link that has died may lead to a home
    page, which tells nothing.
    """
    place = page_of(item)
    before = item.citations[place] if place is not None else None
    if place is None or before is None or before.url is None or not urls.is_shortener(before.url):
        return item
    try:
        url = urls.unwrapped(address)
    except Refused:
        return item
    parts = urlsplit(url)
    if urls.is_shortener(url) or not (parts.path.strip("/") or parts.query):
        return item
    source = urls.display_host(url) if before.source == urls.display_host(before.url) else before.source
    cited = replace(before, url=url, canonical=urls.canonical(url), source=source)
    return replace(item, citations=(*item.citations[:place], cited, *item.citations[place + 1 :]))


async def take_facts(
    tx: Tx, bulletin: Bulletin, item: Item, facts: PageFacts | None, problem: str, now: datetime
) -> bool:
    """Write what was read from an item's page, hand the item to the moderators, and tell the sender.

    `facts` is None and `problem` a text key when the page could not be read: the item is kept all the same. What a
    person has told of an item is not overruled. Returns False when the item changed while its page was read.
    """
    columns: dict[str, Any] = {"problem": problem}
    citations = item.citations
    if facts is not None:
        columns["media_type"] = facts.media_type
        read = {"authors": list(facts.authors), "language": facts.language}
        columns |= {field: value for field, value in read.items() if field not in item.told}
        citations = _cited(item, facts)
        if facts.title and "title" not in item.told:
            columns["title"] = facts.title
    if problem == NO_TITLE and "title" in item.told:
        columns["problem"] = ""
    try:
        await items.change(
            tx,
            item.id,
            item.revision,
            states=(ItemState.DRAFT,),
            citations=await named(tx, item, citations),
            state=ItemState.PENDING,
            unread=False,
            **columns,
        )
    except Stale:
        return False
    if not await _joined_its_story(tx, bulletin, item.id, now):
        await show_card(tx, bulletin, item.id, now)
    if item.submission_id is not None:
        await following.follow(tx, item.submission_id, now, patient=True)
    return True


def _cited(item: Item, facts: PageFacts) -> tuple[Citation, ...]:
    """Return the citations with what the page says of source and date, where nobody has told it."""
    place = page_of(item)
    if place is None:
        return item.citations
    before = item.citations[place]
    source = before.source if "source" in item.told or not facts.source else facts.source[:SOURCE_LENGTH]
    date = before.date if "date" in item.told else facts.published
    original = facts.original_source[:SOURCE_LENGTH] or before.original_source
    cited = replace(before, source=source, date=date, original_source=original)
    return (*item.citations[:place], cited, *item.citations[place + 1 :])


async def named(tx: Tx, item: Item, citations: tuple[Citation, ...]) -> list[Citation]:
    """Return the citations with their sources under the names of the directory; only a page's name is overruled."""
    page = page_of(item)
    told = [place != page or "source" in item.told for place in range(len(citations))]
    return [await sources.named(tx, cited, told=said) for cited, said in zip(citations, told, strict=True)]


async def _joined_its_story(tx: Tx, bulletin: Bulletin, item_id: int, now: datetime) -> bool:
    """Make one item of two links of one message whose pages carry the same title; says whether it did."""
    item = await items.get(tx, item_id)
    if item is None or item.submission_id is None or item.problem or "title" in item.told:
        return False  # whoever names two titles sends two stories
    for other in await items.of_submission(tx, item.submission_id):
        if other.id == item.id or other.state != ItemState.PENDING or other.title.casefold() != item.title.casefold():
            continue
        if any(urls.same_site(one.url or "", two.url or "") for one in item.citations for two in other.citations):
            continue  # pages of one site often carry the site's title; two sites with one title tell one story
        pair = (other, item) if other.id < item.id else (item, other)
        citations = (*pair[0].citations, *pair[1].citations)
        await items.change(tx, other.id, other.revision, states=(ItemState.PENDING,), citations=citations)
        pending, merged = (ItemState.PENDING,), ItemState.MERGED
        await items.change(tx, item.id, item.revision, states=pending, state=merged, merged_into_id=other.id)
        await audit.note(tx, at=now, actor="clock", act="merge", subject=f"item {other.id}", source=f"item {item.id}")
        await show_card(tx, bulletin, other.id, now)
        return True
    return False
