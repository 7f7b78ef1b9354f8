"""Chats with their members, rights, topics and messages."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.sandbox.telegram.accounts import Account, Json, Place
from bot.sandbox.telegram.messages import Message

_EVERY_RIGHT = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]
_CHANNEL_RIGHTS = ["can_post_messages", "can_edit_messages"]
_GROUP_RIGHTS = ["can_pin_messages", "can_manage_topics"]
DEFAULT_CHANNEL_RIGHTS = frozenset(
    ["can_manage_chat", "can_post_messages", "can_edit_messages", "can_delete_messages", "can_invite_users"]
)
_INSIDE = ("creator", "administrator", "member")


@dataclass(frozen=True, slots=True)
class Member:
    """What somebody is in a chat."""

    account: Account
    status: str
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    @property
    def inside(self) -> bool:
        """Does the account belong to the chat now?"""
        return self.status in _INSIDE

    @property
    def is_admin(self) -> bool:
        """May the account do more than write?"""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Has the member this right of an administrator?"""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def api(self, kind: str) -> Json:
        """The member as a ChatMember object of a chat of this kind."""
        member: Json = {"status": self.status, "user": self.account.api()}
        if self.status == "kicked":
            member["until_date"] = 0
        if self.status == "creator":
            member["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            known = _EVERY_RIGHT + (_CHANNEL_RIGHTS if kind == "channel" else _GROUP_RIGHTS)
            member |= {"can_be_edited": False, "is_anonymous": self.anonymous}
            member |= {right: right in self.rights for right in known}
        return member


class Host(Protocol):
    """What a chat needs of the world it belongs to."""

    def migrate(self, chat: "Chat") -> "Chat":
        """Turn a group into a supergroup."""
        ...

    def post(self, message: Message) -> Message:
        """Put a message into its chat and tell everybody."""
        ...


@dataclass(slots=True, eq=False)
class Chat(Place):
    """A chat with everything in it."""

    host: Host | None = field(default=None, repr=False)
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    messages: list[Message] = field(default_factory=list, repr=False)
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    description: str | None = None
    only_admins_write: bool = False
    discussion: "Chat | None" = field(default=None, repr=False)
    migrated_to: "Chat | None" = field(default=None, repr=False)
    next_message_id: int = 1

    def last(self) -> Message:
        """The newest message that is still there."""
        return self.visible()[-1]

    def find(self, text_part: str) -> Message | None:
        """The newest visible message whose text or caption contains these words."""
        found = [message for message in self.visible() if text_part in message.words]
        return found[-1] if found else None

    def visible(self) -> list[Message]:
        """The messages that have not been deleted, oldest first."""
        return [message for message in self.messages if not message.deleted]

    @property
    def texts(self) -> list[str]:
        """The texts and captions of the visible messages, oldest first."""
        return [message.words for message in self.visible() if message.words]

    def message(self, message_id: int) -> Message | None:
        """The message of this number, unless it was deleted."""
        for message in reversed(self.messages):
            if message.message_id == message_id:
                return None if message.deleted else message
        return None

    def member(self, account: Account) -> Member:
        """What an account is here."""
        return self.members.get(account.id) or Member(account, "left")

    def pinned(self) -> list[Message]:
        """The pinned messages, oldest first."""
        return [message for message in self.visible() if message.pinned]

    def migrate(self) -> "Chat":
        """Turn this group into a supergroup and return the supergroup."""
        if self.host is None:
            raise RuntimeError("this chat belongs to no world")
        return self.host.migrate(self)

    def take_message_id(self) -> int:
        """The number of the next message."""
        number = self.next_message_id
        self.next_message_id += 1
        return number
