"""The doors of the issue's live message: /issue, and every press that only looks."""

from collections.abc import Awaitable
from contextlib import suppress

from bot.board.draw import draw
from bot.board.scene import Scene, View
from bot.errors import NotSent, PerhapsSent, Refused
from bot.services import Services
from bot.shaping.opened import Shaper
from bot.texts import say
from handlers.visit import Answer, Later, Visit
from store import boards, issues, outbox
from store.messages import Card, Text
from store.states import Role


async def issue(visit: Visit) -> Answer:
    """Show the open issue: at the desk the one board that stands there comes down to the end of the chat."""
    return await called(visit, View())


async def called(visit: Visit, view: View) -> Answer:
    """Answer a command with a view of the board, which comes down to the end of the desk's chat."""
    if not visit.at_desk:
        return Answer(cards=(await _drawn(visit, view),))
    old = await outbox.card(visit.tx, boards.KIND, visit.here.id, visit.chat)
    await outbox.forget_card(visit.tx, boards.KIND, visit.here.id, visit.chat)
    await boards.look_at(visit.tx, visit.here, view.record(), visit.now)
    await boards.show(visit.tx, visit.here, visit.now)
    return Answer(then=folding(visit.chat, old, _folded(visit)) if old is not None else None)


async def view(visit: Visit) -> Answer:
    """Show another view of the board; of an issue that is closed meanwhile, the one that is open now."""
    press = visit.pressed
    chosen = View(press.action, press.argument, press.subject)
    if press.action == "issue-item":
        return await shown(visit, chosen)
    current, meant = await issues.current(visit.tx, visit.here.id), await issues.get(visit.tx, press.subject)
    if current is None or meant is None or current.id != meant.id:
        ours = meant is not None and meant.bulletin_id == visit.here.id
        return await shown(visit, View(), visit.say("shape-issue-over" if ours else "shape-other-issue"), alert=True)
    return await shown(visit, chosen)


async def shown(visit: Visit, view: View, toast: str = "", *, alert: bool = False) -> Answer:
    """Draw a view in place of the one that was pressed; at the desk that is the one board, wherever it was pressed."""
    if not visit.at_desk:
        return Answer(toast=toast, alert=alert, redraw=await _drawn(visit, view))
    if not await boards.stands(visit.tx, visit.here):
        await boards.stand_at(visit.tx, visit.here, visit.pressed.message)
    standing = await outbox.card(visit.tx, boards.KIND, visit.here.id, visit.chat)
    await boards.look_at(visit.tx, visit.here, view.record(), visit.now)
    await boards.show(visit.tx, visit.here, visit.now)
    old = None if standing == visit.pressed.message else Card(_folded(visit))
    return Answer(toast=toast, alert=alert, redraw=old)


async def lend(visit: Visit) -> None:
    """Let a menu that is drawn in the place of the board have its message until somebody goes back to the issue."""
    if visit.at_desk and visit.press is not None:
        await boards.lend(visit.tx, visit.here, visit.press.message)


async def acted(visit: Visit, view: View, act: Awaitable[str]) -> Answer:
    """Do what a button asks for, and show the state after it; what is refused is said, and has changed nothing."""
    try:
        said = await act
    except Refused as refusal:
        return await shown(visit, view, visit.say(refusal.key, **refusal.values), alert=True)
    return await shown(visit, view, said)


async def taken(visit: Visit, view: View, key: str, **values: object) -> Answer:
    """Answer a reply that was taken: at the desk with a sentence beside the board, in private with the view."""
    if not visit.at_desk:
        return Answer(cards=(await _drawn(visit, view),))
    await boards.show(visit.tx, visit.here, visit.now)
    return Answer(cards=(Card(Text(say(visit.here.language, key, **values))),))


def shaper(visit: Visit) -> Shaper:
    """Return who shapes the issue."""
    return Shaper(visit.tx, visit.here, visit.who, visit.now)


async def _drawn(visit: Visit, view: View) -> Card:
    editor = visit.who.role.includes(Role.EDITOR)
    return await draw(Scene(visit.tx, visit.here, visit.spoken, visit.now, shaping=editor, live=False), view)


def _folded(visit: Visit) -> Text:
    return Text("↓ " + say(visit.here.language, "board-below", title=visit.here.title))


def folding(chat: int, message: int, line: Text) -> Later:
    """Return what makes one line of a message that was brought down."""

    async def fold(services: Services) -> None:
        with suppress(NotSent, PerhapsSent):
            await services.courier.edit(chat, message, line)

    return fold
