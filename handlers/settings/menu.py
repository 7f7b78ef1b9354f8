"""The message of /settings: everything that is settled about a bulletin, and a button to change each."""

from bot.bulletin_settings import wording
from bot.bulletin_settings.fields import FIELDS, PAGES, written
from bot.texts import say
from handlers.visit import Answer, Visit
from store import bulletins
from store import issues as issue_records
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Gate
from store.states import IssueState, Role, Topic

IN_A_ROW = 2
LINES = ("title", "subtitle", "footer", "language", "timezone", "schedule", "cutoff_minutes")
MAIN = (
    ("title", "set-ask.title"),
    ("subtitle", "set-ask.subtitle"),
    ("footer", "set-ask.footer"),
    ("language", "set.language"),
    ("timezone", "set-ask.timezone"),
    ("schedule", "set-hour"),
    ("cutoff", "set.cutoff"),
    ("gate", "set.gate"),
    ("votes", "set.votes"),
    ("reasons", "reasons"),
    ("reminders", "set.reminders"),
    ("topics", "set-topics"),
    ("sections", "sections.0"),
    ("channels", "channels"),
    ("desk", "set-desk"),
    ("new", "bulletin-new"),
)


async def settings(visit: Visit) -> Answer:
    """Show what is settled; the owner changes it by the buttons."""
    return Answer(cards=(await overview(visit),))


async def show(visit: Visit) -> Answer:
    """Draw the message of /settings, or one of its pages, in place."""
    page = visit.pressed.argument
    return Answer(redraw=page_card(visit, visit.here, page) if page in PAGES else await overview(visit))


async def overview(visit: Visit, bulletin: Bulletin | None = None) -> Card:
    """Draw everything that is settled."""
    shown, language = bulletin or visit.here, visit.spoken
    lines = [Text.bold(say(language, "set-heading", title=shown.title))]
    lines += [line(shown, field, language) for field in LINES]
    lines += [_said(language, "set-next", await _next(visit, shown, language))]
    lines += [_said(language, "button-set-gate", _gate(shown, language))]
    lines += [line(shown, field, language) for field in ("quorum", "approve_own")]
    lines += [_said(language, "button-set-reasons", wording.reasons(shown, language))]
    lines += [line(shown, field, language) for field in PAGES["reminders"]]
    lines += [_said(language, "button-set-channels", await _channels(visit, shown, language))]
    lines += [_said(language, "button-set-desk", await _desk(visit, shown, language))]
    lines += [_said(language, "button-set-topics", _topics(shown, language))]
    if not visit.who.role.includes(Role.OWNER):
        return Card(Text.join("\n", [*lines, Text("\n" + say(language, "set-owner-only"))]))
    return Card(Text.join("\n", lines), _main_buttons(shown, language))


def _main_buttons(bulletin: Bulletin, language: str) -> Buttons:
    return in_rows([Button(say(language, f"button-set-{name}"), f"v1:{to}:{bulletin.id}:0") for name, to in MAIN])


def in_rows(buttons: list[Button], in_a_row: int = IN_A_ROW) -> Buttons:
    return tuple(tuple(buttons[start : start + in_a_row]) for start in range(0, len(buttons), in_a_row))


def line(bulletin: Bulletin, field: str, language: str) -> Text:
    """Return one setting in a line: its name and its value."""
    value = wording.shown(field, getattr(bulletin, field), language)
    return _said(language, f"set-{field.replace('_', '-')}", value)


def _said(language: str, key: str, value: str) -> Text:
    return Text(say(language, "set-line", name=say(language, key), value=value))


def page_card(visit: Visit, bulletin: Bulletin, page: str, said: str = "") -> Card:
    """Draw the choices for the settings of a page; the present ones are marked."""
    language, lines = visit.spoken, [Text(said)] if said else []
    rows: list[tuple[Button, ...]] = []
    for name in PAGES[page]:
        if name == "gate_minutes" and bulletin.gate == Gate.EDITOR:
            continue
        lines.append(line(bulletin, name, language))
        rows += _choices(bulletin, name, language)
        if FIELDS[name].typed:
            rows.append((Button("✎ " + say(language, "button-set-type"), f"v1:set-ask.{name}:{bulletin.id}:0"),))
    return Card(Text.join("\n", lines), (*rows, back(bulletin, language)))


def _choices(bulletin: Bulletin, name: str, language: str) -> Buttons:
    now = getattr(bulletin, name)
    short = all(isinstance(choice, int) for choice in FIELDS[name].choices) and name == "quorum"
    buttons = [
        Button(
            ("● " if choice == now else "") + wording.shown(name, choice, language),
            f"v1:put.{name}-{written(choice)}:{bulletin.id}:0",
        )
        for choice in FIELDS[name].choices
    ]
    return in_rows(buttons, len(buttons) if short else 1 if name == "gate" else IN_A_ROW)


def back(bulletin: Bulletin, language: str) -> tuple[Button, ...]:
    """Return the row that leads back to /settings."""
    return (Button("‹ " + say(language, "button-settings"), f"v1:set:{bulletin.id}:0"),)


def _gate(bulletin: Bulletin, language: str) -> str:
    kind = say(language, f"gate-kind-{bulletin.gate}")
    timed = bulletin.gate in (Gate.COUNTDOWN, Gate.AUTOMATIC)
    return f"{kind}, {wording.span(bulletin.gate_minutes, language)}" if timed else kind


async def _next(visit: Visit, bulletin: Bulletin, language: str) -> str:
    issue = await issue_records.current(visit.tx, bulletin.id)
    if issue is None:
        return say(language, "set-none")
    due = wording.moment(issue.due_at, bulletin.timezone, language)
    return due if issue.state == IssueState.OPEN else say(language, "set-next-gate", due=due)


async def _channels(visit: Visit, bulletin: Bulletin, language: str) -> str:
    found = await bulletins.channels_of(visit.tx, bulletin.id)
    names = [say(language, "channel-paused-name", title=c.title) if c.paused else c.title for c in found]
    return ", ".join(names) or say(language, "set-none")


async def _desk(visit: Visit, bulletin: Bulletin, language: str) -> str:
    if bulletin.moderators_chat is None:
        return say(language, "set-none")
    about = await bulletins.fact(visit.tx, f"chat:{bulletin.moderators_chat}", {})
    return str(about.get("title") or say(language, "set-yes"))


def _topics(bulletin: Bulletin, language: str) -> str:
    own = [say(language, f"topic-{topic}") for topic in Topic if bulletin.thread_of(topic) is not None]
    return ", ".join(own) or say(language, "set-none")
