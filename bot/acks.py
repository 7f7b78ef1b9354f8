"""The one message that follows what somebody sent, drawn from the store as it is at that moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.intake import allowance, following
from bot.intake.allowance import Quotas
from bot.intake.known import met_before
from bot.render import style
from bot.render.known import sender_line
from bot.render.reasons import reason_words
from bot.texts import say
from store import bulletins, items, people, senders
from store import issues as issue_records
from store.database import Tx
from store.messages import Button, Buttons, Card, Text
from store.outbox import Waiting
from store.records import Bulletin, Item, Person, Submission
from store.states import IssueState, ItemState

LINES = 10
MERGED_MOST = 25
TITLE = 120
SHORT_TITLE = 70
TEXT_UNITS = 3000
ALONE = "·"
CHANGEABLE = (ItemState.DRAFT, ItemState.PENDING, ItemState.APPROVED, ItemState.CARRIED)


@dataclass(frozen=True, slots=True)
class Followed:
    """Submissions that one message follows, further rows that it says, and the message where it stands already."""

    submissions: tuple[Submission, ...]
    along: tuple[Waiting, ...] = ()
    message: int | None = None


async def gather(tx: Tx, row: Waiting, now: datetime) -> Followed:
    """Return what the message of a row speaks of: acknowledgements that wait for one person become one message."""
    if row.person_id is None:
        posted = await senders.messages_of(tx, [row.subject_id])
        return Followed((await items.submission(tx, row.subject_id),), (), posted.get(row.subject_id))
    waiting = await senders.waiting(tx, "ack", row.person_id, now)
    posted = await senders.messages_of(tx, {each.subject_id for each in (row, *waiting)})
    message = posted.get(row.subject_id)
    if message is not None:
        group = await senders.followed_in(tx, row.person_id, message)
    else:
        fresh = [each.subject_id for each in waiting if each.subject_id not in posted]
        group = sorted({row.subject_id, *fresh[: MERGED_MOST - 1]})
    along = tuple(each for each in waiting if each.subject_id in group and each.id != row.id)
    return Followed(tuple(await senders.submissions(tx, group)), along, message)


async def message_card(tx: Tx, followed: Followed, quotas: Quotas, now: datetime) -> Card:
    """Draw the sender's message: what was received, what became of it, what is asked, and what may be corrected."""
    last = followed.submissions[-1]
    found = await senders.items_of(tx, [submission.id for submission in followed.submissions])
    if last.person_id is None:
        return Card(Text(say(last.language, "suggestion-received", n=len(found[last.id]))))
    person = await people.get(tx, last.person_id)
    if person.at_risk:
        return Card(Text(say(person.language, "received-quietly")))
    bulletin = await bulletins.get(tx, last.bulletin_id)
    listed = list_items(followed.submissions, found)
    lines = await _heading(tx, bulletin, followed, listed, person, now)
    lines[1:1] = [Text(bulletin.title)] if await bulletins.are_several(tx) else []
    lines += await _lines(tx, bulletin, followed, listed, person.language, now)
    lines += _left(bulletin, last, person, quotas, now)
    return Card(Text.join("\n", lines), buttons(followed, listed, person.language))


def list_items(submissions: tuple[Submission, ...], found: dict[int, list[Item]]) -> list[tuple[str, Item]]:
    """Return the items of one message with the numbers by which their sender knows them: 17, or 17.2 of several."""
    listed = []
    for submission in submissions:
        own = [item for item in found[submission.id] if not _is_part(item, found[submission.id])]
        names = (
            [str(submission.number)] if len(own) == 1 else [f"{submission.number}.{n}" for n in range(1, 1 + len(own))]
        )
        listed += list(zip(names, own, strict=True))
    return listed


def _is_part(item: Item, of: list[Item]) -> bool:
    """Say whether an item became part of another one of the same message."""
    joined = item.merged_into_id is None or item.merged_into_id in {other.id for other in of}
    return item.state == ItemState.MERGED and joined


async def _heading(
    tx: Tx, bulletin: Bulletin, followed: Followed, listed: list[tuple[str, Item]], person: Person, now: datetime
) -> list[Text]:
    language = person.language
    numbers = [submission.number for submission in followed.submissions]
    if not any(_is_open(item, now) for _, item in listed):
        return [Text.bold(in_ranges(numbers, language))]
    if len(numbers) == 1:
        first = say(language, "received", number=numbers[0], n=len(listed))
    else:
        first = say(language, "received-several", numbers=in_ranges(numbers, language), n=len(listed))
    return [Text(first), *await _in_time(tx, bulletin, followed.submissions[-1], language)]


def _is_open(item: Item, now: datetime) -> bool:
    return item.state in (ItemState.DRAFT, ItemState.PENDING) or not following.is_heard(item, now)


def in_ranges(numbers: list[int], language: str) -> str:
    """Return numbers in few words: `#3–#22, #24`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = [[say(language, "ack-number", number=number) for number in (run[0], run[-1])] for run in runs]
    return ", ".join(first if first == last else f"{first}–{last}" for first, last in named)


async def _in_time(tx: Tx, bulletin: Bulletin, submission: Submission, language: str) -> list[Text]:
    """Say for which issue a submission came in time; nothing while none is open."""
    issue = await issue_records.current(tx, bulletin.id)
    if issue is None or issue.state != IssueState.OPEN:
        return []
    closes = issue.due_at - timedelta(minutes=bulletin.cutoff_minutes)
    key = "ack-in-time" if submission.received_at <= closes else "ack-after-cutoff"
    return [Text(say(language, key, day=style.weekday_date(issue.date, language)))]


async def _lines(
    tx: Tx, bulletin: Bulletin, followed: Followed, listed: list[tuple[str, Item]], language: str, now: datetime
) -> list[Text]:
    """Draw the items whose pages were looked at, as many as fit."""
    told = [(name, item) for name, item in listed if not item.unread]
    most = LINES if len(followed.submissions) == 1 else MERGED_MOST
    alone = len(listed) == 1
    lines: list[Text] = []
    shown = units = 0
    for name, item in told[:most]:
        mark = ALONE if alone else say(language, "ack-number", number=name)
        drawn = await _item(tx, bulletin, mark, item, language, now)
        units += sum(line.units + 1 for line in drawn)
        if units > TEXT_UNITS:
            break
        lines += drawn
        shown += 1
    if len(told) > shown:
        lines.append(Text(say(language, "queue-more", n=len(told) - shown)))
    return lines


async def _item(tx: Tx, bulletin: Bulletin, mark: str, item: Item, language: str, now: datetime) -> list[Text]:
    lines = [Text(f"{mark} {short(style.clean(item.title), TITLE)}")]
    facts = [line_of(item, bulletin, language, now), await state_words(tx, bulletin, item, language, now)]
    lines.append(Text("  " + " · ".join(fact for fact in facts if fact)))
    if item.problem:
        lines.append(Text("  " + say(language, "ack-unread", why=say(language, item.problem))))
    if asks_for_title(item):
        lines.append(Text.bold("  " + say(language, "ack-ask-title" if mark == ALONE else "ack-ask-there")))
    if item.state in senders.UNDECIDED and (known := sender_line(language, await met_before(tx, bulletin, item))):
        lines.append(Text("  ") + known)
    return lines


def short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def line_of(item: Item, bulletin: Bulletin, language: str, now: datetime) -> str:
    """Return source and date of an item's first citation."""
    if not item.citations:
        return ""
    cited = item.citations[0]
    year = now.astimezone(ZoneInfo(bulletin.timezone)).year
    parts = [short(style.clean(cited.source), SHORT_TITLE), style.date_text(cited.date, language, year)]
    return ", ".join(part for part in parts if part)


def asks_for_title(item: Item) -> bool:
    """Say whether the sender is asked for a title, since none could be read."""
    if item.state not in senders.UNDECIDED or item.unread or "title" in item.told:
        return False
    return item.title in {cited.url for cited in item.citations}


async def state_words(tx: Tx, bulletin: Bulletin, item: Item, language: str, now: datetime) -> str:
    """Say what became of an item, as far as its sender may know; of a merged one, what became of the whole."""
    whole = await items.followed(tx, item)
    prefix = say(language, "state-merged") + ", " if whole.id != item.id else ""
    state = whole.state if following.is_heard(whole, now) else ItemState.PENDING
    section = next((section.title for section in bulletin.sections if section.id == whole.section_id), "")
    if state == ItemState.DRAFT:
        return prefix + say(language, "state-reading" if whole.unread else "state-draft")
    if state == ItemState.APPROVED:
        return prefix + say(language, "state-approved", section=section)
    if state == ItemState.REJECTED:
        return prefix + say(language, "state-rejected", reason=reason_words(language, whole.reason))
    if state == ItemState.IN_ISSUE and whole.issue_id is not None:
        issue = await issue_records.get(tx, whole.issue_id)
        return prefix + say(language, "state-in-issue", number=issue.number if issue else "?")
    keys = {ItemState.CARRIED: "state-carried", ItemState.WITHDRAWN: "state-withdrawn"}
    keys |= {ItemState.WITHDRAWN_AFTER: "state-withdrawn", ItemState.MERGED: "state-merged"}
    return prefix + say(language, keys.get(state, "state-pending"))


def _left(bulletin: Bulletin, last: Submission, person: Person, quotas: Quotas, now: datetime) -> list[Text]:
    """Say what is left of the day's links, under the latest message and when it comes near."""
    remaining = allowance.left(person, quotas, now.astimezone(ZoneInfo(bulletin.timezone)).date())
    if remaining is None or remaining > allowance.NEAR_LINKS or last.number != person.submitted:
        return []
    return [Text(say(person.language, "ack-left", n=remaining))]


def buttons(followed: Followed, listed: list[tuple[str, Item]], language: str) -> Buttons:
    """Return what the sender may do from here: correct or withdraw the one item, or choose among several."""
    if not any(item.state in CHANGEABLE for _, item in listed):
        return ()
    if len(listed) > 1:
        label = "✎ " + say(language, "button-choose")
        return ((Button(label, f"v1:choose.0:{followed.submissions[0].id}:0"),),)
    item = listed[0][1]
    correct = Button("✎ " + say(language, "button-correct"), f"v1:fix:{item.id}:{item.revision}")
    away = Button("✗ " + say(language, "button-withdraw"), f"v1:withdraw:{item.id}:{item.revision}")
    return ((correct, away),)
