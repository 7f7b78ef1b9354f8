"""Closing the open issue before its hour, to be sent later, and opening it again."""

from datetime import datetime

from bot import issues
from bot.errors import Refused
from bot.gate.going import Pressed, actor_of, closed_unsent
from bot.issues import ensure_open
from bot.render.editions import Press
from store import issues as records
from store.database import Store, Tx
from store.records import Bulletin, Issue, Person


async def may_close(tx: Tx, bulletin: Bulletin, now: datetime, pressed: Pressed | None = None) -> Issue:
    """Return the open issue if it can be closed now; raises Refused with what stands against it."""
    issue = await ensure_open(tx, bulletin, now)
    if pressed is not None and (issue.id, issue.revision) != (pressed.issue, pressed.revision):
        raise Refused("issue-changed")
    waiting = await closed_unsent(tx, bulletin.id)
    if waiting:
        raise Refused("close-one-is-closed", number=waiting[0].number)
    gathered = await issues.gather(tx, bulletin.id)
    if gathered is None or not gathered.items:
        raise Refused("issue-empty")
    return issue


async def close(store: Store, bulletin: Bulletin, issue: Issue, by: Person, press: Press, now: datetime) -> Issue:
    """Close an issue that `may_close` has returned: it takes its number and waits for somebody to let it out."""
    return await issues.freeze(store, bulletin.id, press, actor_of(by), now, on_hold=True, only=issue)


async def reopen(tx: Tx, bulletin: Bulletin, by: Person | None, now: datetime, pressed: Pressed | None = None) -> Issue:
    """Open a closed issue again, with its number; raises Refused when anything of it went out."""
    if pressed is None:
        issue = next(iter(reversed(await closed_unsent(tx, bulletin.id))), None)
    else:
        issue = await records.get(tx, pressed.issue)
    if issue is None or issue.bulletin_id != bulletin.id:
        raise Refused("reopen-none")
    if pressed is not None and issue.revision != pressed.revision:
        raise Refused("issue-changed")
    await issues.reopen(tx, bulletin, issue, actor_of(by), now)
    return issue
