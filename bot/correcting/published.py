"""A published issue as it stands: found by its number, and read with all that a correction of it needs."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.correcting.change import Change, Corrected, apply, from_record, item_at
from bot.errors import Refused
from bot.render import editions
from bot.render.layout import line
from bot.render.redraw import Posted
from store import bulletins, corrections, deliveries, issues, items
from store.corrections import Draft
from store.database import Tx
from store.records import Bulletin, FrozenIssue, Issue, PrintedItem

HIGHEST_NUMBER = 2**31


@dataclass(frozen=True, slots=True)
class Published:
    """An issue that is out; `seen` is how many corrections of it were made by now, and guards each further one."""

    issue: Issue
    bulletin: Bulletin
    document: FrozenIssue
    seen: int


async def numbered(tx: Tx, bulletin: Bulletin, words: str) -> Published:
    """Return the issue whose number somebody wrote, without one the latest; raises Refused when it is not out."""
    given = words.strip().removeprefix("#")
    if not given:
        out = await issues.released(tx, bulletin.id)
        if not out:
            raise Refused("published-none")
        return await read(tx, bulletin, out[0].id)
    if not given.isdecimal() or int(given) > HIGHEST_NUMBER:
        raise Refused("published-no-number", what=given[:40])
    issue = await issues.numbered(tx, bulletin.id, int(given))
    if issue is None:
        raise Refused("issue-unknown", number=int(given))
    return await read(tx, bulletin, issue.id)


async def read(tx: Tx, bulletin: Bulletin, issue_id: int) -> Published:
    """Return an issue of this bulletin that is out; raises Refused for any other."""
    issue = await issues.get(tx, issue_id)
    if issue is None or issue.bulletin_id != bulletin.id:
        raise Refused("published-other")
    if not issues.is_out(issue):
        raise Refused("published-not-out", number=issue.number or bulletin.next_number)
    document = editions.from_record(await issues.document(tx, issue.id))
    return Published(issue, bulletin, document, await corrections.count(tx, issue.id))


async def draft(tx: Tx, draft_id: int) -> tuple[Published, Draft, Change]:
    """Return a correction that waits for the last word; raises Refused when it is settled or no longer holds."""
    found = await corrections.drafted(tx, draft_id)
    if found is None:
        raise Refused("published-settled")
    issue = await issues.get(tx, found.issue_id)
    if issue is None:
        raise Refused("published-settled")
    published = await read(tx, await bulletins.get(tx, issue.bulletin_id), issue.id)
    if published.seen != found.seen:
        raise Refused("published-changed")
    return published, found, from_record(found.change)


async def corrected(tx: Tx, published: Published, place: int, change: Change, now: datetime) -> Corrected:
    """Return what a change makes of an issue; raises Refused when it makes nothing another."""
    was = item_at(published.document, place)
    item = await items.get(tx, was.item_id) if was.item_id is not None else None
    return apply(published.document, place, change, day_of(published, now), item.highlight if item else None)


async def posted(tx: Tx, published: Published) -> Posted:
    """Return what was stored of an issue's messages."""
    parts = await issues.parts(tx, published.issue.id, deliveries.TELEGRAM)
    return Posted(tuple(parts), await issues.rendering(tx, published.issue.id, editions.SPLIT))


def day_of(published: Published, now: datetime) -> date:
    """Return the day on which a correction made now is dated."""
    return now.astimezone(ZoneInfo(published.document.timezone)).date()


def printed(item: PrintedItem, document: FrozenIssue) -> str:
    """Return an item in one line, as the issue prints it."""
    return "".join(span.text for span in line(item, document).spans)
