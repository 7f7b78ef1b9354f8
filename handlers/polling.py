"""Long polling: an update is fetched, dealt with, committed, and only then is the offset moved."""

import asyncio

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.logs import logger
from bot.ports import Clock
from handlers.door import AnyApplication, Doorkeeper
from store import updates
from store.database import Store

POLL_SECONDS = 20
KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
PAUSE_SECONDS = (1, 2, 5, 10, 30)
log = logger("polling")


async def poll(application: AnyApplication, keeper: Doorkeeper, store: Store, clock: Clock) -> None:
    """Fetch and deal with updates until cancelled."""
    async with store.reading() as tx:
        last = await updates.last(tx)
    offset = None if last is None else last + 1
    trouble = 0
    while True:
        try:
            batch = await application.bot.get_updates(
                offset=offset, timeout=POLL_SECONDS, allowed_updates=KINDS, read_timeout=POLL_SECONDS + 5
            )
        except TelegramError as error:
            await _wait_out(error, trouble, clock)
            trouble += 1
            continue
        if trouble:
            log.info("Telegram answers again")
        trouble = 0
        for update in batch:
            await application.process_update(update)
            if update.update_id in keeper.failed:
                break
            offset = update.update_id + 1


async def _wait_out(error: TelegramError, trouble: int, clock: Clock) -> None:
    pause = float(PAUSE_SECONDS[min(trouble, len(PAUSE_SECONDS) - 1)])
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        pause = wait if isinstance(wait, int) else wait.total_seconds()
    elif isinstance(error, Conflict):
        log.error("another program polls with this token: stop it, or make a new token with @BotFather")
    elif isinstance(error, InvalidToken):
        log.error("Telegram does not know the token: set BULLETIN_TELEGRAM_TOKEN to the one @BotFather gave")
    elif isinstance(error, NetworkError) and trouble == 0:
        log.warning("Telegram cannot be reached, trying again; everything else goes on", reason=str(error))
    await asyncio.sleep(0) if pause == 0 else await clock.sleep(pause)
