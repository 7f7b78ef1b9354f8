"""The methods about chats, their members, and the people who press buttons in them."""

import time

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.chats import Member
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.call import Call, joined_chat, known_chat
from bot.sandbox.telegram.switchboard import demoted

_ANSWER_CHARACTERS = 200
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_chat(call: Call) -> Json:
    """Describe a chat in full."""
    chat = joined_chat(call) if known_chat(call).kind != "private" else known_chat(call)
    full: Json = chat.api() | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if chat.description:
        full["description"] = chat.description
    if chat.discussion is not None:
        full["linked_chat_id"] = chat.discussion.id
    if chat.pinned():
        full["pinned_message"] = chat.pinned()[-1].api(with_reply=False)
    return full


def get_chat_member(call: Call) -> Json:
    """Tell what somebody is in a chat."""
    chat = joined_chat(call)
    account = call.board.accounts.get(call.params.number("user_id") or 0)
    if account is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return chat.member(account).api(chat.kind)


def get_chat_administrators(call: Call) -> list[Json]:
    """List the administrators of a chat, other bots excepted."""
    chat = joined_chat(call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    admins = [member for member in chat.members.values() if member.is_admin]
    return [member.api(chat.kind) for member in admins if _listed(call, member)]


def get_chat_member_count(call: Call) -> int:
    """Count the members of a chat."""
    return sum(member.inside for member in joined_chat(call).members.values())


def leave_chat(call: Call) -> bool:
    """Leave a group, supergroup or channel."""
    chat = joined_chat(call)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    call.board.set_member(chat, demoted(chat.member(call.board.bot), "left"), call.board.bot)
    return True


def answer_callback_query(call: Call) -> bool:
    """Answer a press, once and in time."""
    press = call.board.presses.get(call.params.text("callback_query_id") or "")
    if press is None or press.answered or time.monotonic() - press.pressed_at > call.press_seconds:
        raise bad_request(_TOO_OLD)
    text = call.params.text("text")
    if text and len(text) > _ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer(text or None, show_alert=call.params.flag("show_alert"), url=call.params.text("url"))
    call.board.tell(
        "answer",
        chat=press.message.chat.id,
        message_id=press.message.message_id,
        user=press.sender.id,
        text=press.answer_text,
        show_alert=press.show_alert,
    )
    return True


def _listed(call: Call, member: Member) -> bool:
    return not member.account.is_bot or member.account.id == call.board.bot.id
