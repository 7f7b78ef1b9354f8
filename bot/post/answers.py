"""Mails in answer to letters: queued in the transaction of their cause, and never twice where once is enough."""

from datetime import datetime, timedelta
from typing import Any

from bot import subscriptions
from bot.post.arrival import Arrival
from bot.post.kept import reference
from bot.seal import Sealer
from store import desk_letters, letters, postbox
from store.database import Tx

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 100


async def say_by_mail(
    tx: Tx, bulletin_id: int, address: bytes, key: str, language: str, now: datetime, **more: Any
) -> None:
    """Queue a mail whose words are `KEY-subject` and `KEY`; `address` is sealed.

    `answers` is the Message-ID that it replies to, `answer_to` the token behind the + of the address that an answer
    goes to; both may be left out.
    """
    payload = {"subject": f"{key}-subject", "text": key, "language": language, "answers": more.pop("answers", "")}
    if "answer_to" in more:
        payload["answer_to"] = more.pop("answer_to")
    merge_key = more.pop("merge_key", None)
    payload["values"] = more
    await postbox.put(
        tx, kind="say", bulletin_id=bulletin_id, address=address, payload=payload, now=now, merge_key=merge_key
    )


async def answer(arrival: Arrival, key: str, **more: Any) -> None:
    """Queue an answer to who wrote a letter; nothing where that is not told, or it was written by a program."""
    letter = arrival.letter
    if not letter.sender or letter.automatic:
        return
    address = arrival.sealer.seal(subscriptions.ADDRESS, letter.sender)
    more = {"answers": reference(letter.message_id), "title": arrival.bulletin.title, **more}
    await say_by_mail(arrival.tx, arrival.bulletin.id, address, key, arrival.language, arrival.now, **more)


async def may_answer(arrival: Arrival, what: str) -> bool:
    """Say whether an address may be given this kind of answer: once a day, and 100 an hour to all of them together.

    Whoever is answered has proven nothing, so it may be somebody in whose name another one writes.
    """
    letter = arrival.letter
    if not letter.sender or letter.automatic:
        return False
    if await desk_letters.count_since(arrival.tx, arrival.now - AN_HOUR) >= MOST_AN_HOUR:
        return False
    marked = day_key(arrival.sealer, what, letter.sender, arrival.now)
    begun = await letters.begin(arrival.tx, marked, desk_letters.ANSWERED, arrival.now)
    if begun is not None:
        await letters.finish(arrival.tx, begun)
    return begun is not None


def day_key(sealer: Sealer, what: str, address: str, now: datetime) -> str:
    """Return the key under which it is known that an address was answered on a day."""
    return sealer.mac(desk_letters.ANSWERED, f"{what}\n{address.lower()}\n{now.date()}")
