"""An issue's message at the desk: what is going on, who has let it out, what went out, and the buttons for it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.lists import format_list

from bot import issues
from bot.issues.reopening import may_reopen
from bot.render import editions, style, telegram
from bot.render.editions import Press
from bot.texts import say
from store import bulletins, deliveries
from store import issues as records
from store import people as people_records
from store.database import Tx
from store.messages import Button, Card, Text
from store.records import Bulletin, FrozenIssue, Gate, Issue
from store.states import DeliveryState, IssueState, Role

WAITING_ROWS = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.HELD, DeliveryState.IN_DOUBT)
LATE_HOURS = 24
OF_READERS = {
    deliveries.MAIL: "release-letters",
    deliveries.CHAT: "delivery-report-chats",
    deliveries.CORRECTION: "report-letters",
    deliveries.CHAT_EDIT: "report-edits",
}


class Stage(NamedTuple):
    """Where an issue stands: the key of its sentence, and its buttons."""

    key: str
    buttons: tuple[str, ...]


async def gate_preview(tx: Tx, bulletin: Bulletin, issue: Issue, press: Press, now: datetime) -> tuple[Text, ...]:
    """Return the exact messages of an issue that waits behind its gate; none in another state."""
    if issue.state != IssueState.WAITING:
        return ()
    gathered = await issues.gather(tx, bulletin.id)
    return telegram.render(issues.compose(gathered, press, now)) if gathered is not None and gathered.items else ()


async def gate_card(tx: Tx, bulletin: Bulletin, issue: Issue, now: datetime) -> Card:
    """Draw an issue's message at the desk."""
    language = bulletin.language
    name = Text.bold(say(language, "issue-name", title=bulletin.title, number=issue.number or bulletin.next_number))
    if issue.number is None:
        return await _open_card(tx, bulletin, issue, name, now)
    document = editions.from_record(await records.document(tx, issue.id))
    stage = await _closed_stage(tx, issue)
    day = style.long_date(issue.date, language)
    lines = [name, Text(say(language, stage.key, n=_count(document), day=day))]
    if stage.key == "sending-held":
        lines += [Text(line) for line in await progress(tx, issue, language)]
    if "publish" in stage.buttons:
        lines += await _too_few(tx, bulletin)
    lines += await _let_out_lines(tx, bulletin, issue, None)
    return Card(Text.join("\n", lines), _row(language, issue, stage.buttons, ""))


async def _open_card(tx: Tx, bulletin: Bulletin, issue: Issue, name: Text, now: datetime) -> Card:
    gathered = await issues.gather(tx, bulletin.id)
    if gathered is None or gathered.issue.id != issue.id:
        return Card(name)
    language = bulletin.language
    let_out = await issues.is_let_out(tx, bulletin, issue, gathered)
    stage = _open_stage(bulletin, issue, now, let_out=let_out)
    zone = ZoneInfo(bulletin.timezone)
    moment = (issue.gate_until or issue.due_at).astimezone(zone)
    day = style.long_date(moment.date(), language)
    lines = [name, Text(say(language, stage.key, n=len(gathered.items), time=f"{moment:%H:%M}", day=day))]
    counts = [(one.title, sum(item.section_id == one.id for item in gathered.items)) for one in gathered.sections]
    lines += [Text(f"{title}: {count}") for title, count in counts if count]
    if gathered.left:
        lines.append(Text("⚠ " + say(language, "gate-sections-left", n=len(gathered.left))))
    lines += [*await _too_few(tx, bulletin), *await _let_out_lines(tx, bulletin, issue, gathered)]
    seen = issues.imprint(gathered) if issues.needed(bulletin) else ""
    left = [(Button(f"⚠ → {one.short}", f"v1:section-left:{one.id}:0"),) for one in gathered.left]
    return Card(Text.join("\n", lines), (*left, *_row(language, issue, stage.buttons, seen)))


def _open_stage(bulletin: Bulletin, issue: Issue, now: datetime, *, let_out: bool) -> Stage:
    if issue.state == IssueState.HELD:
        return Stage("gate-held", ("publish", "continue"))
    if issue.state == IssueState.OPEN:
        late = now - issue.due_at > timedelta(hours=LATE_HOURS)
        return Stage("gate-late" if late else "release-open", ("publish",))
    if issue.gate_until is None:
        return Stage("release-waits-two" if bulletin.gate == Gate.TWO else "release-waits", ("publish", "hold"))
    if let_out and issue.gate_until <= now:
        return Stage("release-goes", ("hold",))
    return Stage("gate-waiting", ("publish", "hold"))


async def _closed_stage(tx: Tx, issue: Issue) -> Stage:
    if issue.state == IssueState.SENT:
        return Stage("gate-sent", ())
    if issue.state != IssueState.HELD:
        return Stage("gate-sending", ("hold",))
    again = ("reopen",) if await may_reopen(tx, issue) else ()
    if issue.held_from == IssueState.FROZEN:
        return Stage("release-closed", ("publish", *again))
    return Stage("sending-held", ("continue", *again))


def _row(language: str, issue: Issue, actions: tuple[str, ...], seen: str) -> tuple[tuple[Button, ...], ...]:
    row = []
    for action in actions:
        argument = f".{seen}" if seen and action == "publish" else ""
        row.append(Button(say(language, f"button-{action}"), f"v1:{action}{argument}:{issue.id}:{issue.revision}"))
    return (tuple(row),) if row else ()


async def _too_few(tx: Tx, bulletin: Bulletin) -> list[Text]:
    """Say so where there are fewer people than the gate asks for."""
    there = await people_records.with_role(tx, Role.EDITOR, Role.OWNER)
    return [] if len(there) >= issues.needed(bulletin) else [Text(say(bulletin.language, "release-too-few"))]


async def _let_out_lines(tx: Tx, bulletin: Bulletin, issue: Issue, gathered: issues.Gathered | None) -> list[Text]:
    """Say who has let an issue out, whom it still waits for, and whose press no longer counts since it changed."""
    if not issue.approvals or issue.state == IssueState.SENT:
        return []
    language = bulletin.language
    counting = await issues.let_out_by(tx, issue, gathered)
    lines = []
    if counting:
        who = format_list([person.pseudonym for person in counting], locale=language)
        lines.append(say(language, "release-let-out-by", who=who))
        if issue.state != IssueState.FROZEN and len(counting) < issues.needed(bulletin):
            lines.append(say(language, "release-one-more"))
    gone = [given.person for given in issue.approvals if given.person not in {one.id for one in counting}]
    if gone:
        names = [(await people_records.get(tx, person)).pseudonym for person in gone]
        lines.append(say(language, "release-no-longer", who=format_list(names, locale=language)))
    return [Text(line) for line in lines]


async def progress(tx: Tx, issue: Issue, language: str) -> list[str]:
    """Say what of a closed issue went out so far and what is left: a line for each channel and one for the letters."""
    titles = {channel.id: channel.title for channel in await bulletins.channels_of(tx, issue.bulletin_id)}
    lines = []
    for (kind, place), states in sorted((await deliveries.tally(tx, issue.id)).items(), reverse=True):
        done, left = states.get(DeliveryState.SENT, 0), sum(states.get(state, 0) for state in WAITING_ROWS)
        where = say(language, OF_READERS[kind]) if kind in OF_READERS else titles.get(place, str(place))
        words = [say(language, "release-out", n=done), say(language, "release-left", n=left)]
        if under_way := states.get(DeliveryState.SENDING, 0):
            words.append(say(language, "release-under-way", n=under_way))
        lines.append(f"{where}: {', '.join(words)}")
    return lines


def _count(document: FrozenIssue) -> int:
    return sum(len(section.items) for section in document.sections)
