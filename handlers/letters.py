"""The doors of /letters: the list of letters that wait for a person, its pages, and the card of each."""

from bot.errors import Refused
from bot.post import desk, human, listing
from handlers.visit import Answer, Door, Visit, words
from store import letters
from store.messages import Card


async def show(visit: Visit) -> Answer:
    """List what waits, in one message that is paged in place; letters are read at the desk alone."""
    if not visit.at_desk:
        return words(visit.say("letters-at-desk"))
    return Answer(cards=(await _page(visit, 0),))


async def view(visit: Visit) -> Answer:
    """Show another page of the list."""
    return Answer(redraw=await _page(visit, _number(visit)))


async def card(visit: Visit) -> Answer:
    """Bring the card of one letter down to the end of the chat; of one that is settled meanwhile say so."""
    letter_id, stored = visit.pressed.subject, await letters.get(visit.tx, visit.pressed.subject)
    try:
        await human.read(visit.tx, visit.services.sealer, letter_id)
        if stored is not None and stored.bulletin_id != visit.here.id:
            raise Refused("letter-settled")
    except Refused as refusal:
        return Answer(toast=visit.say(refusal.key), alert=True, redraw=await _page(visit, _number(visit)))
    await desk.bring_down(visit.tx, visit.here, letter_id, visit.now)
    return Answer(toast=visit.say("letters-comes"))


async def _page(visit: Visit, number: int) -> Card:
    return await listing.page(visit.tx, visit.services.sealer, visit.here, number, visit.now)


def _number(visit: Visit) -> int:
    written = visit.pressed.argument
    return int(written) if written.isdecimal() and len(written) < 6 else 0


BUTTONS: dict[str, Door] = {"letters": view, "letters-card": card}
