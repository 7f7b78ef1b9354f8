"""The doors by which moderators keep somebody's links out for a time, keep them out altogether, and end both."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import issues, people
from bot.errors import Refused
from bot.intake import allowance
from bot.texts import say
from handlers.visit import Answer, Visit, words
from store import items, outbox
from store import people as records
from store.database import Tx
from store.records import Person
from store.states import Role

MUTE_DAYS = 3
BAN_DAYS = 30
LONGEST_DAYS = 3650
SPAN = re.compile(r"(\d{1,4})\s*([hdwгдт])", re.IGNORECASE)
HOURS = {"h": 1, "d": 24, "w": 168, "г": 1, "д": 24, "т": 168}

Act = Callable[[Tx, str, int, datetime, datetime], Awaitable[None]]


async def mute(visit: Visit) -> Answer:
    """Take no links from somebody until the time is over."""
    return await _until(visit, "mute", MUTE_DAYS, people.mute)


async def ban(visit: Visit) -> Answer:
    """Keep somebody out altogether until the time is over."""
    return await _until(visit, "ban", BAN_DAYS, people.ban)


async def unmute(visit: Visit) -> Answer:
    """End a mute and a ban."""
    who = await _meant(visit, "unmute", visit.words)
    await people.free(visit.tx, visit.actor, who.id, visit.now)
    return await _tell(visit, "standing-free", who)


async def _until(visit: Visit, command: str, days: int, act: Act) -> Answer:
    name, span = read_span(visit.words, timedelta(days=days))
    who = await _meant(visit, command, name)
    if who.role != Role.CONTRIBUTOR:
        raise Refused("standing-role", who=who.pseudonym, role=visit.say(f"role-{who.role}"))
    until = visit.now + span
    await act(visit.tx, visit.actor, who.id, until, visit.now)
    key = "standing-banned" if command == "ban" else "standing-muted"
    return await _tell(visit, key, who, until)


def read_span(given: str, otherwise: timedelta) -> tuple[str, timedelta]:
    """Split `Quiet Heron 3d` into a name and a time: hours, days or weeks, at most ten years."""
    name, _, last = given.strip().rpartition(" ")
    match = SPAN.fullmatch(last)
    if match is None:
        return given.strip(), otherwise
    span = timedelta(hours=int(match[1]) * HOURS[match[2].lower()])
    return name.strip(), min(span, timedelta(days=LONGEST_DAYS)) or otherwise


async def _meant(visit: Visit, command: str, name: str) -> Person:
    """Return who is meant: by pseudonym, or the sender of the card that the command replies to."""
    if name:
        person = await people.named(visit.tx, name)
        if person is None:
            raise Refused("standing-unknown", name=name[:60])
        return person
    if not visit.at_desk or visit.message.reply_to is None:
        raise Refused("standing-who", command=command)
    found = await outbox.subjects_at(visit.tx, ("card",), visit.chat, visit.message.reply_to)
    item = await items.get(visit.tx, found[0]) if found else None
    if item is None:
        raise Refused("standing-who", command=command)
    submission = await items.submission(visit.tx, item.submission_id) if item.submission_id is not None else None
    if submission is None or submission.person_id is None:
        raise Refused("standing-no-sender")
    return await records.get(visit.tx, submission.person_id)


async def _tell(visit: Visit, key: str, who: Person, until: datetime | None = None) -> Answer:
    """Say what was done, and say it at the desk too, where all moderators see it."""
    moment = allowance.in_words(visit.here, visit.language, until) if until is not None else {}
    if not visit.at_desk:
        await announce(visit, key, who, until)
    return words(say(visit.language, key, who=who.pseudonym, **moment))


async def announce(visit: Visit, key: str, who: Person, until: datetime | None = None) -> None:
    """Say at the desk what was done."""
    moment = allowance.in_words(visit.here, visit.here.language, until) if until is not None else {}
    await issues.say_to_desk(visit.tx, visit.here, visit.now, key, who=who.pseudonym, **moment)
