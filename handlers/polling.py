"""Long polling: an update is fetched, dealt with, committed, and only then is the offset moved."""

import asyncio

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.logs import logger
from bot.ports import Clock
from handlers.door import AnyApplication, Doorkeeper

POLL_SECONDS = 20
KINDS = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
PAUSE_SECONDS = (1, 2, 5, 10, 30)
AGAIN_SECONDS = 1
log = logger("polling")


async def poll(application: AnyApplication, keeper: Doorkeeper, clock: Clock) -> None:
    """Fetch and deal with updates until cancelled.

    Nothing is confirmed but what this loop has dealt with: it begins with everything that Telegram still holds, since
    what took effect before takes none again, and after a quiet week new numbers may be lower than the old ones.
    """
    offset: int | None = None
    trouble = 0
    while True:
        try:
            batch = await application.bot.get_updates(
                offset=offset, timeout=POLL_SECONDS, allowed_updates=KINDS, read_timeout=POLL_SECONDS + 5
            )
        except Exception as error:  # noqa: BLE001  # what the library cannot read must not end the polling either
            await _wait_out(error, trouble, clock)
            trouble += 1
            continue
        if trouble:
            log.info("Telegram answers again")
        trouble = 0
        for update in batch:
            await application.process_update(update)
            if update.update_id in keeper.failed:
                await clock.sleep(AGAIN_SECONDS)
                break
            offset = update.update_id + 1
        if not batch:
            offset = None


async def _wait_out(error: Exception, trouble: int, clock: Clock) -> None:
    pause = float(PAUSE_SECONDS[min(trouble, len(PAUSE_SECONDS) - 1)])
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        pause = wait if isinstance(wait, int) else wait.total_seconds()
    elif isinstance(error, Conflict):
        log.error("another program polls with this token: stop it, or make a new token with @BotFather")
    elif isinstance(error, InvalidToken):
        log.error("Telegram does not know the token: set BULLETIN_TELEGRAM_TOKEN to the one @BotFather gave")
    elif not isinstance(error, TelegramError):
        log.error("an update cannot be read by this version of the bot", exc_info=error)
    elif isinstance(error, NetworkError) and trouble == 0:
        log.warning("Telegram cannot be reached, trying again; everything else goes on", reason=str(error))
    await asyncio.sleep(0) if pause == 0 else await clock.sleep(pause)
