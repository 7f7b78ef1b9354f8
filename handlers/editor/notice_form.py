"""The doors by which editors fill in a notice, field by field: /notices and the board lead here."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from bot import issues
from bot.board.notices import zone_offered
from bot.board.scene import View
from bot.errors import Refused
from bot.notices import fields
from bot.render import style, telegram
from bot.render.announcement import when_text
from bot.render.editions import Press
from bot.shaping import notices as rules
from bot.texts import say
from handlers.editor import board, notices
from handlers.visit import Answer, Asked, Visit
from store.messages import Card
from store.records import Notice


async def view(visit: Visit) -> Answer:
    """Show another view of the notices."""
    press = visit.pressed
    return await board.shown(visit, View(press.action, press.argument, press.subject))


async def ask_new(visit: Visit) -> Answer:
    """Ask for the text of a new notice."""
    return Answer(asked=Asked("notice-new", visit.say_here("notice-ask"), visit.here.id))


async def ask(visit: Visit) -> Answer:
    """Ask for a field; the question shows what it is now, and an example where one helps."""
    press, field = visit.pressed, visit.pressed.argument
    language = visit.spoken
    try:
        if field not in fields.ASKED:
            raise Refused("shape-changed")
        kept = await rules.get(board.shaper(visit), press.subject)
    except Refused as refusal:
        return await board.shown(visit, View("notices"), visit.say(refusal.key, **refusal.values), alert=True)
    old = _old(visit, kept.notice, field, language) or say(language, "board-no-text")
    named = say(language, f"notices-field-{field}")
    asked = say(language, "notices-ask", field=named, old=old) + "\n\n" + say(language, f"notices-ask-{field}")
    return Answer(asked=Asked(f"notice-{field}", asked, kept.notice.id))


def _old(visit: Visit, notice: Notice, field: str, language: str) -> str:
    if field == "until":
        return style.long_date(notice.until, language) if notice.until is not None else ""
    if field in ("start", "zone"):
        zone = ZoneInfo(notice.timezone or visit.here.timezone)
        return when_text(notice.starts, zone, language) if notice.starts is not None else ""
    return fields.shown(notice, field)


def taking(field: str) -> Callable[[Visit], Awaitable[Answer]]:
    """Return the door that takes the reply to the question for a field."""

    async def take(visit: Visit) -> Answer:
        words = visit.message.written or visit.message.text
        await rules.fill_in(board.shaper(visit), visit.subject, field, words)
        return await board.taken(visit, View("notice", subject=visit.subject), "notices-saved")

    return take


async def kind(visit: Visit) -> Answer:
    """Let a notice be a meeting, a campaign or something else."""
    press = visit.pressed
    return await _done(visit, rules.set_kind(board.shaper(visit), press.subject, press.revision, press.argument))


async def zone(visit: Visit) -> Answer:
    """Let the hour of a meeting be meant in the time zone of the button."""
    press = visit.pressed
    name = zone_offered(View("", press.argument).numbers[0], visit.here.timezone) or visit.here.timezone
    return await _done(visit, rules.set_zone(board.shaper(visit), press.subject, press.revision, name))


async def until(visit: Visit) -> Answer:
    """Let a notice print until its day, or for the days of the button."""
    press = visit.pressed
    days = View("", press.argument).numbers[0]
    return await _done(visit, rules.print_for(board.shaper(visit), press.subject, press.revision, days))


async def empty(visit: Visit) -> Answer:
    """Empty the field of the button."""
    press = visit.pressed
    return await _done(visit, rules.leave_out(board.shaper(visit), press.subject, press.revision, press.argument))


async def move(visit: Visit) -> Answer:
    """Move a notice up or down among the others."""
    press = visit.pressed
    moving = rules.move(board.shaper(visit), press.subject, press.revision, press.argument)
    return await _done(visit, moving, View("notices"))


async def take_out(visit: Visit) -> Answer:
    """Let a notice print nowhere."""
    press = visit.pressed
    return await _done(visit, rules.take_out(board.shaper(visit), press.subject, press.revision))


async def put_in(visit: Visit) -> Answer:
    """Put a notice back, or take up one that was suggested."""
    press = visit.pressed
    return await _done(visit, rules.put_in(board.shaper(visit), press.subject, press.revision))


async def show(visit: Visit) -> Answer:
    """Send the notice exactly as the issue prints it."""
    try:
        kept = await rules.get(board.shaper(visit), visit.pressed.subject)
        gathered = await issues.gather(visit.tx, visit.here.id)
        if gathered is None:
            raise Refused("shape-other-issue")
    except Refused as refusal:
        return await board.shown(visit, View("notices"), visit.say(refusal.key, **refusal.values), alert=True)
    printed = telegram.notice_text(kept.notice, issues.compose(gathered, Press(), visit.now))
    return Answer(cards=tuple(Card(part) for part in printed))


async def _done(visit: Visit, doing: Awaitable[None], after: View | None = None) -> Answer:
    async def act() -> str:
        await doing
        return visit.say("saved")

    return await board.acted(visit, after or View("notice", subject=visit.pressed.subject), act())


BUTTONS = {
    **dict.fromkeys(("notices", "notice", "notice-zones", "notice-days", "notice-less"), view),
    "notice-new": ask_new,
    "notice-ask": ask,
    "notice-kind": kind,
    "notice-zone": zone,
    "notice-until": until,
    "notice-empty": empty,
    "notice-move": move,
    "notice-out": take_out,
    "notice-in": put_in,
    "notice-show": show,
}

ANSWERS = {
    "notice-new": notices.take_notice,
    **{f"notice-{field}": taking(field) for field in fields.ASKED},
}
