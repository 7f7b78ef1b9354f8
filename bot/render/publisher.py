"""What a card says of a publisher: the mark behind its citation, warnings, and the button that takes it in."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.render.style import clean
from bot.texts import say
from store.messages import Button, Buttons, Text
from store.records import Item, Trust

NAME_LENGTH = 18
NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Publisher:
    """What the sources directory says of one citation; `trust` is None for a source that is not in it.

    `at_home`: the address is one of its own; `host` is how the address is shown when it is not.
    """

    name: str
    trust: Trust | None = None
    at_home: bool = False
    host: str = ""
    note: str = ""


def mark(publisher: Publisher, language: str) -> str:
    """Return what stands behind a citation: that its source is new, or how far it is trusted; "" for neither."""
    if publisher.trust is None:
        return " · " + say(language, "card-source-new") if publisher.name else ""
    if not publisher.at_home or publisher.trust == Trust.DOUBTFUL:
        return ""  # a warning says more
    return " · ✓ " + say(language, f"trust-{publisher.trust}")


def warnings(publishers: tuple[Publisher, ...], language: str) -> list[Text]:
    """Return the lines that warn of doubtful sources and of known names at unknown addresses, each once."""
    return [Text("⚠ " + warning) for warning in dict.fromkeys(_warnings(publishers, language))]


def _warnings(publishers: tuple[Publisher, ...], language: str) -> Iterator[str]:
    for publisher in publishers:
        name = clean(publisher.name)
        if publisher.trust is not None and not publisher.at_home:
            yield say(language, "card-source-elsewhere", name=name, host=publisher.host)
        if publisher.trust == Trust.DOUBTFUL:
            note = clean(publisher.note)[:NOTE_LENGTH]
            yield say(language, "card-source-doubtful", name=name) + (f". {note}" if note else "")


def button(item: Item, language: str, publishers: tuple[Publisher, ...]) -> Buttons:
    """Return the button that takes the first publisher the directory does not know, or not there, into it."""
    for position, publisher in enumerate(publishers):
        if publisher.name and not publisher.at_home:
            label = say(language, "button-add-address" if publisher.trust else "button-add-source")
            name = f": {clean(publisher.name)[:NAME_LENGTH]}" if len(publishers) > 1 else ""
            return ((Button(f"+ {label}{name}", f"v1:add-source.{position}:{item.id}:{item.revision}"),),)
    return ()
