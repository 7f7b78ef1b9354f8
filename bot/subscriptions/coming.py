"""Coming in: double opt-in with caps against bombing, and imports whose consent the operator vouches for."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.seal import Sealer
from bot.subscriptions.addresses import ADDRESS, mailbox_mac, sealed
from bot.texts import languages, say
from store import audit, bulletins, deliveries, issues, opt_in, outbox, postbox, subscribers
from store.database import Tx
from store.opt_in import READING, Standing
from store.records import Bulletin
from store.states import SubscriptionState

CONFIRM = "confirm"
"""The purpose of the token by which somebody confirms, and the kind of the mail that brings it."""

KNOWN = "known"
"""The kind of the mail to somebody who asks for what comes to them already."""

LATEST = "issue"
"""The kind of the mail that is the latest issue, for somebody who came in a moment ago."""

LATEST_WORD = "confirm-latest-word"
"""The key of the word by which an answer to the mail that asks to confirm asks for the latest issue too."""

WAIT_HOURS = 48
LATELY_HOURS, MOST_LATELY = 24, 1
LONG_DAYS, MOST_LONG = 90, 3
HOUR_MINUTES, MOST_IN_AN_HOUR = 60, 100
FULL = "confirmations-full"
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A reader who confirmed; `new` is False where they had done so before. `latest`: an issue they can have."""

    bulletin: Bulletin
    subscription_id: int
    generation: int
    language: str
    new: bool
    latest: int | None = None


async def bring_in(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, addresses: list[str], *, consent: str, actor: str, now: datetime
) -> int:
    """Subscribe addresses whose consent the operator vouches for; returns how many are new."""
    newcomers = [sealed(sealer, address) for address in addresses]
    came = await subscribers.import_readers(
        tx, bulletin.id, newcomers, language=bulletin.language, consent=consent, day=now.date()
    )
    subject = f"bulletin {bulletin.id}"
    await audit.note(tx, at=now, actor=actor, act="import readers", subject=subject, came=came, consent=consent)
    return came


async def ask(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, address: str, language: str, now: datetime, *, consent: str
) -> None:
    """Begin double opt-in for an address in its normal form; `consent` names the road, such as `web form`.

    Nothing tells whoever asks what came of it: not whether the address is known, must not be written to, or was
    written to lately.
    """
    allowed = await may_write(tx, sealer, bulletin, address, now)
    await bulletins.set_fact(tx, "asked-last", now.isoformat())  # so that every request is a commit, and takes as long
    if not allowed:
        return
    newcomer = sealed(sealer, address)
    found = await opt_in.ask(tx, newcomer, bulletin.id, language=language, consent=consent, now=now)
    if found is None:
        return
    await opt_in.count_mail(tx, mailbox_mac(sealer, address), now)
    payload = {"subscription": found.id, "generation": found.generation, "language": language}
    await postbox.put(
        tx,
        kind=KNOWN if found.state in READING else CONFIRM,
        bulletin_id=bulletin.id,
        address=newcomer.address,
        payload=payload,
        now=now,
        merge_key=f"confirm:{found.id}",
    )


async def may_write(tx: Tx, sealer: Sealer, bulletin: Bulletin, address: str, now: datetime) -> bool:
    """Say whether a mail that somebody else may have asked for may go to an address now (MAIL.md, the caps).

    Addresses that lead to one mailbox are counted as one, or tags would let anybody fill it.
    """
    spans = {
        "lately": now - timedelta(hours=LATELY_HOURS),
        "long": now - timedelta(days=LONG_DAYS),
        "everybody": now - timedelta(minutes=HOUR_MINUTES),
    }
    counts = await opt_in.counts(tx, mailbox_mac(sealer, address), **spans)
    allowed = await opt_in.may_be_written_to(tx, sealer.mac(ADDRESS, address))
    if counts.everybody >= MOST_IN_AN_HOUR:
        await _tell_full(tx, bulletin, now)
        return False
    return allowed and counts.lately < MOST_LATELY and counts.long < MOST_LONG


async def confirm(tx: Tx, subscription_id: int, generation: int, now: datetime) -> Confirmed | None:
    """Make a reader of somebody who confirms; None when that was asked for too long ago, or never.

    Whoever had left gets a new generation; to confirm twice is no error.
    """
    found = await opt_in.standing(tx, subscription_id)
    if found is None or not _may_confirm(found, generation, now):
        return None
    bulletin = await bulletins.get(tx, found.bulletin_id)
    if found.state in READING:
        return Confirmed(bulletin, found.id, found.generation, found.language, new=False)
    await opt_in.activate(tx, found, f"{found.consent}, confirmed"[:200], now.date())
    back = found.state != SubscriptionState.PENDING
    return Confirmed(
        bulletin, found.id, found.generation + back, found.language, new=True, latest=await latest(tx, found)
    )


async def waits_for(tx: Tx, subscription_id: int, generation: int, now: datetime) -> Standing | None:
    """Return what a link to confirm is about, None when it is of no use any more; changes nothing."""
    found = await opt_in.standing(tx, subscription_id)
    return found if found is not None and _may_confirm(found, generation, now) else None


def _may_confirm(found: Standing, generation: int, now: datetime) -> bool:
    if found.state in READING:
        return generation in (found.generation % 256, (found.generation - 1) % 256)
    if found.state == SubscriptionState.COMPLAINED or found.asked_at is None:
        return False
    return generation == found.generation % 256 and now - found.asked_at < timedelta(hours=WAIT_HOURS)


def wants_latest(answer: str) -> bool:
    """Say whether the first line of an answer asks for the latest issue, in whichever language of ours."""
    first = next((line for line in answer.splitlines() if line.strip()), "")
    said = {word.casefold() for word in _WORDS.findall(first)}
    return any(say(language, LATEST_WORD).casefold() in said for language in languages())


async def send_latest(tx: Tx, confirmed: Confirmed, now: datetime) -> None:
    """Let the latest issue go to a new reader at once, the same mail that all readers got."""
    reader = (await subscribers.readers(tx, [confirmed.subscription_id])).get(confirmed.subscription_id)
    if reader is None or confirmed.latest is None:
        return
    payload = {"subscription": reader.id, "generation": reader.generation, "issue": confirmed.latest}
    await postbox.put(
        tx,
        kind=LATEST,
        bulletin_id=confirmed.bulletin.id,
        address=reader.address,
        payload=payload,
        now=now,
        merge_key=f"issue:{reader.id}",
    )


async def latest(tx: Tx, found: Standing) -> int | None:
    """Return the latest issue that went out, unless it went, or goes, to this reader anyway."""
    released = await issues.released(tx, found.bulletin_id)
    if not released or await deliveries.parts_planned(tx, released[0].id, found.id):
        return None
    mail = await issues.rendering(tx, released[0].id, deliveries.MAIL)
    return None if mail is None else released[0].id


async def sweep(tx: Tx, now: datetime) -> int:
    """Forget who asked and did not confirm within 48 hours; returns how many."""
    before, counted = now - timedelta(hours=WAIT_HOURS), now - timedelta(days=LONG_DAYS)
    return await opt_in.forget_unconfirmed(tx, before, counted)


async def _tell_full(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Tell the moderators, once an hour at most, that so many mails to confirm go out that no more do for now."""
    told = await bulletins.fact(tx, FULL)
    if told is not None and now - datetime.fromisoformat(told) < timedelta(minutes=HOUR_MINUTES):
        return
    await bulletins.set_fact(tx, FULL, now.isoformat())
    payload = {"key": "subscribe-full", "values": {"n": MOST_IN_AN_HOUR}}
    await outbox.put_at_desk(tx, bulletin, now=now, kind="say", payload=payload, subject_id=bulletin.id, merge_key=FULL)
