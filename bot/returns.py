"""What comes back from readers' mail programs: only what carries a genuine token counts, and never at once.

A hard bounce scores 1, a soft one 0.5, one that says there is no such user 5; of several on a day the heaviest counts.
The score halves every 60 days: a fortnight, as one reads elsewhere, would keep a weekly bulletin's hard bounces below
3.5 for ever. At 5 a probe is sent; only a hard bounce of the probe, or further hard ones 7 days after it, end a
subscription.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.seal import Sealer
from bot.tokens import read_row_token
from store import audit, bulletins, postbox
from store import returns as records
from store.database import Tx
from store.returns import Standing
from store.states import SubscriptionState

HARD, SOFT, COMPLAINT = "hard", "soft", "complaint"
BOUNCE, PROBE, LEAVE = "bounce", "probe", "leave"
WEIGHTS = {HARD: 1.0, SOFT: 0.5}
NO_SUCH_USER = frozenset({"5.1.1", "5.1.3", "5.1.6", "5.1.10"})
NO_SUCH_USER_WEIGHT = 5.0
THRESHOLD = 5.0
HALF_LIFE_DAYS = 60
PROBE_DAYS = 7
PROBE_FORGOTTEN_DAYS = 60
HERE = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)
_LISTED = re.compile(
    r"spamhaus|spamcop|barracuda|sorbs|\brbl\b|dnsbl|black[ -]?list|block[ -]?list|deny[ -]?list|reputation"
    r"|\b[45]\.7\.\d{1,3}\b.*\bblocked\b|\bblocked\b.*\b[45]\.7\.\d{1,3}\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What the token of a report names: a subscription of one generation, and whether the mail was our probe."""

    subscription: int
    generation: int
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """What a report did: the run it counts for, and whether the subscription ended."""

    issue: int | None
    ended: bool = False


def named_by(sealer: Sealer, token: str, *purposes: str) -> Named | None:
    """Return what a genuine token of one of these purposes names; None for any other."""
    for purpose in purposes:
        found = read_row_token(sealer, purpose, token) if token else None
        if found is not None:
            return Named(*found, probe=purpose == PROBE)
    return None


def hints_at_listing(words: str) -> bool:
    """Say whether the words of a refusal hint that our server is on a list of blocked ones."""
    return _LISTED.search(words) is not None


def weight(verdict: str, status: str) -> float:
    if verdict == HARD and status in NO_SUCH_USER:
        return NO_SUCH_USER_WEIGHT
    return WEIGHTS.get(verdict, 0.0)


def decayed(score: float, since: date | None, today: date) -> float:
    """Return what is left of a score after some days."""
    return score * 0.5 ** (max(0, (today - since).days) / HALF_LIFE_DAYS) if since is not None else 0.0


async def bounced(
    tx: Tx, named: Named, verdict: str, status: str, now: datetime, *, issue: int | None = None
) -> Noted | None:
    """Count a bounce of a reader's mail; None where it names no reader of today, or is neither hard nor soft.

    `issue` is the run, where it is known; otherwise it is the latest one that was mailed to the reader.
    """
    stands = await records.standing(tx, named.subscription)
    if stands is None or not _same(stands, named) or stands.state not in HERE or verdict not in WEIGHTS:
        return None
    if issue is None and not named.probe:
        issue = await records.latest_run(tx, stands)
    today = now.date()
    before = [weight(*each) for each in await records.on_day(tx, stands.id, today)]
    await records.add(tx, stands.id, issue, verdict, status[:20], today)
    score = decayed(stands.score, stands.scored_on, today) + max(0.0, weight(verdict, status) - max(before, default=0))
    await records.change(tx, stands.id, score=score, scored_on=today)
    if _ends(stands, named, verdict, score, now):
        await _end(tx, stands, SubscriptionState.BOUNCED, now)
        return Noted(issue, ended=True)
    if score >= THRESHOLD and not _probed(stands, now):
        await _probe(tx, stands, now)
    return Noted(issue)


async def complained(tx: Tx, named: Named, now: datetime) -> Noted | None:
    """End a subscription whose reader called our mail spam, and never write to the address again."""
    stands = await records.standing(tx, named.subscription)
    if stands is None or not _same(stands, named) or stands.state == SubscriptionState.COMPLAINED:
        return None
    issue = await records.latest_run(tx, stands)
    await records.add(tx, stands.id, issue, COMPLAINT, "", now.date())
    await records.suppress(tx, stands.address_mac, COMPLAINT, now.date())
    await _end(tx, stands, SubscriptionState.COMPLAINED, now)
    return Noted(issue, ended=True)


def _same(stands: Standing, named: Named) -> bool:
    return stands.generation % 256 == named.generation


def _probed(stands: Standing, now: datetime) -> bool:
    return stands.probed_at is not None and now - stands.probed_at < timedelta(days=PROBE_FORGOTTEN_DAYS)


def _ends(stands: Standing, named: Named, verdict: str, score: float, now: datetime) -> bool:
    """Say whether a bounce is the last one: hard, after a probe that itself came back or lies a week back."""
    if verdict != HARD or stands.probed_at is None or not _probed(stands, now):
        return False
    late = now - stands.probed_at >= timedelta(days=PROBE_DAYS)
    return named.probe or (late and score >= THRESHOLD)


async def _end(tx: Tx, stands: Standing, state: SubscriptionState, now: datetime) -> None:
    await records.change(tx, stands.id, state=state, changed_on=now.date())
    await audit.note(tx, at=now, actor="mail", act=state, subject=f"subscription {stands.id}")


async def _probe(tx: Tx, stands: Standing, now: datetime) -> None:
    """Queue a mail that asks nothing; whether it comes back decides. Its envelope sender bears a token of PROBE."""
    await records.change(tx, stands.id, probed_at=now)
    bulletin = await bulletins.get(tx, stands.bulletin_id)
    payload: dict[str, Any] = {"subject": "probe-subject", "text": "probe-text", "values": {"title": bulletin.title}}
    payload |= {"subscription": stands.id, "generation": stands.generation, "language": stands.language}
    await postbox.put(
        tx,
        kind=PROBE,
        bulletin_id=stands.bulletin_id,
        address=stands.address,
        payload=payload,
        now=now,
        merge_key=f"probe:{stands.id}",
    )
