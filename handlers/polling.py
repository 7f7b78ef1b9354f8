"""Long polling: an update is fetched, dealt with or kept, committed, and only then is the offset moved."""

import asyncio
import math
from collections.abc import Callable

from telegram import Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.logs import logger
from bot.ports import Clock
from handlers.backlog import Backlog, Json, in_turn
from handlers.door import AnyApplication, Doorkeeper

POLL_SECONDS = 20
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
PAUSE_SECONDS = (1, 2, 5, 10, 30)
AGAIN_SECONDS = 1
BATCH_UPDATES = 100
LOOK_AGAIN_SECONDS = 0.1
FEW = 3  # updates that are dealt with before Telegram is asked again, since asking takes time too
TOGETHER = 50  # messages that are dealt with in one transaction at most
log = logger("polling")


async def poll(application: AnyApplication, keeper: Doorkeeper, clock: Clock) -> None:
    """Fetch and deal with updates until cancelled.

    Nothing is confirmed but what is dealt with or kept: it begins with everything that Telegram still holds, since
    what took effect before takes none again, and after a quiet week new numbers may be lower than the old ones.
    Telegram gives no more than a hundred updates, behind which a press may stand: so those of a rush are kept on our
    side, and while they are dealt with Telegram is asked for more, since presses go first.
    """
    backlog = Backlog(application.bot, keeper)
    await backlog.take_up()
    rush, trouble, more = keeper.services.rush, 0, False
    while True:
        asking = asyncio.create_task(_ask(application, backlog.offset, 0 if more or backlog.held else POLL_SECONDS))
        try:
            if not more and backlog.kept and not backlog.held:
                await _deal_meanwhile(application, keeper, backlog, asking, clock)
            batch = await asking
        except TelegramError as error:
            await _deal_with(application, keeper, backlog)
            rush.ends()
            await _wait_out(error, trouble, clock)
            trouble += 1
            continue
        finally:
            asking.cancel()
        if trouble:
            log.info("Telegram answers again")
        trouble = 0
        rush.begins()
        backlog.take(batch)
        more = len(batch) == BATCH_UPDATES
        if (more or backlog.kept) and await backlog.keep():
            continue
        more = False
        if not await _deal_with(application, keeper, backlog, LOOK_AGAIN_SECONDS):
            await clock.sleep(AGAIN_SECONDS)
        if not backlog.waiting:
            rush.ends()


async def _deal_meanwhile(
    application: AnyApplication, keeper: Doorkeeper, backlog: Backlog, asking: asyncio.Task[list[Json]], clock: Clock
) -> None:
    """Deal with what is kept until Telegram has more."""
    while backlog.waiting and not asking.done():
        if not await _deal_with(application, keeper, backlog, enough=asking.done):
            await clock.sleep(AGAIN_SECONDS)
    if not backlog.waiting:
        keeper.services.rush.ends()


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
    application: AnyApplication,
    keeper: Doorkeeper,
    backlog: Backlog,
    seconds: float = math.inf,
    enough: Callable[[], object] = bool,
) -> bool:
    """Deal with what waits, for so long at most and until it is enough, or one fails; says whether none did."""
    time = asyncio.get_running_loop().time
    start, place, alone = time(), 0, 0
    todo = in_turn(backlog.waiting)

    def over() -> bool:
        return bool(enough()) or time() - start > seconds

    grouped = False
    while place < len(todo):
        many = backlog.together(todo[place : place + TOGETHER]) if place >= alone else []
        count = await keeper.handle_together(many, over) if len(many) > 1 else 0
        grouped = grouped or count > 0
        if count == 0:
            alone = max(alone, place + len(many))  # one of them fails or is refused: each by itself
            if not await _deal_with_one(application, keeper, backlog, todo[place]):
                return False
        for raw in todo[place : place + max(1, count)]:
            backlog.done(raw)
            place += 1
        if over() and len(todo) - place > FEW:
            break
    if grouped:  # what was dealt with by itself has rung the bell
        keeper.services.bell.ring()
    return True


async def _deal_with_one(application: AnyApplication, keeper: Doorkeeper, backlog: Backlog, raw: Json) -> bool:
    """Deal with one update, or set it aside where it cannot be read; says whether that did not fail."""
    number = raw["update_id"]
    update = backlog.read(raw)
    if update is not None:
        await application.process_update(update)
        return number not in keeper.failed
    try:
        await keeper.set_aside(number)
    except Exception:
        log.exception("an update that cannot be read could not be set aside yet")
        return False
    log.error("an update cannot be read and was set aside: a newer bulletin-bot may know it", update_id=number)
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
