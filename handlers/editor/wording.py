"""The doors by which editors give an issue texts of its own and its date, and skip a week."""

from collections.abc import Awaitable, Callable

from bot.board.scene import View, short
from bot.errors import Refused
from bot.render.style import long_date
from bot.shaping import days, opened, texts
from bot.texts import say
from handlers.editor import board
from handlers.visit import Answer, Asked, Visit

TEXTS = View("issue-texts")
DAY = View("issue-day")
OLD_LENGTH = 3000  # a standing footer may be longer than what a question has room for
ASKED = ("intro", "subtitle", "footer", "date")


async def ask(visit: Visit) -> Answer:
    """Ask for a text of the issue's own, or for its date; the question shows what it is now."""
    press, field = visit.pressed, visit.pressed.argument
    language = visit.spoken
    try:
        if field not in ASKED:
            raise Refused("shape-changed")
        issue = await opened.open_issue(visit.tx, visit.here, press.subject)
    except Refused as refusal:
        return await board.shown(visit, View(), visit.say(refusal.key, **refusal.values), alert=True)
    if field == "date":
        asked = say(language, "ask-issue-date", old=long_date(issue.date, language))
    else:
        old = short(texts.printed(issue, visit.here, field), OLD_LENGTH) or say(language, "board-no-text")
        asked = say(language, f"ask-issue-{field}", old=old, most=texts.LONGEST[field])
    return Answer(asked=Asked(f"issue-{field}", asked, issue.id))


def taking(field: str) -> Callable[[Visit], Awaitable[Answer]]:
    """Return the door that takes the reply to the question for a text."""

    async def take(visit: Visit) -> Answer:
        words = visit.message.written or visit.message.text
        await texts.write(board.shaper(visit), visit.subject, field, words)
        return await board.taken(visit, TEXTS, "shape-text-saved")

    return take


async def take_date(visit: Visit) -> Answer:
    """Take the reply to the question for a date."""
    issue = await opened.open_issue(visit.tx, visit.here, visit.subject)
    day = days.read_day(visit.message.text, days.due_day(issue, visit.here), visit.language)
    await days.set_day(board.shaper(visit), issue, issue.revision, day)
    return await board.taken(visit, DAY, "shape-dated", day=long_date(day, visit.here.language))


async def leave_out(visit: Visit) -> Answer:
    """Let this issue go without a text."""
    return await _change(visit, texts.leave_out)


async def standing(visit: Visit) -> Answer:
    """Let this issue print the bulletin's own text again."""
    return await _change(visit, texts.print_standing)


async def _change(visit: Visit, rule: Callable[[opened.Shaper, int, int, str], Awaitable[None]]) -> Answer:
    press = visit.pressed

    async def act() -> str:
        if press.argument not in texts.LONGEST:
            raise Refused("shape-changed")
        await rule(board.shaper(visit), press.subject, press.revision, press.argument)
        return visit.say("saved")

    return await board.acted(visit, TEXTS, act())


async def set_date(visit: Visit) -> Answer:
    """Let the issue carry the date of the button."""
    press = visit.pressed

    async def act() -> str:
        issue = await opened.open_issue(visit.tx, visit.here, press.subject)
        day = days.day_of_button(press.argument, issue, visit.here, visit.today)
        await days.set_day(board.shaper(visit), issue, press.revision, day)
        return visit.say("shape-dated", day=long_date(day, visit.language))

    return await board.acted(visit, DAY, act())


async def skip(visit: Visit) -> Answer:
    """Ask whether the week is to be skipped; the second press skips it."""
    press = visit.pressed
    if press.argument != "yes":
        return await board.view(visit)

    async def act() -> str:
        day = await days.skip(board.shaper(visit), press.subject, press.revision)
        return visit.say("shape-now-due", day=long_date(day, visit.language))

    return await board.acted(visit, DAY, act())


async def take_skip_back(visit: Visit) -> Answer:
    """Put the issue back to the hour that was skipped."""
    press = visit.pressed

    async def act() -> str:
        day = await days.take_skip_back(board.shaper(visit), press.subject, press.revision)
        return visit.say("shape-now-due", day=long_date(day, visit.language))

    return await board.acted(visit, DAY, act())
