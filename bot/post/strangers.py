"""Letters of strangers: refused politely, or kept until their sender confirms them and taken as suggestions."""

from datetime import timedelta

from bot.errors import Refused
from bot.intake import strangers
from bot.intake.strangers import Stranger
from bot.post import kept, letterbox, submissions
from bot.post.answers import answer, may_answer
from bot.post.arrival import Arrival
from bot.post.kept import Kept
from bot.seal import Sealer
from bot.subscriptions import ADDRESS
from bot.texts import known_language, say
from bot.tokens import read_row_token
from store import letters, senders

WAITING = "suggestion"
"""The kind of a stranger's letter that waits to be confirmed."""
CONFIRM_DAYS = 3


async def links(arrival: Arrival) -> None:
    """Refuse the links of a stranger, or ask for a reply before they are taken; each once a day for one address."""
    suggesting = arrival.services.settings.strangers == "suggest"
    if not await may_answer(arrival, "stranger"):
        await arrival.finish()
        return
    if not suggesting:
        await arrival.finish()
        await answer(arrival, "letter-stranger")
        return
    await arrival.wait(WAITING)
    token = letterbox.confirm_token(arrival.sealer, arrival.id)
    await answer(arrival, "letter-confirm-suggestion", answer_to=token, days=CONFIRM_DAYS)


async def confirmed(arrival: Arrival) -> bool:
    """Take the letter in that a stranger confirms by this one; False where its token is of none that waits."""
    found = read_row_token(arrival.sealer, letterbox.SUGGESTION, letterbox.plain_token(arrival.letter.token))
    waiting = await letters.get(arrival.tx, found[0]) if found is not None else None
    if waiting is None or waiting.kind != WAITING or waiting.content is None:
        return False
    if arrival.now - waiting.received_at > timedelta(days=CONFIRM_DAYS) or not await letters.finish(
        arrival.tx, waiting.id
    ):
        return False
    letter = kept.unseal(arrival.sealer, waiting.content)
    try:
        count = await take_in(arrival, letter, waiting.key)
    except Refused as refusal:
        await answer(arrival, "letter-not-taken", why=say(arrival.language, refusal.key, **refusal.values))
    else:
        await answer(arrival, "letter-suggestion-received", n=count)
    return True


async def take_in(arrival: Arrival, letter: Kept, key: str) -> int:
    """Store a stranger's letter as a suggestion; its answers go to the address that it came from."""
    language = known_language(letter.language or arrival.bulletin.language)
    who = stranger_of(arrival.sealer, letter, language)
    incoming = submissions.incoming_of(letter, arrival.now)
    return await strangers.take_in(arrival.tx, arrival.bulletin, incoming, who, key, arrival.now)


def stranger_of(sealer: Sealer, letter: Kept, language: str) -> Stranger:
    """Return who suggests by letter; where no address is told there is nobody to be answered."""
    if not letter.sender:
        return Stranger(senders.SUGGESTED_BY_LETTER, language, None, None)
    mac = sealer.mac(strangers.CONTACT, letter.sender.lower())
    return Stranger(senders.SUGGESTED_BY_LETTER, language, sealer.seal(ADDRESS, letter.sender), mac)
