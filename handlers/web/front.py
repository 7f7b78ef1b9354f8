"""The web front: which address leads to which door, the headers of every answer, health, and failures."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.render import web
from bot.services import Services
from handlers.door import AnyApplication, Doorkeeper
from handlers.web import archive, changing, choosing, leaving, subscribing, webhook
from handlers.web.request import home_of, services_of
from store import bulletins

POLICY = b"content-security-policy"
SECURITY = {
    POLICY: b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
PRIVATE = ("/confirm/", "/choices/", "/change/", "/leave/")
"""Where a reader's own pages stand, which nothing between them and us may keep."""


class Headers:
    """Adds the headers that keep a page from loading or leaking anything; only the sandbox may frame it."""

    def __init__(self, app: ASGIApp, framed: bool) -> None:
        self._app = app
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(SECURITY)
        if self._framed:
            headers[POLICY] = headers[POLICY].replace(b"frame-ancestors 'none'", b"frame-ancestors http://127.0.0.1:*")

        if scope["type"] == "http" and scope["path"].startswith(PRIVATE):
            headers[b"cache-control"] = b"no-store"

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
            *leaving.ROUTES,
            *subscribing.CONFIRMING,
            *choosing.ROUTES,
            *changing.ROUTES,
            *webhook.ROUTES,
            *subscribing.ROUTES,
            *archive.ROUTES,
        ],
        middleware=[Middleware(Headers, framed=bool(services.settings.demo_clock))],
        exception_handlers={HTTPException: failed, 500: failed},
    )
    app.router.redirect_slashes = False  # it would answer with the host that the request names
    app.state.services = services
    app.state.application = application
    app.state.keeper = keeper
    return app


async def health(request: Request) -> Response:
    """Say that the bot is up and its store answers."""
    async with services_of(request).store.reading() as tx:
        await bulletins.first(tx)
    return JSONResponse({"status": "ok"})


async def stylesheet(_request: Request) -> Response:
    return Response(web.STYLESHEET, media_type="text/css")


async def home(request: Request) -> Response:
    async with services_of(request).store.reading() as tx:
        bulletin = await bulletins.first(tx)
    if bulletin is None:
        raise HTTPException(404)
    return RedirectResponse(f"/{bulletin.slug}/")


async def failed(request: Request, error: Exception) -> Response:
    """Answer with a page in plain words."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    async with services_of(request).store.reading() as tx:
        bulletin = await bulletins.first(tx)
    language, title, place = (bulletin.language, bulletin.title, home_of(bulletin)) if bulletin else ("en", "", "")
    page = web.error_page(language, status, bulletin=title, home=place)
    return HTMLResponse(page, status_code=status, headers={"allow": _allowed(request)} if status == 405 else None)


def _allowed(request: Request) -> str:
    """Return the methods that an address takes (RFC 9110 §15.5.6)."""
    here = (each for each in request.app.routes if each.matches(request.scope)[0] != Match.NONE)
    return ", ".join(sorted({method for each in here for method in each.methods}))
