"""The seams of the bot: what it needs from the world, as protocols; leaf of the import tree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from store.messages import Buttons, Text


class Clock(Protocol):
    """The time that everything in the bot goes by."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Page:
    """A page as fetched: `url` is the last address of the redirect chain, `body` the decoded bytes, at most 2 MB.

    `redirected`: `url` is not the address asked for, but one that a redirect or the page itself led to.
    """

    url: str
    status: int
    media_type: str
    charset: str | None
    body: bytes
    redirected: bool = False


class Fetcher(Protocol):
    async def fetch(self, url: str) -> Page:
        """Fetch one page under the guard; raises `bot.errors.Unreadable` with a text key when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """What Telegram says of a chat and of the bot's rights in it."""

    chat: int
    kind: str
    title: str
    can_post: bool
    can_edit: bool
    can_pin: bool
    username: str = ""


class Courier(Protocol):
    """Telegram, one call each; every method raises `NotSent`, `PerhapsSent`, `ChatMoved` or `ChatGone`."""

    async def send(
        self,
        chat: int,
        text: Text,
        buttons: Buttons = (),
        *,
        thread: int | None = None,
        silent: bool = False,
        preview: bool = False,
        ask: bool = False,
        reply_to: int | None = None,
    ) -> int:
        """Send one message and return its id."""
        ...

    async def edit(self, chat: int, message: int, text: Text, buttons: Buttons = ()) -> None:
        """Change one message; a message that already reads so is a success."""
        ...

    async def send_file(
        self, chat: int, name: str, content: bytes, caption: str = "", *, thread: int | None = None
    ) -> int: ...

    async def send_photo(
        self, chat: int, name: str, content: bytes, caption: str = "", *, thread: int | None = None
    ) -> int:
        """Send one picture, without a sound, since it goes with a message; return the id of its own."""
        ...

    async def download(self, file_id: str, limit_bytes: int) -> bytes:
        """Fetch a file that somebody sent; raises `Refused` for one that is larger."""
        ...

    async def answer(self, query: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a button press; an old or unknown query is no error."""
        ...

    async def facts(self, chat: int | str) -> ChatFacts:
        """Ask what a chat is, by its id or @name, and what the bot may do there."""
        ...


class Postman(Protocol):
    async def post(self, envelope_from: str, recipient: str, message: bytes) -> None:
        """Hand one message to the mail server; raises `NotSent` or `PerhapsSent`."""
        ...
