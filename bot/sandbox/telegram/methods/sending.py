"""The methods that put a message into a chat."""

import mimetypes

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.forwards import origin_of
from bot.sandbox.telegram.messages import File, Message
from bot.sandbox.telegram.methods.call import (
    Call,
    caption,
    formatted,
    joined_chat,
    markup,
    message_text,
    named_message,
    writable_chat,
)

_LARGEST_UPLOAD_BYTES = 50 * 1024 * 1024


def send_message(call: Call) -> Json:
    """Post a text."""
    chat = writable_chat(call)
    text = message_text(call)
    message = _draft(call, chat)
    message.text, message.entities = text, formatted(call, text)
    message.link_preview_options = call.params.structure("link_preview_options")
    return _post(call, message)


def send_document(call: Call) -> Json:
    """Post a file, new or sent before."""
    chat = writable_chat(call)
    words = caption(call)
    message = _draft(call, chat)
    message.caption = words
    message.entities = formatted(call, words or "", "caption_entities")
    message.document = _file(call, "document")
    return _post(call, message)


def send_photo(call: Call) -> Json:
    """Post a picture, new or sent before."""
    chat = writable_chat(call)
    words = caption(call)
    message = _draft(call, chat)
    message.caption = words
    message.entities = formatted(call, words or "", "caption_entities")
    message.photo = _file(call, "photo")
    return _post(call, message)


def forward_message(call: Call) -> Json:
    """Post somebody's message again, with its origin."""
    chat = writable_chat(call)
    original = _original(call, "forward")
    message = _draft(call, chat)
    message.forward_origin = origin_of(original, hidden=call.board.hides(original.sender))
    _copy(original, message)
    return _post(call, message)


def copy_message(call: Call) -> Json:
    """Post what somebody's message says, without its origin."""
    chat = writable_chat(call)
    original = _original(call, "copy")
    message = _draft(call, chat)
    _copy(original, message)
    words = caption(call)
    if words is not None and original.text is None:
        message.caption, message.entities = words, formatted(call, words, "caption_entities")
    return {"message_id": _post(call, message)["message_id"]}


def send_chat_action(call: Call) -> bool:
    """Show that the bot is busy."""
    chat = writable_chat(call)
    if not call.params.text("action"):
        raise bad_request("wrong parameter action in request")
    call.board.tell("action", chat=chat.id, action=call.params.text("action"))
    return True


def _draft(call: Call, chat: Chat) -> Message:
    """A message of the bot with everything but its content; it has no number before it is posted."""
    board, params = call.board, call.params
    thread = params.number("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    if thread in chat.closed_topics and not chat.member(board.bot).may("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return Message(
        chat,
        0,
        board.clock.now(),
        board.bot,
        sender_chat=chat if chat.kind == "channel" else None,
        thread_id=thread,
        reply_to=_reply(call, chat),
        reply_markup=markup(call),
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
    )


def _post(call: Call, message: Message) -> Json:
    chat = call.board.chats[message.chat.id]
    call.limits.spend(chat, "send")
    message.message_id = chat.take_message_id()
    return call.board.post(message).api()


def _reply(call: Call, chat: Chat) -> Message | None:
    given = call.params.structure("reply_parameters") or {}
    number = given.get("message_id") or call.params.number("reply_to_message_id")
    if number is None:
        return None
    found = chat.message(int(number))
    lenient = given.get("allow_sending_without_reply") or call.params.flag("allow_sending_without_reply")
    if found is None and not lenient:
        raise bad_request("message to be replied not found")
    return found


def _file(call: Call, name: str) -> File:
    given = call.params.text(name)
    part = given.removeprefix("attach://") if given and given.startswith("attach://") else name
    if part in call.params.files:
        filename, content, kind = call.params.files[part]
        if len(content) > _LARGEST_UPLOAD_BYTES:
            raise ApiError(413, "Request Entity Too Large")
        if not content:
            raise bad_request("file must be non-empty")
        if kind == "application/octet-stream":
            kind = mimetypes.guess_type(filename)[0] or kind
        return call.board.new_file(filename, content, kind)
    if given is None:
        raise bad_request(f"there is no {name} in the request")
    if given not in call.board.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return call.board.files[given]


def _original(call: Call, what: str) -> Message:
    original = named_message(call, joined_chat(call, "from_chat_id"), what)
    if not call.board.can_see(call.board.chats[original.chat.id], original) and not original.is_from(call.board.bot):
        raise bad_request(f"message to {what} not found")
    if original.service is not None:
        raise bad_request(f"message can't be {'forwarded' if what == 'forward' else 'copied'}")
    if original.protected:
        raise bad_request("message has protected content and can't be forwarded")
    return original


def _copy(original: Message, message: Message) -> None:
    message.text, message.caption = original.text, original.caption
    message.entities = list(original.entities)
    message.document, message.photo = original.document, original.photo
