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
            request = json.loads(await reader.readline())
            reply = await _performed(perform, request["command"], request["arguments"])
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_unix_server(answer, path, limit=LINE_BYTES)
    os.chmod(path, 0o600)
    return server


async def _performed(perform: Perform, command: str, arguments: Json) -> Json:
    try:
        return {"done": await perform(command, arguments)}
    except Refused as refusal:
        return {"refused": say("en", refusal.key, **refusal.values)}
    except OperatorError as error:
        return {"refused": str(error)}
    except Exception:
        log.exception("a command failed", command=command)
        return {"refused": "The command failed inside the running bot; its log says why."}


async def ask(data_dir: Path, command: str, arguments: Json) -> Json:
    """Let the running bot perform a command; raises OperatorError with its sentence when it refuses."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket_path(data_dir), limit=LINE_BYTES)
    except OSError:
        raise OperatorError("The bot is running but does not listen yet; try again in a moment.") from None
    writer.write(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
    await writer.drain()
    line = await reader.readline()
    writer.close()
    if not line:
        raise OperatorError("The bot stopped while it did this; look at its log, then try again.")
    reply: Json = json.loads(line)
    if "refused" in reply:
        raise OperatorError(str(reply["refused"]))
    done: Json = reply["done"]
    return done
