"""The views of notices: those of the open issue and of later ones, and one with all its fields."""

from datetime import date
from zoneinfo import ZoneInfo

from bot import notices
from bot.board.overview import back, overview
from bot.board.scene import LABEL_LENGTH, Scene, View, pairs, rows, short
from bot.notices import fields
from bot.render import style
from bot.render.announcement import when_text
from bot.shaping import notices as rules
from store import issues
from store import notices as records
from store.messages import Button, Card, Text
from store.notices import Kept
from store.records import Notice, NoticeKind

TITLE_LENGTH = 60
VALUE_LENGTH = 200
TEXT_LENGTH = 400
ZONES = ("Europe/Kyiv", "Europe/London", "Europe/Berlin", "America/New_York", "UTC")
WEEKS_OPEN = 4


async def notices_view(scene: Scene, _view: View) -> Card:
    """Draw the notices in the order in which they print, those that are taken out or suggested among them."""
    issue = await issues.current(scene.tx, scene.bulletin.id)
    if issue is None:
        return await overview(scene, View())
    listed = await rules.listed(scene.tx, scene.bulletin.id, issue.date)
    lines = [Text.bold(scene.say("notices-list")), *(_line(scene, n, one) for n, one in enumerate(listed, 1))]
    lines.append(Text("\n" + scene.say("notices-note" if listed else "notices-empty")))
    numbers = [Button(str(n), f"v1:notice:{one.notice.id}:0") for n, one in enumerate(listed, 1)]
    new = (scene.button("button-notice-new", f"v1:notice-new:{scene.bulletin.id}:0", "+"),)
    return Card(Text.join("\n", lines), (*rows(numbers), new, back(scene, issue.id)))


def _line(scene: Scene, place: int, kept: Kept) -> Text:
    notice = kept.notice
    told = [scene.say(f"notices-{notice.kind}"), notices.summary(notice, scene.language)]
    last = notices.last_day(notice)
    if notice.starts is None and last is not None:
        told.append(scene.say("notices-until", day=style.long_date(last, scene.language)))
    if kept.withdrawn:
        told.append(scene.say("notices-suggested" if kept.suggested else "notices-out"))
    title = Text(f"{place}. ") + Text.bold(short(style.clean(notice.title), TITLE_LENGTH) or "…")
    return title + "\n   " + short(" · ".join(part for part in told if part), VALUE_LENGTH)


async def notice_view(scene: Scene, view: View) -> Card:
    """Draw one notice with its fields, each with a button; one that is gone gives way to the list."""
    kept = await records.get(scene.tx, view.subject)
    if kept is None or kept.bulletin_id != scene.bulletin.id:
        return await notices_view(scene, View())
    notice, at = kept.notice, f"{kept.notice.id}:{kept.revision}"
    lines = [Text.bold(short(style.clean(notice.title), VALUE_LENGTH) or "…"), *await _state(scene, kept)]
    wanted = fields.BY_KIND[notice.kind]
    used = [field for field in fields.EMPTY if field in wanted or fields.is_set(notice, field)]
    lines += [_field(scene, notice, field) for field in used]
    lines.append(Text("\n" + short(style.clean_block(notice.text), TEXT_LENGTH)))
    kinds = [
        Button(("● " if kind == notice.kind else "") + scene.say(f"notices-{kind}"), f"v1:notice-kind.{kind}:{at}")
        for kind in NoticeKind
    ]
    asked = [_ask(scene, field, at) for field in ("title", "text", *used)]
    if notice.starts is not None:
        asked.append(scene.button("button-notice-zone", f"v1:notice-zones:{notice.id}:0"))
    asked.append(scene.button("button-notice-until", f"v1:notice-days:{notice.id}:0"))
    if any(fields.is_set(notice, field) for field in fields.EMPTY):
        asked.append(scene.button("button-notice-less", f"v1:notice-less:{notice.id}:0", "✗"))
    ways = [
        scene.button("button-up", f"v1:notice-move.up:{at}", "↑"),
        scene.button("button-down", f"v1:notice-move.down:{at}", "↓"),
        scene.button("button-notice-show", f"v1:notice-show:{notice.id}:0"),
        scene.button("button-notice-in" if kept.withdrawn else "notice-take-out", _in_or_out(kept)),
    ]
    up = (scene.button("button-back", f"v1:notices:{scene.bulletin.id}:0"),)
    return Card(Text.join("\n", lines), (tuple(kinds), *pairs(asked), *pairs(ways), up))


def _in_or_out(kept: Kept) -> str:
    return f"v1:notice-{'in' if kept.withdrawn else 'out'}:{kept.notice.id}:{kept.revision}"


async def _state(scene: Scene, kept: Kept) -> list[Text]:
    """Say where a notice stands: until when it prints, or why it does not."""
    if kept.withdrawn:
        return [Text.italic(scene.say("notices-suggested" if kept.suggested else "notices-out"))]
    issue = await issues.current(scene.tx, scene.bulletin.id)
    last = notices.last_day(kept.notice)
    told = [scene.say("notices-until", day=style.long_date(last, scene.language))] if last is not None else []
    if issue is not None and notices.is_past(kept.notice, issue.date):
        told.append("⚠ " + scene.say("notices-before-issue", day=style.long_date(issue.date, scene.language)))
    return [Text.italic(line) for line in told]


def _field(scene: Scene, notice: Notice, field: str) -> Text:
    value = fields.shown(notice, field) if field != "start" else ""
    if field == "start" and notice.starts is not None:
        value = when_text(notice.starts, ZoneInfo(notice.timezone or scene.bulletin.timezone), scene.language)
    several = "\n" if "\n" in value else ""
    told = several + short(style.clean_block(value), VALUE_LENGTH) if value else "–"
    return Text(f"{scene.say(f'notices-field-{field}')}: {told}")


def _ask(scene: Scene, field: str, at: str) -> Button:
    return Button("✎ " + scene.say(f"notices-field-{field}"), f"v1:notice-ask.{field}:{at}")


async def zones_view(scene: Scene, view: View) -> Card:
    """Ask in which time zone the hour of a meeting is meant."""
    kept = await records.get(scene.tx, view.subject)
    if kept is None or kept.bulletin_id != scene.bulletin.id or kept.notice.starts is None:
        return await notice_view(scene, view)
    notice, at = kept.notice, f"{kept.notice.id}:{kept.revision}"
    zone = ZoneInfo(notice.timezone or scene.bulletin.timezone)
    said = when_text(kept.notice.starts, zone, scene.language) + "\n\n" + scene.say("notices-zone-note")
    offered = dict.fromkeys((scene.bulletin.timezone, *ZONES))
    choices = [
        Button(name.rpartition("/")[2].replace("_", " "), f"v1:notice-zone.{place}:{at}")
        for place, name in enumerate(offered)
    ]
    choices.append(scene.button("button-notice-zone-other", f"v1:notice-ask.zone:{at}", "✎"))
    return Card(Text(said), (*pairs(choices), _to_notice(scene, notice.id)))


def zone_offered(place: int, home: str) -> str | None:
    """Return the time zone of a button of `zones_view`."""
    offered = list(dict.fromkeys((home, *ZONES)))
    return offered[place] if 0 <= place < len(offered) else None


async def days_view(scene: Scene, view: View) -> Card:
    """Ask until when a notice prints."""
    kept = await records.get(scene.tx, view.subject)
    if kept is None or kept.bulletin_id != scene.bulletin.id:
        return await notices_view(scene, View())
    notice, at = kept.notice, f"{kept.notice.id}:{kept.revision}"
    last: date | None = notices.last_day(notice)
    day = style.long_date(last, scene.language) if last is not None else "–"
    days = [("notice-this-issue", 7), ("notice-weeks", 7 * WEEKS_OPEN)]
    choices = [
        Button(short(scene.say(key, n=WEEKS_OPEN), LABEL_LENGTH), f"v1:notice-until.{n}:{at}") for key, n in days
    ]
    if notice.starts is not None:
        choices.insert(0, scene.button("notice-until-then", f"v1:notice-until.0:{at}"))
    choices.append(scene.button("button-type-day", f"v1:notice-ask.until:{at}", "✎"))
    said = scene.say("notices-until", day=day) + "\n\n" + scene.say("notices-until-note")
    return Card(Text(said), (*pairs(choices), _to_notice(scene, notice.id)))


async def less_view(scene: Scene, view: View) -> Card:
    """Ask which field of a notice is to be empty."""
    kept = await records.get(scene.tx, view.subject)
    if kept is None or kept.bulletin_id != scene.bulletin.id:
        return await notices_view(scene, View())
    notice, at = kept.notice, f"{kept.notice.id}:{kept.revision}"
    choices = [
        Button("✗ " + scene.say(f"notices-field-{field}"), f"v1:notice-empty.{field}:{at}")
        for field in fields.EMPTY
        if fields.is_set(notice, field)
    ]
    return Card(Text(scene.say("notices-less")), (*pairs(choices), _to_notice(scene, notice.id)))


def _to_notice(scene: Scene, notice_id: int) -> tuple[Button, ...]:
    return (scene.button("button-back", f"v1:notice:{notice_id}:0"),)
