"""A reader's own page, by the private link of every issue: how it comes, a pause, another address, their data."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import reader_erasing, reader_export
from bot.render import reader_pages as pages
from bot.render.reader_pages import Choices, Other
from bot.services import Services
from bot.subscriptions import LEAVE, choosing, moving, taken
from bot.subscriptions.addresses import CHARACTERS
from bot.subscriptions.choosing import Mine
from bot.texts import known_language, say
from handlers.web.request import FORM, evenly, form_of, form_token, gone, home_of, is_ours, services_of, token_of
from store.database import Tx

ACTS = ("form", "pause", "bulletin", "address", "copy", "erase")
Given = dict[str, str]


async def show(request: Request) -> Response:
    """Show what a reader has chosen; GET and HEAD change nothing."""
    return await _shown(request)


async def _shown(request: Request, notice: str = "", problem: str = "", given: str = "") -> Response:
    """Show the page as it is now, with what came of the last choice, by a sentence's key; `given` is an address."""
    services = services_of(request)
    async with services.store.reading() as tx:
        mine = await _mine(tx, request)
    if mine is None:
        return await _no_reader(request)
    language = mine.here.language
    shown = _choices(services, mine, f"/choices/{request.path_params['token']}", language, notice, problem)
    shown = replace(shown, wrong=_PROBLEMS.get(problem, ""), given=given[:CHARACTERS])
    page = pages.choices_page(language, shown, home=home_of(mine.bulletin))
    return HTMLResponse(page, status_code=400 if problem else 200)


def _choices(services: Services, mine: Mine, action: str, language: str, notice: str, problem: str) -> Choices:
    here, today = mine.here, services.clock.now().date()
    return Choices(
        bulletin=mine.bulletin.title,
        action=action,
        address=moving.old_address(services.sealer, mine),
        form=here.format,
        with_pdf=here.with_pdf,
        language=language,
        paused_until=here.paused_until if here.paused_until and here.paused_until > today else None,
        leave=action.replace("/choices/", "/leave/", 1),
        tokens={act: form_token(services, f"{action}/{act}") for act in ACTS},
        others=[Other(each.id, each.title, mine.reads(each.id)) for each in mine.every if each.id != mine.bulletin.id],
        notice=say(language, notice) if notice else "",
        problem=say(language, problem) if problem else "",
    )


async def _mine(tx: Tx, request: Request) -> Mine | None:
    _, row, generation = token_of(request, LEAVE)
    return await choosing.of_link(tx, row, generation)


async def _no_reader(request: Request) -> Response:
    """Say that the link is no reader's any more, and how to become one."""
    _, row, _ = token_of(request, LEAVE)
    return await gone(request, "closed", row)


async def act(request: Request) -> Response:
    """Carry out one choice, and show the page again."""
    begun = asyncio.get_running_loop().time()
    what = request.path_params["what"]
    if what not in ACTS:
        raise HTTPException(404)
    services, given = services_of(request), await form_of(request)
    token_of(request, LEAVE)
    if not is_ours(services, request.url.path, given.get(FORM, "")):
        return await _shown(request, problem="page-form-old")
    if what == "copy":
        return await _copy(request)
    if what == "erase":
        return await _erase(request, given)
    async with services.store.transaction() as tx:
        mine = await _mine(tx, request)
        said = "" if mine is None else await _DOING[what](tx, services, mine, given)
    services.bell.ring()
    if what == "address":
        await evenly(begun)
    problem = said if said in _PROBLEMS else ""
    typed = given.get("address", "").strip() if problem else ""
    return await _shown(request, notice="" if problem else said, problem=problem, given=typed)


async def _form(tx: Tx, _services: Services, mine: Mine, given: Given) -> str:
    language = known_language(given.get("language", mine.here.language))
    form, with_pdf = given.get("format", ""), bool(given.get("pdf"))
    await choosing.choose_form(tx, mine, form=form, with_pdf=with_pdf, language=language)
    return "choices-saved"


async def _pause(tx: Tx, services: Services, mine: Mine, given: Given) -> str:
    weeks = given.get("weeks", "")
    if not (weeks.isascii() and weeks.isdigit() and len(weeks) <= 3):
        return "choices-no-weeks"
    await choosing.pause(tx, mine, int(weeks), services.clock.now())
    return "choices-pause-saved" if int(weeks) else "choices-pause-over"


async def _bulletin(tx: Tx, services: Services, mine: Mine, given: Given) -> str:
    wanted = next((each.id for each in mine.every if str(each.id) == given.get("bulletin")), None)
    if wanted is None or wanted == mine.bulletin.id:
        return "choices-no-bulletin"
    change = choosing.read_also if given.get("read") == "1" else choosing.stop_reading
    await change(tx, mine, wanted, services.clock.now())
    return "choices-saved"


async def _address(tx: Tx, services: Services, mine: Mine, given: Given) -> str:
    address = taken(given.get("address", ""), test_domains=bool(services.settings.demo_clock))
    if address is None:
        return "page-no-address"
    await moving.ask_change(tx, services.sealer, mine, address, services.clock.now())
    return "choices-move-asked"


_PROBLEMS = {
    "choices-no-weeks": "pause",
    "choices-no-bulletin": "bulletin",
    "page-no-address": "address",
    "choices-not-sure": "erase",
}
"""What is said of a choice that was not taken, and the form that it is about."""

_DOING: dict[str, Callable[[Tx, Services, Mine, Given], Awaitable[str]]] = {
    "form": _form,
    "pause": _pause,
    "bulletin": _bulletin,
    "address": _address,
}


async def _copy(request: Request) -> Response:
    """Hand out all that is kept about the reader, as a file."""
    services = services_of(request)
    async with services.store.reading() as tx:
        mine = await _mine(tx, request)
        address = "" if mine is None else moving.old_address(services.sealer, mine)
        kept = await reader_export.copy(tx, services.sealer, address)
    if mine is None:
        return await _no_reader(request)
    headers = {"content-disposition": 'attachment; filename="my-data.json"'}
    return Response(json.dumps(kept, ensure_ascii=False, indent=2), media_type="application/json", headers=headers)


async def _erase(request: Request, given: Given) -> Response:
    """Forget a reader altogether, in the files too."""
    services = services_of(request)
    if not given.get("sure"):
        return await _shown(request, problem="choices-not-sure")
    async with services.store.transaction() as tx:
        mine = await _mine(tx, request)
        if mine is not None:
            await reader_erasing.erase(tx, services.sealer, mine.here.address_mac, services.clock.now())
    if mine is None:
        return await _no_reader(request)
    await services.store.checkpoint()
    bulletin = mine.bulletin
    return HTMLResponse(pages.told(mine.here.language, "erased", bulletin.title, home=home_of(bulletin)))


async def back(request: Request) -> Response:
    """Lead whoever opens the address of a form to the page that it stands on."""
    return RedirectResponse(f"/choices/{request.path_params['token']}", status_code=303)


ROUTES = (
    Route("/choices/{token}", show, methods=["GET"]),
    Route("/choices/{token}/{what}", back, methods=["GET"]),
    Route("/choices/{token}/{what}", act, methods=["POST"]),
)
