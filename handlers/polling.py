"""Long polling: an update is fetched, dealt with, committed, and only then is the offset moved."""

import asyncio
from typing import Any

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.logs import logger
from bot.ports import Clock
from handlers.door import AnyApplication, Doorkeeper

POLL_SECONDS = 20
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
PAUSE_SECONDS = (1, 2, 5, 10, 30)
AGAIN_SECONDS = 1
BATCH_UPDATES = 100
log = logger("polling")


async def poll(application: AnyApplication, keeper: Doorkeeper, clock: Clock) -> None:
    """Fetch and deal with updates until cancelled.

    Nothing is confirmed but what this loop has dealt with: it begins with everything that Telegram still holds, since
    what took effect before takes none again, and after a quiet week new numbers may be lower than the old ones.
    """
    offset: int | None = None
    trouble, limit = 0, BATCH_UPDATES
    while True:
        try:
            batch = await application.bot.get_updates(
                offset=offset, limit=limit, timeout=POLL_SECONDS, allowed_updates=KINDS, read_timeout=POLL_SECONDS + 5
            )
        except TelegramError as error:
            await _wait_out(error, trouble, clock)
            trouble += 1
            continue
        except Exception:  # noqa: BLE001  # one of them is of a form that the Telegram library does not know
            if limit == 1:
                offset = await _step_over(application, keeper, offset)
            limit = 1
            continue
        if trouble:
            log.info("Telegram answers again")
        trouble, limit = 0, BATCH_UPDATES
        for update in batch:
            await application.process_update(update)
            if update.update_id in keeper.failed:
                await clock.sleep(AGAIN_SECONDS)
                break
            offset = update.update_id + 1
        if not batch:
            offset = None


async def _step_over(application: AnyApplication, keeper: Doorkeeper, offset: int | None) -> int | None:
    """Set the next update aside, which cannot be read; returns the offset behind it."""
    # The name in small letters: under its own name the library would read the answer, and fail again.
    asked = {"offset": offset or 0, "limit": 1, "timeout": 0, "allowed_updates": KINDS}
    try:
        unread: list[dict[str, Any]] = await application.bot.do_api_request("getupdates", api_kwargs=asked)
        number = int(unread[0]["update_id"])
        await keeper.set_aside(number)
    except Exception:
        log.exception("an update that cannot be read could not be set aside yet")
        return offset
    log.error("an update cannot be read and was set aside: a newer bulletin-bot may know it", update_id=number)
    return number + 1


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
