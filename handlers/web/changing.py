"""The page behind the two links by which a change of address is confirmed, at the old address and at the new."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.render import reader_pages as pages
from bot.render.web import Form
from bot.subscriptions import moving
from bot.subscriptions.moving import NEW, OLD, Side
from bot.texts import say
from handlers.web.request import FORM, form_of, form_token, gone, home_of, is_ours, services_of, token_of
from store import choices


def _side(request: Request) -> tuple[Side, int]:
    purpose, row, _ = token_of(request, OLD, NEW)
    return ("old" if purpose == OLD else "new"), row


async def show(request: Request) -> Response:
    """Show the button; GET and HEAD change nothing."""
    return await _shown(request)


async def _shown(request: Request, status: int = 200) -> Response:
    services = services_of(request)
    side, row = _side(request)
    async with services.store.reading() as tx:
        found = await moving.of_link(tx, row, services.clock.now())
    if found is None:
        return await _gone(request, row)
    path, language = request.url.path, found.language
    form = Form(path, say(language, "page-confirm-button"), ((FORM, form_token(services, path)),))
    page = pages.told(language, f"move-{side}", found.bulletin.title, home=home_of(found.bulletin), form=form)
    return HTMLResponse(page, status_code=status)


async def confirm(request: Request) -> Response:
    """Note that one address has confirmed; when both have, the issues go to the new one."""
    services, given = services_of(request), await form_of(request)
    side, row = _side(request)
    if not is_ours(services, request.url.path, given.get(FORM, "")):
        return await _shown(request, 400)
    async with services.store.transaction() as tx:
        found = await moving.confirm_change(tx, row, side, services.clock.now())
    if found is None:
        return await _gone(request, row)
    if found.done:
        await services.store.checkpoint()
    key = "moved" if found.done else "move-half"
    return HTMLResponse(pages.told(found.language, key, found.bulletin.title, home=home_of(found.bulletin)))


async def _gone(request: Request, row: int) -> Response:
    async with services_of(request).store.reading() as tx:
        owner = await choices.owner_of_change(tx, row)
    return await gone(request, "move-gone", owner, again=False)


ROUTES = (
    Route("/change/{token}", show, methods=["GET"]),
    Route("/change/{token}", confirm, methods=["POST"]),
)
