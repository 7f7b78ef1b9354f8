"""Serves the sandbox's page on loopback: the page, its events, and acts that no other site can send."""

import asyncio
import contextlib
import hmac
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import resources

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.mailbox import Letter
from bot.sandbox.page import letters, view
from bot.sandbox.page.acts import Impossible, perform
from bot.sandbox.theatre import Theatre

_STOP_SECONDS = 5.0
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' http://127.0.0.1:*; frame-src 'self' http://127.0.0.1:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class Page:
    """The doors of the page. `token` stands in the page itself, so that no other site can know it."""

    def __init__(self, theatre: Theatre, port: int) -> None:
        self.closing = asyncio.Event()
        self._theatre = theatre
        self._token = secrets.token_urlsafe(24)
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._static = resources.files("bot.sandbox.page") / "static"

    def app(self) -> Starlette:
        """The page as an application."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/static/{name}", self.static),
                Route("/events", self.events),
                Route("/act", self.act, methods=["POST"]),
                Route("/letters/{number:int}.json", self.letter_facts),
                Route("/letters/{number:int}", self.letter),
                Route("/news", self.news),
                Route("/files/{path:path}", self.file),
            ]
        )

    async def page(self, request: Request) -> Response:
        self._expect_our_name(request)
        source = (self._static / "index.html").read_text("utf-8").replace("{{token}}", self._token)
        return HTMLResponse(source, headers=_HEADERS | {"Content-Security-Policy": _POLICY})

    async def static(self, request: Request) -> Response:
        """Hand out one of the page's own files."""
        name = request.path_params["name"]
        known = {file.name for file in self._static.iterdir()}
        if name not in known or name == "index.html":
            raise HTTPException(404)
        kind = _TYPES.get(name.rpartition(".")[2], "text/plain")
        return Response((self._static / name).read_bytes(), media_type=kind, headers=_HEADERS)

    async def events(self, request: Request) -> Response:
        """Tell the page everything, then what changes."""
        self._expect_our_name(request)
        self._expect_token(request.query_params.get("token", ""))
        stream = view.stream(self._theatre, self.closing)
        return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)

    async def act(self, request: Request) -> Response:
        """Do what somebody did on the page."""
        self._expect_our_name(request)
        self._expect_token(request.headers.get("x-page-token", ""))
        try:
            said = await perform(self._theatre, await request.json())
        except Impossible as reason:
            return JSONResponse({"refused": str(reason)})
        return JSONResponse({"said": said})

    async def letter(self, request: Request) -> Response:
        """Show a letter's HTML, shut in."""
        found = letters.shown_letter(self._letter(request))
        return HTMLResponse(found, headers=_HEADERS | {"Content-Security-Policy": letters.SHUT_IN})

    async def letter_facts(self, request: Request) -> Response:
        """Give a letter's text and headers."""
        shown = self._letter(request).shown
        return JSONResponse({key: shown[key] for key in ("number", "subject", "text", "headers")}, headers=_HEADERS)

    async def news(self, request: Request) -> Response:
        """Show a page of the invented press, shut in."""
        site = self._theatre.week.stage.site
        status, body, kind = letters.news_page(site, request.query_params.get("url", ""))
        headers = _HEADERS | {"Content-Security-Policy": letters.SHUT_IN, "Content-Type": kind}
        return Response(body, status, headers=headers)

    async def file(self, request: Request) -> Response:
        """Hand out a file that somebody sent in a chat."""
        for file in self._theatre.week.stage.telegram.board.files.values():
            if file.path == request.path_params["path"]:
                headers = _HEADERS | {"Content-Disposition": "attachment"}
                return Response(file.content, media_type=file.mime_type, headers=headers)
        raise HTTPException(404)

    def _letter(self, request: Request) -> Letter:
        number, room = request.path_params["number"], self._theatre.week.stage.mail
        if not 1 <= number <= len(room.letters):
            raise HTTPException(404)
        found: Letter = room.letters[number - 1]
        return found

    def _expect_our_name(self, request: Request) -> None:
        # A site that has its name point here (DNS rebinding) would come with that name.
        if request.headers.get("host", "") not in self._hosts:
            raise HTTPException(403)

    def _expect_token(self, given: str) -> None:
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            raise HTTPException(403)


class _Server(uvicorn.Server):
    """A web server that leaves the signals to the command."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(theatre: Theatre, port: int) -> AsyncIterator[str]:
    """Serve the page on this port of loopback, 0 takes a free one; yields its address. OSError when it is taken."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        taken = int(listening.getsockname()[1])
        page = Page(theatre, taken)
        config = uvicorn.Config(
            page.app(),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield f"http://127.0.0.1:{taken}/"
        finally:
            page.closing.set()
            server.should_exit = True
            await asyncio.wait({task}, timeout=_STOP_SECONDS)
