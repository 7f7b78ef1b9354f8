"""The doors by which editors move items, carry them over, and choose highlights."""

from bot import desk, moderation
from bot.board.scene import TITLE_LENGTH, View
from bot.errors import Refused
from bot.render import style
from bot.shaping import opened, order
from bot.texts import say
from handlers.editor import board
from handlers.visit import Answer, Asked, Visit
from store import outbox
from store.messages import Text

FROM_LIST = "issue-lights"


async def move(visit: Visit) -> Answer:
    """Move an item up, down or to the top of its section."""
    press = visit.pressed

    async def act() -> str:
        await order.move(board.shaper(visit), press.subject, press.revision, press.argument)
        return visit.say("shape-moved")

    return await board.acted(visit, _item(visit), act())


async def into(visit: Visit) -> Answer:
    """Move an item to the section of the button."""
    press = visit.pressed
    section = View("", press.argument).numbers[0]

    async def act() -> str:
        title = await order.move_into(board.shaper(visit), press.subject, press.revision, section)
        return visit.say("shape-moved-into", section=title)

    return await board.acted(visit, _item(visit), act())


async def over(visit: Visit) -> Answer:
    """Carry an item over to the next issue."""
    press = visit.pressed

    async def act() -> str:
        await order.carry_over(board.shaper(visit), press.subject, press.revision)
        return visit.say("shape-carried-over")

    return await board.acted(visit, _item(visit), act())


async def stay(visit: Visit) -> Answer:
    """Take an item that was carried over back into the open issue."""
    press = visit.pressed

    async def act() -> str:
        await order.take_back(board.shaper(visit), press.subject, press.revision)
        return visit.say("shape-taken-back")

    return await board.acted(visit, _item(visit), act())


async def newest(visit: Visit) -> Answer:
    """Let a section stand newest first again."""
    press = visit.pressed
    section = View("", press.argument).numbers[0]

    async def act() -> str:
        await order.newest_first(board.shaper(visit), press.subject, section, press.revision)
        return visit.say("shape-newest-first")

    return await board.acted(visit, View("issue-items", f"{section}-0", press.subject), act())


async def light(visit: Visit) -> Answer:
    """Choose a highlight, or choose it no more; pressed in the list of highlights, that is shown again."""
    press = visit.pressed
    view = View(FROM_LIST, press.argument) if press.argument else _item(visit)

    async def act() -> str:
        chosen = await order.highlight(board.shaper(visit), press.subject, press.revision)
        return visit.say("shape-highlighted" if chosen else "shape-not-highlighted")

    return await board.acted(visit, view, act())


async def edit(visit: Visit) -> Answer:
    """Bring an item's card down to the end of the desk's chat, open for editing."""
    press = visit.pressed
    if not visit.at_desk:
        return await board.shown(visit, _item(visit))
    try:
        item = await moderation.start_edit(visit.tx, visit.here, visit.who, press.subject, visit.now)
    except Refused as refusal:
        return await board.shown(visit, _item(visit), visit.say(refusal.key, **refusal.values), alert=True)
    old = await outbox.card(visit.tx, "card", item.id, visit.chat)
    await desk.bring_card(visit.tx, visit.here, item.id, visit.now)
    folded = Text("↓ " + style.clean(item.title)[:TITLE_LENGTH])
    return Answer(then=board.folding(visit.chat, old, folded) if old is not None else None)


async def ask_words(visit: Visit) -> Answer:
    """Ask for the words in which an item stands in "In this week's bulletin"."""
    try:
        item = await opened.approved_item(visit.tx, visit.here, visit.pressed.subject)
    except Refused as refusal:
        return await board.shown(visit, _item(visit), visit.say(refusal.key, **refusal.values), alert=True)
    old = item.highlight or style.clean(item.title)
    asked = say(visit.spoken, "ask-issue-highlight", old=old, most=order.HIGHLIGHT_LENGTH)
    return Answer(asked=Asked("item-words", asked, item.id))


async def take_words(visit: Visit) -> Answer:
    """Take the reply to the question of `ask_words`."""
    await order.word_highlight(board.shaper(visit), visit.subject, visit.message.written or visit.message.text)
    return await board.taken(visit, View("issue-item", subject=visit.subject), "shape-highlighted")


def _item(visit: Visit) -> View:
    return View("issue-item", subject=visit.pressed.subject)
