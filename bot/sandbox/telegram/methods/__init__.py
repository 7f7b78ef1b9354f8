"""The methods of the Bot API, by their lower-case names; Telegram does not mind the case."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.telegram.methods import editing, meeting, profile, sending
from bot.sandbox.telegram.methods.call import Call

Method = Callable[[Call], Any | Awaitable[Any]]

METHODS: dict[str, Method] = {
    method.__name__.replace("_", ""): method
    for method in (
        sending.send_message,
        sending.send_document,
        sending.send_photo,
        sending.forward_message,
        sending.copy_message,
        sending.send_chat_action,
        editing.edit_message_text,
        editing.edit_message_caption,
        editing.edit_message_reply_markup,
        editing.delete_message,
        editing.delete_messages,
        editing.pin_chat_message,
        editing.unpin_chat_message,
        editing.unpin_all_chat_messages,
        meeting.get_chat,
        meeting.get_chat_member,
        meeting.get_chat_administrators,
        meeting.get_chat_member_count,
        meeting.leave_chat,
        meeting.answer_callback_query,
        profile.get_me,
        profile.get_updates,
        profile.set_webhook,
        profile.delete_webhook,
        profile.get_webhook_info,
        profile.set_my_commands,
        profile.get_my_commands,
        profile.delete_my_commands,
        profile.set_my_description,
        profile.get_my_description,
        profile.set_my_short_description,
        profile.get_my_short_description,
        profile.set_my_name,
        profile.get_my_name,
        profile.get_file,
    )
}

__all__ = ["METHODS", "Call"]
