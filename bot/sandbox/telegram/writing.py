"""What a person writes: texts, files, albums, forwards and edits."""

from collections.abc import Sequence

from bot.sandbox.telegram.accounts import ANONYMOUS_ADMIN, CHANNEL_SENDER, Account, Json
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.entities import Entity, accept_entities
from bot.sandbox.telegram.forwards import answered, origin_of
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.switchboard import Switchboard

# Of a person, Telegram counts characters, not UTF-16 units.
_LONGEST_TEXT_CHARACTERS = 4096


class Writer:
    """An account that writes; every act happens at once and the bot hears of it over its socket."""

    def __init__(self, account: Account, board: Switchboard) -> None:
        self.account = account
        self._board = board

    @property
    def id(self) -> int:
        """The user id."""
        return self.account.id

    @property
    def name(self) -> str:
        """The first name."""
        return self.account.name

    @property
    def private(self) -> Chat:
        """The chat of this person with the bot."""
        return self._board.private(self.account)

    @property
    def has_blocked_bot(self) -> bool:
        """Does the person want to hear nothing from the bot?"""
        return self.id in self._board.blocked

    def send(
        self,
        text: str | None = None,
        chat: Chat | None = None,
        *,
        entities: Sequence[Entity] | None = None,
        reply_to: Message | None = None,
        forward_from: Message | None = None,
        thread: int | None = None,
        anonymous: bool = False,
        as_channel: Chat | None = None,
        extra: Json | None = None,
        quote: str | None = None,
        links: Sequence[tuple[str, str]] = (),
    ) -> Message:
        """Post a text; without a chat, to the bot. `extra` adds fields of newer apps to the message.

        `quote` are the words of `reply_to` that are answered; `links` are buttons under a channel's post, label and
        address each.
        """
        message = self._draft(chat, reply_to, thread, anonymous=anonymous, as_channel=as_channel)
        if forward_from is not None:
            message.forward_origin = origin_of(forward_from, hidden=self._board.hides(forward_from.sender))
            message.document, message.photo = forward_from.document, forward_from.photo
            message.caption = forward_from.caption
            message.reply_markup = _links_only(forward_from)
            text = forward_from.text if text is None else text
            entities = forward_from.entities if entities is None else entities
        if text is not None and len(text) > _LONGEST_TEXT_CHARACTERS:
            raise AssertionError(f"Telegram's apps let nobody send {len(text)} characters at once")
        message.text = text
        message.entities = accept_entities(message.words, list(entities or []))
        message.extra = dict(extra or {})
        if reply_to is not None:
            message.extra |= answered(reply_to, message, quote)
        if links:
            message.reply_markup = _keyboard([[{"text": label, "url": url}] for label, url in links])
        return self._board.post(message)

    def paste(self, text: str, chat: Chat | None = None) -> list[Message]:
        """Post a text of any length; as Telegram's apps do, a long one goes as several messages at once."""
        parts = []
        while len(text) > _LONGEST_TEXT_CHARACTERS:
            place = _place_to_cut(text)
            parts.append(text[:place].strip())
            text = text[place:].strip()
        return [self.send(part, chat) for part in (*parts, text.strip())]

    def forward(self, message: Message, chat: Chat | None = None) -> Message:
        """Forward a message; without a chat, to the bot."""
        return self.send(chat=chat, forward_from=message)

    def send_document(
        self,
        filename: str,
        content: bytes,
        caption: str | None = None,
        chat: Chat | None = None,
        *,
        mime_type: str | None = None,
        thread: int | None = None,
        reply_to: Message | None = None,
        album: str | None = None,
    ) -> Message:
        """Send a file; without a chat, to the bot."""
        file = self._board.new_file(filename, content, mime_type)
        message = self._draft(chat, reply_to, thread)
        message.document, message.media_group_id = file, album
        return self._post_file(message, caption)

    def send_photo(self, content: bytes, caption: str | None = None, chat: Chat | None = None) -> Message:
        """Send a picture; without a chat, to the bot."""
        file = self._board.new_file("photo.jpg", content, "image/jpeg")
        message = self._draft(chat)
        message.photo = file
        return self._post_file(message, caption)

    def send_album(
        self, files: Sequence[tuple[str, bytes]], caption: str | None = None, chat: Chat | None = None
    ) -> list[Message]:
        """Send several files as one album, the caption under the first."""
        album = self._board.new_number()
        return [
            self.send_document(name, content, None if number else caption, chat, album=album)
            for number, (name, content) in enumerate(files)
        ]

    def edit(self, message: Message, text: str, entities: Sequence[Entity] | None = None) -> Message:
        """Change a message's text or caption."""
        message.change(self._board.clock.now(), text, accept_entities(text, list(entities or [])))
        self._board.edited(message)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message for everybody."""
        self._board.delete(message)

    def _post_file(self, message: Message, caption: str | None) -> Message:
        message.caption, message.entities = caption, accept_entities(caption or "", [])
        return self._board.post(message)

    def _draft(
        self,
        chat: Chat | None,
        reply_to: Message | None = None,
        thread: int | None = None,
        *,
        anonymous: bool = False,
        as_channel: Chat | None = None,
    ) -> Message:
        """An empty message of this person, with the sender that Telegram shows for it."""
        chat = self.private if chat is None else chat
        if chat.kind == "private" and self.has_blocked_bot:
            raise AssertionError(f"{self.name} has blocked the bot; start() unblocks it")
        if not chat.member(self.account).inside:
            raise AssertionError(f"{self.name} is not in {chat.title}")
        chat = chat.migrated_to or chat
        if chat.kind == "private":
            self._board.started.add(self.id)
        sender, shown = self.account, chat if chat.kind == "channel" else None
        if anonymous:
            sender, shown = ANONYMOUS_ADMIN, chat
        elif as_channel is not None:
            sender, shown = CHANNEL_SENDER, as_channel
        message = Message(chat, chat.take_message_id(), self._board.clock.now(), sender, shown)
        message.thread_id = reply_to.thread_id if thread is None and reply_to is not None else thread
        # As in Telegram, what is written in a topic replies to the message that opened it.
        message.reply_to = reply_to if reply_to is not None or thread is None else chat.message(thread)
        return message


def _place_to_cut(text: str) -> int:
    """Where Telegram's apps end a message: at a line's end, else at a blank, else anywhere."""
    head = text[:_LONGEST_TEXT_CHARACTERS]
    return next((place for place in (head.rfind("\n"), head.rfind(" ")) if place > 0), len(head))


def _keyboard(rows: list[list[Json]]) -> Json:
    return {"inline_keyboard": rows}


def _links_only(message: Message) -> Json | None:
    """The buttons that a forward keeps: those that open an address."""
    rows = [[{"text": one.label, "url": one.url} for one in row if one.url] for row in message.buttons]
    return _keyboard([row for row in rows if row]) if any(rows) else None
