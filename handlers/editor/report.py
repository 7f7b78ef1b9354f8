"""The doors of the report: /report, who missed an issue, posts that were perhaps sent, and sending to those again."""

from bot import desk, report_card
from bot.correcting import published
from bot.delivery import settle
from bot.errors import Refused
from handlers.visit import Answer, Door, Visit
from store import deliveries, issues
from store.records import Issue
from store.states import Role


async def report(visit: Visit) -> Answer:
    """Show what became of the issue that a command or a button names; the button draws it as it is now."""
    if visit.press is None:
        found = await published.numbered(visit.tx, visit.here, visit.words)
        return Answer(cards=(await report_card.report(visit.tx, visit.here, found.issue, visit.spoken),))
    issue = await _pressed(visit)
    card = await report_card.report(visit.tx, visit.here, issue, visit.spoken)
    return Answer(toast=visit.say("report-fresh"), redraw=card)


async def missed(visit: Visit) -> Answer:
    """Show who went without an issue."""
    issue = await _pressed(visit)
    return Answer(redraw=await report_card.who_missed(visit.tx, issue, visit.spoken))


async def again(visit: Visit) -> Answer:
    """Send an issue to those who missed it, and to nobody else."""
    issue = await _pressed(visit)
    queued = await settle.send_failed(visit.tx, issue.id, visit.actor, visit.now)
    said = visit.say("report-again", n=queued) if queued else visit.say("report-again-none")
    return await _drawn(visit, issue, said, alert=not queued)


async def settled(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent, as somebody saw in the channel."""
    press, tx, actor, now = visit.pressed, visit.tx, visit.actor, visit.now
    row = await deliveries.get(tx, press.subject)
    issue = await issues.get(tx, row.issue_id) if row is not None else None
    if row is None or issue is None or issue.bulletin_id != visit.here.id or row.kind != deliveries.TELEGRAM:
        raise Refused("delivery-already-settled")
    try:
        if press.argument == "there":
            await settle.it_is_there(tx, row.id, None, actor, now)
        elif press.argument == "again":
            await settle.send_again(tx, row.id, actor, now)
        elif press.argument == "out":
            await settle.leave_out(tx, row.id, actor, now)
        else:
            raise Refused("delivery-already-settled")
    except Refused as refusal:
        return await _drawn(visit, issue, visit.say(refusal.key, **refusal.values), alert=True)
    await desk.redraw_doubt(tx, visit.here, row.id, now)
    return await _drawn(visit, issue, visit.say("settled"))


async def _drawn(visit: Visit, issue: Issue, said: str, *, alert: bool = False) -> Answer:
    now = await issues.get(visit.tx, issue.id) or issue
    return Answer(toast=said, alert=alert, redraw=await report_card.report(visit.tx, visit.here, now, visit.spoken))


async def _pressed(visit: Visit) -> Issue:
    return (await published.read(visit.tx, visit.here, visit.pressed.subject)).issue


BUTTONS: dict[str, tuple[Door, Role]] = {
    "report": (report, Role.MODERATOR),
    "report-missed": (missed, Role.MODERATOR),
    "report-settle": (settled, Role.MODERATOR),
    "report-again": (again, Role.EDITOR),
}
