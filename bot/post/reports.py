"""Bounces and complaints: what a genuine token names is counted, what cannot be read goes to a person."""

from bot import returns
from bot.delivery import setback
from bot.letters.letter import Letter, Verdict
from bot.post import human
from bot.post.arrival import Arrival
from bot.tokens import read_row_token
from store import outbox

HEAVIEST = (Verdict.HARD, Verdict.SOFT, Verdict.DELAYED)


async def bounce(arrival: Arrival) -> None:
    """Count a bounce; one without a genuine token changes nothing, since anybody may have written it."""
    letter = arrival.letter
    if await _of_answer(arrival):
        return
    named = returns.named_by(arrival.sealer, letter.token, returns.BOUNCE, returns.PROBE)
    if named is None:
        await arrival.finish()
        return
    verdict, status = worst(letter)
    if verdict is None:
        await human.to_desk(arrival)
        return
    await arrival.finish()
    noted = await returns.bounced(arrival.tx, named, verdict, status, arrival.now)
    if noted is None:
        return
    if verdict == Verdict.HARD:
        await setback.after_bounce(arrival.tx, noted.issue, arrival.now)
    if returns.hints_at_listing(f"{status} {letter.subject} {letter.words}"):
        await setback.after_listing(arrival.tx, noted.issue, arrival.now)


async def _of_answer(arrival: Arrival) -> bool:
    """Tell the moderators that an answer of theirs could not be delivered; False where a report is of none."""
    answered = read_row_token(arrival.sealer, human.ANSWER, arrival.letter.token) if arrival.letter.token else None
    if answered is None:
        return False
    await arrival.finish()
    if worst(arrival.letter)[0] != Verdict.DELAYED:
        payload = {"key": "letter-answer-back", "values": {}}
        key = f"{human.ANSWER}:{answered[0]}"
        await outbox.put_at_desk(
            arrival.tx, arrival.bulletin, now=arrival.now, kind="say", payload=payload, subject_id=0, merge_key=key
        )
    return True


async def complaint(arrival: Arrival) -> None:
    """End the subscription that a complaint names; one that names none goes to a person."""
    purposes = (returns.BOUNCE, returns.LEAVE)
    named = returns.named_by(arrival.sealer, arrival.letter.token, *purposes)
    if named is None:
        await human.to_desk(arrival)
        return
    await arrival.finish()
    await returns.complained(arrival.tx, named, arrival.now)


def worst(letter: Letter) -> tuple[Verdict | None, str]:
    """Return the heaviest verdict of a report and its status; None where it tells of no recipient."""
    for verdict in HEAVIEST:
        for returned in letter.returned:
            if returned.verdict == verdict:
                return verdict, returned.status
    return None, ""
