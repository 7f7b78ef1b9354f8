"""Serves the web pages inside the bot's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from bot.errors import OperatorError

STOP_SECONDS = 10.0


class _Server(uvicorn.Server):
    """A web server that leaves the signals to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: Starlette, listen: str) -> AsyncIterator[int]:
    """Serve the pages on `host:port`, and yield the port that was taken; port 0 takes any free one.

    Raises OperatorError when the port belongs to another program.
    """
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=2
    )
    server = _Server(config)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.create_server((host.strip("[]"), int(port)), family=family)
    except OSError as error:
        free = f"{host}:{(int(port) + 1) % 65536}"
        raise OperatorError(
            f"The web pages cannot be served on {listen} ({error.strerror}): "
            f"set BULLETIN_WEB_LISTEN to a free address, such as {free}."
        ) from None
    task = asyncio.create_task(server.serve([sock]))
    try:
        yield int(sock.getsockname()[1])
    finally:
        server.should_exit = True
        await asyncio.wait({task}, timeout=STOP_SECONDS)
