"""The persons of the sandbox and what they do in Telegram with their own hands."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.telegram.chats import DEFAULT_CHANNEL_RIGHTS, Chat, Member
from bot.sandbox.telegram.messages import Button, Message
from bot.sandbox.telegram.presses import Press
from bot.sandbox.telegram.switchboard import demoted
from bot.sandbox.telegram.writing import Writer


class Person(Writer):
    """Somebody with a telephone."""

    def __repr__(self) -> str:
        return f"Person({self.name}, {self.id})"

    def hide_forwards(self) -> None:
        """From now on, forwards of this person's messages carry a name without an account."""
        self._board.hiding.add(self.id)

    def start(self, payload: str = "") -> Message:
        """Press *Start* in the chat with the bot, perhaps with the payload of a link; unblocks."""
        if self.has_blocked_bot:
            self._board.blocked.discard(self.id)
            self._board.set_member(self.private, Member(self._board.bot, "member"), self.account)
        return self.send(f"/start {payload}".strip())

    def open_link(self, url: str) -> Message:
        """Follow a link to the bot, `https://t.me/<bot>?start=payload`."""
        if "startgroup" in url or "startchannel" in url:
            raise ValueError(f"{url} adds the bot to a chat: use add_bot")
        parts = urlsplit(url if "://" in url else f"https://{url}")
        if parts.netloc != "t.me" or parts.path.strip("/").lower() != (self._board.bot.username or "").lower():
            raise ValueError(f"{url} does not lead to the bot")
        return self.start(parse_qs(parts.query).get("start", [""])[0])

    # pressing

    def press(self, message: Message, button: str, *, buttons: Sequence[Sequence[Button]] | None = None) -> Press:
        """Press the button with this label, beginning of a label, or data; `buttons` is an old keyboard still seen."""
        if not self._board.chats[message.chat.id].member(self.account).inside:
            raise AssertionError(f"{self.name} is not in {message.chat.title} and sees no button there")
        rows = message.buttons if buttons is None else buttons
        seen = [one for row in rows for one in row]
        match = [one for one in seen if button in (one.label, one.data)] or [
            one for one in seen if one.label.startswith(button)
        ]
        if not match:
            raise AssertionError(f"no button {button!r} here, only {[one.label for one in seen]}")
        if match[0].data is None:
            raise AssertionError(f"{match[0].label!r} is a link to {match[0].url}")
        return self.press_data(message, match[0].data)

    def press_data(self, message: Message, data: str) -> Press:
        """Send any callback data, as a stale or a forged app may do."""
        return self._board.press(Press(self._board.new_number(), self.account, message, data))

    # belonging

    def join(self, chat: Chat) -> None:
        """Become a member of a chat."""
        self._board.set_member(chat, Member(self.account, "member"), self.account)
        if chat.kind != "channel":
            self._board.serve(chat, self.account, {"new_chat_members": [self.account.api()]})

    def leave(self, chat: Chat) -> None:
        """Leave a chat."""
        if chat.kind != "channel":
            self._board.serve(chat, self.account, {"left_chat_member": self.account.api()})
        self._board.set_member(chat, demoted(chat.member(self.account), "left"), self.account)

    def delete_account(self) -> None:
        """Be gone from Telegram altogether."""
        self._board.gone.add(self.id)

    def open_topic(self, chat: Chat, title: str) -> int:
        """Open a topic in a forum and return its thread id."""
        if not chat.forum:
            raise AssertionError(f"{chat.title} has no topics")
        thread = chat.next_message_id
        chat.topics[thread] = title
        created = {"forum_topic_created": {"name": title, "icon_color": 7322096}}
        self._board.serve(chat, self.account, created, thread=thread)
        return thread

    def close_topic(self, chat: Chat, thread: int) -> None:
        """Let nobody but admins write in a topic."""
        chat.closed_topics.add(thread)
        self._board.serve(chat, self.account, {"forum_topic_closed": {}}, thread=thread)

    def delete_topic(self, chat: Chat, thread: int) -> None:
        """Delete a topic with everything in it; as in Telegram, no bot is told."""
        del chat.topics[thread]
        for message in chat.visible():
            if message.thread_id == thread:
                self._board.delete(message)

    def link(self, channel: Chat, group: Chat) -> None:
        """Make a group the place where a channel's posts are discussed."""
        channel.discussion = group

    def block_bot(self) -> None:
        """Block the bot in the private chat."""
        self._board.blocked.add(self.id)
        self._board.set_member(self.private, Member(self._board.bot, "kicked"), self.account)

    def add_bot(self, chat: Chat, **rights: bool) -> None:
        """Add the bot to a chat; with rights, and always in a channel, as an administrator."""
        bot = self._board.bot
        if not chat.members:
            chat.members[self.id] = Member(self.account, "creator")
        if not chat.member(self.account).inside:
            raise AssertionError(f"{self.name} is not in {chat.title} and can add nobody there")
        if chat.kind == "channel" or rights:
            granted = {right for right, given in rights.items() if given} | {"can_manage_chat"}
            chosen = frozenset(granted) if rights else DEFAULT_CHANNEL_RIGHTS
            member = Member(bot, "administrator", chosen)
        else:
            member = Member(bot, "member")
        self._board.set_member(chat, member, self.account)
        if chat.kind != "channel":
            self._board.serve(chat, self.account, {"new_chat_members": [bot.api()]})

    def promote_bot(self, chat: Chat, **rights: bool) -> None:
        """Give the bot, already in the chat, these rights and take the others; none at all makes it a member."""
        granted = frozenset(right for right, given in rights.items() if given)
        status = "administrator" if granted or chat.kind == "channel" else "member"
        self._board.set_member(chat, Member(self._board.bot, status, granted), self.account)

    def remove_bot(self, chat: Chat, *, ban: bool | None = None) -> None:
        """Take the bot out of a chat; out of a group it is banned, from a channel only when `ban` says so."""
        banned = chat.kind != "channel" if ban is None else ban
        member = Member(self._board.bot, "kicked" if banned else "left")
        self._board.set_member(chat, member, self.account)

    def pin(self, message: Message) -> None:
        """Pin a message."""
        message.pinned = True
        chat = self._board.chats[message.chat.id]
        self._board.serve(chat, self.account, {"pinned_message": message.api(with_reply=False)})
