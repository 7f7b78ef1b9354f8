"""The switchboard: every account and chat of the sandbox, and what the bot is told when something happens."""

import asyncio
import itertools
import mimetypes
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from bot.sandbox.clock import Clock
from bot.sandbox.telegram.accounts import ANONYMOUS_ADMIN, SERVICE, Account, Json, Place
from bot.sandbox.telegram.chats import Chat, Member
from bot.sandbox.telegram.forwards import origin_of
from bot.sandbox.telegram.messages import File, Message
from bot.sandbox.telegram.presses import Press
from bot.sandbox.telegram.updates import Updates

# Beyond 32 bits, as Telegram's own ids are.
_FIRST_PERSON_ID = 5_400_000_001
_FIRST_GROUP_ID = -4_200_000_001
_FIRST_SUPERGROUP_ID = -1_002_300_000_001


class Switchboard:
    """All state of the simulated Telegram, and the one place where it changes."""

    def __init__(self, clock: Clock, bot: Account, *, privacy: bool = True) -> None:
        self.clock = clock
        self.bot = bot
        self.privacy = privacy
        self.updates = Updates()
        self.accounts: dict[int, Account] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.blocked: set[int] = set()
        self.hiding: set[int] = set()
        self.started: set[int] = set()
        self.gone: set[int] = set()
        self.profile: Json = {}
        self.files: dict[str, File] = {}
        self.presses: dict[str, Press] = {}
        self._person_ids = itertools.count(_FIRST_PERSON_ID)
        self._group_ids = itertools.count(_FIRST_GROUP_ID, -1)
        self._supergroup_ids = itertools.count(_FIRST_SUPERGROUP_ID, -1)
        self._numbers = itertools.count(1)
        self._waiting: list[asyncio.Future[None]] = []
        self._listeners: list[asyncio.Queue[Json]] = []

    # accounts, chats and files

    def new_account(self, name: str, username: str | None, language: str | None) -> Account:
        """Register a person."""
        account = Account(next(self._person_ids), name, username, language)
        self.accounts[account.id] = account
        return account

    def new_chat(self, kind: str, title: str, *, username: str | None = None, forum: bool = False) -> Chat:
        """Open an empty group, supergroup or channel."""
        number = next(self._group_ids if kind == "group" else self._supergroup_ids)
        return self._open(Chat(number, kind, title, username, forum, host=self))

    def private(self, account: Account) -> Chat:
        """The chat of a person with the bot; opened by the first who asks."""
        if account.id in self.chats:
            return self.chats[account.id]
        chat = Chat(account.id, "private", account.name, account.username, host=self)
        chat.members = {one.id: Member(one, "member") for one in (account, self.bot)}
        return self._open(chat)

    def new_file(self, filename: str, content: bytes, mime_type: str | None = None) -> File:
        """Keep a file that somebody sends."""
        if mime_type is None:
            mime_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        file = File(f"BQACAgQAAx{next(self._numbers):08d}", filename, content, mime_type)
        self.files[file.file_id] = file
        return file

    def new_number(self) -> str:
        """A number not given before, for queries and albums."""
        return str(4_382_000_000_000_000_000 + next(self._numbers))

    def hides(self, account: Account | None) -> bool:
        """Has somebody asked not to be named in forwards?"""
        return account is not None and account.id in self.hiding

    # what happens

    def post(self, message: Message) -> Message:
        """Put a message into its chat and tell the bot, if it may see it."""
        chat = self.chats[message.chat.id]
        chat.messages.append(message)
        if self._shows(chat, message):
            self.updates.put("channel_post" if chat.kind == "channel" else "message", message.api())
        self.tell("message", chat=chat.id, message_id=message.message_id)
        if chat.discussion is not None and message.service is None:
            self._forward_to_discussion(message, chat.discussion)
        return message

    def edited(self, message: Message) -> None:
        """Tell that a message's text or keyboard is another now."""
        chat = self.chats[message.chat.id]
        if self._shows(chat, message):
            kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
            self.updates.put(kind, message.api())
        self.tell("edited", chat=chat.id, message_id=message.message_id)

    def delete(self, message: Message) -> None:
        """Take a message away for everybody; bots are never told."""
        message.deleted, message.pinned = True, False
        self.tell("deleted", chat=message.chat.id, message_id=message.message_id)

    def press(self, press: Press) -> Press:
        """Send a callback query to the bot."""
        self.presses[press.id] = press
        self.updates.put("callback_query", press.api())
        self.tell("press", chat=press.message.chat.id, message_id=press.message.message_id, data=press.data)
        return press

    def set_member(self, chat: Chat, member: Member, by: Account) -> None:
        """Change what somebody is in a chat; the bot hears of itself, and of others if it is an admin."""
        before = chat.member(member.account)
        chat.members[member.account.id] = member
        change = {
            "chat": chat.api(),
            "from": by.api(),
            "date": int(self.clock.now().timestamp()),
            "old_chat_member": before.api(chat.kind),
            "new_chat_member": member.api(chat.kind),
        }
        if member.account.id == self.bot.id:
            self.updates.put("my_chat_member", change)
        elif chat.member(self.bot).is_admin:
            self.updates.put("chat_member", change)
        self.tell("member", chat=chat.id, user=member.account.id, status=member.status)

    def migrate(self, chat: Chat) -> Chat:
        """Turn a group into a supergroup: new id, new message numbers, both told by service messages."""
        if chat.kind != "group" or chat.migrated_to is not None:
            raise ValueError(f"{chat.title} is not a group that can become a supergroup")
        new = self.new_chat("supergroup", chat.title)
        new.members = dict(chat.members)
        new.description = chat.description
        self.serve(chat, ANONYMOUS_ADMIN, {"migrate_to_chat_id": new.id}, sender_chat=new)
        self.serve(new, ANONYMOUS_ADMIN, {"migrate_from_chat_id": chat.id}, sender_chat=new)
        chat.migrated_to = new
        self.tell("migrated", chat=chat.id, to=new.id)
        return new

    def serve(
        self,
        chat: Chat,
        sender: Account,
        service: Json,
        *,
        sender_chat: Place | None = None,
        thread: int | None = None,
    ) -> Message:
        """Post a service message, such as a pin or a new member."""
        now = self.clock.now()
        number = chat.take_message_id()
        message = Message(chat, number, now, sender, sender_chat, service=service, thread_id=thread)
        return self.post(message)

    def can_see(self, chat: Chat, message: Message) -> bool:
        """May the bot read this message (Telegram's privacy mode)?"""
        if not chat.member(self.bot).inside:
            return False
        if chat.kind in ("private", "channel") or message.service or not self.privacy:
            return True
        if chat.member(self.bot).is_admin:
            return True
        to_bot = message.reply_to is not None and message.reply_to.is_from(self.bot)
        return to_bot or self._is_command(message)

    def _forward_to_discussion(self, message: Message, group: Chat) -> None:
        """Repeat a channel post in the channel's group, as Telegram's service account does."""
        post = Message(group, group.take_message_id(), message.date, SERVICE, message.chat, automatic_forward=True)
        post.forward_origin = origin_of(message, hidden=False)
        post.text, post.caption, post.entities = message.text, message.caption, list(message.entities)
        post.document, post.photo = message.document, message.photo
        self.post(post)

    def _is_command(self, message: Message) -> bool:
        first = message.words.split(maxsplit=1)[0] if message.words.strip() else ""
        command, _, name = first.partition("@")
        return command.startswith("/") and name.lower() in ("", (self.bot.username or "").lower())

    def _shows(self, chat: Chat, message: Message) -> bool:
        # A bot is not told what it posts, except that it has pinned something.
        own = message.is_from(self.bot) and "pinned_message" not in (message.service or {})
        return not own and self.can_see(chat, message)

    def _open(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        self.tell("chat", chat=chat.id)
        return chat

    # who waits for it

    def tell(self, kind: str, **details: object) -> None:
        """Wake everybody who waits for a change, and write it to every listener."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
        event: Json = {"kind": kind, "at": self.clock.now().isoformat(), **details}
        for queue in self._listeners:
            queue.put_nowait(event)

    async def change(self, seconds: float) -> None:
        """Return at the next change, or when that much real time has passed."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await asyncio.wait({future}, timeout=seconds)

    def events(self) -> AsyncIterator[Json]:
        """Everything that happens from this call on."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners.append(queue)
        return self._listen(queue)

    async def _listen(self, queue: asyncio.Queue[Json]) -> AsyncIterator[Json]:
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.remove(queue)


def age(message: Message, clock: Clock) -> timedelta:
    """How long ago a message was posted, in the sandbox's time."""
    return clock.now() - message.date


def demoted(member: Member, status: str) -> Member:
    """The member without any rights, with another status."""
    return replace(member, status=status, rights=frozenset())
