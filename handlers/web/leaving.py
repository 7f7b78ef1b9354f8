"""Leaving by the web: by one click of a mail program, or by the page's button, with an undo."""

import re
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import subscriptions
from bot.render import reader_pages as pages
from bot.render import web
from bot.render.web import Form
from bot.texts import say
from handlers.web.request import FORM, body_of, form_of, form_token, home_of, is_ours, services_of, token_of
from store import opt_in
from store.records import Bulletin

ONE_CLICK_BYTES = 1_000
_IN_PARTS = re.compile(rb'name="?List-Unsubscribe"?\r\n(?:[^\r\n]+\r\n)*\r\nOne-Click\r\n--')


async def leave_page(request: Request) -> Response:
    """Show the page behind the leave link; GET and HEAD change nothing."""
    bulletin, language = await _leaving(request)
    choices = f"/choices/{request.path_params['token']}"
    page = web.leave_page(language, bulletin.title, request.url.path, home=home_of(bulletin), choices=choices)
    return HTMLResponse(page)


async def leave(request: Request) -> Response:
    """End a subscription by one click (RFC 8058) or by the page's button; both POST the same body."""
    bulletin, language = await _leaving(request)
    if not _is_one_click(await body_of(request, ONE_CLICK_BYTES)):
        raise HTTPException(400)
    services = services_of(request)
    _, row, generation = token_of(request, subscriptions.LEAVE)
    async with services.store.transaction() as tx:
        await subscriptions.leave(tx, row, generation, services.clock.now())
    path = f"/leave/{request.path_params['token']}/undo"
    undo = Form(path, say(language, "page-undo-button"), ((FORM, form_token(services, path)),), quiet=True)
    return HTMLResponse(web.left_page(language, bulletin.title, home=home_of(bulletin), undo=undo))


def _is_one_click(body: bytes) -> bool:
    """Say whether a body is that of RFC 8058 §3.1, which may come in parts too."""
    return parse_qs(body.decode("latin-1")) == {"List-Unsubscribe": ["One-Click"]} or bool(_IN_PARTS.search(body))


async def undo(request: Request) -> Response:
    """Take the leaving of a moment ago back."""
    bulletin, language = await _leaving(request)
    services, given = services_of(request), await form_of(request)
    if not is_ours(services, request.url.path, given.get(FORM, "")):
        raise HTTPException(400)
    _, row, generation = token_of(request, subscriptions.LEAVE)
    async with services.store.transaction() as tx:
        back = await subscriptions.undo(tx, row, generation, services.clock.now())
    home, key = home_of(bulletin), "back" if back else "not-back"
    more = (f"/choices/{request.path_params['token']}", say(language, "page-to-choices"))
    again = (f"/{bulletin.slug}/subscribe", say(language, "page-subscribe-title", bulletin=bulletin.title))
    return HTMLResponse(pages.told(language, key, bulletin.title, home=home, more=more if back else again))


async def _leaving(request: Request) -> tuple[Bulletin, str]:
    """Return the bulletin of a genuine leave link, and the reader's language."""
    _, row, generation = token_of(request, subscriptions.LEAVE)
    async with services_of(request).store.reading() as tx:
        bulletin = await subscriptions.bulletin_of(tx, row, generation)
        found = await opt_in.standing(tx, row)
    if bulletin is None or found is None:
        raise HTTPException(404)
    return bulletin, found.language


ROUTES = (
    Route("/leave/{token}", leave_page, methods=["GET"]),
    Route("/leave/{token}", leave, methods=["POST"]),
    Route("/leave/{token}/undo", undo, methods=["POST"]),
)
