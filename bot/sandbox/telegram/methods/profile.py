"""The methods about the bot itself: who it is, what it says of itself, its updates and its files."""

import re
from typing import Any

from bot.sandbox.telegram.accounts import Json
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.methods.call import Call

_LARGEST_DOWNLOAD_BYTES = 20 * 1024 * 1024
_MOST_COMMANDS = 100
_LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def get_me(call: Call) -> Json:
    """Introduce the bot."""
    return call.board.bot.api() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.board.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(call: Call) -> list[Json]:
    """Hand out updates, confirming all before the offset."""
    if call.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active;"
            " use deleteWebhook to delete the webhook first",
        )
    _allow(call)
    number = call.params.number
    limit = number("limit")
    return await call.board.updates.poll(number("offset") or 0, 100 if limit is None else limit, number("timeout") or 0)


async def set_webhook(call: Call) -> bool:
    """Have the updates delivered to an address."""
    _allow(call)
    params = call.params
    url, secret = params.text("url") or "", params.text("secret_token") or ""
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if params.flag("drop_pending_updates"):
        call.board.updates.waiting.clear()
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.number("max_connections")
    if connections is not None and not 1 <= connections <= 100:
        raise bad_request("bad webhook: max_connections must be between 1 and 100")
    await call.webhook.set(url, secret, connections)
    return True


async def delete_webhook(call: Call) -> bool:
    """Go back to polling."""
    if call.params.flag("drop_pending_updates"):
        call.board.updates.waiting.clear()
    await call.webhook.stop()
    return True


def get_webhook_info(call: Call) -> Json:
    """Tell how the webhook fares."""
    return call.webhook.info()


def set_my_commands(call: Call) -> bool:
    """Keep the list of commands for a scope and a language."""
    commands = call.params.structure("commands") or []
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/")
        if not 1 <= len(name) <= 32 or not name.replace("_", "a").isalnum() or name != name.lower():
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.board.profile[_commands_key(call)] = commands
    return True


def get_my_commands(call: Call) -> Any:
    """Give back a list of commands."""
    return call.board.profile.get(_commands_key(call), [])


def delete_my_commands(call: Call) -> bool:
    """Forget a list of commands."""
    call.board.profile.pop(_commands_key(call), None)
    return True


def set_my_description(call: Call) -> bool:
    """Keep what an empty chat with the bot shows."""
    return _describe(call, "description")


def get_my_description(call: Call) -> Json:
    """Give back what an empty chat with the bot shows."""
    return _described(call, "description")


def set_my_short_description(call: Call) -> bool:
    """Keep what the bot's profile shows."""
    return _describe(call, "short_description")


def get_my_short_description(call: Call) -> Json:
    """Give back what the bot's profile shows."""
    return _described(call, "short_description")


def set_my_name(call: Call) -> bool:
    """Keep the bot's shown name."""
    return _describe(call, "name")


def get_my_name(call: Call) -> Json:
    """Give back the bot's shown name."""
    return _described(call, "name")


def get_file(call: Call) -> Json:
    """Tell where a file can be downloaded."""
    file = call.board.files.get(call.params.text("file_id") or "")
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > _LARGEST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    shown = file.api()
    return {key: shown[key] for key in ("file_id", "file_unique_id", "file_size")} | {"file_path": file.path}


def _allow(call: Call) -> None:
    allowed = call.params.structure("allowed_updates")
    if allowed is not None:
        call.board.updates.allowed = list(allowed)


def _commands_key(call: Call) -> str:
    scope = call.params.structure("scope") or {"type": "default"}
    where = "/".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)
    return f"commands/{where}/{call.params.text('language_code') or ''}"


def _describe(call: Call, what: str) -> bool:
    text = call.params.text(what) or ""
    if len(text) > _LENGTHS[what]:
        raise bad_request(f"{what.replace('_', ' ')} is too long")
    call.board.profile[f"{what}/{call.params.text('language_code') or ''}"] = text
    return True


def _described(call: Call, what: str) -> Json:
    return {what: call.board.profile.get(f"{what}/{call.params.text('language_code') or ''}", "")}
