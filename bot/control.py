"""The control socket: writing commands reach the running bot, so that one process writes to the store."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.errors import OperatorError, Refused
from bot.logs import logger
from bot.texts import say

LINE_BYTES = 4_000_000
Json = dict[str, Any]
Perform = Callable[[str, Json], Awaitable[Json]]
log = logger("control")


def socket_path(data_dir: Path) -> Path:
    return data_dir / "control.sock"


async def serve(data_dir: Path, perform: Perform) -> asyncio.Server:
    """Listen on `DATA_DIR/control.sock`, for the bot's own user only."""
    path = socket_path(data_dir)
    path.unlink(missing_ok=True)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(await _reply(perform, await reader.readline()) + b"\n")
            await writer.drain()
        except (OSError, ValueError) as error:  # it went away, or sent a line without an end: nobody to answer
            log.warning("a command broke off", why=type(error).__name__)
        finally:
            writer.close()

    try:
        server = await asyncio.start_unix_server(answer, path, limit=LINE_BYTES)
    except OSError as error:  # the system takes about a hundred bytes of path
        raise OperatorError(f"The bot cannot listen at {path} ({error}): set a shorter BULLETIN_DATA_DIR.") from None
    os.chmod(path, 0o600)
    return server


async def _reply(perform: Perform, line: bytes) -> bytes:
    """Perform what a line asks for; what is no command of ours is refused, and ends nothing."""
    try:
        request = json.loads(line)
        command, arguments = str(request["command"]), dict(request["arguments"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return json.dumps({"refused": "That is no command of this bot."}).encode()
    return await _performed(perform, command, arguments)


async def _performed(perform: Perform, command: str, arguments: Json) -> bytes:
    try:
        return json.dumps({"done": await perform(command, arguments)}).encode()
    except Refused as refusal:
        refused = say("en", refusal.key, **refusal.values)
    except OperatorError as error:
        refused = str(error)
    except Exception:
        log.exception("a command failed", command=command)
        refused = "The command failed inside the running bot; its log says why."
    return json.dumps({"refused": refused}).encode()


async def ask(data_dir: Path, command: str, arguments: Json) -> Json:
    """Let the running bot perform a command; raises OperatorError with its sentence when it refuses."""
    request = json.dumps({"command": command, "arguments": arguments}).encode() + b"\n"
    if len(request) > LINE_BYTES:
        raise OperatorError("That is too much for one command; give it in smaller pieces, or stop the bot first.")
    try:
        reader, writer = await asyncio.open_unix_connection(socket_path(data_dir), limit=LINE_BYTES)
    except OSError:
        raise OperatorError("The bot is running but does not listen yet; try again in a moment.") from None
    try:
        writer.write(request)
        await writer.drain()
        line = await reader.readline()
    except OSError:
        line = b""
    finally:
        writer.close()
    if not line.endswith(b"\n"):
        raise OperatorError("The bot stopped while it did this; look at its log, then try again.")
    reply: Json = json.loads(line)
    if "refused" in reply:
        raise OperatorError(str(reply["refused"]))
    done: Json = reply["done"]
    return done
