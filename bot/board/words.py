"""The views of what an issue says and when: its introduction, subtitle and footer, its date, a week skipped."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.board.overview import back, overview
from bot.board.scene import Scene, View, pairs, short
from bot.render import style
from bot.shaping import days, texts
from store import issues
from store.messages import Button, Buttons, Card, Text
from store.records import Issue

VALUE_LENGTH = 400
FIELDS = ("intro", "subtitle", "footer")


async def texts_view(scene: Scene, _view: View) -> Card:
    """Draw what the issue says in words of its own, and what it takes from the bulletin."""
    issue = await issues.current(scene.tx, scene.bulletin.id)
    if issue is None:
        return await overview(scene, View())
    lines: list[Text] = []
    buttons: list[tuple[Button, ...]] = []
    for field in FIELDS:
        value = texts.printed(issue, scene.bulletin, field)
        standing = field in texts.STANDING and getattr(issue, field) is None and value
        lines.append(Text.bold(scene.say(f"board-{field}").capitalize()))
        lines[-1] += f" ({scene.say('board-standing')})" if standing else ""
        lines.append(Text(short(style.clean_block(value), VALUE_LENGTH) or scene.say("board-no-text")) + "\n")
        buttons.append(_text_row(scene, issue, field, value))
    said = Text.join("\n", lines)
    return Card(Text(said.text.rstrip("\n"), said.entities), (*buttons, back(scene, issue.id)))


def _text_row(scene: Scene, issue: Issue, field: str, value: str) -> tuple[Button, ...]:
    at = f"{issue.id}:{issue.revision}"
    row = [Button("✎ " + scene.say(f"board-{field}").capitalize(), f"v1:ask-issue.{field}:{at}")]
    if value:
        row.append(scene.button("button-no-text", f"v1:issue-no.{field}:{at}", "✗"))
    elif field in texts.STANDING and getattr(scene.bulletin, field):
        row.append(scene.button("button-standing", f"v1:issue-standing.{field}:{at}", "↩"))
    if value and field in texts.STANDING and getattr(issue, field) is not None and getattr(scene.bulletin, field):
        row[-1] = scene.button("button-standing", f"v1:issue-standing.{field}:{at}", "↩")
    return tuple(row)


async def day_view(scene: Scene, _view: View) -> Card:
    """Draw the date that the issue carries, and the way to skip a week."""
    issue = await issues.current(scene.tx, scene.bulletin.id)
    if issue is None:
        return await overview(scene, View())
    at = f"{issue.id}:{issue.revision}"
    lines = [
        scene.say("board-date", day=style.weekday_date(issue.date, scene.language)),
        scene.say("board-date-note"),
    ]
    choices = _days(scene, issue)
    choices.append(scene.button("button-type-day", f"v1:ask-issue.date:{at}", "✎"))
    choices.append(scene.button("button-skip-week", f"v1:issue-skip:{issue.id}:0"))
    skipped = await days.skipped_hour(scene.tx, scene.bulletin, issue, scene.now)
    undo = ((scene.button("button-unskip", f"v1:issue-unskip:{at}", "↩"),),) if skipped else ()
    return Card(Text("\n\n".join(lines)), (*pairs(choices), *undo, back(scene, issue.id)))


def _days(scene: Scene, issue: Issue) -> list[Button]:
    at = f"{issue.id}:{issue.revision}"
    locale = style.locale_of(scene.language)
    near = [("‹ {}", "earlier", -1), ("{} ›", "later", 1)]
    buttons = [
        Button(
            label.format(format_date(issue.date + timedelta(days=step), "EEE d MMM", locale=locale)),
            f"v1:issue-date.{name}:{at}",
        )
        for label, name, step in near
    ]
    today = scene.now.astimezone(ZoneInfo(scene.bulletin.timezone)).date()
    if issue.date != today:
        buttons.append(scene.button("button-today", f"v1:issue-date.today:{at}"))
    if issue.date != days.due_day(issue, scene.bulletin):
        buttons.append(scene.button("button-due-day", f"v1:issue-date.due:{at}"))
    return buttons


async def skip_view(scene: Scene, _view: View) -> Card:
    """Ask whether the week is to be skipped, and say what that does."""
    issue = await issues.current(scene.tx, scene.bulletin.id)
    if issue is None:
        return await overview(scene, View())
    hour = await days.next_hour(scene.tx, scene.bulletin, issue, scene.now)
    skipped = style.long_date(days.due_day(issue, scene.bulletin), scene.language)
    said = scene.say("board-skip", skipped=skipped, day=style.long_date(hour.day, scene.language))
    yes = (scene.button("button-skip-yes", f"v1:issue-skip.yes:{issue.id}:{issue.revision}"),)
    no: Buttons = ((scene.button("button-back", f"v1:issue-day:{issue.id}:0"),),)
    return Card(Text(said), (yes, *no))
