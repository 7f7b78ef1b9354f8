"""A message as Telegram stores it, with what people see of it and what the bot is told."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.telegram.accounts import Account, Json, Place
from bot.sandbox.telegram.entities import Entity


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sent."""

    file_id: str
    filename: str
    content: bytes = field(repr=False)
    mime_type: str = "application/octet-stream"

    @property
    def path(self) -> str:
        """Where the file is downloaded, below `/file/bot<token>/`."""
        return f"documents/{self.file_id}/{self.filename}"

    def api(self) -> Json:
        """The file as a Document object."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_name": self.filename,
            "mime_type": self.mime_type,
            "file_size": len(self.content),
        }


@dataclass(slots=True, eq=False)
class Message:
    """One message, as it stands now; `history` holds its earlier texts."""

    chat: Place
    message_id: int
    date: datetime
    sender: Account | None = None
    sender_chat: Place | None = None
    author_signature: str | None = None
    text: str | None = None
    caption: str | None = None
    entities: list[Entity] = field(default_factory=list)
    reply_markup: Json | None = None
    document: File | None = None
    photo: File | None = None
    thread_id: int | None = None
    reply_to: "Message | None" = None
    forward_origin: Json | None = None
    media_group_id: str | None = None
    link_preview_options: Json | None = None
    silent: bool = False
    protected: bool = False
    automatic_forward: bool = False
    service: Json | None = None
    extra: Json = field(default_factory=dict)
    edit_date: datetime | None = None
    history: list[str] = field(default_factory=list)
    deleted: bool = False
    pinned: bool = False

    @property
    def words(self) -> str:
        """The text, or the caption of a file."""
        return self.text if self.text is not None else self.caption or ""

    @property
    def preview_disabled(self) -> bool:
        """Was the message sent without a preview of its links?"""
        return bool((self.link_preview_options or {}).get("is_disabled"))

    @property
    def force_reply(self) -> bool:
        """Does the message ask the reader's app for a reply?"""
        return bool((self.reply_markup or {}).get("force_reply"))

    @property
    def buttons(self) -> list[list[Button]]:
        """The rows of buttons now under the message."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [
            [Button(button["text"], button.get("callback_data"), button.get("url")) for button in row] for row in rows
        ]

    @property
    def labels(self) -> list[str]:
        """The buttons' labels in reading order."""
        return [button.label for row in self.buttons for button in row]

    def is_from(self, account: Account) -> bool:
        """Did this account post the message?"""
        return self.sender is not None and self.sender.id == account.id

    def change(self, when: datetime, words: str, entities: list[Entity]) -> None:
        """Give the message another text or caption, keeping the earlier one in the history."""
        self.history.append(self.words)
        if self.text is not None:
            self.text = words
        else:
            self.caption = words
        self.entities, self.edit_date = entities, when

    def api(self, *, with_reply: bool = True) -> Json:
        """The message as a Message object."""
        message: Json = {
            "message_id": self.message_id,
            "date": int(self.date.timestamp()),
            "chat": self.chat.api(),
        }
        if self.chat.kind != "channel" and self.sender is not None:
            message["from"] = self.sender.api()
        if self.sender_chat is not None:
            message["sender_chat"] = self.sender_chat.api()
        if self.edit_date is not None:
            message["edit_date"] = int(self.edit_date.timestamp())
        if self.thread_id is not None:
            message |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.reply_to is not None and with_reply:
            message["reply_to_message"] = self.reply_to.api(with_reply=False)
        return message | self._content() | self._marks()

    def _content(self) -> Json:
        content: Json = dict(self.service or {}) | self.extra
        if self.document is not None:
            content["document"] = self.document.api()
        if self.photo is not None:
            size = self.photo.api()
            content["photo"] = [
                {key: size[key] for key in ("file_id", "file_unique_id", "file_size")} | {"width": 640, "height": 480}
            ]
        if self.text is not None:
            content["text"] = self.text
        if self.caption is not None:
            content["caption"] = self.caption
        if self.entities:
            content["entities" if self.text is not None else "caption_entities"] = self.entities
        return content

    def _marks(self) -> Json:
        marks = {
            "author_signature": self.author_signature,
            "forward_origin": self.forward_origin,
            "media_group_id": self.media_group_id,
            "link_preview_options": self.link_preview_options,
            "has_protected_content": self.protected or None,
            "is_automatic_forward": self.automatic_forward or None,
            "reply_markup": self.reply_markup if self.buttons else None,
        }
        return {key: value for key, value in marks.items() if value is not None}
