"""Moderating in one's private chat: one message, the next item in its place, what was just done above it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot import desk
from bot.moderation import claims
from bot.queue.scene import to
from bot.texts import say
from store import items, queue, seats
from store.database import Tx
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Item, Person
from store.seats import Seat
from store.states import ItemState

COUNTED = (ItemState.APPROVED, ItemState.REJECTED)
OFFERS_BACK = ("undo", "wake", "separate")
"""What takes back the item before: the actions of its folded card that are offered beside the next one."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody at the queue; the bulletin speaks their language, as everything here is seen by them alone."""

    tx: Tx
    bulletin: Bulletin
    person: Person
    seat: Seat
    now: datetime

    def say(self, key: str, /, **values: object) -> str:
        return say(self.bulletin.language, key, **values)


def awake(item: Item | None) -> bool:
    """Say whether an item waits for a decision and is not put off."""
    return item is not None and item.state == ItemState.PENDING and item.snoozed_until is None


async def left(sitting: Sitting) -> list[int]:
    """Return the items that wait for this person, oldest first: not what they passed, voted on, or others edit."""
    tx, bulletin, seat = sitting.tx, sitting.bulletin, sitting.seat
    found = [one.id for one in await queue.waiting(tx, bulletin.id, None) if one.snoozed_until is None]
    done = set(seat.passed) | (await queue.voted_by(tx, sitting.person.id) if bulletin.quorum > 1 else set())
    return [item_id for item_id in found if item_id not in done]


async def open_at(sitting: Sitting, item_id: int | None = None) -> Sitting:
    """Go to an item, by default to the next one that nobody else is editing."""
    if item_id is None:
        item_id = await _next(sitting)
    passed = tuple(one for one in sitting.seat.passed if one != item_id)
    await seats.go_to(sitting.tx, sitting.person.id, item_id, passed)
    return replace(sitting, seat=replace(sitting.seat, item_id=item_id, passed=passed))


async def go_on(sitting: Sitting, pressed: int, action: str) -> Sitting:
    """Stay at an item that still waits for this person, go back to one that was taken back, else to the next."""
    seat = sitting.seat
    item = await items.get(sitting.tx, pressed)
    if pressed in seat.passed and action in OFFERS_BACK and item is not None and awake(item):
        return await open_at(sitting, pressed)
    if action != "skip" and seat.item_id is not None and seat.item_id in await left(sitting):
        return sitting
    if action == "skip" and pressed != seat.item_id:
        return sitting
    passed = (*seat.passed, seat.item_id) if seat.item_id is not None else seat.passed
    return await open_at(replace(sitting, seat=replace(seat, item_id=None, passed=passed)))


async def _next(sitting: Sitting) -> int | None:
    edited: int | None = None
    for item_id in await left(sitting):
        item = await items.get(sitting.tx, item_id)
        claim = await claims.claim_on(sitting.tx, sitting.bulletin, item, sitting.now) if item is not None else None
        if claim is None or claim.person_id == sitting.person.id:
            return item_id
        edited = edited or item_id
    return edited


async def card(sitting: Sitting) -> Card:
    """Draw the item of a seat with the buttons of its card, or what was done when nothing waits any more."""
    seat = sitting.seat
    item = await items.get(sitting.tx, seat.item_id) if seat.item_id is not None else None
    if item is None:
        return await _end(sitting)
    return await framed(sitting, await desk.item_card(sitting.tx, sitting.bulletin, item, sitting.now), ways=True)


async def framed(sitting: Sitting, drawn: Card, *, ways: bool = False) -> Card:
    """Put what was just done and how far one is above a card; with `ways`, the way back and the way on below it."""
    line, undo = await _before(sitting)
    place, seat = len(sitting.seat.passed) + 1, sitting.seat
    waits = await left(sitting)
    total = len(seat.passed) + len(waits) + (seat.item_id is not None and seat.item_id not in waits)
    lines = [*line, Text.italic(sitting.say("seat-progress", place=place, total=total)), Text(), drawn.text]
    skip = Button(sitting.say("button-skip"), f"v1:skip:{seat.item_id}:0")
    return Card(Text.join("\n", lines), (*drawn.buttons, *(((*undo, skip),) if ways else ())))


async def _before(sitting: Sitting) -> tuple[list[Text], tuple[Button, ...]]:
    """Return what became of the item before, as its card folds to, and the button that takes it back."""
    seat = sitting.seat
    item = await items.get(sitting.tx, seat.passed[-1]) if seat.passed else None
    if item is None or awake(item):
        return [], ()
    folded = await desk.item_card(sitting.tx, sitting.bulletin, item, sitting.now)
    return [folded.text], _back(folded.buttons)


def _back(buttons: Buttons) -> tuple[Button, ...]:
    found = [button for row in buttons for button in row if button.data.split(":")[1] in OFFERS_BACK]
    return tuple(found[:1])


async def _end(sitting: Sitting) -> Card:
    """Draw the end: how much was decided since one sat down, and how much was skipped and still waits."""
    line, undo = await _before(sitting)
    passed = await items.several(sitting.tx, sitting.seat.passed)
    lines = [*line, Text.bold(sitting.say("seat-nothing"))]
    counts = [sum(item.state == state for item in passed) for state in COUNTED]
    if passed:
        put_off = sum(item.state == ItemState.PENDING and not awake(item) for item in passed)
        lines.append(Text(sitting.say("seat-counts", approved=counts[0], rejected=counts[1], later=put_off)))
    skipped = sum(awake(item) for item in passed)
    if skipped:
        lines.append(Text(sitting.say("seat-skipped", n=skipped)))
    again = to("seat", "new", sitting.say("button-seat-again"))
    return Card(Text.join("\n", lines), ((*undo, again),))
