"""The buttons of a card that is edited or put off: what may be changed, and what it may be changed to."""

from bot.render.style import clean
from bot.render.tongues import COMMON, language_name
from bot.texts import say
from store.messages import Button, Buttons
from store.records import Bulletin, Item

FIELDS = ("title", "source", "date", "authors", "language", "section", "citation", "translation")
PUT_OFF = ("hours", "morning", "week", "issue")
LABEL_LENGTH = 18
SOURCE_LENGTH = 30
TITLE_LENGTH = 34


def fields(item: Item, language: str) -> Buttons:
    """Return a button for each field of an item, for its whole line, and the one that lets go of it."""
    named = [_to(f"edit.{field}", say(language, f"button-{field}"), item) for field in FIELDS]
    last = (
        _to("edit.line", say(language, "button-line"), item),
        _to("edited", "✓ " + say(language, "button-done"), item),
    )
    return (*_pairs(named), last)


def tongues(item: Item, language: str) -> Buttons:
    """Return a button for each common language, one for any other, and the way back."""
    named = [_to(f"edit-language.{code}", language_name(code, language), item) for code in COMMON]
    return (*_pairs(named), (_to("edit.tongue", say(language, "button-other"), item), _back(item, language)))


def sections(item: Item, bulletin: Bulletin) -> Buttons:
    """Return a button for each section, with a mark at the one an item stands in, and the way back."""
    here = item.wanted_section_id if item.section_id is None else item.section_id
    marks = {section.id: "✓ " if section.id == here else "" for section in bulletin.sections}
    named = [
        _to(f"edit-section.{section.id}", marks[section.id] + short(section.short, LABEL_LENGTH), item)
        for section in bulletin.sections
    ]
    return (*_pairs(named), (_back(item, bulletin.language),))


def citations(item: Item, field: str, language: str) -> Buttons:
    """Return a button for each citation of an item, for its source or date, or to take it out."""
    rows = [
        (_to(f"edit.{field}-{place}", f"{place + 1} · {short(clean(cited.source), SOURCE_LENGTH)}", item),)
        for place, cited in enumerate(item.citations)
    ]
    return (*rows, (_back(item, language),))


def more_citations(item: Item, language: str) -> Buttons:
    """Return the buttons that add a citation, or take one out."""
    add = _to("edit.add", "+ " + say(language, "button-citation-add"), item)
    drop = _to("edit.drop", "– " + say(language, "button-citation-drop"), item)
    return ((add, drop), (_back(item, language),))


def translations(item: Item, others: tuple[Item, ...], language: str) -> Buttons:
    """Return a button for each item that this one may be a translation of, one for any other, and the way back."""
    rows = [
        (_to(f"translate.{other.id}-{other.revision}", "⇄ " + short(clean(other.title), TITLE_LENGTH), item),)
        for other in others
    ]
    part = ((_to("part", say(language, "button-part"), item),),) if item.translation_group is not None else ()
    return (*rows, *part, (_to("edit.link", say(language, "button-by-link"), item), _back(item, language)))


def put_off(item: Item, language: str) -> Buttons:
    """Return the buttons that put an item off, and the way back."""
    named = [_to(f"later.{until}", say(language, f"button-later-{until}"), item) for until in PUT_OFF]
    return (*_pairs(named), (Button(say(language, "button-back"), f"v1:card:{item.id}:{item.revision}"),))


def short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _to(action: str, label: str, item: Item) -> Button:
    return Button(label, f"v1:{action}:{item.id}:{item.revision}")


def _back(item: Item, language: str) -> Button:
    return _to("edit", say(language, "button-back"), item)


def _pairs(named: list[Button]) -> Buttons:
    return tuple(tuple(named[start : start + 2]) for start in range(0, len(named), 2))
