"""A call of a method, and the checks that most methods begin with."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.entities import Entity, accept_entities, utf16_length
from bot.sandbox.telegram.errors import ApiError, bad_request, forbidden
from bot.sandbox.telegram.forms import Params
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.messages import Message
from bot.sandbox.telegram.switchboard import Switchboard
from bot.sandbox.telegram.webhook import Webhook

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
_CALLBACK_DATA_BYTES = 64


@dataclass(frozen=True, slots=True)
class Call:
    """One call with all that a method may touch."""

    board: Switchboard
    limits: Limits
    webhook: Webhook
    params: Params
    press_seconds: float


def known_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat that a parameter names, if the bot has ever met it."""
    board, given = call.board, call.params.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    if given.startswith("@"):
        by_name = [chat for chat in board.chats.values() if chat.username == given[1:]]
        chat = by_name[0] if by_name else None
    else:
        chat = board.chats.get(call.params.number(name) or 0)
    if chat is None or (chat.kind == "private" and chat.id not in board.started):
        raise _unknown(call, given)
    if chat.migrated_to is not None:
        raise upgraded(chat.migrated_to)
    if chat.kind != "private" and board.bot.id not in chat.members:
        raise bad_request("chat not found")
    return chat


def upgraded(to: Chat) -> ApiError:
    """The refusal that tells a group's new id."""
    return bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=to.id)


def joined_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat that a parameter names, if the bot is in it and not shut out."""
    chat = known_chat(call, name)
    if chat.kind == "private":
        if chat.id in call.board.gone:
            raise forbidden("user is deactivated")
        if chat.id in call.board.blocked:
            raise forbidden("bot was blocked by the user")
        return chat
    bot = chat.member(call.board.bot)
    if not bot.inside:
        how = "kicked from" if bot.status == "kicked" else "not a member of"
        raise forbidden(f"bot {'was' if bot.status == 'kicked' else 'is'} {how} the {chat.kind} chat")
    return chat


def writable_chat(call: Call) -> Chat:
    """The chat that the call wants to post in, if the bot may."""
    chat = joined_chat(call)
    if chat.kind == "channel" and not chat.member(call.board.bot).may("can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")
    if chat.only_admins_write and not chat.member(call.board.bot).is_admin:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def named_message(call: Call, chat: Chat, what: str, name: str = "message_id") -> Message:
    """The message that a parameter names, or the refusal "message to … not found"."""
    number = call.params.number(name)
    found = chat.message(number) if number is not None else None
    if found is None:
        raise bad_request(f"message to {what} not found")
    return found


def formatted(call: Call, text: str, entities: str = "entities") -> list[Entity]:
    """The entities of a text; formatting by parse_mode is refused, since no caller of the sandbox should use it."""
    if call.params.text("parse_mode"):
        raise bad_request("unsupported parse_mode")
    given = call.params.structure(entities) or []
    if not isinstance(given, list):
        raise bad_request(f"can't parse {entities} JSON object")
    return accept_entities(text, given)


def message_text(call: Call, too_long: str = "message is too long") -> str:
    """The text of a message, neither empty nor too long."""
    text = call.params.text("text") or ""
    if not text.strip():
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_UNITS:
        raise bad_request(too_long)
    return text


def caption(call: Call) -> str | None:
    """The caption of a file, if there is one."""
    text = call.params.text("caption")
    if text and utf16_length(text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return text or None


def markup(call: Call) -> Json | None:
    """The keyboard of a message, checked."""
    given = call.params.structure("reply_markup")
    if not given:
        return None
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    rows = given.get("inline_keyboard")
    if rows is None:
        return given
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: array of arrays expected")
    for button in (button for row in rows for button in row):
        _check_button(button)
    return given if any(rows) else None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= _CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        if not str(button["url"]).startswith(("http://", "https://", "tg://")):
            raise bad_request("BUTTON_URL_INVALID")
    elif not set(button) - {"text", "style", "icon_custom_emoji_id"}:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _unknown(call: Call, given: str) -> ApiError:
    if given.lstrip("-").isdigit() and int(given) in call.board.accounts:
        return forbidden("bot can't initiate conversation with a user")
    return bad_request("chat not found")
