"""The report of an issue as moderators see it: what became of it, buttons on what needs a person, who missed it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery import missed, settle
from bot.delivery import report as reports
from bot.render import style
from bot.texts import say
from store import bulletins, corrections, deliveries
from store import reports as rows
from store.database import Tx
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Channel, Issue
from store.reports import Trouble
from store.states import DeliveryState, IssueState

LINES = 12
WORDS = {
    DeliveryState.REFUSED: "report-refused",
    DeliveryState.SKIPPED: "report-skipped",
    DeliveryState.DEFERRED: "report-later",
    DeliveryState.IN_DOUBT: "report-perhaps",
    DeliveryState.HELD: "report-perhaps",
    DeliveryState.QUEUED: "report-waits",
    DeliveryState.SENDING: "report-under-way",
}


async def report(tx: Tx, bulletin: Bulletin, issue: Issue, language: str) -> Card:
    """Draw what became of an issue that is closed."""
    found = await reports.report(tx, issue)
    troubles = await rows.troubles(tx, issue.id)
    channels = {channel.id: channel for channel in await bulletins.channels_of(tx, issue.bulletin_id)}
    lines = [_head(issue, language), Text(_times(issue, bulletin, language))]
    lines += [Text(line) for line in reports.counted(found, language)]
    lines += [Text("– " + _trouble(row, channels, bulletin, language)) for row in troubles[:LINES]]
    if len(troubles) > LINES:
        lines.append(Text(say(language, "report-more", n=len(troubles) - LINES)))
    moment = await rows.next_letter(tx, issue.id)
    if moment is not None and issue.state != IssueState.HELD:
        lines.append(Text(say(language, "report-next-letters", time=_time(moment, bulletin, language))))
    lines += [Text(line) for line in await _corrected(tx, issue, language)]
    paused = [channel for channel in channels.values() if channel.paused]
    lines += [Text("⚠ " + say(language, "report-paused", title=each.title, reason=each.problem)) for each in paused]
    again = await rows.count_again(tx, issue.id, settle.FAILED, settle.FOR_GOOD)
    doubts = [row for row in troubles if row.kind == deliveries.TELEGRAM and row.state == DeliveryState.IN_DOUBT]
    if doubts:
        about = {"part": doubts[0].part + 1, "title": _title(channels, doubts[0])}
        lines.append(Text("⚠ " + say(language, "report-look", **about)))
    return Card(Text.join("\n", lines), (*_doubt(doubts, language), *await _rows(tx, issue, again, language)))


async def who_missed(tx: Tx, issue: Issue, language: str) -> Card:
    """Draw who went without an issue: readers by why, and the parts that are not in a channel."""
    found = await missed.missed(tx, issue)
    lines = [Text.bold(say(language, "missed-head", number=issue.number))]
    for key, number in sorted(found.readers.items()):
        lines.append(Text("– " + say(language, key, people=missed.people(number, language))))
    if not found.readers:
        lines.append(Text(say(language, "missed-no-reader")))
    parts: dict[int, list[int]] = {}
    for row in found.posts:
        parts.setdefault(row.channel_id, []).append(row.part + 1)
    for channel, numbers in parts.items():
        title = found.channels[channel].title if channel in found.channels else "?"
        listed = ", ".join(map(str, sorted(numbers)))
        lines.append(Text("– " + say(language, "missed-parts", title=title, parts=listed)))
    if not parts:
        lines.append(Text(say(language, "missed-no-post")))
    if found.again:
        lines.append(Text(say(language, "missed-again", people=missed.people(found.again, language))))
    back = (Button(say(language, "button-back"), f"v1:report:{issue.id}:0"),)
    return Card(Text.join("\n", lines), (*_again(issue, found.again, language), back))


def _head(issue: Issue, language: str) -> Text:
    if issue.state == IssueState.SENT:
        return Text.bold(say(language, "delivery-report", number=issue.number))
    key = "report-held" if issue.state == IssueState.HELD else "report-sending"
    return Text.bold(say(language, key, number=issue.number))


def _times(issue: Issue, bulletin: Bulletin, language: str) -> str:
    closed = say(language, "report-closed", time=_time(issue.frozen_at or issue.due_at, bulletin, language))
    if issue.sent_at is None:
        return closed
    return closed + " · " + say(language, "report-out", time=_time(issue.sent_at, bulletin, language))


def _time(moment: datetime, bulletin: Bulletin, language: str) -> str:
    local = moment.astimezone(ZoneInfo(bulletin.timezone))
    return f"{style.short_date(local.date(), language, local.year)} {local:%H:%M}"


def _title(channels: dict[int, Channel], row: Trouble) -> str:
    return channels[row.channel_id].title if row.channel_id in channels else "?"


def _trouble(row: Trouble, channels: dict[int, Channel], bulletin: Bulletin, language: str) -> str:
    what = "report-edit" if row.kind == deliveries.EDIT else "report-part"
    about = say(language, what, part=row.part + 1, title=_title(channels, row))
    if row.state == DeliveryState.DEFERRED and row.not_before is not None:
        return f"{about}: " + say(language, "report-later-at", time=_time(row.not_before, bulletin, language))
    why = missed.why_not(row, language) if row.state in (DeliveryState.REFUSED, DeliveryState.SKIPPED) else ""
    return f"{about}: " + say(language, WORDS[row.state]) + (f" ({why})" if why else "")


async def _corrected(tx: Tx, issue: Issue, language: str) -> list[str]:
    made = await corrections.of_issue(tx, issue.id)
    if not made:
        return []
    tally = await deliveries.tally(tx, issue.id)
    edits = [states for (kind, _), states in tally.items() if kind in deliveries.EDITS]
    found = [say(language, "report-corrected", n=len(made))]
    found += [line for line in (reports.summed(edits, "report-edits", language),) if line]
    letters = [states for (kind, _), states in tally.items() if kind == deliveries.CORRECTION]
    return found + [line for line in (reports.summed(letters, "report-letters", language),) if line]


def _doubt(doubts: list[Trouble], language: str) -> Buttons:
    if not doubts:
        return ()
    there, again, out = (
        Button(say(language, f"button-{label}"), f"v1:report-settle.{what}:{doubts[0].id}:0")
        for what, label in (("there", "is-there"), ("again", "again"), ("out", "leave-out"))
    )
    return (there,), (again,), (out,)


def _again(issue: Issue, again: int, language: str) -> Buttons:
    if not again:
        return ()
    return ((Button(say(language, "button-send-those"), f"v1:report-again:{issue.id}:0"),),)


async def _rows(tx: Tx, issue: Issue, again: int, language: str) -> Buttons:
    seen = await corrections.count(tx, issue.id)
    who = Button(say(language, "button-who-missed"), f"v1:report-missed:{issue.id}:0")
    correct = Button(say(language, "button-correct"), f"v1:correct:{issue.id}:{seen}")
    fresh = Button("↻ " + say(language, "button-fresh"), f"v1:report:{issue.id}:0")
    return (*_again(issue, again, language), (who, correct), (fresh,))
