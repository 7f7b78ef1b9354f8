"""Letters for a person: shown to the moderators without the sender's address, and decided by one press."""

from datetime import datetime

from bot import subscriptions
from bot.errors import Refused
from bot.intake import strangers
from bot.letters.letter import Kind
from bot.post import desk, kept
from bot.post.arrival import Arrival
from bot.post.kept import Kept
from bot.post.strangers import stranger_of
from bot.post.submissions import incoming_of
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, mark
from bot.texts import known_language
from store import audit, letters, opt_in, postbox
from store.database import Tx
from store.desk_letters import CARD, ERASED
from store.records import Bulletin, Person

ANSWER = "answer"
"""The postbox kind of a moderator's answer: it is answered to the bulletin's address, and what bounces of it comes back
to an address whose token has this purpose and names the letter."""
ANSWERED, IGNORED, TAKEN, ASKED = "answered", "ignored", "taken", "asked"
QUOTED_LINES = 40
REPORTS = (Kind.BOUNCE, Kind.COMPLAINT)


async def to_desk(arrival: Arrival, person: int = 0) -> None:
    """Show a letter to the moderators; `person` is the contributor who is proven to have written it.

    Theirs always gets a card of its own; of strangers' and of reports only so many do in an hour.
    """
    await arrival.wait(CARD, person)
    if person:
        await desk.draw(arrival.tx, arrival.bulletin, arrival.id, arrival.now)
        return
    budget = desk.REPORTS if arrival.letter.kind in REPORTS else desk.STRANGERS
    await desk.show(arrival.tx, arrival.bulletin, arrival.id, budget, arrival.now)


async def read(tx: Tx, sealer: Sealer, letter_id: int) -> Kept:
    """Return a letter that waits at the desk; raises Refused when it was decided, or erased, before."""
    stored = await letters.get(tx, letter_id)
    if stored is not None and stored.kind == ERASED:
        raise Refused("letter-erased")
    if stored is None or stored.kind != CARD or stored.content is None:
        raise Refused("letter-settled")
    return kept.unseal(sealer, stored.content)


async def ignore(tx: Tx, sealer: Sealer, bulletin: Bulletin, by: Person, letter_id: int, now: datetime) -> None:
    """Leave a letter unanswered."""
    await read(tx, sealer, letter_id)
    await _settle(tx, bulletin, by, letter_id, IGNORED, now)


async def answer(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, by: Person, letter_id: int, words: str, now: datetime
) -> None:
    """Answer a letter by mail, with its words quoted below.

    Raises Refused where there is no address to answer to, or one that must never be written to again.
    """
    letter = await read(tx, sealer, letter_id)
    if not letter.answerable:
        raise Refused("letter-no-address")
    if not await opt_in.may_be_written_to(tx, mark(sealer, letter.sender)):
        raise Refused("letter-barred")
    if not words.strip():
        raise Refused("letter-answer-empty")
    quoted = "\n".join(f"> {line}" for line in letter.words.splitlines()[:QUOTED_LINES])
    await postbox.put(
        tx,
        kind=ANSWER,
        bulletin_id=bulletin.id,
        address=sealer.seal(ADDRESS, letter.sender),
        payload={
            "answers": kept.reference(letter.message_id),
            "language": known_language(letter.language or bulletin.language),
            "letter": letter_id,
        },
        sealed=sealer.seal(ANSWER, f"{letter.subject}\n{words.strip()}\n\n{quoted}".rstrip()),
        now=now,
    )
    await _settle(tx, bulletin, by, letter_id, ANSWERED, now)


async def take_as_submission(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, by: Person, letter_id: int, now: datetime
) -> None:
    """Take the links of a letter as a stranger's suggestion; who wrote it is answered only where that is proven."""
    stored, letter = await letters.get(tx, letter_id), await read(tx, sealer, letter_id)
    who = stranger_of(sealer, letter, known_language(letter.language or bulletin.language))
    if not letter.trusted or letter.person:
        who = strangers.Stranger(who.road, who.language, None, None)
    key = stored.key if stored is not None else ""
    await strangers.take_in(tx, bulletin, incoming_of(letter, now), who, key, now, vouched=True)
    await _settle(tx, bulletin, by, letter_id, TAKEN, now)


async def subscribe_sender(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, by: Person, letter_id: int, now: datetime
) -> None:
    """Ask the sender by mail whether they want to receive the bulletin, as everybody is asked."""
    letter = await read(tx, sealer, letter_id)
    if not letter.answerable:
        raise Refused("letter-no-address")
    language = known_language(letter.language or bulletin.language)
    await subscriptions.ask(tx, sealer, bulletin, letter.sender.lower(), language, now, consent="letter")
    await _settle(tx, bulletin, by, letter_id, ASKED, now)


async def _settle(tx: Tx, bulletin: Bulletin, by: Person, letter_id: int, outcome: str, now: datetime) -> None:
    """Take a letter as decided, once, and erase what it held; raises Refused where somebody was first."""
    if not await letters.finish(tx, letter_id):
        raise Refused("letter-settled")
    await audit.note(tx, at=now, actor=f"person {by.id}", act=f"letter {outcome}", subject=f"letter {letter_id}")
    await desk.draw(tx, bulletin, letter_id, now, outcome=outcome, who=by.pseudonym)
