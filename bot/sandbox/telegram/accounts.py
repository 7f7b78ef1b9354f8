"""Who and where: the users and chats as Telegram describes them inside messages."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of Telegram, person or bot."""

    id: int
    name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False

    def api(self) -> Json:
        """The account as a User object."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if self.language:
            user["language_code"] = self.language
        return user


# The accounts that stand in for a hidden sender; the ids are Telegram's.
ANONYMOUS_ADMIN = Account(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
CHANNEL_SENDER = Account(136817688, "Channel", "Channel_Bot", is_bot=True)
SERVICE = Account(777000, "Telegram")


@dataclass(slots=True, eq=False)
class Place:
    """A chat as messages name it: private, group, supergroup or channel."""

    id: int
    kind: str
    title: str
    username: str | None = None
    forum: bool = False

    def api(self) -> Json:
        """The place as a Chat object."""
        name = "first_name" if self.kind == "private" else "title"
        chat: Json = {"id": self.id, "type": self.kind, name: self.title}
        if self.username:
            chat["username"] = self.username
        if self.forum:
            chat["is_forum"] = True
        return chat
