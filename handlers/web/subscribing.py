"""Coming in by the web: the form, and the page behind the link of the mail that asks to confirm."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import subscriptions
from bot.render import reader_pages as pages
from bot.render.reader_pages import Entry
from bot.render.web import Form
from bot.services import Services
from bot.subscriptions import coming
from bot.subscriptions.addresses import CHARACTERS
from bot.texts import say
from bot.tokens import row_token
from handlers.web.request import (
    FORM,
    bulletin_of,
    evenly,
    form_of,
    form_token,
    gone,
    home_of,
    is_ours,
    services_of,
    token_of,
)
from store import bulletins
from store.records import Bulletin


def entry_for(
    services: Services, bulletin: Bulletin, *, given: str = "", problem: str = "", wrong: bool = False
) -> Entry | None:
    """Return the form by which somebody subscribes; None where no mail goes out."""
    if services.postman is None:
        return None
    action = f"/{bulletin.slug}/subscribe"
    return Entry(action, form_token(services, action), given, problem, wrong)


async def show(request: Request) -> Response:
    """Show the form."""
    return _shown(services_of(request), await bulletin_of(request))


async def ask(request: Request) -> Response:
    """Begin double opt-in; the answer, and how long it takes, is the same whatever is known of the address."""
    begun = asyncio.get_running_loop().time()
    services, bulletin = services_of(request), await bulletin_of(request)
    if services.postman is None:
        raise HTTPException(404)
    given = await form_of(request)
    text = given.get("address", "").strip()
    if not is_ours(services, request.url.path, given.get(FORM, "")):
        return _shown(services, bulletin, given=text, problem=say(bulletin.language, "page-form-old"))
    address = subscriptions.taken(text, test_domains=bool(services.settings.demo_clock))
    if address is None:
        return _shown(services, bulletin, given=text, problem=say(bulletin.language, "page-no-address"), wrong=True)
    if not given.get("website"):
        async with services.store.transaction() as tx:
            now = services.clock.now()
            language = bulletin.language
            await subscriptions.ask(tx, services.sealer, bulletin, address, language, now, consent="web form")
        services.bell.ring()
    await evenly(begun)
    return HTMLResponse(pages.told(bulletin.language, "asked", bulletin.title, home=home_of(bulletin)))


def _shown(
    services: Services, bulletin: Bulletin, *, given: str = "", problem: str = "", wrong: bool = False
) -> Response:
    entry = entry_for(services, bulletin, given=given[:CHARACTERS], problem=problem, wrong=wrong)
    if entry is None:
        raise HTTPException(404)
    page = pages.subscribe_page(bulletin.language, bulletin.title, entry, home=home_of(bulletin))
    return HTMLResponse(page, status_code=400 if problem else 200)


async def confirm_page(request: Request) -> Response:
    """Show the page behind the link to confirm; GET and HEAD change nothing."""
    return await _confirm_shown(request)


async def _confirm_shown(request: Request, status: int = 200) -> Response:
    services = services_of(request)
    _, row, generation = token_of(request, subscriptions.CONFIRM)
    async with services.store.reading() as tx:
        found = await coming.waits_for(tx, row, generation, services.clock.now())
        bulletin = None if found is None else await bulletins.get(tx, found.bulletin_id)
        latest = None if found is None else await coming.latest(tx, found)
    if found is None or bulletin is None:
        return await gone(request, "confirm-gone", row)
    path, language = request.url.path, found.language
    form = Form(
        path,
        say(language, "page-confirm-button"),
        fields=((FORM, form_token(services, path)),),
        boxes=() if latest is None else (("latest", say(language, "page-confirm-latest")),),
    )
    page = pages.told(language, "confirm", bulletin.title, home=home_of(bulletin), form=form)
    return HTMLResponse(page, status_code=status)


async def confirm(request: Request) -> Response:
    """Make a reader of who confirms, and send the latest issue where they want it."""
    services = services_of(request)
    _, row, generation = token_of(request, subscriptions.CONFIRM)
    given = await form_of(request)
    if not is_ours(services, request.url.path, given.get(FORM, "")):
        return await _confirm_shown(request, 400)
    async with services.store.transaction() as tx:
        now = services.clock.now()
        found = await subscriptions.confirm(tx, row, generation, now)
        if found is not None and found.new and given.get("latest"):
            await coming.send_latest(tx, found, now)
    if found is None:
        return await gone(request, "confirm-gone", row)
    services.bell.ring()
    home = home_of(found.bulletin)
    if not found.new:
        return HTMLResponse(pages.told(found.language, "confirmed-before", found.bulletin.title, home=home))
    token = row_token(services.sealer, subscriptions.LEAVE, found.subscription_id, found.generation)
    more = (f"/choices/{token}", say(found.language, "page-to-choices"))
    return HTMLResponse(pages.told(found.language, "confirmed", found.bulletin.title, home=home, more=more))


CONFIRMING = (
    Route("/confirm/{token}", confirm_page, methods=["GET"]),
    Route("/confirm/{token}", confirm, methods=["POST"]),
)
ROUTES = (
    Route("/{slug}/subscribe", show, methods=["GET"]),
    Route("/{slug}/subscribe", ask, methods=["POST"]),
)
