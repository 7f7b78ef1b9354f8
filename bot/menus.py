"""The menus by which senders correct and withdraw what they sent, and the list of it."""

from datetime import datetime

from bot import acks
from bot.acks import CHANGEABLE, Followed, short
from bot.intake.message.missing import lacks_link
from bot.render import style
from bot.texts import say
from store import senders
from store.database import Tx
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Item, Person, Submission

PAGE = 8
IN_A_ROW = 4
TITLE = 60
VALUE = 300
FIELDS = ("title", "source", "date", "section", "note")


async def followed_with(tx: Tx, submission: Submission) -> Followed:
    """Return all submissions that the message of this one follows."""
    posted = await senders.messages_of(tx, [submission.id])
    message = posted.get(submission.id)
    if message is None or submission.person_id is None:
        return Followed((submission,))
    group = await senders.followed_in(tx, submission.person_id, message)
    return Followed(tuple(await senders.submissions(tx, group)), (), message)


async def listed_in(tx: Tx, followed: Followed) -> list[tuple[str, Item]]:
    found = await senders.items_of(tx, [submission.id for submission in followed.submissions])
    return acks.list_items(followed.submissions, found)


async def chooser(tx: Tx, bulletin: Bulletin, submission: Submission, page: int, language: str, now: datetime) -> Card:
    """Draw the items of one message with a number each to press."""
    listed = await listed_in(tx, await followed_with(tx, submission))
    last = max(0, (len(listed) - 1) // PAGE)
    page = min(page, last)
    lines, numbers = [Text(say(language, "menu-choose"))], []
    for name, item in listed[page * PAGE : (page + 1) * PAGE]:
        number = say(language, "ack-number", number=name)
        state = await acks.state_words(tx, bulletin, item, language, now)
        lines.append(Text(f"{number} {short(style.clean(item.title), TITLE)} · {state}"))
        numbers.append(Button(number, f"v1:fix:{item.id}:{item.revision}"))
    around = turn("choose", page, last, submission.id)
    back = (Button(say(language, "button-back"), f"v1:back:{submission.id}:0"),)
    return Card(Text.join("\n", lines), (*rows(numbers), *around, back))


def rows(labels: list[Button]) -> Buttons:
    return tuple(tuple(labels[start : start + IN_A_ROW]) for start in range(0, len(labels), IN_A_ROW))


def turn(action: str, page: int, last: int, subject: int) -> Buttons:
    """Return the row that turns pages, where there are several."""
    row = [Button("◀", f"v1:{action}.{page - 1}:{subject}:0")] if page else []
    row += [Button("▶", f"v1:{action}.{page + 1}:{subject}:0")] if page < last else []
    return (tuple(row),) if row else ()


async def item_menu(
    tx: Tx, bulletin: Bulletin, submission: Submission, item: Item, language: str, now: datetime
) -> Card:
    """Draw one item with all that its sender may correct."""
    followed = await followed_with(tx, submission)
    listed = await listed_in(tx, followed)
    name = next((name for name, other in listed if other.id == item.id), str(submission.number))
    lines = [Text.bold(say(language, "ack-number", number=name))]
    for field in FIELDS:
        label, value = say(language, f"button-{field}"), value_of(item, submission, bulletin, field, language, now)
        lines.append(Text(say(language, "menu-field", field=label, value=value or say(language, "menu-none"))))
    lines.append(Text(await acks.state_words(tx, bulletin, item, language, now)))
    where = f"choose.{_page_of(item, listed)}" if len(listed) > 1 else "back"
    back = (Button(say(language, "button-back"), f"v1:{where}:{submission.id}:0"),)
    if item.state not in CHANGEABLE:
        return Card(Text.join("\n", lines), (back,))
    lines.append(Text(say(language, "menu-correct")))
    return Card(Text.join("\n", lines), (*_field_rows(item, language), back))


def _page_of(item: Item, listed: list[tuple[str, Item]]) -> int:
    return next((place // PAGE for place, (_, other) in enumerate(listed) if other.id == item.id), 0)


def _field_rows(item: Item, language: str) -> Buttons:
    at = f"{item.id}:{item.revision}"
    asked = [
        Button(say(language, f"button-{field}"), f"v1:section:{at}" if field == "section" else f"v1:ask.{field}:{at}")
        for field in (("link",) if lacks_link(item) else ()) + FIELDS
    ]
    asked.append(Button("✗ " + say(language, "button-withdraw"), f"v1:withdraw:{at}"))
    return tuple(tuple(asked[start : start + 2]) for start in range(0, len(asked), 2))


def value_of(item: Item, submission: Submission, bulletin: Bulletin, field: str, language: str, now: datetime) -> str:
    """Return what a field of an item is now, as its sender reads it; "" where it is not known."""
    cited = item.citations[0] if item.citations else None
    if field == "title":
        return short(style.clean(item.title), VALUE)
    if field == "note":
        return short(style.clean(submission.note), VALUE)
    if field == "section":
        wanted = item.section_id or item.wanted_section_id
        return next((section.title for section in bulletin.sections if section.id == wanted), "")
    if field == "link":
        return short(cited.url or "", VALUE) if cited else ""
    if field == "source":
        return short(style.clean(cited.source), VALUE) if cited else ""
    return style.date_text(cited.date, language, now.year) if cited else ""


def section_menu(bulletin: Bulletin, item: Item, language: str) -> Card:
    """Ask for the section that a sender would put an item in."""
    at = f"{item.id}:{item.revision}"
    labels = [(section.short, section.id) for section in bulletin.sections]
    labels.append((say(language, "button-no-section"), 0))
    choices = [Button(label, f"v1:wish.{section}:{at}") for label, section in labels]
    pairs = tuple(tuple(choices[start : start + 2]) for start in range(0, len(choices), 2))
    return Card(Text(say(language, "menu-section")), (*pairs, _to_item(item, language)))


def withdraw_menu(item: Item, language: str) -> Card:
    """Ask whether an item is really to be withdrawn."""
    yes = Button("✗ " + say(language, "button-withdraw-yes"), f"v1:withdraw.yes:{item.id}:{item.revision}")
    title = Text(short(style.clean(item.title), VALUE) + "\n")
    return Card(title + say(language, "menu-withdraw"), ((yes,), _to_item(item, language)))


def _to_item(item: Item, language: str) -> tuple[Button, ...]:
    return (Button(say(language, "button-back"), f"v1:fix:{item.id}:{item.revision}"),)


async def mine(tx: Tx, bulletin: Bulletin, person: Person, page: int, now: datetime) -> Card:
    """Draw what a person sent, the newest first, with the number of each to press."""
    language = person.language
    if person.at_risk:
        return Card(Text(say(language, "mine-quiet")))
    count = await senders.count(tx, person.id)
    if not count:
        return Card(Text(say(language, "mine-none")))
    last = (count - 1) // PAGE
    page = min(page, last)
    sent = await senders.latest(tx, person.id, PAGE, page * PAGE)
    found = await senders.items_of(tx, [submission.id for submission in sent])
    lines, numbers = [Text(say(language, "mine-list", n=count))], []
    for submission in sent:
        number = say(language, "ack-number", number=submission.number)
        listed = acks.list_items((submission,), found)
        lines.append(Text(f"{number} {await _one_line(tx, bulletin, [item for _, item in listed], language, now)}"))
        numbers.append(Button(number, f"v1:open:{submission.id}:0"))
    return Card(Text.join("\n", lines), (*rows(numbers), *turn("mine", page, last, 0)))


async def _one_line(tx: Tx, bulletin: Bulletin, found: list[Item], language: str, now: datetime) -> str:
    if not found:
        return ""
    title = short(style.clean(found[0].title), TITLE)
    states = dict.fromkeys([await acks.state_words(tx, bulletin, item, language, now) for item in found])
    several = say(language, "mine-several", n=len(found)) + ": " if len(found) > 1 else ""
    return f"{several}{title}{', …' if several else ''} · {'; '.join(states)}"
