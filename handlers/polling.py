"""Long polling: an update is fetched, dealt with or kept, committed, and only then is the offset moved."""

import asyncio
from itertools import takewhile

from telegram import Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.logs import logger
from bot.ports import Clock
from handlers.backlog import Backlog, Json, in_turn
from handlers.door import AnyApplication, Doorkeeper, goes_together

POLL_SECONDS = 20
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
PAUSE_SECONDS = (1, 2, 5, 10, 30)
AGAIN_SECONDS = 1
BATCH_UPDATES = 100
LOOK_AGAIN_SECONDS = 0.1
FEW = 3  # updates that are dealt with before Telegram is asked again, since asking takes time too
TOGETHER = 25  # messages that are dealt with in one transaction at most
log = logger("polling")


async def poll(application: AnyApplication, keeper: Doorkeeper, clock: Clock) -> None:
    """Fetch and deal with updates until cancelled.

    Nothing is confirmed but what is dealt with or kept: it begins with everything that Telegram still holds, since
    what took effect before takes none again, and after a quiet week new numbers may be lower than the old ones. While
    much is waiting it asks again and again, since presses go first; and as Telegram gives no more than a hundred
    updates, behind which a press may stand, those of a rush are kept on our side.
    """
    backlog = Backlog(application.bot, keeper)
    await backlog.take_up()
    rush = keeper.services.rush
    trouble = 0
    while True:
        try:
            batch = await _ask(application, backlog.offset, 0 if backlog else POLL_SECONDS)
        except TelegramError as error:
            await _deal_with(application, keeper, backlog)
            rush.ends()
            await _wait_out(error, trouble, clock)
            trouble += 1
            continue
        if trouble:
            log.info("Telegram answers again")
        trouble = 0
        rush.begins()
        taken = await backlog.take(batch)
        if len(batch) == BATCH_UPDATES and taken and await backlog.keep():
            continue
        if not await _deal_with(application, keeper, backlog, LOOK_AGAIN_SECONDS) or not taken:
            await clock.sleep(AGAIN_SECONDS)
        if not backlog:
            rush.ends()


async def finish_kept(application: AnyApplication, keeper: Doorkeeper, clock: Clock) -> None:
    """Deal with what was kept while updates were fetched, before they come by webhook."""
    backlog = Backlog(application.bot, keeper)
    await backlog.take_up()
    while not await _deal_with(application, keeper, backlog):
        await clock.sleep(AGAIN_SECONDS)


async def _ask(application: AnyApplication, offset: int | None, seconds: int) -> list[Json]:
    """Return updates as Telegram wrote them; the library would read again what Telegram gives again."""
    asked = {"offset": offset, "limit": BATCH_UPDATES, "timeout": seconds, "allowed_updates": KINDS}
    # The name in small letters, since the library warns of whoever calls this under the name that it has a method for.
    batch: list[Json] = await application.bot.do_api_request("getupdates", asked, read_timeout=seconds + 5)
    return batch


async def _deal_with(
    application: AnyApplication, keeper: Doorkeeper, backlog: Backlog, seconds: float | None = None
) -> bool:
    """Deal with what waits, for so long at most, or until one fails; says whether none did."""
    time = asyncio.get_running_loop().time
    start, place, alone = time(), 0, 0
    todo = in_turn(backlog.waiting)
    while place < len(todo):
        many = list(takewhile(goes_together, todo[place : place + TOGETHER]))
        together = await keeper.handle_together(many) if len(many) > 1 and place >= alone else 0
        if together == 0:
            alone = max(alone, place + len(many))  # one of them fails or is refused, which takes effect by itself
            await application.process_update(todo[place])
            if todo[place].update_id in keeper.failed:
                return False
        for update in todo[place : place + max(1, together)]:
            backlog.done(update)
            place += 1
        if seconds is not None and time() - start > seconds and len(todo) - place > FEW:
            break
    return True


async def _wait_out(error: TelegramError, trouble: int, clock: Clock) -> None:
    pause = float(PAUSE_SECONDS[min(trouble, len(PAUSE_SECONDS) - 1)])
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        pause = wait if isinstance(wait, int) else wait.total_seconds()
    elif isinstance(error, Conflict):
        log.error("another program polls with this token: stop it, or make a new token with @BotFather")
    elif isinstance(error, InvalidToken | EndPointNotFound):
        log.error("Telegram does not know the token: set BULLETIN_TELEGRAM_TOKEN to the one @BotFather gave")
    elif isinstance(error, NetworkError) and trouble == 0:
        log.warning("Telegram cannot be reached, trying again; everything else goes on", reason=str(error))
    await asyncio.sleep(0) if pause == 0 else await clock.sleep(pause)
