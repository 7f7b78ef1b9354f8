"""The road from a mailbox elsewhere: every letter is taken, and moved away only after that is committed."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from bot.logs import logger
from bot.mailbox.account import Account, Unreachable, pause
from bot.mailbox.taking import MOST_TRIES, TAKE_SECONDS, Alarm, Take, place_of

if TYPE_CHECKING:
    from bot.mailbox.session import Session

IDLE_SECONDS = 540.0  # RFC 2177 wants less than 29 minutes; many routers forget a silent connection after ten
POLL_SECONDS = 60.0
GRACE_SECONDS = 2.0  # how long a server may take to answer once the bot stops
AGAIN_SECONDS = (5.0, 60.0)  # after the first and after the second time that a letter could not be taken
T = TypeVar("T")
log = logger("mailbox")


class MailboxReader:
    """Reads a mailbox until it is told to stop; a connection that breaks is made again."""

    def __init__(
        self,
        account: Account,
        take: Take,
        alarm: Alarm,
        random: Random,
        *,
        tls: ssl.SSLContext | None = None,
        poll_seconds: float = POLL_SECONDS,
        again_seconds: tuple[float, float] = AGAIN_SECONDS,
    ) -> None:
        """`take` commits a letter, `alarm` tells the moderators; `tls` takes the place of the system's trust."""
        self._account = account
        self._take = take
        self._alarm = alarm
        self._random = random
        self._tls = tls
        self._poll_seconds = poll_seconds
        self._again_seconds = again_seconds
        self._outages = 0
        self._failed: dict[tuple[int, int], tuple[int, float]] = {}  # (UIDVALIDITY, UID): how often, and when again

    async def run(self, stop: asyncio.Event) -> None:
        """Read letters as they come; returns within seconds after `stop` is set."""
        while not stop.is_set():
            try:
                await self._through(stop)
            except Unreachable as error:
                if stop.is_set():
                    return
                self._outages += 1
                if self._outages == 1:
                    todo = "check BULLETIN_MAILBOX_URL" if error.setting else "it is tried again"
                    log.warning("the mailbox cannot be read", why=str(error), todo=todo)
                await _wait(stop, pause(self._outages, self._random))

    async def _through(self, stop: asyncio.Event) -> None:
        """Read by one connection until it breaks, or until it is time to stop."""
        from bot.mailbox.session import Session  # noqa: PLC0415 - imap-tools is needed only where there is a mailbox

        session = await _unless(stop, _in_thread(lambda: Session(self._account, self._tls)))
        if session is None:
            return
        ending = asyncio.create_task(_end(session, stop))
        try:
            while not stop.is_set():
                if await self._round(session, stop):
                    await self._rest(session, stop)
            await _in_thread(session.close)
        finally:
            ending.cancel()
            session.cut()

    async def _round(self, session: "Session", stop: asyncio.Event) -> bool:
        """Take all letters that lie there and whose turn it is; says whether it came to its end."""
        waiting = await _in_thread(session.waiting)
        there = {(session.validity, uid) for uid in waiting}
        self._failed = {letter: failure for letter, failure in self._failed.items() if letter in there}
        for uid in waiting:
            if stop.is_set():
                return False
            if self._again_in(session, uid) <= 0:
                await self._letter(session, uid)
        if self._outages:
            log.info("the mailbox can be read again", after_failures=self._outages)
            self._outages = 0
        return True

    async def _letter(self, session: "Session", uid: int) -> None:
        """Take one letter, and only then move it away."""
        raw = await _in_thread(lambda: session.fetch(uid))
        if raw is None:
            return  # somebody else took it out of the folder
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._take(raw, None, ())
        except Exception as error:  # noqa: BLE001 - whatever it is, the letter stays where it is
            log.error("a letter could not be taken", uid=uid, why=place_of(error))
            await self._set_aside(session, uid)
            return
        await _in_thread(lambda: session.move(uid, self._account.done))
        self._failed.pop((session.validity, uid), None)

    async def _set_aside(self, session: "Session", uid: int) -> None:
        """Count a failure; after the third one tell the moderators, then move the letter to where it is not lost."""
        key = session.validity, uid
        times = self._failed.get(key, (0, 0.0))[0] + 1
        self._failed[key] = times, _now() + self._again_seconds[min(times, len(self._again_seconds)) - 1]
        if times < MOST_TRIES:
            return
        try:
            await self._alarm("mailbox-not-read", folder=self._account.not_read)
        except Exception as error:  # noqa: BLE001 - the same
            log.error("the moderators could not be told of it; the letter stays", why=place_of(error))
            return
        await _in_thread(lambda: session.move(uid, self._account.not_read))
        del self._failed[key]

    def _again_in(self, session: "Session", uid: int) -> float:
        _, moment = self._failed.get((session.validity, uid), (0, 0.0))
        return moment - _now()

    async def _rest(self, session: "Session", stop: asyncio.Event) -> None:
        """Wait for news, or until a letter that failed has its turn again."""
        again = [moment - _now() for _, moment in self._failed.values()]
        longest = IDLE_SECONDS if session.can_idle else self._poll_seconds
        seconds = max(0.0, min([longest, *again]))
        if session.can_idle:
            await _in_thread(lambda: session.idle(seconds))
        else:
            await _wait(stop, seconds)


async def _end(session: "Session", stop: asyncio.Event) -> None:
    """Let a connection come to its end when it is time to stop, and break it where the server does not answer."""
    await stop.wait()
    session.end()
    await asyncio.sleep(GRACE_SECONDS)
    session.cut()


async def _unless(stop: asyncio.Event, doing: Coroutine[None, None, T]) -> T | None:
    """Return what something comes to, or None when it is time to stop before."""
    task, stopping = asyncio.create_task(doing), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        stopping.cancel()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _in_thread(call: Callable[[], T]) -> T:
    """Run what blocks in a thread that nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(how: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(lambda: None if future.done() else how())

    def work() -> None:
        try:
            result = call()
        except Exception as error:  # noqa: BLE001 - it is raised where the thread is waited for
            failure = error
            settle(lambda: future.set_exception(failure))
        else:
            settle(lambda: future.set_result(result))

    Thread(target=work, name="mailbox", daemon=True).start()
    return await future
