"""The doors of a card's edit menu: one field after the other, by buttons and by replies that show the old value."""

from collections.abc import Awaitable, Callable
from functools import reduce

from bot import desk, gate, links, moderation
from bot.errors import Refused
from bot.intake.address import archives
from bot.links import Pair
from bot.moderation import fields, values
from bot.render import edit_menu, style
from bot.render.tongues import language_name
from handlers.moderator.cards import menu, said
from handlers.visit import Answer, Asked, Door, Visit, words
from store import items
from store.messages import Buttons
from store.records import Citation, Item

TYPED = ("title", "authors", "language", "citation")
CITED = ("source", "date")
VALUE_LENGTH = 500
Opened = Callable[[Visit, Item], Awaitable[Answer]]


async def edit(visit: Visit) -> Answer:
    """Claim an item and show what may be changed; or go on to the field of the button."""
    what, _, place = visit.pressed.argument.partition("-")
    item = await moderation.start_edit(visit.tx, visit.here, visit.who, visit.pressed.subject, visit.now)
    if not what:
        await desk.bring_card(visit.tx, visit.here, item.id, visit.now, again=True)
        return Answer()  # the card has the menu for everybody, as long as it is edited
    if what in CITED:
        return await _one_of(visit, item, what, place)
    opened = _OPENED.get(what)
    return await opened(visit, item) if opened is not None else Answer()


async def done(visit: Visit) -> Answer:
    """Let go of an item."""
    await moderation.release(visit.tx, visit.here, visit.who, visit.pressed.subject, visit.now)
    return Answer()


async def language(visit: Visit) -> Answer:
    """Take the language of the button."""
    return await _pressed(visit, "language", visit.pressed.argument)


async def section(visit: Visit) -> Answer:
    """Take the section of the button."""
    return await _pressed(visit, "section", visit.pressed.argument)


def giving(field: str, place: int = 0) -> Door:
    """Return the door for replies to the question for a field of an item."""

    async def give(visit: Visit) -> Answer:
        item = await fields.give(
            visit.tx,
            visit.here,
            visit.who,
            visit.subject,
            field,
            _typed(visit) if field == "citation" else visit.message.text,
            visit.now,
            near=visit.today,
            place=place,
        )
        await gate.refresh(visit.tx, visit.here, visit.now)
        value = value_of(visit, item, field, len(item.citations) - 1 if field == "citation" else place)
        name = visit.say_here(f"button-{field}")
        return words(visit.say_here("edit-given", field=name, value=value or visit.say_here("menu-none")))

    return give


async def line(visit: Visit) -> Answer:
    """Take the reply to the question for the whole line."""
    message = visit.message
    own = () if message.quoted else message.links
    note = message.note if own else message.text
    found = archives.taken_out(message.text, own)
    if found.copy is not None:
        note = reduce(lambda text, link: text.replace(link, " "), found.links, found.text)
    item = await moderation.edit(
        visit.tx, visit.here, visit.who, visit.subject, note, found.links, visit.today, visit.now, copy=found.copy
    )
    await gate.refresh(visit.tx, visit.here, visit.now)
    return words(visit.say_here("edit-done", line=desk.printed_line(item, visit.here, visit.today)))


async def translation(visit: Visit) -> Answer:
    """Note that an item is a translation of the one whose link a reply gives."""
    own = () if visit.message.quoted else visit.message.links
    if not own:
        raise Refused("edit-translation-none")
    item = await moderation.start_edit(visit.tx, visit.here, visit.who, visit.subject, visit.now)
    other = await links.at_address(visit.tx, visit.here, own[0], but=item.id)
    if other is None:
        raise Refused("edit-translation-unknown")
    pair = Pair(item.id, item.revision, other.id, other.revision)
    verdict = await links.attach_translation(visit.tx, visit.here, visit.who, pair, visit.now)
    return words(visit.say_here(verdict.key, **verdict.values))


def value_of(visit: Visit, item: Item, field: str, place: int = 0) -> str:
    """Return what a field of an item holds, in words; "" for nothing."""
    cited = item.citations[place] if 0 <= place < len(item.citations) else Citation()
    if field == "authors":
        return "; ".join(item.authors)
    if field == "language":
        return language_name(item.language, visit.spoken)
    if field == "date":
        return style.date_text(cited.date, visit.spoken, 0)
    given = {"title": item.title, "source": cited.source, "citation": " ".join((cited.source, cited.url or ""))}
    return style.clean(given[field])[:VALUE_LENGTH]


def _title(item: Item) -> str:
    return edit_menu.short(style.clean(item.title), edit_menu.TITLE_LENGTH)


def _typed(visit: Visit) -> str:
    """Return a reply with the addresses behind its words written out."""
    return visit.message.written or visit.message.text


async def _pressed(visit: Visit, field: str, given: str) -> Answer:
    """Take what a button gives for a field, unless the item has changed since it was drawn."""
    press = visit.pressed
    item = await items.get(visit.tx, press.subject)
    if item is None or item.revision != press.revision:
        verdict = await moderation.too_late(visit.tx, visit.here, press.subject, visit.now)
        return await said(visit, verdict)
    if field == "section":
        number = int(given) if given.isdecimal() and len(given) < 10 else 0
        await fields.put_in_section(visit.tx, visit.here, visit.who, item.id, number, visit.now)
    else:
        tx, here, who = visit.tx, visit.here, visit.who
        await fields.give(tx, here, who, item.id, field, given, visit.now, near=visit.today)
    await gate.refresh(visit.tx, visit.here, visit.now)
    return Answer(toast=visit.say("saved"))


async def _one_of(visit: Visit, item: Item, field: str, place: str) -> Answer:
    """Ask for the source or date of a citation, or first for which one it is."""
    if not place and len(item.citations) > 1:
        return await menu(visit, item, edit_menu.citations(item, field, visit.here.language))
    number = int(place) if place.isdecimal() and len(place) < 3 else 0
    if number >= max(1, len(item.citations)):
        raise Refused("desk-changed")
    purpose = f"edit-{field}-{number}" if number else f"edit-{field}"
    return _asked(visit, item, field, purpose, number)


def _asked(visit: Visit, item: Item, field: str, purpose: str, place: int = 0) -> Answer:
    now = value_of(visit, item, field, place) or visit.say_here("menu-none")
    return Answer(asked=Asked(purpose, visit.say_here(f"edit-ask-{field}", now=now, title=_title(item)), item.id))


def _asks(field: str) -> Opened:
    async def ask(visit: Visit, item: Item) -> Answer:
        return _asked(visit, item, field, f"edit-{field}")

    return ask


def _shows(buttons: Callable[[Visit, Item], Buttons]) -> Opened:
    async def show(visit: Visit, item: Item) -> Answer:
        return await menu(visit, item, buttons(visit, item))

    return show


async def _ask_line(visit: Visit, item: Item) -> Answer:
    now = desk.printed_line(item, visit.here, visit.today)
    return Answer(asked=Asked("edit", visit.say_here("edit-ask", line=now), item.id))


async def _citations(visit: Visit, item: Item) -> Answer:
    if len(item.citations) > 1:
        return await menu(visit, item, edit_menu.more_citations(item, visit.here.language))
    return _asked(visit, item, "citation", "edit-citation", -1)


async def _drop(visit: Visit, item: Item) -> Answer:
    """Take out the citation of the button, or first ask which one it is."""
    _, _, place = visit.pressed.argument.partition("-")
    if not place.isdecimal():
        return await menu(visit, item, edit_menu.citations(item, "drop", visit.here.language))
    if item.revision != visit.pressed.revision:
        raise Refused("desk-changed")
    number = int(place) if len(place) < 3 else -1
    await fields.drop_citation(visit.tx, visit.here, visit.who, item.id, number, visit.now)
    await gate.refresh(visit.tx, visit.here, visit.now)
    return Answer(toast=visit.say("saved"))


async def _translations(visit: Visit, item: Item) -> Answer:
    others = await links.likely_translations(visit.tx, visit.here, item)
    return await menu(visit, item, edit_menu.translations(item, others, visit.here.language))


async def _ask_link(visit: Visit, item: Item) -> Answer:
    question = visit.say_here("edit-ask-translation", title=_title(item))
    return Answer(asked=Asked("edit-translation", question, item.id))


_OPENED: dict[str, Opened] = {
    "title": _asks("title"),
    "authors": _asks("authors"),
    "tongue": _asks("language"),
    "add": _asks("citation"),
    "language": _shows(lambda visit, item: edit_menu.tongues(item, visit.here.language)),
    "section": _shows(lambda visit, item: edit_menu.sections(item, visit.here)),
    "citation": _citations,
    "drop": _drop,
    "translation": _translations,
    "link": _ask_link,
    "line": _ask_line,
}

PLACES = range(1, values.CITATIONS_MOST)
ANSWERS: dict[str, Door] = {
    "edit": line,
    "edit-translation": translation,
    **{f"edit-{field}": giving(field) for field in (*TYPED, *CITED)},
    **{f"edit-{field}-{place}": giving(field, place) for field in CITED for place in PLACES},
}
