"""The doors of Moderate here: a moderator goes through the queue in their private chat, with the card's own buttons."""

from contextlib import suppress
from dataclasses import replace

from bot import seats
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent, Refused
from bot.queue import batch
from bot.seats import Sitting
from bot.services import Services
from handlers.visit import Answer, Door, Later, Visit
from store import bulletins, items
from store import seats as records
from store.messages import Card, Text
from store.seats import Seat
from store.states import ItemState

BELOW = "↓"


async def moderate(visit: Visit) -> Answer:
    """Open the queue in the private chat of whoever asks."""
    return await sit(visit)


async def sit(visit: Visit, item_id: int | None = None) -> Answer:
    """Let somebody sit down at the next item or at this one: in the message that was pressed, or in a new one."""
    before = await records.of(visit.tx, visit.who.id)
    in_place = visit.press.message if visit.press is not None and visit.private else None
    seat = await records.take(visit.tx, visit.who.id, visit.here.id, in_place)
    sitting = await seats.open_at(_sitting(visit, seat), item_id)
    drawn = await seats.card(sitting)
    if in_place is not None:
        return Answer(redraw=drawn, then=_fold(visit.user, before, but=in_place))
    said = visit.say("seat-in-private")
    cards = () if visit.private or visit.press is not None else (Card(Text(visit.say_here("seat-in-private"))),)
    return Answer(toast=said, cards=cards, then=_send(visit, drawn, before))


async def skip(visit: Visit) -> Answer:
    """Leave an item as it is; `at_seat` goes on to the next one."""
    if not visit.private:
        raise Refused("seat-none")
    return Answer()


def at_seat(door: Door) -> Door:
    """Return a door of the desk's cards that also opens at a seat in private, where the next item takes its place."""

    async def enter(visit: Visit) -> Answer:
        if not visit.private:
            return await door(visit)
        press = visit.pressed
        seat = await records.of(visit.tx, visit.who.id)
        if seat is None:
            raise Refused("seat-none")
        if seat.message_id not in (None, press.message):
            return Answer(toast=visit.say("seat-elsewhere"), alert=True, redraw=Card(Text(BELOW)))
        inner = await _inside(visit, seat)
        answer = await door(inner)
        if answer.asked is not None:
            return answer
        await _spare(inner, press.subject)
        sitting = _sitting(inner, seat)
        if answer.redraw is not None:
            return replace(answer, redraw=await seats.framed(sitting, answer.redraw))
        return replace(answer, redraw=await seats.card(await seats.go_on(sitting, press.subject, press.action)))

    return enter


def answered(door: Door) -> Door:
    """Return a door for replies at the desk that is also one at a seat, which then moves below what was said."""

    async def enter(visit: Visit) -> Answer:
        seat = await records.of(visit.tx, visit.who.id) if visit.private else None
        if seat is None:
            return await door(visit)
        inner = await _inside(visit, seat)
        answer = await door(inner)
        await _spare(inner, visit.subject)
        sitting = await seats.go_on(_sitting(inner, seat), visit.subject, "")
        moved = await records.take(visit.tx, visit.who.id, seat.bulletin_id, None)
        await records.go_to(visit.tx, visit.who.id, sitting.seat.item_id, sitting.seat.passed)
        moved = replace(moved, item_id=sitting.seat.item_id, passed=sitting.seat.passed)
        drawn = await seats.card(replace(sitting, seat=moved))
        return replace(answer, then=_send(visit, drawn, seat))

    return enter


async def _inside(visit: Visit, seat: Seat) -> Visit:
    """Return a visit that is about the seat's bulletin, which speaks this person's language as nobody else reads it."""
    bulletin = await bulletins.get(visit.tx, seat.bulletin_id)
    return replace(visit, bulletin=replace(bulletin, language=visit.language))


async def _spare(visit: Visit, item_id: int) -> None:
    item = await items.get(visit.tx, item_id)
    if item is not None and item.bulletin_id == visit.here.id and item.state != ItemState.PENDING:
        await batch.spare_card(visit.tx, visit.here, item_id)


def _sitting(visit: Visit, seat: Seat) -> Sitting:
    bulletin = replace(visit.here, language=visit.language)
    return Sitting(visit.tx, bulletin, visit.who, seat, visit.now)


def _fold(user: int, before: Seat | None, but: int) -> Later | None:
    """Return what folds the message of a seat that was left, unless it is this very one."""
    if before is None or before.message_id in (None, but):
        return None
    message = before.message_id

    async def fold(services: Services) -> None:
        with suppress(NotSent, PerhapsSent, ChatMoved, ChatGone):
            await services.courier.edit(user, message or 0, Text(BELOW))

    return fold


def _send(visit: Visit, drawn: Card, before: Seat | None) -> Later:
    """Return what sends a seat's message to the private chat, notes its id there, and folds the one of before."""
    user, person, desk = visit.user, visit.who.id, visit.here.moderators_chat
    at_desk, blocked, fold = visit.at_desk, visit.say_here("seat-blocked"), _fold(visit.user, before, but=0)

    async def send(services: Services) -> None:
        try:
            message = await services.courier.send(user, drawn.text, drawn.buttons)
        except (ChatGone, NotSent):
            if at_desk and desk is not None:
                await services.courier.send(desk, Text(blocked), silent=True)
            return
        async with services.store.transaction() as tx:
            await records.sent(tx, person, message)
        if fold is not None:
            await fold(services)

    return send
