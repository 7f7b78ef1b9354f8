"""The doors by which editors change sections: /sections, the board and the settings lead here."""

from bot.board.scene import View
from bot.render import style
from bot.shaping import sections
from bot.texts import say
from handlers.editor import board
from handlers.visit import Answer, Asked, Visit
from store import issues

_PER_ISSUE = 1_000_000
"""A question knows one number; that for a name holds the issue and the section."""


async def listing(visit: Visit) -> Answer:
    """Show the sections of the open issue, as those of every issue can be reached from there."""
    issue = await issues.current(visit.tx, visit.here.id)
    return await board.called(visit, View("sections", str(issue.id if issue is not None else sections.FOR_GOOD)))


async def view(visit: Visit) -> Answer:
    """Show another view of the sections."""
    press = visit.pressed
    return await board.shown(visit, View(press.action, press.argument, press.subject))


async def move(visit: Visit) -> Answer:
    """Move a section up or down."""
    press = visit.pressed
    step, _, issue = press.argument.partition("-")
    issue_id = View("", issue).numbers[0]

    async def act() -> str:
        await sections.move(board.shaper(visit), issue_id, press.subject, step, press.revision)
        return visit.say("shape-moved")

    return await board.acted(visit, View("section-menu", str(issue_id), press.subject), act())


async def remove(visit: Visit) -> Answer:
    """Take a section out of use; its items go to the section of the button."""
    press = visit.pressed
    issue_id, target = View("", press.argument).numbers

    async def act() -> str:
        await sections.remove(board.shaper(visit), issue_id, press.subject, target, press.revision)
        return visit.say("sections-removed")

    return await board.acted(visit, View("section-gone", str(issue_id), press.subject), act())


async def move_out(visit: Visit) -> Answer:
    """Move the items of a section that is out of use to the section of the button."""
    press = visit.pressed

    async def act() -> str:
        await sections.move_out(board.shaper(visit), press.subject, View("", press.argument).numbers[0])
        return visit.say("shape-moved")

    return await board.acted(visit, View("section-left", subject=press.subject), act())


async def like_every_issue(visit: Visit) -> Answer:
    """Let the open issue have the sections of every issue again."""
    press = visit.pressed

    async def act() -> str:
        await sections.like_every_issue(board.shaper(visit), press.subject, press.revision)
        return visit.say("saved")

    return await board.acted(visit, View("sections", str(press.subject)), act())


async def ask_new(visit: Visit) -> Answer:
    """Ask for the title of a new section."""
    issue_id = View("", visit.pressed.argument).numbers[0]
    key = "sections-ask-issue" if issue_id else "sections-ask-good"
    asked = say(visit.spoken, key, most=sections.LONGEST["title"])
    return Answer(asked=Asked("section-new", asked, issue_id))


async def take_new(visit: Visit) -> Answer:
    """Take the reply to the question of `ask_new`."""
    section_id = await sections.add(board.shaper(visit), visit.subject, _written(visit))
    return await board.taken(visit, View("section-menu", str(visit.subject), section_id), "sections-saved")


async def ask_name(visit: Visit) -> Answer:
    """Ask for another title or label of a section; the question shows what it is now."""
    press = visit.pressed
    field, _, issue = press.argument.partition("-")
    issue_id = View("", issue).numbers[0]
    listed = await sections.listed(visit.tx, visit.here.id, issue_id)
    section = next((one for one in listed if one.id == press.subject), None)
    if section is None or field not in sections.LONGEST:
        return await board.shown(visit, View("sections", str(issue_id)), visit.say("sections-gone"), alert=True)
    old = style.clean(getattr(section, field))
    asked = say(visit.spoken, f"sections-ask-{field}", old=old, most=sections.LONGEST[field])
    return Answer(asked=Asked(f"section-{field}", asked, issue_id * _PER_ISSUE + section.id))


async def take_title(visit: Visit) -> Answer:
    """Take the reply to the question for a title."""
    return await _take_name(visit, "title")


async def take_short(visit: Visit) -> Answer:
    """Take the reply to the question for a label."""
    return await _take_name(visit, "short")


async def _take_name(visit: Visit, field: str) -> Answer:
    issue_id, section_id = divmod(visit.subject, _PER_ISSUE)
    await sections.rename(board.shaper(visit), issue_id, section_id, field, _written(visit))
    return await board.taken(visit, View("section-menu", str(issue_id), section_id), "sections-saved")


def _written(visit: Visit) -> str:
    return visit.message.written or visit.message.text


BUTTONS = {
    "sections": view,
    "section-menu": view,
    "section-gone": view,
    "section-left": view,
    "section-move": move,
    "section-remove": remove,
    "section-out": move_out,
    "sections-same": like_every_issue,
    "section-new": ask_new,
    "section-ask": ask_name,
}

ANSWERS = {
    "section-new": take_new,
    "section-title": take_title,
    "section-short": take_short,
}
