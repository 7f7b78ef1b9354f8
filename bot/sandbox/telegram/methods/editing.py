"""The methods that change a message already posted, or its place in the chat."""

from datetime import timedelta

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.entities import Entity
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.methods.call import (
    Call,
    caption,
    formatted,
    joined_chat,
    markup,
    message_text,
    named_message,
)
from bot.sandbox.telegram.switchboard import age

_DELETABLE = timedelta(hours=48)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def edit_message_text(call: Call) -> Json:
    """Give a message another text."""
    message = _editable(call)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    text = message_text(call, "MESSAGE_TOO_LONG")
    options = call.params.structure("link_preview_options")
    return _edit(call, message, text, formatted(call, text), options)


def edit_message_caption(call: Call) -> Json:
    """Give a file another caption."""
    message = _editable(call)
    if message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    words = caption(call) or ""
    return _edit(call, message, words, formatted(call, words, "caption_entities"), None)


def edit_message_reply_markup(call: Call) -> Json:
    """Give a message another keyboard, or none."""
    message = _editable(call)
    return _edit(call, message, message.words, message.entities, message.link_preview_options)


def delete_message(call: Call) -> bool:
    """Delete a message."""
    chat = joined_chat(call)
    _delete(call, chat, named_message(call, chat, "delete"))
    return True


def delete_messages(call: Call) -> bool:
    """Delete several messages; those that are not there are skipped."""
    chat = joined_chat(call)
    for number in call.params.structure("message_ids") or []:
        message = chat.message(int(number))
        if message is not None:
            _delete(call, chat, message)
    return True


def pin_chat_message(call: Call) -> bool:
    """Pin a message."""
    chat = joined_chat(call)
    _may_pin(call, chat)
    message = named_message(call, chat, "pin")
    if message.service is not None:
        raise bad_request("message can't be pinned")
    if not message.pinned:
        message.pinned = True
        pin = {"pinned_message": message.api(with_reply=False)}
        sender_chat = chat if chat.kind == "channel" else None
        call.board.serve(chat, call.board.bot, pin, sender_chat=sender_chat)
    return True


def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, or the newest pinned one."""
    chat = joined_chat(call)
    _may_pin(call, chat)
    if call.params.number("message_id") is not None:
        message = named_message(call, chat, "unpin")
    elif chat.pinned():
        message = chat.pinned()[-1]
    else:
        raise bad_request("message to unpin not found")
    message.pinned = False
    call.board.tell("unpinned", chat=chat.id, message_id=message.message_id)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin everything."""
    chat = joined_chat(call)
    _may_pin(call, chat)
    for message in chat.pinned():
        message.pinned = False
    call.board.tell("unpinned", chat=chat.id)
    return True


def _editable(call: Call) -> Message:
    chat = joined_chat(call)
    message = named_message(call, chat, "edit")
    bot = chat.member(call.board.bot)
    if chat.kind == "channel":
        own = message.is_from(call.board.bot) and bot.may("can_post_messages")
        if not own and not bot.may("can_edit_messages"):
            raise bad_request("need administrator rights in the channel chat")
    elif not message.is_from(call.board.bot):
        raise bad_request("message can't be edited")
    if message.service is not None or message.forward_origin is not None:
        raise bad_request("message can't be edited")
    return message


def _edit(call: Call, message: Message, words: str, entities: list[Entity], options: Json | None) -> Json:
    """Apply an edit; as in Telegram, a keyboard that is not given again is taken away."""
    keyboard = markup(call)
    new = (words, entities, keyboard, options)
    if new == (message.words, message.entities, message.reply_markup, message.link_preview_options):
        raise bad_request(_NOT_MODIFIED)
    call.limits.spend(message.chat, "edit")
    now = call.board.clock.now()
    if (words, entities) != (message.words, message.entities):
        message.change(now, words, entities)
    message.reply_markup, message.link_preview_options = keyboard, options
    message.edit_date = now
    call.board.edited(message)
    return message.api()


def _delete(call: Call, chat: Chat, message: Message) -> None:
    bot = chat.member(call.board.bot)
    own = message.is_from(call.board.bot) and (chat.kind != "channel" or bot.may("can_post_messages"))
    if not (own or chat.kind == "private" or bot.may("can_delete_messages")):
        raise bad_request("message can't be deleted")
    if age(message, call.board.clock) > _DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    call.board.delete(message)


def _may_pin(call: Call, chat: Chat) -> None:
    right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
    if chat.kind != "private" and not chat.member(call.board.bot).may(right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
