"""The schedule: typed, or chosen by day and hour, with the next three dates shown before it is saved."""

from bot.bulletin_settings import change, wording
from bot.bulletin_settings.fields import FIELDS, written
from bot.calendar import WEEKDAYS
from bot.errors import Refused
from bot.texts import say
from handlers.settings.menu import back, in_rows
from handlers.visit import Answer, Visit
from store import issues as issue_records
from store.messages import Button, Card, Text
from store.records import Bulletin
from store.states import IssueState

DATES_SHOWN = 3
HOURS = range(7, 23)
HOURS_IN_A_ROW = 4


async def show(visit: Visit) -> Answer:
    """Show the schedule and the days to choose; after a day the hours, after an hour the next dates."""
    chosen = visit.pressed.argument
    if not chosen:
        return Answer(redraw=_days(visit))
    if chosen in WEEKDAYS:
        return Answer(redraw=_hours(visit, chosen))
    return Answer(redraw=_draft(visit, FIELDS["schedule"].pressed(chosen)))


async def typed(visit: Visit) -> Answer:
    """Show the next dates of a schedule that somebody typed, to be saved."""
    return Answer(cards=(_draft(visit, FIELDS["schedule"].read(visit.message.text)),))


def _days(visit: Visit) -> Card:
    language, bulletin = visit.spoken, visit.here
    lines = [
        Text(say(language, "set-line", name=say(language, "set-schedule"), value=_words(bulletin.schedule, language))),
        *_dates(bulletin, bulletin.schedule, visit, language),
        Text("\n" + say(language, "schedule-choose")),
    ]
    days = [Button(say(language, f"schedule-{day}"), f"v1:set-hour.{day}:{bulletin.id}:0") for day in WEEKDAYS]
    ask = (Button("✎ " + say(language, "button-set-type"), f"v1:set-ask.schedule:{bulletin.id}:0"),)
    return Card(Text.join("\n", lines), (*in_rows(days), ask, back(bulletin, language)))


def _hours(visit: Visit, day: str) -> Card:
    language, bulletin = visit.spoken, visit.here
    hours = [Button(f"{hour:02}:00", f"v1:set-hour.{day}-{hour:02}00:{bulletin.id}:0") for hour in HOURS]
    text = say(language, "schedule-choose-hour", day=say(language, f"schedule-{day}"))
    again = (Button("‹ " + say(language, "set-schedule"), f"v1:set-hour:{bulletin.id}:0"),)
    return Card(Text(text), (*in_rows(hours, HOURS_IN_A_ROW), again))


def _draft(visit: Visit, schedule: str) -> Card:
    """Show what a schedule would mean, with the button that saves it."""
    language, bulletin = visit.spoken, visit.here
    lines = [
        Text.bold(_words(schedule, language)),
        Text(say(language, "set-was", was=_words(bulletin.schedule, language))),
        *_dates(bulletin, schedule, visit, language),
    ]
    save = Button("✓ " + say(language, "button-set-save"), f"v1:put.schedule-{written(schedule)}:{bulletin.id}:0")
    again = Button("‹ " + say(language, "set-schedule"), f"v1:set-hour:{bulletin.id}:0")
    return Card(Text.join("\n", lines), ((save, again),))


def _words(schedule: str, language: str) -> str:
    return wording.shown("schedule", schedule, language)


def _dates(bulletin: Bulletin, schedule: str, visit: Visit, language: str) -> list[Text]:
    dates = change.next_hours(schedule, bulletin.timezone, visit.now, DATES_SHOWN)
    return [Text("· " + wording.moment(due, bulletin.timezone, language)) for due in dates]


async def next_issue(visit: Visit, bulletin: Bulletin, language: str) -> str:
    """Say when the open issue comes out by the new hour, or that the one whose gate runs keeps the old one."""
    issue = await issue_records.current(visit.tx, bulletin.id)
    if issue is None:
        raise Refused("no-bulletin")
    due = wording.moment(issue.due_at, bulletin.timezone, language)
    return say(language, "schedule-moved" if issue.state == IssueState.OPEN else "schedule-gate-runs", due=due)
