"""What is said of a story that was met before, and the buttons that join the two."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.render.reasons import reason_words
from bot.render.style import clean, short_date
from bot.texts import say
from store.messages import Button, Buttons, Card, Text
from store.records import Issue, Item
from store.states import ItemState

TITLE_LENGTH = 120
FOLDED_LENGTH = 80
LABEL_LENGTH = 40
WEEK_DAYS = 7
_HERE = "\x00"
OPEN = (ItemState.PENDING, ItemState.APPROVED, ItemState.CARRIED)


class How(StrEnum):
    """What two items have in common, the surest first; LINKED ones were called translations by a moderator."""

    LINKED = "linked"
    ADDRESS = "address"
    TITLE = "title"
    SIMILAR = "similar"
    TRANSLATION = "translation"

    @property
    def rank(self) -> int:
        return list(How).index(self)


@dataclass(frozen=True, slots=True)
class Known:
    """An item that was met before: what it has in common, the days on which it and the new one came, and its issue."""

    how: How
    item: Item
    day: date
    today: date
    issue: Issue | None = None


def card_lines(language: str, found: tuple[Known, ...]) -> list[Text]:
    """Return a line of the card for each story that was met before."""
    return [Text("↺ ") + known_line(language, known) for known in found]


def sender_line(language: str, found: tuple[Known, ...]) -> Text | None:
    """Return what a sender hears of it: the surest found; what somebody took back is nobody else's business."""
    told = [known for known in found if known.item.state != ItemState.WITHDRAWN and known.how != How.LINKED]
    if not told:
        return None
    return _around(
        say(language, "ack-known", where=_HERE), known_line(language, told[0], links=told[0].issue is not None)
    )


def known_line(language: str, known: Known, *, links: bool = True) -> Text:
    """Say what was found, where and when, such as `similar: “A title” — ran in issue 31, 29 January`."""
    url = known.item.citations[0].url if links and known.item.citations else None
    where = _where(language, known)
    if known.how == How.ADDRESS:
        return Text.link(where, url)
    if known.how == How.TITLE:
        return _around(say(language, "known-by-title", where=_HERE), Text.link(where, url))
    title = Text.link(_short(clean(known.item.title), TITLE_LENGTH), url)
    return _around(say(language, f"known-by-{known.how}", title=_HERE, where=where), title)


def join_buttons(language: str, item: Item, found: tuple[Known, ...]) -> Buttons:
    """Return the buttons that join an item to the surest one found: as one item with it, or as its translation."""
    rows = []
    if item.translation_group is not None:
        rows.append(Button(say(language, "button-part"), f"v1:part:{item.id}:{item.revision}"))
    others = [known for known in found if known.how != How.LINKED and known.item.state != ItemState.WITHDRAWN]
    for known in [known for known in others if known.item.state in OPEN][:1]:
        key = "button-same" if known.how == How.ADDRESS else "button-cite"
        rows.append(_button(language, key, "cite", item, known.item))
    for known in [known for known in others if other_language(item, known.item)][:1]:
        rows.append(_button(language, "button-translate", "translate", item, known.item))
    return tuple((button,) for button in rows)


def merged_card(language: str, item: Item, whole: Item, decided_by: str) -> Card:
    """Draw an item that became part of another one, with the button that parts them while that one is open."""
    first = item.citations[0] if item.citations else None
    title = Text.link(_short(clean(item.title), FOLDED_LENGTH), first.url if first else None)
    joined = say(language, "card-merged", title=_short(clean(whole.title), FOLDED_LENGTH))
    undo = Button("↩ " + say(language, "button-undo"), f"v1:separate:{item.id}:{item.revision}")
    line = Text("⊕ ") + title + " · " + " · ".join(words for words in (joined, decided_by) if words)
    return Card(line, ((undo,),) if whole.state in OPEN and item.decided_by is not None else ())


def other_language(item: Item, other: Item) -> bool:
    """Say whether two items may be in different languages, as far as these are known."""
    known = item.language and other.language
    return not known or str(item.language).split("-")[0] != str(other.language).split("-")[0]


def _button(language: str, key: str, action: str, item: Item, other: Item) -> Button:
    room = LABEL_LENGTH - len(say(language, key, title=""))
    label = say(language, key, title=_short(clean(other.title), room))
    return Button(label, f"v1:{action}.{other.id}-{other.revision}:{item.id}:{item.revision}")


def _where(language: str, known: Known) -> str:
    item, issue = known.item, known.issue
    if issue is not None and issue.number is not None:
        key = "known-taken-back" if item.state == ItemState.WITHDRAWN_AFTER else "known-issue"
        return say(language, key, number=issue.number, day=short_date(issue.date, language, known.today.year))
    day = _sent(language, known.day, known.today)
    if item.state == ItemState.REJECTED:
        return say(language, "known-rejected", day=day, reason=_reason(language, item.reason))
    keys = {
        ItemState.DRAFT: "known-draft",
        ItemState.APPROVED: "known-approved",
        ItemState.CARRIED: "known-approved",
        ItemState.WITHDRAWN: "known-withdrawn",
    }
    return say(language, keys.get(item.state, "known-pending"), day=day)


def _reason(language: str, reason: str) -> str:
    """Return a reason within a sentence; it is the key of one, or a moderator's own words."""
    words = reason_words(language, reason)
    return words[:1].lower() + words[1:]


def _sent(language: str, day: date, today: date) -> str:
    if day == today:
        return say(language, "known-today")
    if today - timedelta(days=WEEK_DAYS) < day < today:
        return say(language, f"known-weekday-{day.weekday()}")
    return say(language, "known-on", day=short_date(day, language, today.year))


def _around(sentence: str, words: Text) -> Text:
    before, _, after = sentence.partition(_HERE)
    return Text(before) + words + after


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
