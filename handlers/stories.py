"""The doors that join a new link to a story that was here before, and part the two again."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot import links
from bot.links import Pair
from bot.moderation import Verdict
from handlers.moderator.cards import said
from handlers.visit import Answer, Visit
from store.database import Tx
from store.records import Bulletin, Person

Join = Callable[[Tx, Bulletin, Person, Pair, datetime], Awaitable[Verdict]]


async def cite(visit: Visit) -> Answer:
    """Make the new link a further citation of the item that the button names."""
    return await _join(visit, links.attach_citation)


async def translate(visit: Visit) -> Answer:
    """Note that the new link is a translation of the item that the button names."""
    return await _join(visit, links.attach_translation)


async def part(visit: Visit) -> Answer:
    """Note that an item is no translation after all."""
    press = visit.pressed
    return await said(
        visit,
        await links.detach_translation(visit.tx, visit.here, visit.who, press.subject, press.revision, visit.now),
    )


async def separate(visit: Visit) -> Answer:
    """Let a merged item stand alone again."""
    press = visit.pressed
    return await said(
        visit, await links.separate(visit.tx, visit.here, visit.who, press.subject, press.revision, visit.now)
    )


async def _join(visit: Visit, join: Join) -> Answer:
    press = visit.pressed
    other, _, revision = press.argument.partition("-")
    if not (other.isdecimal() and revision.isdecimal()):
        return await said(visit, links.GONE)
    pair = Pair(press.subject, press.revision, int(other), int(revision))
    return await said(visit, await join(visit.tx, visit.here, visit.who, pair, visit.now))
