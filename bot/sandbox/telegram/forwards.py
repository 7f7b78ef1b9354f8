"""Where a forwarded message came from, as Telegram tells it."""

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.messages import Message


def origin_of(message: Message, *, hidden: bool) -> Json:
    """The MessageOrigin object of a forward; a forward of a forward keeps the first origin."""
    if message.forward_origin is not None:
        return message.forward_origin
    origin: Json = {"date": int(message.date.timestamp())}
    if message.chat.kind == "channel":
        origin |= {"type": "channel", "chat": message.chat.api(), "message_id": message.message_id}
        if message.author_signature:
            origin["author_signature"] = message.author_signature
    elif message.sender_chat is not None:
        origin |= {"type": "chat", "sender_chat": message.sender_chat.api()}
    elif message.sender is None or hidden:
        name = message.sender.name if message.sender else "Deleted Account"
        origin |= {"type": "hidden_user", "sender_user_name": name}
    else:
        origin |= {"type": "user", "sender_user": message.sender.api()}
    return origin
