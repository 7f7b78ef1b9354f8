"""A small Telegram in a box, with its people, its chats and the Bot API on a real socket."""

import inspect
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.sandbox.clock import Clock
from bot.sandbox.telegram.accounts import Account, Json
from bot.sandbox.telegram.chats import Chat, Member
from bot.sandbox.telegram.faults import Fault, FaultName
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.picture import dump, message_picture, snapshot
from bot.sandbox.telegram.server import ApiCall, BotApi
from bot.sandbox.telegram.switchboard import Switchboard
from bot.sandbox.telegram.updates import Updates
from bot.sandbox.telegram.webhook import Webhook
from bot.sandbox.telegram.wire import Wire

_BOT_ID = 7_300_000_001
# Not a secret: it opens nothing but the sandbox.
_TOKEN = f"{_BOT_ID}:AAH-sandbox_token_that_opens_nothing"
_LOOK_AGAIN_SECONDS = 0.05
_PRESS_SECONDS = 30.0

T = TypeVar("T")


class TelegramWorld:
    """The sandbox's Telegram: `async with TelegramWorld() as tg`."""

    def __init__(
        self,
        clock: Clock | None = None,
        port: int = 0,
        *,
        bot_name: str = "Bulletin",
        bot_username: str = "bulletin_bot",
        token: str = _TOKEN,
        privacy: bool = True,
        rates: bool = True,
        press_seconds: float = _PRESS_SECONDS,
    ) -> None:
        self.clock = clock or Clock()
        self.token = token
        self.people: list[Person] = []
        bot = Account(int(token.partition(":")[0]), bot_name, bot_username, is_bot=True)
        self.board = Switchboard(self.clock, bot, privacy=privacy)
        self.limits = Limits(self.clock, enforced=rates)
        self.webhook = Webhook(self.board.updates, self.clock)
        self.api = BotApi(self.board, self.limits, self.webhook, token, press_seconds)
        self._wire = Wire(self.api.answer, port)

    async def __aenter__(self) -> Self:
        await self._wire.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.webhook.stop()
        await self._wire.stop()

    @property
    def api_url(self) -> str:
        """The root of the Bot API; `/bot<token>/…` and `/file/bot<token>/…` are appended."""
        return f"http://127.0.0.1:{self._wire.port}"

    @property
    def bot(self) -> Account:
        """The bot's account."""
        return self.board.bot

    @property
    def bot_username(self) -> str:
        """The bot's name after the @."""
        return self.board.bot.username or ""

    @property
    def updates(self) -> Updates:
        """What the bot has not confirmed yet."""
        return self.board.updates

    @property
    def calls(self) -> deque[ApiCall]:
        """Every call the bot has made, oldest first."""
        return self.api.calls

    def calls_of(self, method: str, chat: Chat | None = None) -> list[ApiCall]:
        """The calls of one method, perhaps only those to one chat."""
        return [
            call
            for call in self.calls
            if call.method.lower() == method.lower() and (chat is None or call.chat_id == chat.id)
        ]

    # people and chats

    def person(self, name: str, language: str | None = "en", username: str | None = None) -> Person:
        """Somebody new, who has never met the bot."""
        person = Person(self.board.new_account(name, username, language), self.board)
        self.people.append(person)
        return person

    def group(
        self,
        title: str,
        members: Sequence[Person] = (),
        *,
        owner: Person | None = None,
        forum: bool = False,
        supergroup: bool = False,
        username: str | None = None,
    ) -> Chat:
        """A group; a supergroup when it has topics or is told to be one. The first member owns it, if nobody else."""
        kind = "supergroup" if forum or supergroup else "group"
        chat = self.board.new_chat(kind, title, username=username, forum=forum)
        return self._people(chat, owner or (members[0] if members else None), members)

    def channel(
        self,
        title: str,
        owner: Person | None = None,
        members: Sequence[Person] = (),
        *,
        username: str | None = None,
    ) -> Chat:
        """A channel."""
        return self._people(self.board.new_chat("channel", title, username=username), owner, members)

    def person_of(self, user_id: int) -> Person:
        """The person of this id; LookupError when there is none."""
        return {person.id: person for person in self.people}[user_id]

    def chat(self, chat_id: int) -> Chat:
        """The chat of this id; KeyError when there is none."""
        return self.board.chats[chat_id]

    @property
    def chats(self) -> list[Chat]:
        """Every chat, in the order in which they were opened."""
        return list(self.board.chats.values())

    def _people(self, chat: Chat, owner: Person | None, members: Sequence[Person]) -> Chat:
        chat.members |= {one.id: Member(one.account, "member") for one in members}
        if owner is not None:
            chat.members[owner.id] = Member(owner.account, "creator")
        return chat

    # faults

    def fault(
        self,
        name: FaultName,
        *,
        chat: Chat | None = None,
        method: str | Sequence[str] | None = None,
        times: int | None = 1,
        retry_after: int = 5,
        seconds: float = 1.0,
        to: Chat | None = None,
    ) -> Fault:
        """Let the next calls go wrong; `times=None` is until `clear()`, without a method it is any but getUpdates."""
        if name == "moved" and to is None and (chat is None or chat.kind != "group"):
            raise ValueError("moved needs a group, or the chat to which the group has moved")
        fault = self.api.faults.add(name, method, chat.id if chat else None, times)
        fault.retry_after, fault.seconds, fault.to_chat_id = retry_after, seconds, to.id if to else None
        return fault

    def clear_faults(self) -> None:
        """Let everything go well again."""
        self.api.faults.clear()

    async def go_down(self) -> None:
        """Refuse connections, as when Telegram cannot be reached."""
        await self._wire.go_down()

    async def come_back(self) -> None:
        """Listen again, on the same port."""
        await self._wire.start()

    # looking

    async def until(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:
        """Wait for something true and return it; AssertionError with all chats if it never comes."""
        end = time.monotonic() + timeout
        while True:
            try:
                found: Any = predicate()
            except LookupError:
                found = None  # such as the last message of a chat that is still empty
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found  # type: ignore[no-any-return]
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {timeout} s; this is what happened:\n{self.dump()}")
            await self.board.change(min(left, _LOOK_AGAIN_SECONDS))

    def events(self) -> AsyncIterator[Json]:
        """Everything that happens from the first step of the loop on, for a live page."""
        return self.board.events()

    def snapshot(self) -> Json:
        """Everything, ready for JSON."""
        return snapshot(self.board)

    def picture(self, message: Message) -> Json:
        """One message as it stands in a snapshot."""
        return message_picture(message)

    def dump(self, chat: Chat | None = None) -> str:
        """A chat, or all of them and the last calls, as readable text."""
        if chat is not None:
            return dump(chat)
        calls = [f"{call.method} {call.chat_id or ''} → {call.outcome}" for call in list(self.calls)[-20:]]
        return "\n".join([*(dump(one) for one in self.chats), "── last calls", *calls])
