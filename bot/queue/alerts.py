"""What the desk is told of the queue as a whole: a rush, the morning's summary, what waits for long, the cut-off."""

from datetime import datetime, timedelta

from bot.board.times import left
from bot.delivery import crowd
from bot.queue.draw import age
from bot.queue.scene import Scene, look, short, to
from bot.render.style import clean
from store import issues
from store.database import Tx
from store.messages import Buttons, Card, Text
from store.queue import Waiter
from store.records import Bulletin, Issue

SUMMARY, OLD, CUTOFF = "summary", "old", "cutoff"
STALE_HOURS = 3
OLD_SHOWN = 5
TITLE_LENGTH = 90


async def rush_card(tx: Tx, bulletin: Bulletin, chat: int, now: datetime) -> Card:
    """Draw how many new links wait without a card, or that the rush is over."""
    scene = await look(tx, bulletin, bulletin.language, now, at_desk=True)
    count = await crowd.size(tx, chat, now)
    if not count:
        return Card(Text(scene.say("crowd-over")))
    lines = (Text.bold(scene.say("crowd-waiting", n=count)), Text(scene.say("crowd-how", few=crowd.FEW)))
    return Card(Text.join("\n", lines), _ways(scene))


async def alert_card(tx: Tx, bulletin: Bulletin, what: str, since: datetime, now: datetime) -> Card | None:
    """Draw an alert as it is true now; None when nothing waits any more, or when it comes too late to be of use."""
    scene = await look(tx, bulletin, bulletin.language, now, at_desk=True)
    waiting = [waiter for waiter in scene.waiting if waiter.snoozed_until is None]
    issue = await issues.current(tx, bulletin.id)
    if what == OLD:
        lines = _old_lines(scene, older(waiting, bulletin, now))
    elif not waiting or now - since > timedelta(hours=STALE_HOURS):
        return None
    elif what == CUTOFF:
        lines = _cutoff_lines(scene, waiting, issue)
    else:
        lines = _summary_lines(scene, waiting, issue)
    return Card(Text.join("\n", lines), _ways(scene)) if lines else None


def cutoff_of(bulletin: Bulletin, issue: Issue) -> datetime:
    """Return until when links are decided for an issue."""
    return issue.due_at - timedelta(minutes=bulletin.cutoff_minutes)


def older(waiting: list[Waiter], bulletin: Bulletin, now: datetime) -> list[Waiter]:
    """Return what waits for longer than the bulletin lets it wait without a word."""
    limit = now - timedelta(hours=bulletin.remind_hours)
    return [waiter for waiter in waiting if bulletin.remind_hours and waiter.created_at <= limit]


def _summary_lines(scene: Scene, waiting: list[Waiter], issue: Issue | None) -> list[Text]:
    lines = [Text.bold(scene.say("queue-waiting", n=len(waiting)))]
    lines.append(Text(scene.say("alert-oldest", age=age(scene, waiting[0].created_at))))
    if issue is not None and cutoff_of(scene.bulletin, issue) > scene.now:
        cutoff = cutoff_of(scene.bulletin, issue)
        span = left(cutoff - scene.now, scene.language)
        lines.append(Text(scene.say("alert-cutoff", time=scene.moment(cutoff), left=span)))
    return lines


def _cutoff_lines(scene: Scene, waiting: list[Waiter], issue: Issue | None) -> list[Text]:
    if issue is None or cutoff_of(scene.bulletin, issue) <= scene.now:
        return []
    time = scene.moment(cutoff_of(scene.bulletin, issue))
    return [Text.bold(scene.say("alert-before-cutoff", n=len(waiting), time=time))]


def _old_lines(scene: Scene, old: list[Waiter]) -> list[Text]:
    if not old:
        return []
    lines = [Text.bold(scene.say("alert-old", n=len(old), hours=scene.bulletin.remind_hours))]
    for waiter in old[:OLD_SHOWN]:
        title = Text.link(short(clean(waiter.title), TITLE_LENGTH), scene.card_url(waiter) or waiter.url)
        lines.append(Text("· ") + title + " · " + age(scene, waiter.created_at))
    if len(old) > OLD_SHOWN:
        lines.append(Text(scene.say("queue-more", n=len(old) - OLD_SHOWN)))
    return lines


def _ways(scene: Scene) -> Buttons:
    return ((to("seat", "new", scene.say("button-seat")), to("queue-open", "0", scene.say("button-queue"))),)
