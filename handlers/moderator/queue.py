"""The doors of the queue: its pages and filters, the cards that it brings down, and approving several at once."""

from bot import gate
from bot.errors import Refused
from bot.moderation.waking import bring_down
from bot.queue import batch, draw, narrow
from bot.queue.scene import Scene, look
from bot.queue.view import View
from handlers.moderator.here import sit
from handlers.visit import Answer, Visit
from store import items
from store import queue as records
from store.queue import Selection
from store.states import ItemState


async def queue(visit: Visit) -> Answer:
    """Show what waits, in one message that is paged in place."""
    return Answer(cards=(await draw.page(await scene_of(visit), View()),))


async def view(visit: Visit) -> Answer:
    """Show another page of the queue, or the same narrowed."""
    return Answer(redraw=await draw.page(await scene_of(visit), View.read(visit.pressed.argument)))


async def by(visit: Visit) -> Answer:
    """Show what the queue can be narrowed by, or the values of one kind."""
    kind, _, written = visit.pressed.argument.partition("_")
    return Answer(redraw=narrow.choice(await scene_of(visit), kind, View.read(written)))


async def pick(visit: Visit) -> Answer:
    """Begin to pick from a page, or tick an item of it, or take its tick away."""
    scene, argument = await scene_of(visit), visit.pressed.argument
    if not visit.pressed.subject:
        picked = await batch.begin(scene, View.read(argument))
        return Answer(redraw=await batch.draw(scene, picked, 0))
    return Answer(redraw=await batch.draw(scene, await _selection(visit), _mask(argument)))


async def into(visit: Visit) -> Answer:
    """Approve what is ticked into the section of the button, each on condition of the revision that was shown."""
    section, _, ticked = visit.pressed.argument.partition("-")
    section_id, picked = _number(section), await _selection(visit)
    done = await batch.approve(visit.tx, visit.here, visit.who, picked, _mask(ticked), section_id, visit.now)
    await gate.refresh(visit.tx, visit.here, visit.now)
    scene = await scene_of(visit)
    said = batch.in_words(scene, done, section_id)
    # On the button as well: a phone shows the end of a page, and what was done stands at its head.
    toast = said[0] if done.approved or done.voted else ""
    return Answer(toast=toast, redraw=await draw.page(scene, View.read(picked.view), said))


async def card(visit: Visit) -> Answer:
    """Bring one card down to the end of the moderators' chat; in private, open the item there."""
    item = await items.get(visit.tx, visit.pressed.subject)
    if item is None or item.bulletin_id != visit.here.id or item.state != ItemState.PENDING:
        again = await draw.page(await scene_of(visit), View.read(visit.pressed.argument))
        return Answer(toast=visit.say("desk-changed"), alert=True, redraw=again)
    if not visit.at_desk:
        return await sit(visit, item.id)
    await bring_down(visit.tx, visit.here, item, visit.now, brought=True)
    return Answer(toast=visit.say("queue-comes", n=1))


async def down(visit: Visit) -> Answer:
    """Bring the cards of the view down to the end of the chat, at the pace that the chat allows."""
    scene = await scene_of(visit)
    if not visit.at_desk:
        raise Refused("desk-gone")
    chosen = View.read(visit.pressed.argument).chosen(scene.waiting, visit.now)
    for item in await items.several(visit.tx, [waiter.id for waiter in chosen]):
        await bring_down(visit.tx, visit.here, item, visit.now, brought=True)
    return Answer(toast=visit.say("queue-comes", n=len(chosen)))


async def scene_of(visit: Visit) -> Scene:
    """Return for whom the queue is drawn here."""
    return await look(visit.tx, visit.here, visit.spoken, visit.now, at_desk=visit.at_desk)


async def _selection(visit: Visit) -> Selection:
    """Return the page that a button picks from; raises Refused when it is forgotten."""
    picked = await records.selection(visit.tx, visit.pressed.subject)
    if picked is None or picked.bulletin_id != visit.here.id:
        raise Refused("queue-forgotten")
    return picked


def _mask(written: str) -> int:
    return _number(written) & batch.ALL


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 10 else 0
