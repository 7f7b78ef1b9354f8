"""What every web door reads of a request: the tools, the bulletin, a form within bounds, and its token."""

import hmac
from datetime import timedelta
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.services import Services
from bot.tokens import read_row_token
from store import bulletins
from store.records import Bulletin

FORM_BYTES = 4_000
FORM = "form"
"""The name of the field that holds a form's token."""


def services_of(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


async def body_of(request: Request, limit: int) -> bytes:
    """Return a body of at most so many bytes; a longer one is refused before it is read to its end."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise HTTPException(413)
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
