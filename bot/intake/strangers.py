"""What strangers suggest, where the operator lets them: few links, marked on the card, the sender soon forgotten."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.intake.following import follow_submission
from bot.intake.message.entries import Entry
from bot.intake.message.found import find
from bot.intake.submit import add_entries, intake_key
from bot.seal import Sealer
from store import audit, items, senders
from store.database import Tx
from store.messages import Incoming
from store.outbox import Waiting
from store.records import Bulletin

CONTACT = "suggestion"
WAITING_LINKS = 3
DAY_LINKS = 20
NO_NUMBER = 0


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who suggests something: by which road, in which language, and sealed where the decision is told."""

    road: str
    language: str
    contact: bytes | None
    contact_mac: str | None


async def suggest(tx: Tx, sealer: Sealer, bulletin: Bulletin, incoming: Incoming, language: str, now: datetime) -> None:
    """Store a stranger's links for the moderators; raises Refused, nothing being stored, beyond the quotas.

    Who it is stands in a sealed column until the decision was told, and nowhere afterwards.
    """
    contact = sealer.seal(CONTACT, str(incoming.chat))
    who = Stranger(senders.SUGGESTED, language, contact, sealer.mac(CONTACT, str(incoming.sender)))
    await take_in(tx, bulletin, incoming, who, intake_key(sealer, incoming), now)


async def take_in(
    tx: Tx, bulletin: Bulletin, incoming: Incoming, who: Stranger, key: str, now: datetime, *, vouched: bool = False
) -> int:
    """Store what a stranger sent, by any road, as `suggest`; returns how many links it has.

    The quotas do not count for what a moderator has `vouched` for.
    """
    if await items.submission_of_message(tx, key) is not None:
        return 0
    midnight = now.astimezone(ZoneInfo(bulletin.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = find(incoming, bulletin, midnight.date())
    entries = [entry for entry in found.entries if _has_link(entry)]
    if not entries:
        raise next((reason for _, reason in found.refused), Refused("submit-no-link"))
    if not vouched:
        await _check_quotas(tx, who, len(entries), midnight)
    submission = await items.add_submission(
        tx,
        bulletin_id=bulletin.id,
        person_id=None,
        number=NO_NUMBER,
        road=who.road,
        intake_key=key,
        note=found.note,
        received_at=now,
        language=who.language,
        contact=who.contact,
        contact_mac=who.contact_mac,
    )
    await add_entries(tx, bulletin, submission.id, entries, key, now)
    await audit.note(tx, at=now, actor="stranger", act="suggest", subject="submission", items=len(entries))
    await follow_submission(tx, submission, now)
    return len(entries)


async def _check_quotas(tx: Tx, who: Stranger, links: int, midnight: datetime) -> None:
    if who.contact_mac and await senders.undecided_of(tx, who.contact_mac) + links > WAITING_LINKS:
        raise Refused("suggestion-waiting", n=WAITING_LINKS)
    if await senders.suggested_since(tx, midnight) + links > DAY_LINKS:
        raise Refused("suggestion-full")


def _has_link(entry: Entry) -> bool:
    return any(cited.url for cited in entry.citations)


async def target(tx: Tx, sealer: Sealer, row: Waiting) -> int | None:
    """Return the private chat of the stranger to whom a row speaks; None once it is forgotten, or was no chat."""
    item = None if row.kind == "ack" else await items.get(tx, row.subject_id)
    submission_id = row.subject_id if row.kind == "ack" else item.submission_id if item is not None else None
    submission = None if submission_id is None else await items.submission(tx, submission_id)
    if submission is None or submission.contact is None or submission.road in senders.ANSWERED_BY_MAIL:
        return None
    return int(sealer.open(CONTACT, submission.contact))


async def forget_settled(tx: Tx) -> bool:
    """Erase who sent what is decided and told; says whether there was anybody to forget."""
    settled = await senders.settled_strangers(tx)
    for submission_id in settled:
        await senders.forget_stranger(tx, submission_id)
    return bool(settled)
