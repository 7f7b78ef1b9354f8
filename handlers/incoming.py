"""Reads Telegram updates into neutral records; the only place that knows how Telegram writes them."""

import re
from typing import NamedTuple

from telegram import Chat, ChatMemberUpdated, MaybeInaccessibleMessage, Update
from telegram.constants import ChatMemberStatus

from handlers.message import read_message
from handlers.visit import Membership, Press
from store.messages import Incoming

NOBODY = frozenset({1087968824, 777000, 136817688})
"""Ids that stand for an anonymous admin, Telegram itself and a channel: never anybody to authorise."""

PRESS = re.compile(r"v1:([a-z-]+)(?:\.([\w-]+))?:(\d{1,18}):(\d{1,9})", re.ASCII)
COMMAND = re.compile(r"/([a-z_]+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)


class Knock(NamedTuple):
    """What an update is, before it is known who may pass."""

    chat: int
    private: bool
    thread: int | None
    language: str
    incoming: Incoming | None = None
    press: Press | None = None
    membership: Membership | None = None
    moved_to: int = 0


def read_press(update: Update) -> Press | None:
    """Return a press of one of our buttons; None for one that was not made by us."""
    query = update.callback_query
    if query is None or query.message is None:
        return None
    match = PRESS.fullmatch(query.data or "")
    if match is None:
        return None
    action, argument, subject, revision = match.groups()
    where = query.message
    asked = action, argument or "", int(subject), int(revision)
    return Press(query.id, where.chat.id, where.message_id, *asked, thread_of(where))


def thread_of(where: MaybeInaccessibleMessage) -> int | None:
    """Return the topic that a message stands in."""
    return getattr(where, "message_thread_id", None) if getattr(where, "is_topic_message", False) else None


def read_command(text: str, username: str) -> tuple[str, str] | None:
    """Return a command's name and the words after it; None for other text and for another bot's command."""
    match = COMMAND.fullmatch(text)
    if match is None or (match[2] and match[2].lower() != username.lower()):
        return None
    return match[1].lower(), (match[3] or "").strip()


def read_membership(change: ChatMemberUpdated) -> Membership:
    """Return the bot's new standing in a chat."""
    new = change.new_chat_member
    present = new.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    channel = change.chat.type == Chat.CHANNEL
    can_post = bool(getattr(new, "can_post_messages", False)) if channel else present
    return Membership(change.chat.id, change.chat.type, change.chat.title or "", present, can_post)


def read_knock(update: Update) -> Knock | None:
    """Return what an update asks for; None for kinds we do not listen to."""
    if update.callback_query is not None:
        press, where = read_press(update), update.callback_query.message
        if press is None or where is None:
            return None
        language = update.callback_query.from_user.language_code or ""
        return Knock(press.chat, where.chat.type == "private", press.thread, language, press=press)
    if update.my_chat_member is not None:
        change = read_membership(update.my_chat_member)
        return Knock(change.chat, False, None, "", membership=change)
    if update.edited_message is not None:
        read = read_message(update.edited_message, edited=True)
        return Knock(read.chat, read.private, read.thread, read.language, incoming=read)
    if update.message is not None:
        if update.message.migrate_to_chat_id:
            return Knock(update.message.chat.id, False, None, "", moved_to=update.message.migrate_to_chat_id)
        if update.message.migrate_from_chat_id:
            return Knock(update.message.migrate_from_chat_id, False, None, "", moved_to=update.message.chat.id)
        read = read_message(update.message)
        return Knock(read.chat, read.private, read.thread, read.language, incoming=read)
    return None


def user_of(update: Update) -> int:
    """Return the real id of who acts, 0 where there is none to authorise."""
    user = update.effective_user
    return 0 if user is None or user.id in NOBODY else user.id
