"""Where a forwarded message came from, and what a reply answers, as Telegram tells it."""

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.entities import utf16_length
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


def answered(message: Message, reply: Message, quote: str | None) -> Json:
    """The fields of a reply that tell what it answers: quoted words, and a message of another chat."""
    fields: Json = {}
    if quote is not None:
        fields["quote"] = _quoted(message, quote)
    if message.chat.id != reply.chat.id:
        reply.reply_to = None
        outside: Json = {"origin": origin_of(message, hidden=False), "message_id": message.message_id}
        if message.chat.kind in ("channel", "supergroup"):
            outside["chat"] = message.chat.api()
        if message.link_preview_options is not None:
            outside["link_preview_options"] = message.link_preview_options
        fields["external_reply"] = outside
    return fields


def _quoted(message: Message, quote: str) -> Json:
    """The TextQuote object of some words of a message, with the formatting that lies in them."""
    start = utf16_length(message.words[: message.words.index(quote)])
    end = start + utf16_length(quote)
    inside = [
        entity | {"offset": entity["offset"] - start}
        for entity in message.entities
        if start <= entity["offset"] and entity["offset"] + entity["length"] <= end
    ]
    found: Json = {"text": quote, "position": start, "is_manual": True}
    return found | ({"entities": inside} if inside else {})
