"""What a door is given, and what it gives back: neutral records, so that rules and tests need no Telegram types."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.services import Services
from bot.texts import known_language, say
from store.database import Tx
from store.messages import Card, Incoming, Text
from store.records import Bulletin, Person


@dataclass(frozen=True, slots=True)
class Press:
    """A button press: `v1:<action>[.<argument>]:<subject>:<revision>`, taken apart."""

    query: str
    chat: int
    message: int
    action: str
    argument: str
    subject: int
    revision: int
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A change of the bot's own standing in a chat, as Telegram reports it."""

    chat: int
    kind: str
    title: str
    present: bool
    can_post: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One update within its transaction. `person` is None for a stranger; `words` follow the command."""

    tx: Tx
    services: Services
    now: datetime
    chat: int
    private: bool
    user: int
    person: Person | None
    bulletin: Bulletin | None
    language: str
    words: str = ""
    incoming: Incoming | None = None
    press: Press | None = None
    membership: Membership | None = None
    subject: int = 0

    @property
    def who(self) -> Person:
        """Return the person; the routes let nobody else in where a role is asked for."""
        if self.person is None:
            raise Refused("role-none")
        return self.person

    @property
    def here(self) -> Bulletin:
        if self.bulletin is None:
            raise Refused("no-bulletin")
        return self.bulletin

    @property
    def actor(self) -> str:
        return f"person {self.who.id}"

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.here.timezone)).date()

    @property
    def message(self) -> Incoming:
        if self.incoming is None:
            raise Refused("press-only")
        return self.incoming

    @property
    def pressed(self) -> Press:
        if self.press is None:
            raise Refused("press-only")
        return self.press

    @property
    def at_desk(self) -> bool:
        return self.bulletin is not None and self.chat == self.bulletin.moderators_chat

    @property
    def spoken(self) -> str:
        """Return the language of this chat: the bulletin's at the desk, where everybody reads, else the person's."""
        return self.here.language if self.at_desk else self.language

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, key, **values)

    def say_here(self, key: str, /, **values: object) -> str:
        """Say something in the language of this chat; what only the person sees is said in theirs."""
        return say(self.spoken, key, **values)


Later = Callable[[Services], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose reply comes back to the door of `purpose`, with `subject`."""

    purpose: str
    text: str
    subject: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said after the commit: `toast` on the button, `cards` into the chat, a question, `then` more work.

    `redraw` replaces the message whose button was pressed. What must not be lost goes through the outbox instead.
    """

    toast: str = ""
    alert: bool = False
    cards: tuple[Card, ...] = ()
    redraw: Card | None = None
    asked: Asked | None = None
    then: Later | None = None


def words(text: str) -> Answer:
    """Return an answer of one plain message."""
    return Answer(cards=(Card(Text(text)),))


Door = Callable[[Visit], Awaitable[Answer]]


def person_language(person: Person | None, program: str) -> str:
    """Return the language to speak: the person's own, else that of the program they write with."""
    return person.language if person is not None else known_language(program)
