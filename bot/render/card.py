"""The moderators' card of an item, and the one line it folds to once it is decided or put off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.render import changes, edit_menu, publisher
from bot.render.known import OPEN, Known, card_lines, join_buttons, merged_card
from bot.render.publisher import Publisher
from bot.render.reasons import reason_words
from bot.render.style import clean, date_text, short_date
from bot.render.tongues import language_name
from bot.texts import say
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Item, MediaType, Section
from store.states import ItemState

LABEL_LENGTH = 18
TITLE_LENGTH = 300
SOURCE_LENGTH = 60
NOTE_LENGTH = 300
REASON_LENGTH = 60
AGE_SHOWN_HOURS = 1  # a fresh card needs no age
AGE_IN_DAYS_HOURS = 48


@dataclass(frozen=True, slots=True)
class Sender:
    """What moderators may see of a sender: pseudonym and record; a stranger has neither."""

    pseudonym: str = ""
    number: int = 0
    sent: int = 0
    accepted: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote as a card shows it: who, whether for the item, and the section or the reason."""

    who: str
    approves: bool
    words: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Who is editing an item, and until which hour on the bulletin's clock."""

    who: str
    until: str


def item_card(
    item: Item,
    bulletin: Bulletin,
    now: datetime,
    *,
    likeliest: tuple[int, ...] = (),
    sender: Sender | None = None,
    decided_by: str = "",
    known: tuple[Known, ...] = (),
    publishers: tuple[Publisher, ...] = (),
    issue: int | None = None,
    whole: Item | None = None,
    ballots: tuple[Ballot, ...] = (),
    editor: Editor | None = None,
) -> Card:
    """Draw an item as moderators see it, in the bulletin's language; silent and without preview is the door's part."""
    waits = item.state in (ItemState.PENDING, ItemState.DRAFT)
    if waits and item.snoozed_until is not None and editor is None:
        return Card(_put_off(item, bulletin, now), _wake(item, bulletin))
    if waits or (editor is not None and item.state in OPEN):
        text = _open_text(item, bulletin, sender, known, publishers, now)
        text = text + _ballots(ballots, bulletin)
        if editor is not None:
            line = "✎ " + say(bulletin.language, "card-edited", who=editor.who, time=editor.until)
            return Card(Text.join("\n", (text, Text.bold(line))), edit_menu.fields(item, bulletin.language))
        joins = join_buttons(bulletin.language, item, known)
        more = (*joins, *publisher.button(item, bulletin.language, publishers))
        return Card(text, _open_buttons(item, bulletin, likeliest, more))
    if whole is not None and item.state == ItemState.MERGED:
        return merged_card(bulletin.language, item, whole, decided_by)
    return Card(_folded_text(item, bulletin, decided_by, issue), _undo(item, bulletin))


def _open_text(
    item: Item,
    bulletin: Bulletin,
    sender: Sender | None,
    known: tuple[Known, ...],
    publishers: tuple[Publisher, ...],
    now: datetime,
) -> Text:
    language = bulletin.language
    year = item.created_at.astimezone(ZoneInfo(bulletin.timezone)).year
    first = item.citations[0] if item.citations else None
    lines = [Text.link(_short(clean(item.title), TITLE_LENGTH), first.url if first else None)]
    lines += changes.lines(item, language)
    for position in range(len(item.citations)):
        mark = publisher.mark(publishers[position], language) if position < len(publishers) else ""
        lines.append(_citation_line(item, position, language, year) + mark)
    lines += publisher.warnings(publishers, language)
    lines.append(Text(_facts(item, language)))
    if item.problem:
        lines.append(Text("⚠ " + say(language, "card-unread", why=say(language, item.problem))))
    lines += card_lines(language, known)
    lines += _sections(item, bulletin)
    age = _age(item, now, language)
    if sender is not None:
        lines.append(Text.italic(" · ".join(part for part in (_record(sender, language), age) if part)))
        if sender.note:
            lines.append(Text(say(language, "card-note", note=_short(clean(sender.note), NOTE_LENGTH))))
    elif age:
        lines.append(Text.italic(age))
    return Text.join("\n", [line for line in lines if line.text])


def _facts(item: Item, language: str) -> str:
    """Return the language of an item's page, its authors, and its kind where that is none of words."""
    facts = [language_name(item.language, language), ", ".join(item.authors)[:100]]
    if item.media_type != MediaType.ARTICLE:
        facts.append(say(language, f"media-{item.media_type}"))
    return " · ".join(fact for fact in facts if fact)


def _sections(item: Item, bulletin: Bulletin) -> list[Text]:
    """Return where an approved item stands, or where its sender would put it."""
    approved = item.state not in (ItemState.PENDING, ItemState.DRAFT)
    wanted = item.section_id if approved else item.wanted_section_id
    title = next((section.title for section in bulletin.sections if section.id == wanted), "")
    key = "card-section" if approved else "card-wanted"
    return [Text(say(bulletin.language, key, section=title))] if title else []


def _age(item: Item, now: datetime, language: str) -> str:
    """Return how long ago an item came: "2 h", "3 days"; nothing in its first hour."""
    hours = (now - item.created_at) // timedelta(hours=1)
    if hours < AGE_SHOWN_HOURS:
        return ""
    return (
        say(language, "age-hours", n=hours) if hours < AGE_IN_DAYS_HOURS else say(language, "age-days", n=hours // 24)
    )


def _ballots(ballots: tuple[Ballot, ...], bulletin: Bulletin) -> Text:
    """Return a line for the votes for an item, and one for those against it."""
    text = Text()
    for approves, sign in ((True, "✓"), (False, "✗")):
        given = [ballot for ballot in ballots if ballot.approves == approves]
        count = say(bulletin.language, "card-votes", given=len(given), of=bulletin.quorum)
        names = ", ".join(f"{ballot.who} ({_short(ballot.words, REASON_LENGTH)})" for ballot in given)
        text = text + f"\n{sign} {count}: {names}" if given else text
    return text


def _record(sender: Sender, language: str) -> str:
    if not sender.pseudonym:
        return say(language, "card-stranger")
    record = say(language, "card-sender", who=sender.pseudonym, number=sender.number, n=sender.sent)
    return record + say(language, "card-accepted", n=sender.accepted)


def _citation_line(item: Item, position: int, language: str, year: int) -> Text:
    cited = item.citations[position]
    host = urlsplit(cited.url).hostname if cited.url else None
    when = date_text(cited.date, language, year)
    source = Text.link(clean(cited.source), cited.url) if position else Text(clean(cited.source))
    words = source + (", " + when if when else " · " + say(language, "card-no-date"))
    shown = host.removeprefix("www.") if host else ""
    words += f" · {shown}" if shown and shown != cited.source else ""
    if cited.original_source:
        words += " · " + say(language, "card-original", source=_short(clean(cited.original_source), SOURCE_LENGTH))
    return words + " · " + Text.link(say(language, "card-archived"), cited.archived) if cited.archived else words


def _open_buttons(item: Item, bulletin: Bulletin, likeliest: tuple[int, ...], more: Buttons) -> Buttons:
    rank = {section_id: place for place, section_id in enumerate(likeliest)}
    sections = sorted(bulletin.sections, key=lambda section: (rank.get(section.id, len(rank)), section.position))
    labels = [_section_button(item, section) for section in sections]
    rows = [tuple(labels[start : start + 2]) for start in range(0, len(labels), 2)]
    actions = (("✗", "reject"), ("✎", "edit"), ("☾", "later"))
    last = tuple(_button(sign, action, item, bulletin) for sign, action in actions)
    return (*rows, *more, last)


def _button(sign: str, action: str, item: Item, bulletin: Bulletin) -> Button:
    return Button(f"{sign} {say(bulletin.language, f'button-{action}')}", f"v1:{action}:{item.id}:{item.revision}")


def _section_button(item: Item, section: Section) -> Button:
    return Button(_short(section.short, LABEL_LENGTH), f"v1:into.{section.id}:{item.id}:{item.revision}")


def _folded_text(item: Item, bulletin: Bulletin, decided_by: str, issue: int | None) -> Text:
    language = bulletin.language
    first = item.citations[0] if item.citations else None
    title = Text.link(_short(clean(item.title), 80), first.url if first else None)
    section = next((section.short for section in bulletin.sections if section.id == item.section_id), "")
    if item.state in (ItemState.APPROVED, ItemState.CARRIED):
        return Text("✓ ") + title + f" → {section} · {decided_by}" + changes.folded(item, language)
    if item.state == ItemState.REJECTED:
        reason = _short(reason_words(language, item.reason), REASON_LENGTH)
        return Text("✗ ") + title + f" · {reason[:1].lower()}{reason[1:]} · {decided_by}"
    if item.state == ItemState.IN_ISSUE:
        return Text("■ ") + title + " · " + say(language, "card-in-issue", number=issue or 0)
    return Text("– ") + title + " · " + say(language, "card-withdrawn")


def _undo(item: Item, bulletin: Bulletin) -> Buttons:
    if item.state not in (*OPEN, ItemState.REJECTED):
        return ()
    undo = (_button("↩", "undo", item, bulletin),) if item.state != ItemState.CARRIED else ()
    edit = (_button("✎", "edit", item, bulletin),) if item.state != ItemState.REJECTED else ()
    return ((*undo, *edit),)


def _put_off(item: Item, bulletin: Bulletin, now: datetime) -> Text:
    """Return the one line of an item that was put off, and until when."""
    language, zone = bulletin.language, ZoneInfo(bulletin.timezone)
    first = item.citations[0] if item.citations else None
    title = Text.link(_short(clean(item.title), 80), first.url if first else None)
    if item.skips_issue_id is not None or item.snoozed_until is None:
        until = say(language, "card-after-issue")
    else:
        back, today = item.snoozed_until.astimezone(zone), now.astimezone(zone).date()
        day = "" if back.date() == today else short_date(back.date(), language, today.year) + ", "
        until = say(language, "card-until", time=f"{day}{back:%H:%M}")
    return Text("☾ ") + title + " · " + until


def _wake(item: Item, bulletin: Bulletin) -> Buttons:
    return ((_button("☀", "wake", item, bulletin),),)


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
