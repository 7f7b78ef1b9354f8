"""How the doors about people answer: in one message that is drawn again."""

from bot.errors import Refused
from bot.people import cards
from handlers.visit import Answer, Visit
from store import people as records
from store.messages import Card
from store.records import Person


async def there(visit: Visit, person_id: int) -> Person:
    """Return a person who has a role; raises Refused for one who has none any more."""
    for person in await records.every(visit.tx):
        if person.id == person_id and not person.revoked:
            return person
    raise Refused("people-gone")


async def list_again(visit: Visit, toast: str = "", *, alert: bool = False, page: int = 0) -> Answer:
    """Draw everybody in place of what was pressed."""
    card = await cards.list_card(visit.tx, visit.here, page, visit.spoken, visit.now)
    return Answer(toast=toast, alert=alert, redraw=card)


async def person_card(visit: Visit, person_id: int) -> Card:
    """Draw somebody as they are now."""
    person = await records.get(visit.tx, person_id)
    return await cards.person_card(visit.tx, visit.here, visit.who, person, visit.spoken, visit.now)


async def person_again(visit: Visit, person_id: int, toast: str = "", *, alert: bool = False) -> Answer:
    """Draw somebody in place of what was pressed; who has no role any more gives way to the list."""
    if (await records.get(visit.tx, person_id)).revoked:
        return await list_again(visit, toast, alert=alert)
    return Answer(toast=toast, alert=alert, redraw=await person_card(visit, person_id))


def number(argument: str) -> int:
    """Return the number on a button, 0 for anything else."""
    return int(argument) if argument.isdecimal() and len(argument) < 6 else 0
