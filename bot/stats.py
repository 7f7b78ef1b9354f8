"""The numbers of a bulletin: what came out of which section and source, how long decisions took, and who was reached.

Counts of people below ten are not told, and nothing here tells who sent or decided what.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.numbers import format_decimal

from bot.delivery import mailing
from bot.delivery.missed import FEW
from bot.delivery.report import WORDS
from bot.render import style
from bot.render.numbers import Bar, Block, Sheet, cut
from bot.texts import say
from store import chat_readers, stats
from store.database import Tx
from store.messages import Button, Buttons, Text
from store.records import Bulletin
from store.states import DeliveryState, SubscriptionState
from store.stats import Closed

PERIODS: dict[str, int | None] = {"last": 1, "ten": 10, "all": None}
USUAL = "ten"
MOST_BARS = 8
MOST_ISSUES = 5
LABEL = 50
ENOUGH = 10
HOUR_MINUTES, DAY_MINUTES = 60, 1440
READER_WORDS = {
    SubscriptionState.ACTIVE: "stats-reading",
    SubscriptionState.PAUSED: "stats-paused",
    SubscriptionState.LEFT: "stats-left",
    SubscriptionState.BOUNCED: "stats-unreachable",
    SubscriptionState.COMPLAINED: "stats-unreachable",
}


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of one issue by what became of them; `left` of the ones left out, since their readers had left."""

    number: int
    states: Mapping[DeliveryState, int]
    left: int


async def gather(tx: Tx, bulletin: Bulletin, period: str, language: str) -> Sheet:
    """Count a bulletin over the last issue, the last ten or all, in words."""
    most = PERIODS[period]
    found = await stats.closed(tx, bulletin.id, None if most is None else most + 1)
    issues, before = (found, None) if most is None else (found[:most], found[most] if len(found) > most else None)
    ids = [issue.id for issue in issues]
    blocks = (
        _of_items(await stats.by_section(tx, ids), "stats-sections", language),
        _of_items(await stats.by_source(tx, ids), "stats-sources", language),
        _of_waits(await stats.waits(tx, bulletin.id, *_between(issues, before)), language),
        _of_readers(await stats.readers(tx, bulletin.id), language),
        await _of_delivery(tx, issues[:MOST_ISSUES], language),
    )
    return Sheet(
        language=language,
        bulletin=bulletin.title,
        title=say(language, "stats-title"),
        subtitle=_span(issues, language),
        blocks=tuple(block for block in blocks if block is not None),
    )


def buttons(bulletin: Bulletin, period: str, language: str) -> Buttons:
    """Return the buttons that choose the time, the one shown marked, and the one that asks for the picture."""
    row = tuple(
        Button(("✓ " if each == period else "") + say(language, f"button-stats-{each}"), _data(each, bulletin))
        for each in PERIODS
    )
    return row, (Button(say(language, "button-stats-picture"), _data(f"picture-{period}", bulletin)),)


def _data(argument: str, bulletin: Bulletin) -> str:
    return f"v1:stats.{argument}:{bulletin.id}:0"


def quantile(counts: Mapping[int, int], share: float) -> int:
    """Return the least value that this share of all that were counted does not exceed; of nothing, 0."""
    wanted, seen = share * sum(counts.values()), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return 0


def people(number: int, language: str) -> str:
    """Return a count of people in words; one below ten is not told."""
    return say(language, "missed-few", most=FEW) if number < FEW else _number(number, language)


def span(minutes: int, language: str) -> str:
    """Return a time in words, as coarse as it is long."""
    if minutes < 2 * HOUR_MINUTES:
        return say(language, "stats-minutes", n=max(1, minutes))
    if minutes < 2 * DAY_MINUTES:
        return say(language, "stats-hours", n=round(minutes / HOUR_MINUTES))
    return say(language, "stats-days", n=round(minutes / DAY_MINUTES))


def _number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=style.locale_of(language)))


def _between(issues: Sequence[Closed], before: Closed | None) -> tuple[datetime | None, datetime | None]:
    """Return the time in which these issues were put together; all time where they are all there are."""
    return (before.at, issues[0].at) if before is not None else (None, None)


def _span(issues: Sequence[Closed], language: str) -> str:
    if not issues:
        return say(language, "stats-no-issue")
    first, last = issues[-1].number, issues[0].number
    if first == last:
        return say(language, "stats-issue", number=last)
    return say(language, "stats-issues", first=first, last=last)


def _of_items(counted: Sequence[tuple[str, int]], title: str, language: str) -> Block | None:
    if not counted:
        return None
    shown, rest = counted[:MOST_BARS], counted[MOST_BARS:]
    longest = max(number for _, number in shown)
    bars = tuple(
        Bar(cut(style.clean(name), LABEL), _number(number, language), number / longest) for name, number in shown
    )
    more = (say(language, "stats-more", n=sum(number for _, number in rest)),) if rest else ()
    return Block(say(language, title), bars, more)


def _of_waits(waits: Mapping[int, int], language: str) -> Block | None:
    number = sum(waits.values())
    if not number:
        return None
    lines = [say(language, "stats-median", time=span(quantile(waits, 0.5), language))]
    if number >= ENOUGH:
        lines.append(say(language, "stats-slowest", time=span(quantile(waits, 0.9), language)))
    lines.append(say(language, "stats-decided", n=number))
    return Block(say(language, "stats-waits"), lines=tuple(lines))


async def readers_now(tx: Tx, bulletin: Bulletin, language: str) -> Text:
    """Count the readers of a bulletin in words, those who have not confirmed too; a count below ten is not told."""
    states = await stats.readers(tx, bulletin.id)
    pending = states.get(SubscriptionState.PENDING, 0)
    lines = [Text.bold(say(language, "readers-counted", title=bulletin.title))]
    here = await chat_readers.count(tx, bulletin.id)
    if not any(states.values()) and not here:
        return Text.join("\n", [*lines, Text(say(language, "readers-none"))])
    lines += [Text(line) for line in _of_readers(states, language).lines] if any(states.values()) else []
    lines += [Text(say(language, "readers-pending", people=people(pending, language)))] if pending else []
    lines += [Text(say(language, "readers-here", people=people(here, language)))] if here else []
    return Text.join("\n", lines)


def _of_readers(states: Mapping[SubscriptionState, int], language: str) -> Block:
    by_word: dict[str, int] = {}
    for state, key in READER_WORDS.items():
        by_word[key] = by_word.get(key, 0) + states.get(state, 0)
    told = [(key, number) for key, number in by_word.items() if number]
    lines = [say(language, key, people=people(number, language)) for key, number in told]
    return Block(say(language, "stats-readers"), lines=tuple(lines) or (say(language, "stats-no-readers"),))


async def _of_delivery(tx: Tx, issues: Sequence[Closed], language: str) -> Block | None:
    ids = [issue.id for issue in issues]
    letters, left = await stats.letters(tx, ids), await stats.skipped(tx, ids, mailing.READER_LEFT)
    rows = [Letters(issue.number, letters[issue.id], left.get(issue.id, 0)) for issue in issues if issue.id in letters]
    longest = max((row.states.get(DeliveryState.SENT, 0) for row in rows), default=0)
    bars = tuple(_letters(row, longest, language) for row in rows)
    posts = [states for states in (await stats.posts(tx, ids)).values() if states]
    told = say(language, "stats-posts", words=_words(_summed(posts), language, _number)) if posts else ""
    return Block(say(language, "stats-delivery"), bars, (told,) if told else ()) if bars or told else None


def _letters(row: Letters, longest: int, language: str) -> Bar:
    sent = row.states.get(DeliveryState.SENT, 0)
    others = dict(row.states) | {DeliveryState.SENT: 0}
    others[DeliveryState.SKIPPED] = others.get(DeliveryState.SKIPPED, 0) - row.left
    notes = [_words(others, language, people)]
    notes += [say(language, "stats-had-left", people=people(row.left, language))] if row.left else []
    return Bar(
        say(language, "stats-issue", number=row.number),
        people(sent, language) if sent else "0",
        sent / longest if sent >= FEW else 0,
        ", ".join(note for note in notes if note),
    )


def _summed(tallies: Sequence[Mapping[DeliveryState, int]]) -> dict[DeliveryState, int]:
    return {state: sum(tally.get(state, 0) for tally in tallies) for state in DeliveryState}


def _words(states: Mapping[DeliveryState, int], language: str, told_as: Callable[[int, str], str]) -> str:
    """Return what became of letters or posts; `told_as` puts a count into words."""
    by_word = dict.fromkeys(WORDS.values(), 0)
    for state, number in states.items():
        by_word[WORDS[state]] += number
    told = {word.replace(" ", "-"): number for word, number in by_word.items() if number > 0}
    return ", ".join(say(language, f"delivery-{word}", n=told_as(number, language)) for word, number in told.items())
