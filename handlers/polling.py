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
LOOK_AGAIN_SECONDS = 0.1
FEW = 3  # updates that are dealt with before Telegram is asked again, since asking takes time too
log = logger("polling")


async def poll(application: AnyApplication, keeper: Doorkeeper, clock: Clock) -> None:
    """Fetch and deal with updates until cancelled.

    Nothing is confirmed but what this loop has dealt with: it begins with everything that Telegram still holds, since
    what took effect before takes none again, and after a quiet week new numbers may be lower than the old ones.
    While much is waiting it asks again and again, since presses go first.
    """
    offset: int | None = None
    done: set[int] = set()
    rush = keeper.services.rush
    trouble, limit, wait = 0, BATCH_UPDATES, POLL_SECONDS
    while True:
        try:
            batch = await application.bot.get_updates(
                offset=offset, limit=limit, timeout=wait, allowed_updates=KINDS, read_timeout=wait + 5
            )
        except TelegramError as error:
            rush.ends()
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
        rush.begins()
        await _deal_with(application, keeper, [update for update in batch if update.update_id not in done], done)
        if not keeper.failed.isdisjoint(update.update_id for update in batch):
            await clock.sleep(AGAIN_SECONDS)
        left = [update.update_id for update in batch if update.update_id not in done]
        if not left:
            rush.ends()
        wait = 0 if left else POLL_SECONDS
        offset = min(left) if left else batch[-1].update_id + 1 if batch else None
        done = {number for number in done if left and number > left[0]}


async def _deal_with(application: AnyApplication, keeper: Doorkeeper, batch: list[Update], done: set[int]) -> None:
    """Deal with updates for a moment, or until one fails, and note which are done."""
    time = asyncio.get_running_loop().time
    start = time()
    for place, update in enumerate(in_turn(batch), 1):
        await application.process_update(update)
        if update.update_id in keeper.failed:
            return
        done.add(update.update_id)
        if time() - start > LOOK_AGAIN_SECONDS and len(batch) - place > FEW:
            return


def in_turn(batch: list[Update]) -> list[Update]:
    """Return updates in the order in which they are dealt with: presses overtake what other people sent."""
    first: list[Update] = []
    others: list[Update] = []
    busy: set[int] = set()
    for update in batch:
        user = update.effective_user.id if update.effective_user is not None else 0
        if update.callback_query is not None and user not in busy:
            first.append(update)
        else:
            others.append(update)
            busy.add(user)
    return first + others


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
