"""What a letter that came in does: everything in one transaction, so that a letter seen before does nothing."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.errors import OperatorError
from bot.letters.letter import Kind, Letter
from bot.letters.reading import read
from bot.mailbox.key import letter_key
from bot.post import human, kept, letterbox, readers, reports, strangers, submissions
from bot.post.answers import answer, may_answer
from bot.post.arrival import Arrival
from bot.services import Services
from store import audit, bulletins, letters
from store.database import Tx
from store.records import Bulletin, Person

NEVER_CONFIRMS = (Kind.BOUNCE, Kind.COMPLAINT, Kind.AUTO_REPLY)


async def take(services: Services, raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> None:
    """Take in a letter as it came, once, whatever road brings it again.

    When this returns the letter may leave the mailbox; when it raises, nothing has happened and it must stay there.
    """
    ours = services.settings
    letter = await asyncio.to_thread(
        read,
        raw,
        envelope_from=envelope_from,
        envelope_to=envelope_to,
        authserv_id=ours.authserv_id,
        our_domain=ours.mail_from.rpartition("@")[2],
        our_addresses=[address for address in (ours.mail_from, ours.mail_reply_to) if address],
    )
    await receive(services, letter, letter_key(services.sealer, raw))


async def receive(services: Services, letter: Letter, key: str) -> bool:
    """Let a letter that was read take effect; False where it was seen before."""
    async with services.store.transaction() as tx:
        now = services.clock.now()
        begun = await letters.begin(tx, key, letter.kind, now)
        if begun is None:
            return False
        person = await letterbox.owner_of(tx, services.sealer, letter.token)
        bulletin = await _bulletin_of(tx, person)
        await _act(Arrival(tx, services, bulletin, letter, begun, key, now), person)
        await audit.note(tx, at=now, actor="mail", act="letter", subject=f"letter {begun}", kind=letter.kind)
    services.bell.ring()
    return True


async def _bulletin_of(tx: Tx, person: Person | None) -> Bulletin:
    """Return the bulletin that a letter is for: the one that a contributor chose, else the first."""
    if person is not None and person.bulletin_id is not None:
        return await bulletins.get(tx, person.bulletin_id)
    first = await bulletins.first(tx)
    if first is None:
        raise OperatorError("There is no bulletin yet: start the bot once with `bulletin run`.")
    return first


async def _act(arrival: Arrival, person: Person | None) -> None:
    letter = arrival.letter
    door = DOORS.get(letter.kind)
    by_program = letter.automatic or letter.kind in NEVER_CONFIRMS
    if not by_program and await _confirms(arrival):
        return
    if door is not None:
        await door(arrival)
    elif letter.kind == Kind.AUTO_REPLY or (by_program and letter.kind == Kind.CONFIRM):
        await arrival.finish()
    elif letter.kind == Kind.CONFIRM:
        await arrival.finish()
        if await may_answer(arrival, Kind.CONFIRM):
            await answer(arrival, "letter-confirm-over")
    elif person is not None:
        await _to_secret_address(arrival, person)
    elif letter.kind == Kind.SUBMISSION and letter.links and not by_program:
        await strangers.links(arrival)
    else:
        await human.to_desk(arrival)


async def _confirms(arrival: Arrival) -> bool:
    """Let a reply to a question of ours confirm what it is about; False where its token is of none."""
    if not arrival.letter.token:
        return False
    if await readers.confirm(arrival):
        return True
    if await strangers.confirmed(arrival):
        await arrival.finish()
        return True
    return False


async def _to_secret_address(arrival: Arrival, person: Person) -> None:
    """Take links that came to a secret address, or let the moderators read what holds none.

    What a program sends on in somebody's name is theirs only when they say so.
    """
    if arrival.letter.links and arrival.letter.automatic:
        await submissions.ask_whose(arrival, person)
    elif arrival.letter.links:
        await submissions.from_contributor(arrival, person)
    else:
        await human.to_desk(arrival, person.id if kept.is_proven(arrival.letter) else 0)


DOORS: dict[Kind, Callable[[Arrival], Awaitable[None]]] = {
    Kind.BOUNCE: reports.bounce,
    Kind.COMPLAINT: reports.complaint,
    Kind.SUBSCRIBE: readers.subscribe,
    Kind.UNSUBSCRIBE: readers.unsubscribe,
}
