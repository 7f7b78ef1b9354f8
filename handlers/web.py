"""The web doors: archive, files and feed of each bulletin, the leave page, Telegram's webhook, health."""

import asyncio
import hmac
import json
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from telegram import Update

from bot import subscriptions
from bot.logs import logger
from bot.render import feed, web
from bot.render.editions import from_record
from bot.services import Services
from bot.tokens import read_row_token, webhook_secret
from handlers.door import AnyApplication, Doorkeeper
from store import bulletins, issues
from store.records import Bulletin

UPDATE_BYTES = 1_000_000
FORM_BYTES = 1_000
HIGHEST_NUMBER = 2**31
FEED_ISSUES = 20
FILES = {
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
FORMATS = {"pdf": "pdf", "txt": "text", "md": "markdown", "json": "json"}
POLICY = b"content-security-policy"
SECURITY = {
    POLICY: b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
log = logger("web")


class Headers:
    """Adds the headers that keep a page from loading or leaking anything; only the sandbox may frame it."""

    def __init__(self, app: ASGIApp, framed: bool) -> None:
        self._app = app
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(SECURITY)
        if self._framed:
            headers[POLICY] = headers[POLICY].replace(b"frame-ancestors 'none'", b"frame-ancestors http://127.0.0.1:*")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers.items()]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def build(services: Services, application: AnyApplication | None = None, keeper: Doorkeeper | None = None) -> Starlette:
    """Return the web front; with an application and its doorkeeper it takes Telegram's webhook too."""
    app = Starlette(
        routes=[
            Route("/", home),
            Route("/health", health),
            Route("/style.css", stylesheet),
            Route("/leave/{token}", leave_page, methods=["GET"]),
            Route("/leave/{token}", leave, methods=["POST"]),
            Route("/telegram/webhook", webhook, methods=["POST"]),
            Route("/{slug}/", archive),
            Route("/{slug}/feed.xml", atom),
            Route("/{slug}/{number:int}.{suffix}", file),
            Route("/{slug}/{number:int}", issue_page),
        ],
        middleware=[Middleware(Headers, framed=bool(services.settings.demo_clock))],
        exception_handlers={HTTPException: failed, 500: failed},
    )
    app.state.services = services
    app.state.application = application
    app.state.keeper = keeper
    return app


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


async def health(request: Request) -> Response:
    """Say that the bot is up and its store answers."""
    async with _services(request).store.reading() as tx:
        await bulletins.first(tx)
    return JSONResponse({"status": "ok"})


async def stylesheet(_request: Request) -> Response:
    return Response(web.STYLESHEET, media_type="text/css")


async def home(request: Request) -> Response:
    async with _services(request).store.reading() as tx:
        bulletin = await bulletins.first(tx)
    if bulletin is None:
        raise HTTPException(404)
    return RedirectResponse(f"/{bulletin.slug}/")


async def archive(request: Request) -> Response:
    """Show the numbered issues of a bulletin, newest first."""
    bulletin = await _bulletin(request)
    async with _services(request).store.reading() as tx:
        released = await issues.released(tx, bulletin.id)
    entries = [web.IndexEntry(issue.number or 0, issue.date, f"/{bulletin.slug}/{issue.number}") for issue in released]
    feed_address = f"/{bulletin.slug}/feed.xml"
    return HTMLResponse(web.render_index(bulletin.title, bulletin.language, entries, feed_address=feed_address))


async def issue_page(request: Request) -> Response:
    return HTMLResponse(await _rendering(request, "web"))


async def file(request: Request) -> Response:
    """Hand out an issue as PDF, text, Markdown or JSON."""
    suffix = request.path_params["suffix"]
    if suffix not in FILES:
        raise HTTPException(404)
    return Response(await _rendering(request, FORMATS[suffix]), media_type=FILES[suffix])


async def atom(request: Request) -> Response:
    """Hand out the newest issues as an Atom feed."""
    bulletin = await _bulletin(request)
    services = _services(request)
    async with services.store.reading() as tx:
        newest = (await issues.released(tx, bulletin.id))[:FEED_ISSUES]
        documents = [from_record(await issues.document(tx, issue.id)) for issue in newest]
    places = services.press.addresses(bulletin.slug)
    base = str(request.base_url).rstrip("/")
    home_address = places.home or f"{base}/{bulletin.slug}/"
    address = places.feed or f"{home_address}feed.xml"
    body = await asyncio.to_thread(feed.render, bulletin.title, home_address, address, documents)
    return Response(body, media_type="application/atom+xml")


async def leave_page(request: Request) -> Response:
    """Show the page behind the leave link; GET and HEAD change nothing."""
    bulletin = await _leaving(request)
    return HTMLResponse(web.leave_page(bulletin.language, bulletin.title, request.url.path))


async def leave(request: Request) -> Response:
    """End a subscription by one click (RFC 8058) or by the page's button; both POST the same body."""
    bulletin = await _leaving(request)
    body = await _body(request, FORM_BYTES)
    asked = parse_qs(body.decode("latin-1"))
    if asked.get("List-Unsubscribe") != ["One-Click"]:
        raise HTTPException(400)
    services = _services(request)
    row, generation = _token(request)
    async with services.store.transaction() as tx:
        await subscriptions.leave(tx, row, generation, services.clock.now())
    return HTMLResponse(web.left_page(bulletin.language, bulletin.title))


async def webhook(request: Request) -> Response:
    """Take an update from Telegram; 200 only after its effect is committed, so that Telegram sends it again if not."""
    services, keeper = _services(request), request.app.state.keeper
    given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("latin-1", "replace")
    if keeper is None or not hmac.compare_digest(given, webhook_secret(services.sealer).encode()):
        raise HTTPException(404)
    body = await _body(request, UPDATE_BYTES)
    application: AnyApplication = request.app.state.application
    raw = json.loads(body)
    try:
        update = Update.de_json(raw, application.bot)
    except Exception:  # of a form that the Telegram library does not know: offered again it would fail again
        log.exception("an update cannot be read and is set aside: a newer bulletin-bot may know it")
        await keeper.set_aside(int(raw["update_id"]))
        return PlainTextResponse("")
    await application.process_update(update)
    return PlainTextResponse("", status_code=500 if update.update_id in keeper.failed else 200)


async def failed(request: Request, error: Exception) -> Response:
    """Answer with a page in plain words."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    async with _services(request).store.reading() as tx:
        bulletin = await bulletins.first(tx)
    language, title = (bulletin.language, bulletin.title) if bulletin else ("en", "")
    return HTMLResponse(web.error_page(language, status, bulletin=title), status_code=status)


async def _body(request: Request, limit: int) -> bytes:
    """Return a body of at most so many bytes; a longer one is refused before it is read to its end."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise HTTPException(413)
    return body


async def _bulletin(request: Request) -> Bulletin:
    async with _services(request).store.reading() as tx:
        for bulletin in await bulletins.every(tx):
            if bulletin.slug == request.path_params["slug"]:
                return bulletin
    raise HTTPException(404)


async def _rendering(request: Request, form: str) -> bytes:
    bulletin = await _bulletin(request)
    if request.path_params["number"] > HIGHEST_NUMBER:
        raise HTTPException(404)
    async with _services(request).store.reading() as tx:
        issue = await issues.numbered(tx, bulletin.id, request.path_params["number"])
        content = await issues.rendering(tx, issue.id, form) if issue and issues.is_out(issue) else None
    if content is None:
        raise HTTPException(404)
    return content


def _token(request: Request) -> tuple[int, int]:
    found = read_row_token(_services(request).sealer, "leave", request.path_params["token"])
    if found is None:
        raise HTTPException(404)
    return found


async def _leaving(request: Request) -> Bulletin:
    row, generation = _token(request)
    async with _services(request).store.reading() as tx:
        bulletin = await subscriptions.bulletin_of(tx, row, generation)
    if bulletin is None:
        raise HTTPException(404)
    return bulletin
