"""The moderators' card of an item, and the one line it folds to once it is decided."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.render import changes, publisher
from bot.render.known import Known, card_lines, join_buttons, merged_card
from bot.render.publisher import Publisher
from bot.render.style import clean, date_text
from bot.texts import say
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Item, MediaType, Section
from store.states import ItemState

LABEL_LENGTH = 18
TITLE_LENGTH = 300
SOURCE_LENGTH = 60
NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Sender:
    """What moderators may see of a sender: pseudonym and record; a stranger has neither."""

    pseudonym: str = ""
    number: int = 0
    sent: int = 0
    accepted: int = 0
    note: str = ""


def item_card(
    item: Item,
    bulletin: Bulletin,
    *,
    likeliest: tuple[int, ...] = (),
    sender: Sender | None = None,
    decided_by: str = "",
    known: tuple[Known, ...] = (),
    publishers: tuple[Publisher, ...] = (),
    issue: int | None = None,
    whole: Item | None = None,
    today: date | None = None,
) -> Card:
    """Draw an item as moderators see it, in the bulletin's language; silent and without preview is the door's part."""
    if item.state in (ItemState.PENDING, ItemState.DRAFT):
        text = _open_text(item, bulletin, sender, known, publishers, today)
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
    today: date | None,
) -> Text:
    language = bulletin.language
    first = item.citations[0] if item.citations else None
    lines = [Text.link(_short(clean(item.title), TITLE_LENGTH), first.url if first else None)]
    lines += changes.lines(item, language)
    for position in range(len(item.citations)):
        mark = publisher.mark(publishers[position], language) if position < len(publishers) else ""
        lines.append(_citation_line(item, position, language, today) + mark)
    lines += publisher.warnings(publishers, language)
    facts = [item.language or "", ", ".join(item.authors)[:100]]
    if item.media_type != MediaType.ARTICLE:
        facts.append(say(language, f"media-{item.media_type}"))
    lines.append(Text(" · ".join(fact for fact in facts if fact)))
    if item.problem:
        lines.append(Text("⚠ " + say(language, "card-unread", why=say(language, item.problem))))
    lines += card_lines(language, known)
    wanted = next((section.title for section in bulletin.sections if section.id == item.wanted_section_id), "")
    lines += [Text(say(language, "card-wanted", section=wanted))] if wanted else []
    if sender is not None:
        lines.append(Text.italic(_record(sender, language)))
        if sender.note:
            lines.append(Text(say(language, "card-note", note=_short(clean(sender.note), NOTE_LENGTH))))
    return Text.join("\n", [line for line in lines if line.text])


def _record(sender: Sender, language: str) -> str:
    if not sender.pseudonym:
        return say(language, "card-stranger")
    record = say(language, "card-sender", who=sender.pseudonym, number=sender.number, n=sender.sent)
    return record + say(language, "card-accepted", n=sender.accepted)


def _citation_line(item: Item, position: int, language: str, today: date | None) -> Text:
    cited = item.citations[position]
    host = urlsplit(cited.url).hostname if cited.url else None
    when = date_text(cited.date, language, today.year if today else 0)
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
    last = (
        Button("✗ " + say(bulletin.language, "button-reject"), f"v1:reject:{item.id}:{item.revision}"),
        Button("✎ " + say(bulletin.language, "button-edit"), f"v1:edit:{item.id}:{item.revision}"),
    )
    return (*rows, *more, last)


def _section_button(item: Item, section: Section) -> Button:
    return Button(_short(section.short, LABEL_LENGTH), f"v1:into.{section.id}:{item.id}:{item.revision}")


def _folded_text(item: Item, bulletin: Bulletin, decided_by: str, issue: int | None) -> Text:
    language = bulletin.language
    first = item.citations[0] if item.citations else None
    title = Text.link(_short(clean(item.title), 80), first.url if first else None)
    section = next((section.short for section in bulletin.sections if section.id == item.section_id), "")
    if item.state == ItemState.APPROVED:
        return Text("✓ ") + title + f" → {section} · {decided_by}" + changes.folded(item, language)
    if item.state == ItemState.REJECTED:
        return Text("✗ ") + title + f" · {decided_by}"
    if item.state == ItemState.IN_ISSUE:
        return Text("■ ") + title + " · " + say(language, "card-in-issue", number=issue or 0)
    return Text("– ") + title + " · " + say(language, "card-withdrawn")


def _undo(item: Item, bulletin: Bulletin) -> Buttons:
    if item.state not in (ItemState.APPROVED, ItemState.REJECTED):
        return ()
    return ((Button("↩ " + say(bulletin.language, "button-undo"), f"v1:undo:{item.id}:{item.revision}"),),)


def reasons_keyboard(item: Item, language: str, reasons: tuple[str, ...]) -> Buttons:
    """Return the buttons that ask why an item is rejected, and the way back."""
    rows = [
        (Button(say(language, reason), f"v1:because.{place}:{item.id}:{item.revision}"),)
        for place, reason in enumerate(reasons)
    ]
    return (*rows, (Button(say(language, "button-back"), f"v1:card:{item.id}:{item.revision}"),))


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
