"""Leaving by the web: by one click of a mail program, or by the page's button, with an undo."""

import re
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import subscriptions
from bot.render import reader_pages as pages
from bot.render.web import Form
from bot.texts import say
from handlers.web.request import FORM, body_of, form_of, form_token, gone, home_of, is_ours, services_of, token_of
from store import opt_in
from store.records import Bulletin

ONE_CLICK_BYTES = 1_000
_IN_PARTS = re.compile(
    rb'--([^\r\n]{1,70})\r\n(?:[^\r\n]+\r\n)*?[^\r\n]*\bname="?List-Unsubscribe"?\r\n(?:[^\r\n]+\r\n)*'
    rb"\r\nOne-Click\r\n--\1--\s*"
)


async def leave_page(request: Request) -> Response:
    """Show the page behind the leave link; GET and HEAD change nothing."""
    here = await _leaving(request)
    if here is None:
        return await _gone(request)
    bulletin, language = here
    choices = f"/choices/{request.path_params['token']}"
    page = pages.leave_page(language, bulletin.title, request.url.path, home=home_of(bulletin), choices=choices)
    return HTMLResponse(page)


async def leave(request: Request) -> Response:
    """End a subscription by one click (RFC 8058) or by the page's button; both POST the same body."""
    here = await _leaving(request)
    if here is None:
        return await _gone(request)
    if not _is_one_click(await body_of(request, ONE_CLICK_BYTES)):
        raise HTTPException(400)
    (bulletin, language), services = here, services_of(request)
    _, row, generation = token_of(request, subscriptions.LEAVE)
    async with services.store.transaction() as tx:
        await subscriptions.leave(tx, row, generation, services.clock.now())
    path = f"/leave/{request.path_params['token']}/undo"
    undo = Form(path, say(language, "page-undo-button"), ((FORM, form_token(services, path)),), quiet=True)
    return HTMLResponse(pages.told(language, "left", bulletin.title, home=home_of(bulletin), form=undo))


def _is_one_click(body: bytes) -> bool:
    """Say whether a body is that of RFC 8058 §3.2 and nothing else, which may come in parts too."""
    pairs = parse_qs(body.decode("latin-1").strip(), keep_blank_values=True)
    return pairs == {"List-Unsubscribe": ["One-Click"]} or bool(_IN_PARTS.fullmatch(body.strip()))


async def undo(request: Request) -> Response:
    """Take the leaving of a moment ago back; a form is good for as long as that is possible."""
    here, given = await _leaving(request), await form_of(request)
    if here is None:
        return await _gone(request)
    (bulletin, language), services = here, services_of(request)
    _, row, generation = token_of(request, subscriptions.LEAVE)
    ours, came = is_ours(services, request.url.path, given.get(FORM, "")), False
    if ours:
        async with services.store.transaction() as tx:
            came = await subscriptions.undo(tx, row, generation, services.clock.now())
    home, key = home_of(bulletin), "back" if came else "not-back"
    more = (f"/choices/{request.path_params['token']}", say(language, "page-to-choices"))
    again = (f"/{bulletin.slug}/subscribe", say(language, "page-subscribe-title", bulletin=bulletin.title))
    page = pages.told(language, key, bulletin.title, home=home, more=more if came else again)
    return HTMLResponse(page, status_code=200 if ours else 400)


async def back(request: Request) -> Response:
    """Lead whoever opens the address of the undo to the page that leads there."""
    return RedirectResponse(f"/leave/{request.path_params['token']}", status_code=303)


async def _leaving(request: Request) -> tuple[Bulletin, str] | None:
    """Return the bulletin of a genuine leave link, and the reader's language; None where the link is too old."""
    _, row, generation = token_of(request, subscriptions.LEAVE)
    async with services_of(request).store.reading() as tx:
        bulletin = await subscriptions.bulletin_of(tx, row, generation)
        found = await opt_in.standing(tx, row)
    return None if bulletin is None or found is None else (bulletin, found.language)


async def _gone(request: Request) -> Response:
    _, row, _ = token_of(request, subscriptions.LEAVE)
    return await gone(request, "closed", row)


ROUTES = (
    Route("/leave/{token}", leave_page, methods=["GET"]),
    Route("/leave/{token}", leave, methods=["POST"]),
    Route("/leave/{token}/undo", back, methods=["GET"]),
    Route("/leave/{token}/undo", undo, methods=["POST"]),
)
