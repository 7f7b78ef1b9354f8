"""What every web door reads of a request: the tools, the bulletin, a form within bounds, its token; and dead links."""

import asyncio
import hmac
from datetime import timedelta
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from bot.render import reader_pages as pages
from bot.services import Services
from bot.texts import say
from bot.tokens import read_row_token
from store import bulletins, opt_in
from store.records import Bulletin

FORM_BYTES = 4_000
FORM = "form"
"""The name of the field that holds a form's token."""

ANSWER_SECONDS = 0.4
"""Every request for a mail to confirm is answered so long after it came: what was done for it is not to be timed."""


def services_of(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


async def body_of(request: Request, limit: int) -> bytes:
    """Return a body of at most so many bytes; a longer one is refused before it is read to its end."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(400) from None
    return body


async def form_of(request: Request) -> dict[str, str]:
    """Return the first value of each field of a form, as browsers send it."""
    body = await body_of(request, FORM_BYTES)
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[0] for name, values in fields.items()}


async def bulletin_of(request: Request) -> Bulletin:
    """Return the bulletin that the address names."""
    async with services_of(request).store.reading() as tx:
        for bulletin in await bulletins.every(tx):
            if bulletin.slug == request.path_params["slug"]:
                return bulletin
    raise HTTPException(404)


def token_of(request: Request, *purposes: str) -> tuple[str, int, int]:
    """Return the purpose, row and generation of the token in the address, one of these purposes."""
    for purpose in purposes:
        found = read_row_token(services_of(request).sealer, purpose, request.path_params["token"])
        if found is not None:
            return purpose, *found
    raise HTTPException(404)


def form_token(services: Services, address: str, days_ago: int = 0) -> str:
    """Return what a form that acts on `address` carries: good on the day it was shown, and the next."""
    day = (services.clock.now() - timedelta(days=days_ago)).date()
    return services.sealer.mac("form", f"{day} {address}")[:32]


def is_ours(services: Services, address: str, given: str) -> bool:
    """Say whether a form was shown by us, for this address, today or yesterday."""
    fitting = [form_token(services, address, days).encode() for days in (0, 1)]
    return any(hmac.compare_digest(each, given.encode("utf-8", "replace")) for each in fitting)


def home_of(bulletin: Bulletin) -> str:
    return f"/{bulletin.slug}/"


async def evenly(begun: float) -> None:
    """Wait until ANSWER_SECONDS have passed since `begun`, a moment of the loop's own time."""
    await asyncio.sleep(max(0.0, begun + ANSWER_SECONDS - asyncio.get_running_loop().time()))


async def gone(request: Request, what: str, subscription_id: int | None, *, again: bool = True) -> Response:
    """Say that a link is of no use any more, in the language and for the bulletin of whom it was made for.

    `what` is the middle of its two sentences' keys; `again` offers to subscribe.
    """
    services = services_of(request)
    async with services.store.reading() as tx:
        found = None if subscription_id is None else await opt_in.standing(tx, subscription_id)
        bulletin = await (bulletins.first(tx) if found is None else bulletins.get(tx, found.bulletin_id))
    if bulletin is None:
        raise HTTPException(404)
    language = (found.language if found else "") or bulletin.language
    form = (f"/{bulletin.slug}/subscribe", say(language, "page-subscribe-title", bulletin=bulletin.title))
    more = form if again and services.postman is not None else None
    return HTMLResponse(pages.told(language, what, bulletin.title, home=home_of(bulletin), more=more), status_code=410)
