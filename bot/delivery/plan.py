"""The ledger of an issue, written in full before anything goes out."""

from bot.logs import logger
from store import bulletins, deliveries, issues, plans
from store.database import Store, Tx
from store.errors import Stale
from store.records import Issue
from store.states import IssueState

NO_MAIL = "delivery-mail-missing"
PAUSED = "delivery-channel-off"

log = logger("delivery")


async def plan(store: Store, issue: Issue) -> bool:
    """Write a row for each part of each channel and chat and for each reader of a frozen issue, and let it go out.

    Done in batches that may be repeated; the issue is being sent once a row exists for everybody. False when the
    issue was put on hold meanwhile, or is not frozen: call again with what it has become.
    """
    async with store.reading(long=True) as tx:
        skip = "" if await issues.rendering(tx, issue.id, deliveries.MAIL) is not None else NO_MAIL
    async with store.transaction(long=True) as tx:
        if not await _is_closed(tx, issue):
            return False
        await _plan_channels(tx, issue)
    added = deliveries.BATCH_ROWS
    while added == deliveries.BATCH_ROWS:
        async with store.transaction(long=True) as tx:
            if not await _is_closed(tx, issue):
                return False
            added = await plans.readers(tx, issue.id, issue.bulletin_id, issue.audience_until, skip)
    try:
        async with store.transaction(long=True) as tx:
            if not await _is_closed(tx, issue):
                return False
            await _plan_channels(tx, issue)
            await plans.chats(tx, issue, len(await issues.parts(tx, issue.id, deliveries.TELEGRAM)))
            await plans.passed_over(tx, issue.id, issue.bulletin_id, issue.audience_until, skip)
            rows = await deliveries.count(tx, issue.id)
            values = {"state": IssueState.SENDING, "rows": rows}
            await issues.change(tx, issue.id, issue.revision, states=(IssueState.FROZEN,), **values)
    except Stale:
        return False
    log.info("planned", issue=issue.number, rows=rows)
    return True


async def _is_closed(tx: Tx, issue: Issue) -> bool:
    """Say whether the issue still is as it was: one that is opened again meanwhile gets no rows."""
    found = await issues.get(tx, issue.id)
    return found is not None and found.revision == issue.revision


async def _plan_channels(tx: Tx, issue: Issue) -> None:
    """Write the rows of all channels; those of a paused one are left out at once, so that its state can be seen."""
    channels = await bulletins.channels_of(tx, issue.bulletin_id)
    parts = len(await issues.parts(tx, issue.id, deliveries.TELEGRAM))
    await plans.channels(tx, issue.id, [channel.id for channel in channels], parts)
    for channel in channels:
        if channel.paused:
            await deliveries.skip_target(tx, deliveries.TELEGRAM, channel.id, PAUSED)
