"""The writing commands of the shell that are about readers, each for one bulletin."""

from collections.abc import Awaitable, Callable
from typing import Any

from email_validator import EmailNotValidError

from bot import reader_erasing, reader_lists
from bot.errors import OperatorError
from bot.reader_lists import Row
from bot.services import Services
from bot.subscriptions import ADDRESS, normal
from store import audit
from store.records import Bulletin

Json = dict[str, Any]
ACTOR = "shell"


async def look(services: Services, bulletin: Bulletin, arguments: Json) -> Json:
    """Say of a batch of addresses how many are known, and how many have left or must not be written to."""
    stand = await reader_lists.standing(services.store, services.sealer, bulletin, arguments["addresses"])
    return {"known": len(stand.known), "away": len(stand.away)}


async def bring_in(services: Services, bulletin: Bulletin, arguments: Json) -> Json:
    """Subscribe a batch of rows, each an address and the day on which its owner agreed."""
    rows = [Row(0, address, agreed) for address, agreed in arguments["rows"]]
    now, consent = services.clock.now(), str(arguments["consent"])
    tools = services.store, services.sealer, bulletin
    done = await reader_lists.bring_in(*tools, rows, consent=consent, actor=ACTOR, now=now)
    return done._asdict()


async def note(services: Services, bulletin: Bulletin, arguments: Json) -> Json:
    """Write down that addresses are about to be shown: those of all readers, or what is kept of one."""
    async with services.store.transaction() as tx:
        subject = f"bulletin {bulletin.id}"
        await audit.note(tx, at=services.clock.now(), actor=ACTOR, act=str(arguments["act"]), subject=subject)
    return {}


async def erase(services: Services, arguments: Json) -> Json:
    """Erase everything about an address, in every bulletin; the same is said whether it was known or not."""
    address = in_form(str(arguments["address"]))
    async with services.store.transaction() as tx:
        mac = services.sealer.mac(ADDRESS, address)
        await reader_erasing.erase(tx, services.sealer, mac, services.clock.now(), actor=ACTOR)
    await services.store.checkpoint()
    return {}


def in_form(address: str) -> str:
    """Return an address in the form in which it is kept; raises OperatorError for what is none."""
    try:
        return normal(address.strip())
    except EmailNotValidError:
        raise OperatorError("That is no e-mail address; write it as dan@example.org.") from None


COMMANDS: dict[str, Callable[[Services, Bulletin, Json], Awaitable[Json]]] = {
    "look-at-readers": look,
    "import-readers": bring_in,
    "note-readers": note,
}
"""For one bulletin each; `erase` is for all of them."""
