"""What became of an issue, counted in the words people use; the counts add up to what was planned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.texts import say
from store import bulletins, deliveries
from store.database import Tx
from store.records import Issue
from store.states import DeliveryState

WORDS = {
    DeliveryState.SENT: "sent",
    DeliveryState.QUEUED: "later",
    DeliveryState.SENDING: "later",
    DeliveryState.DEFERRED: "later",
    DeliveryState.REFUSED: "refused",
    DeliveryState.IN_DOUBT: "perhaps sent",
    DeliveryState.HELD: "on hold",
    DeliveryState.SKIPPED: "skipped",
}
_KEYS = {word: f"delivery-{word.replace(' ', '-')}" for word in dict.fromkeys(WORDS.values())}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many posts or letters there are of each word, in the order of WORDS; `title` is "" for the mail."""

    title: str
    by_word: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_word.values())


@dataclass(frozen=True, slots=True)
class Report:
    """An issue's posts in each channel and in readers' chats, and its letters; `rows` were planned when it closed."""

    number: int
    state: str
    rows: int
    channels: tuple[Counts, ...]
    chats: Counts
    mail: Counts
    possible_duplicates: int

    @property
    def adds_up(self) -> bool:
        return sum(place.total for place in (*self.channels, self.chats, self.mail)) == self.rows


async def report(tx: Tx, issue: Issue) -> Report:
    """Count what became of a closed issue."""
    tally = await deliveries.tally(tx, issue.id)
    titles = {channel.id: channel.title for channel in await bulletins.channels_of(tx, issue.bulletin_id)}
    places = sorted(target for kind, target in tally if kind == deliveries.TELEGRAM)
    return Report(
        number=issue.number or 0,
        state=str(issue.state),
        rows=issue.rows,
        channels=tuple(
            _counts(titles.get(target, str(target)), tally[deliveries.TELEGRAM, target]) for target in places
        ),
        chats=_counts("", tally.get((deliveries.CHAT, 0), {})),
        mail=_counts("", tally.get((deliveries.MAIL, 0), {})),
        possible_duplicates=await deliveries.possible_duplicates(tx, issue.id),
    )


def _counts(title: str, states: dict[DeliveryState, int]) -> Counts:
    by_word = dict.fromkeys(_KEYS, 0)
    for state, number in states.items():
        by_word[WORDS[state]] += number
    return Counts(title, by_word)


def to_json(found: Report) -> dict[str, Any]:
    """Return the report as plain values; a key for each word, in each channel and for the mail."""
    return {
        "issue": found.number,
        "state": found.state,
        "planned": found.rows,
        "channels": [{"channel": place.title, **place.by_word} for place in found.channels],
        "chats": dict(found.chats.by_word),
        "mail": dict(found.mail.by_word),
        "possible duplicates": found.possible_duplicates,
        "adds up": found.adds_up,
    }


def in_words(found: Report, language: str) -> str:
    """Return the report as a few lines for the moderators."""
    return "\n".join([say(language, "delivery-report", number=found.number), *counted(found, language)])


def counted(found: Report, language: str) -> list[str]:
    """Return a line for each channel, for readers' chats and for the mail, and what is to be known of the numbers."""
    lines = [f"{place.title}: {_words(place, language)}" for place in found.channels]
    for place, key in ((found.chats, "delivery-report-chats"), (found.mail, "delivery-report-mail")):
        lines += [f"{say(language, key)}: {_words(place, language)}"] if place.total else []
    if found.possible_duplicates:
        lines.append(say(language, "delivery-report-duplicates", n=found.possible_duplicates))
    if not found.adds_up:
        lines.append(say(language, "delivery-report-wrong", rows=found.rows))
    return lines


def summed(tallies: Iterable[Mapping[DeliveryState, int]], key: str, language: str) -> str:
    """Return what became of the corrections of posts, or the letters on corrections, in one line; "" for none."""
    states: dict[DeliveryState, int] = {}
    for tally in tallies:
        for state, number in tally.items():
            states[state] = states.get(state, 0) + number
    found = _counts("", states)
    return f"{say(language, key)}: {_words(found, language)}" if found.total else ""


def _words(place: Counts, language: str) -> str:
    return ", ".join(say(language, _KEYS[word], n=number) for word, number in place.by_word.items() if number)
