"""Neutral messages between the doors and the rules: text with entities, cards with buttons, what a person sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


def utf16_length(text: str) -> int:
    """Return the length of `text` in UTF-16 code units, the unit in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted stretch: `kind` is bold, italic, code or text_link; offset and length in UTF-16 units."""

    kind: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its entities; `+` joins two and shifts the entities of the second."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    def __add__(self, other: "Text | str") -> "Text":
        if isinstance(other, str):
            return Text(self.text + other, self.entities)
        shift = utf16_length(self.text)
        moved = tuple(Entity(e.kind, e.offset + shift, e.length, e.url) for e in other.entities)
        return Text(self.text + other.text, self.entities + moved)

    @property
    def units(self) -> int:
        return utf16_length(self.text)

    @classmethod
    def styled(cls, kind: str, text: str, url: str | None = None) -> "Text":
        """Return `text` formatted as a whole; an empty text carries no entity."""
        return cls(text, (Entity(kind, 0, utf16_length(text), url),) if text else ())

    @classmethod
    def bold(cls, text: str) -> "Text":
        return cls.styled("bold", text)

    @classmethod
    def italic(cls, text: str) -> "Text":
        return cls.styled("italic", text)

    @classmethod
    def link(cls, text: str, url: str | None) -> "Text":
        """Return `text` as a link, or plain where there is no address."""
        return cls.styled("text_link", text, url) if url else cls(text)

    @classmethod
    def join(cls, glue: str, parts: "Iterable[Text]") -> "Text":
        joined: Text | None = None
        for part in parts:
            joined = part if joined is None else joined + glue + part
        return joined if joined is not None else cls()


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: either `data` (at most 64 bytes) for us, or a `url` to open."""

    label: str
    data: str = ""
    url: str = ""


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A message with buttons. `ask` makes the person's next message a reply to it (ForceReply)."""

    text: Text
    buttons: Buttons = ()
    ask: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sent, by the id under which Telegram gives it out; `size` in bytes, 0 when not told."""

    file_id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a person sent, whatever the road: chat and sender are real ids, kept only while it is handled.

    `links` are the addresses found, in order, each once; with `quoted` they are those of the message that it quotes
    or replies to. `text` are the words as written, `written` the same with every address written out
    (`bot.intake.message.written`), `note` the words without links. `album` is common to the messages sent as one.
    `origin` is the channel whose post this forwards, 0 for none.
    `language` is what the sender's program says (BCP 47) and may be empty.
    """

    chat: int
    sender: int
    message: int
    sent_at: datetime
    private: bool
    text: str = ""
    links: tuple[str, ...] = ()
    note: str = ""
    reply_to: int | None = None
    thread: int | None = None
    language: str = ""
    readable: bool = True
    written: str = ""
    quoted: bool = False
    forwarded: bool = False
    album: str = ""
    edited: bool = False
    file: SentFile | None = None
    origin: int = 0
    origin_title: str = ""
