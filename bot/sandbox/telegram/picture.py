"""The whole world at one moment: as data for files and pages, and as text for people who read test output."""

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.switchboard import Switchboard


def snapshot(board: Switchboard) -> Json:
    """All people, chats and messages, ready for JSON."""
    return {
        "now": board.clock.now().isoformat(),
        "bot": board.bot.api(),
        "people": [account.api() for account in board.accounts.values() if not account.is_bot],
        "chats": [_chat(board, chat) for chat in board.chats.values()],
    }


def dump(chat: Chat) -> str:
    """A chat as text, roughly as Telegram shows it."""
    lines = [f"── {chat.title} ({chat.kind} {chat.id})"]
    for message in chat.visible():
        lines += _lines(message)
    return "\n".join(lines)


def _chat(board: Switchboard, chat: Chat) -> Json:
    return chat.api() | {
        "topics": {str(number): title for number, title in chat.topics.items()},
        "migrated_to": chat.migrated_to.id if chat.migrated_to else None,
        "bot_blocked": chat.id in board.blocked,
        "members": [
            {
                "id": member.account.id,
                "name": member.account.name,
                "is_bot": member.account.is_bot,
                "status": member.status,
                "rights": sorted(member.rights),
            }
            for member in chat.members.values()
        ],
        "messages": [message_picture(message) for message in chat.messages],
    }


def message_picture(message: Message) -> Json:
    """A message with what only its reader's app knows: silent, pinned, deleted, earlier texts."""
    picture = message.api() | {
        "sender": message.sender.name if message.sender else None,
        "sender_id": message.sender.id if message.sender else None,
        "when": message.date.isoformat(),
        "silent": message.silent,
        "pinned": message.pinned,
        "deleted": message.deleted,
        "preview_disabled": message.preview_disabled,
        "force_reply": message.force_reply,
        "history": message.history,
        "buttons": [
            [{"label": button.label, "data": button.data, "url": button.url} for button in row]
            for row in message.buttons
        ],
    }
    file = message.document or message.photo
    if file is not None:
        picture["file_path"] = file.path
    return picture


def _lines(message: Message) -> list[str]:
    sender = message.sender_chat.title if message.sender_chat else ""
    if message.sender is not None and not (message.sender_chat and message.sender.is_bot):
        sender = message.sender.name
    marks = [
        mark
        for mark, present in (
            ("edited", message.edit_date),
            ("pinned", message.pinned),
            ("silent", message.silent),
            (f"reply to {message.reply_to.message_id if message.reply_to else ''}", message.reply_to),
            ("forwarded", message.forward_origin),
            (f"topic {message.thread_id}", message.thread_id),
        )
        if present
    ]
    head = f"#{message.message_id} {message.date:%a %H:%M} {sender}" + (f" ({', '.join(marks)})" if marks else "")
    body = [f"    {line}" for line in message.words.splitlines()]
    if message.document is not None:
        body.append(f"    [file {message.document.filename}, {len(message.document.content)} bytes]")
    if message.service:
        body.append(f"    [{', '.join(message.service)}]")
    rows = ["    " + " ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return [head, *body, *rows]
