"""Reads Telegram updates into neutral records; the only place that knows how Telegram writes them."""

import re
from datetime import UTC
from typing import Any, NamedTuple

from telegram import Chat, ChatMemberUpdated, Message, MessageEntity, Update
from telegram.constants import ChatMemberStatus

from handlers.visit import Membership, Press
from store.messages import Incoming

NOBODY = frozenset({1087968824, 777000, 136817688})
"""Ids that stand for an anonymous admin, Telegram itself and a channel: never anybody to authorise."""

PRESS = re.compile(r"v1:([a-z-]+)(?:\.([\w-]+))?:(\d{1,18}):(\d{1,9})", re.ASCII)
LINK = re.compile(r"https?://[^\s<>\"]+")
AFTER_A_LINK = ".,;:!?)]»”"
COMMAND = re.compile(r"/([a-z_]+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
LINK_ENTITIES: list[str | None] = [MessageEntity.URL, MessageEntity.TEXT_LINK]


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
    return Press(query.id, where.chat.id, where.message_id, action, argument or "", int(subject), int(revision))


def read_message(message: Message) -> Incoming:
    """Return what a person sent, its links in order, and the words around them."""
    text = message.text or message.caption or ""
    found = message.parse_entities(LINK_ENTITIES) or message.parse_caption_entities(LINK_ENTITIES)
    links = [entity.url if entity.type == MessageEntity.TEXT_LINK else words for entity, words in found.items()]
    rich = [str(part) for part in _strings(message.api_kwargs.get("rich_message"))]
    links += [link for part in rich for link in LINK.findall(part)]
    note = _without(text, [entity for entity in found if entity.type == MessageEntity.URL])
    # Telegram marks the first hundred links of a message only.
    links += [link.rstrip(AFTER_A_LINK) for link in LINK.findall(note)]
    note = LINK.sub(" ", note)
    user = message.from_user
    return Incoming(
        chat=message.chat.id,
        sender=user.id if user else 0,
        message=message.message_id,
        sent_at=message.date.astimezone(UTC),
        private=message.chat.type == Chat.PRIVATE,
        text=text or " ".join(part for part in rich if not LINK.fullmatch(part)),
        links=tuple(dict.fromkeys(link for link in links if link)),
        note=" ".join(note.split()),
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        thread=message.message_thread_id if message.is_topic_message else None,
        language=(user.language_code or "") if user else "",
        readable=bool(text or rich),
    )


def _without(text: str, entities: list[MessageEntity]) -> str:
    """Return a text with a space in place of these entities; Telegram counts in UTF-16 units."""
    units = bytearray(text.encode("utf-16-le"))
    for entity in sorted(entities, key=lambda entity: entity.offset, reverse=True):
        units[entity.offset * 2 : (entity.offset + entity.length) * 2] = " ".encode("utf-16-le")
    return units.decode("utf-16-le", "replace")


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
        thread = getattr(where, "message_thread_id", None) if getattr(where, "is_topic_message", False) else None
        language = update.callback_query.from_user.language_code or ""
        return Knock(press.chat, where.chat.type == "private", thread, language, press=press)
    if update.my_chat_member is not None:
        change = read_membership(update.my_chat_member)
        return Knock(change.chat, False, None, "", membership=change)
    if update.message is not None:
        if update.message.migrate_to_chat_id:
            return Knock(update.message.chat.id, False, None, "", moved_to=update.message.migrate_to_chat_id)
        read = read_message(update.message)
        return Knock(read.chat, read.private, read.thread, read.language, incoming=read)
    return None


def user_of(update: Update) -> int:
    """Return the real id of who acts, 0 where there is none to authorise."""
    user = update.effective_user
    return 0 if user is None or user.id in NOBODY else user.id


def _strings(value: Any) -> list[str]:
    """Return every string in a nested value, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [found for inner in value.values() for found in _strings(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _strings(inner)]
    return []
