"""Telegram's webhook: an update is taken as done only after its effect is committed."""

import hmac
import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Update

from bot.logs import logger
from bot.tokens import webhook_secret
from handlers.door import AnyApplication
from handlers.web.request import body_of, services_of

UPDATE_BYTES = 1_000_000
log = logger("web")


async def webhook(request: Request) -> Response:
    """Take an update from Telegram; 200 only after its effect is committed, so that Telegram sends it again if not."""
    services, keeper = services_of(request), request.app.state.keeper
    given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("latin-1", "replace")
    if keeper is None or not hmac.compare_digest(given, webhook_secret(services.sealer).encode()):
        raise HTTPException(404)
    body = await body_of(request, UPDATE_BYTES)
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


ROUTES = (Route("/telegram/webhook", webhook, methods=["POST"]),)
