"""The hallway: settings become services, services go to rules, doors and jobs; started and stopped in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder

from bot import commands, control, first_start, front, gate, guarded, lock, schedule
from bot.clocks import DemoClock, SystemClock
from bot.delivery.drain import Drain
from bot.delivery.letters import Letters
from bot.delivery.mail import SmtpPool
from bot.delivery.pace import Pace
from bot.delivery.telegram import TelegramCourier, make_bot
from bot.greeting import meet_telegram
from bot.intake.fetching.fetch import GuardedFetcher
from bot.intake.page.metadata import PageReader
from bot.jobs import TakeLetter, jobs, roads_in
from bot.logs import logger
from bot.loops import STOP_SECONDS, cancel, kept_going, wind_down
from bot.ports import Clock
from bot.post.take import take as take_letter
from bot.render.editions import Press
from bot.seal import Sealer, load_secret
from bot.services import Services
from bot.settings import Settings, plain
from handlers import web
from handlers.door import AnyApplication, Doorkeeper, install
from handlers.speech import Speech
from store.database import open_store

log = logger("app")


@dataclass(frozen=True, slots=True)
class App:
    """A running bot; `web_port` is the port that its pages are served on."""

    services: Services
    application: AnyApplication
    keeper: Doorkeeper
    web_port: int


@dataclass(frozen=True, slots=True)
class Tools:
    """What is opened before anything runs."""

    services: Services
    pace: Pace
    application: AnyApplication


def clock_of(settings: Settings) -> Clock:
    return DemoClock(Path(settings.demo_clock)) if settings.demo_clock else SystemClock()


def press_of(settings: Settings) -> Press:
    """Return the press; without SMTP_URL, MAIL_FROM and PUBLIC_URL it prints no mail."""
    sender = "" if settings.mail_missing else settings.mail_from
    return Press(settings.public_url, sender, settings.mail_reply_to)


def _postman_of(settings: Settings) -> SmtpPool | None:
    url = plain(settings.smtp_url)
    if url is None or settings.mail_missing:
        return None
    return SmtpPool(url, settings.smtp_connections, name=settings.mail_from.rpartition("@")[2])


@asynccontextmanager
async def tools(settings: Settings) -> AsyncIterator[Tools]:
    """Open the store and the tools, without starting anything."""
    bot = make_bot(settings)
    sealer = Sealer(load_secret(plain(settings.secret_key), settings.data_dir))
    store = await open_store(settings.database)
    clock, pace, postman = clock_of(settings), Pace(), _postman_of(settings)
    services = Services(
        store=store,
        clock=clock,
        random=SystemRandom(),
        sealer=sealer,
        courier=TelegramCourier(bot, pace, clock),
        fetcher=GuardedFetcher(proxy=plain(settings.fetch_proxy)),
        postman=postman,
        settings=settings,
        press=press_of(settings),
    )
    application = ApplicationBuilder().bot(bot).updater(None).build()
    try:
        yield Tools(services, pace, application)
    finally:
        with suppress(TelegramError, RuntimeError):
            await application.shutdown()
        if postman is not None:
            await postman.close()
        await store.close()


@asynccontextmanager
async def running(
    settings: Settings, announce: Callable[[str], None] = print, take: TakeLetter = take_letter
) -> AsyncIterator[App]:
    """Run the whole bot; everything is stopped in order at the end, and nothing half done is lost by it.

    `take` is what becomes of the letters that come in.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(lock.hold(settings.data_dir))
        opened = await stack.enter_async_context(tools(settings))
        services, application = opened.services, opened.application
        now = services.clock.now()
        await first_start.check_key(services.store, services.sealer)
        await first_start.prepare(services.store, services.sealer, services.random, settings, now)
        speech = Speech(services)
        stack.push_async_callback(speech.finish, STOP_SECONDS)
        keeper = Doorkeeper(services, speech, set())
        install(application, keeper)
        await gate.hold_after_absence(services.store, now)
        drain = _drain(opened)
        pages = web.build(services, application, keeper)
        port = await stack.enter_async_context(front.serving(pages, settings.web_listen))
        server = await control.serve(settings.data_dir, lambda name, given: commands.perform(services, name, given))
        stack.push_async_callback(_close, server)
        if settings.mail_missing:
            log.warning("no mail goes out until these are set", missing=", ".join(settings.mail_missing))
        reader = PageReader(services.clock)
        stack.push_async_callback(reader.close)
        stop = asyncio.Event()
        letters = await roads_in(stack, services, take, stop)
        tasks = [asyncio.create_task(kept_going(job)) for job in [*jobs(services, opened.pace, reader, stop), *letters]]
        stack.push_async_callback(wind_down, tasks, services, stop)
        hearing = asyncio.create_task(kept_going(lambda: meet_telegram(services, application, keeper, announce)))
        stack.push_async_callback(cancel, [hearing])
        sending = asyncio.create_task(kept_going(lambda: drain.run(stop)))
        stack.push_async_callback(_finish, stop, sending)
        await _start_ticking(stack, services)
        yield App(services, application, keeper, port)


def _drain(opened: Tools) -> Drain:
    services, settings = opened.services, opened.services.settings
    return Drain(
        services.store,
        services.courier,
        services.postman,
        letters=Letters(services.sealer, settings.mail_from),
        sealer=services.sealer,
        pace=opened.pace,
        clock=services.clock,
        random=services.random,
        in_flight=settings.smtp_connections,
        bell=services.bell,
    )


async def _start_ticking(stack: AsyncExitStack, services: Services) -> None:
    turn, ended = asyncio.Lock(), asyncio.Event()

    async def tick() -> None:
        try:
            async with turn:
                if ended.is_set():  # the scheduler cancels what still runs only after `stop` has let go of the turn
                    return
                now = services.clock.now()
                acted = await guarded.tick(services.store, services.sealer, now)
                if await gate.tick(services.store, services.press, now) or acted:
                    services.bell.ring()
        except Exception:
            log.exception("a tick failed; the next one looks again")

    await tick()
    seconds = schedule.DEMO_TICK_SECONDS if services.settings.demo_clock else schedule.TICK_SECONDS
    scheduler = schedule.start(tick, seconds)

    async def stop() -> None:
        scheduler.pause()
        async with turn:
            ended.set()
            scheduler.shutdown(wait=False)

    stack.push_async_callback(stop)


async def _finish(stop: asyncio.Event, sending: asyncio.Task[None]) -> None:
    stop.set()
    await sending


async def _close(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
