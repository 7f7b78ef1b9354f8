"""Entries without a link: the sender is asked for them in one message, and gives them by replying to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import Refused
from bot.intake.address import urls
from bot.intake.message.entries import Entry
from bot.intake.message.found import clean_link
from bot.intake.message.headings import folded
from bot.intake.message.written import addresses_in, without_addresses
from bot.render.style import clean
from bot.texts import say
from store import items, outbox, senders
from store.database import Tx
from store.messages import Incoming, Text
from store.records import Citation, Item, Submission
from store.states import ItemState

KIND = "links"
LOOKED_BACK = 5
TITLE_SHOWN = 120
TEXT_UNITS = 3500
_NUMBERED = re.compile(r"^\W{0,3}(\d{1,4})\b")
_SHORTEST_TITLE = 8


@dataclass(frozen=True, slots=True)
class Given:
    """What became of the links of a reply: how many were given, were more than wait, or cannot be taken."""

    count: int
    left: int
    refused: tuple[tuple[str, Refused], ...]


def lacks_link(item: Item) -> bool:
    """Tell whether an item waits for its sender to give a link."""
    return item.state == ItemState.DRAFT and not any(cited.url for cited in item.citations)


async def missing_of(tx: Tx, submission_id: int) -> list[tuple[int, Item]]:
    """Return the items of a submission that wait for a link, each with its number among all of them."""
    every = await items.of_submission(tx, submission_id)
    return [(number, item) for number, item in enumerate(every, 1) if lacks_link(item)]


async def ask_for_links(tx: Tx, submission: Submission, now: datetime) -> None:
    """Queue the message that asks a sender for links, or its redrawing; nothing where none was missing."""
    if submission.person_id is None:
        return
    asked = await outbox.card(tx, KIND, submission.id, 0) is not None
    if not asked and not await missing_of(tx, submission.id):
        return
    await outbox.put(
        tx,
        now=now,
        kind=KIND,
        payload={"at": now.isoformat()},
        person_id=submission.person_id,
        subject_id=submission.id,
        merge_key=f"{KIND}:{submission.id}",
    )


async def ask_text(tx: Tx, submission_id: int, language: str, *, quietly: bool = False) -> Text:
    """Draw the message that asks for the links of a submission, or says that none is missing any more.

    `quietly` names no title, for somebody to whom a message that is found could be a danger.
    """
    number = (await items.submission(tx, submission_id)).number
    waiting = await missing_of(tx, submission_id)
    if not waiting:
        return Text(say(language, "links-all-given", number=number))
    lines = [Text(say(language, "links-ask", number=number, n=len(waiting)))]
    for place, item in [] if quietly else waiting:
        line = Text(f"{place}. {clean(item.title)[:TITLE_SHOWN]}")
        if sum(each.units + 1 for each in (*lines, line)) > TEXT_UNITS:
            lines.append(Text("…"))
            break
        lines.append(line)
    return Text.join("\n", lines)


async def give_link(tx: Tx, item: Item, link: str) -> None:
    """Give a link to an item that waits for one, so that its page is read; raises Refused when it cannot be taken."""
    if not lacks_link(item):
        raise Refused("link-not-missing")
    url = clean_link(link)
    first = item.citations[0] if item.citations else Citation()
    source = first.source or urls.display_host(url)
    cited = replace(first, url=url, canonical=urls.canonical(url), source=source)
    await items.change(
        tx,
        item.id,
        item.revision,
        states=(ItemState.DRAFT,),
        citations=(cited, *item.citations[1:]),
        unread=True,
    )


async def give_links(tx: Tx, submission: Submission, incoming: Incoming, now: datetime) -> Given:
    """Give the links of a reply to the items of a submission that wait for one.

    A line that begins with an item's number or names its title gives its link to that item, others go to the next ones
    in order. Raises Refused when nothing waits.
    """
    waiting = dict(await missing_of(tx, submission.id))
    if not waiting:
        raise Refused("link-not-missing")
    refused: list[tuple[str, Refused]] = []
    for link in incoming.links:
        try:
            clean_link(link)
        except Refused as reason:
            refused.append((link, reason))
    pairs = _pairs(incoming, waiting, {link for link, _ in refused})
    for number, link in pairs:
        await give_link(tx, waiting[number], link)
    await ask_for_links(tx, submission, now)
    return Given(len(pairs), len(incoming.links) - len(refused) - len(pairs), tuple(refused))


async def fill(tx: Tx, person_id: int, entries: Sequence[Entry], now: datetime) -> Submission | None:
    """Give the links of lines that were sent before without one to those lines; returns what they belong to.

    None when any of the lines is another: then they are a submission of their own.
    """
    if not entries or any(entry.lacks_link or "title" not in entry.told for entry in entries):
        return None
    for submission in await senders.latest(tx, person_id, LOOKED_BACK):
        waiting = {folded(item.title): item for _, item in await missing_of(tx, submission.id)}
        found = [waiting.pop(folded(entry.title), None) for entry in entries]
        if any(item is None for item in found):
            continue
        for item, entry in zip(found, entries, strict=True):
            if item is not None:
                await give_link(tx, item, next(cited.url for cited in entry.citations if cited.url))
        await ask_for_links(tx, submission, now)
        return submission
    return None


def _pairs(incoming: Incoming, waiting: dict[int, Item], refused: set[str]) -> list[tuple[int, str]]:
    """Return which link goes to the item of which number; each link once, those in `refused` nowhere."""
    left, pairs, unnamed = set(waiting), list[tuple[int, str]](), list[str]()
    meant = ""
    for line in incoming.written.splitlines():
        words = without_addresses(line)
        addresses = [link for link in addresses_in(line) if link not in refused]
        meant = words or meant
        number = _named(meant, {number: waiting[number] for number in left}) if addresses else None
        if number is not None:
            pairs.append((number, addresses[0]))
            left.discard(number)
        else:
            unnamed += addresses
        meant = "" if addresses else meant
    named = {link for _, link in pairs}
    rest = dict.fromkeys(link for link in (*unnamed, *incoming.links) if link not in named | refused)
    return [*pairs, *zip(sorted(left), rest, strict=False)]


def _named(words: str, waiting: dict[int, Item]) -> int | None:
    """Return the number of the item that words name, by its title or its number."""
    plain = folded(words)
    for number, item in waiting.items():
        title = folded(item.title)
        if len(title) >= _SHORTEST_TITLE and f" {title} " in f" {plain} ":
            return number
    match = _NUMBERED.match(words)
    return int(match[1]) if match and int(match[1]) in waiting else None
