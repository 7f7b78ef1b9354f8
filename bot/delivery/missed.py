"""What needs a person after an issue went out, and who missed it: by why and how many, never who."""

import re
from collections import Counter
from dataclasses import dataclass

from bot.delivery import mailing, plan, settle
from bot.texts import say
from store import bulletins, deliveries, reports
from store.database import Tx
from store.records import Channel, Issue
from store.reports import Trouble
from store.states import DeliveryState

FEW = 10
"""Counts of people below this are not told."""

MISSED = (DeliveryState.REFUSED, DeliveryState.HELD, DeliveryState.SKIPPED)
AWAY = (*MISSED, DeliveryState.IN_DOUBT)
_ADDRESS_CODE = re.compile(r"\b5\.([12])\.\d")
_WHY_SKIPPED = {
    mailing.READER_LEFT: "missed-left",
    mailing.READER_PAUSED: "missed-paused",
    plan.NO_MAIL: "missed-no-mail",
    mailing.NO_ISSUE: "missed-no-issue",
}


@dataclass(frozen=True, slots=True)
class Missed:
    """Who went without an issue.

    `readers` are counts by the key of a sentence, `posts` those that are in no channel; `again` is how many posts and
    letters can be sent once more.
    """

    readers: dict[str, int]
    posts: list[Trouble]
    channels: dict[int, Channel]
    again: int


async def missed(tx: Tx, issue: Issue) -> Missed:
    """Count who missed an issue that was let out."""
    counted: Counter[str] = Counter()
    for (state, problem), number in (await reports.letters(tx, issue.id, deliveries.MAIL)).items():
        if state in MISSED:
            counted[_why(state, problem)] += number
    found = [
        row for row in await reports.troubles(tx, issue.id) if row.kind == deliveries.TELEGRAM and row.state in AWAY
    ]
    channels = {channel.id: channel for channel in await bulletins.channels_of(tx, issue.bulletin_id)}
    again = await reports.count_again(tx, issue.id, settle.FAILED, settle.FOR_GOOD)
    return Missed(dict(counted), found, channels, again)


def people(number: int, language: str) -> str:
    """Return a count of people in words; a small one is not told."""
    return say(language, "missed-few", most=FEW) if 0 < number < FEW else str(number)


def why_not(row: Trouble, language: str) -> str:
    """Return in words why a post is not there: our own reason, or what Telegram said."""
    known = row.problem.startswith("delivery-")
    return say(language, row.problem) if known else row.problem


def _why(state: DeliveryState, problem: str) -> str:
    if state == DeliveryState.HELD:
        return "missed-perhaps"
    if state == DeliveryState.SKIPPED:
        return _WHY_SKIPPED.get(problem, "missed-left-out")
    if problem == mailing.GAVE_UP:
        return "missed-gave-up"
    found = _ADDRESS_CODE.search(problem)
    return {"1": "missed-unknown", "2": "missed-full"}[found[1]] if found else "missed-refused"
