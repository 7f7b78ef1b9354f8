"""Meets Telegram at start: again and again until it answers, while the rest of the bot works already."""

import asyncio
from collections.abc import Callable

from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError

from bot import first_start
from bot.errors import NotSent, PerhapsSent
from bot.logs import logger
from bot.services import Services
from bot.texts import languages, say
from bot.tokens import webhook_secret
from handlers import routes
from handlers.door import AnyApplication, Doorkeeper
from handlers.polling import KINDS, finish_kept, poll
from store import bulletins

RETRY_SECONDS = (1, 2, 5, 10, 30)
WEBHOOK_CONNECTIONS = 8  # more would only queue up before the store, which takes one writer at a time
log = logger("greeting")


async def meet_telegram(
    services: Services, application: AnyApplication, keeper: Doorkeeper, announce: Callable[[str], None]
) -> None:
    """Greet Telegram until it answers, then take updates by the webhook of the settings or by long polling."""
    attempt = 0
    while not await _greeted(services, application, announce):
        await asyncio.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
        attempt += 1
    if services.settings.telegram_webhook:
        await finish_kept(application, keeper, services.clock)
    else:
        await poll(application, keeper, services.clock)


async def _greeted(services: Services, application: AnyApplication, announce: Callable[[str], None]) -> bool:
    try:
        await application.initialize()
        await _introduce(services, application.bot, announce)
        await _choose_road(services, application.bot)
    except InvalidToken:
        log.error("Telegram does not know the token: set BULLETIN_TELEGRAM_TOKEN to the one @BotFather gave")
    except (TelegramError, NotSent, PerhapsSent) as error:
        log.warning("Telegram cannot be reached yet; the rest works, trying again", reason=str(error))
    except Exception:  # a full disk, a busy store: without a greeting the bot would be deaf from then on
        log.exception("greeting Telegram failed; trying again")
    else:
        return True
    return False


async def _introduce(services: Services, bot: Bot, announce: Callable[[str], None]) -> None:
    services.me.username = bot.username
    async with services.store.transaction() as tx:
        await bulletins.set_fact(tx, "bot_username", bot.username)
    token = await first_start.owner_token(services.store, services.sealer, services.clock.now())
    if token is not None:
        announce(f"You are the owner once you open this link in Telegram: https://t.me/{bot.username}?start={token}")
    for language in languages():
        listed = [BotCommand(name, say(language, route.help)) for name, route in routes.COMMANDS.items() if route.help]
        await bot.set_my_commands(listed, language_code=None if language == "en" else language)
    await _find_channels(services)
    log.info("Telegram knows the bot", username=bot.username)


async def _choose_road(services: Services, bot: Bot) -> None:
    webhook = services.settings.telegram_webhook
    if webhook:
        secret = webhook_secret(services.sealer)
        await bot.set_webhook(
            f"{webhook}/telegram/webhook",
            max_connections=WEBHOOK_CONNECTIONS,
            secret_token=secret,
            allowed_updates=KINDS,
        )
    else:
        await bot.delete_webhook()


async def _find_channels(services: Services) -> None:
    """Turn the @names of CHANNELS into chats, now that they can be asked for; one that is not there is asked again."""
    async with services.store.reading() as tx:
        wanted: list[str] = await bulletins.fact(tx, "channels-wanted", [])
    missing: list[str] = []
    for name in wanted:
        try:
            facts = await services.courier.facts(name)
        except NotSent as error:
            log.warning("a channel of BULLETIN_CHANNELS cannot be asked for", name=name, reason=error.reason)
            missing.append(name)
            continue
        async with services.store.transaction() as tx:
            bulletin = await bulletins.first(tx)
            if bulletin is not None:
                await bulletins.add_channel(tx, bulletin.id, facts.chat, facts.title)
    if wanted != missing:
        async with services.store.transaction() as tx:
            await bulletins.set_fact(tx, "channels-wanted", missing)
