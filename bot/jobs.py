"""What goes on all the time in a running bot, and when each part looks again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from bot.board.draw import Watching
from bot.closing import Closing
from bot.delivery.healing import Looking
from bot.delivery.outbox import OutboxDrain
from bot.delivery.pace import Pace
from bot.drawing import Drawing
from bot.intake.allowance import quotas_of
from bot.intake.message.files import FileReading
from bot.intake.page.metadata import PageReader
from bot.intake.reading import Reading
from bot.loops import Job, loop
from bot.mailbox import roads
from bot.moderation.waking import Waking
from bot.post.letterbox import comes_in
from bot.post.tidy import Tidying
from bot.postbox.run import PostboxRun
from bot.postbox.writing import Writing
from bot.reminders import Reminding
from bot.services import Services
from bot.subscriptions.forgetting import Forgetting

SOON = 1.0  # seconds until what the pace held back is looked at again
LATER = 5.0  # seconds until rows of a later moment are looked for
BOARDS_LATER = 300.0  # seconds until it is looked whether the time left reads differently
CLOSING_LATER = 30.0  # seconds until it is looked whether a cut-off, or the hour of what was put off, has come
LOOKING_LATER = 600.0  # seconds until it is looked whether the desks are due to be looked at
TakeLetter = Callable[[Services, bytes, str | None, tuple[str, ...]], Awaitable[None]]


def jobs(tools: Services, pace: Pace, reader: PageReader, stop: asyncio.Event) -> list[Job]:
    """Return what goes on all the time beside the updates and the sending."""
    clock = tools.clock
    outbox = _outbox(tools, pace)
    reading = Reading(tools.store, tools.fetcher, reader, clock, tools.rush)
    files = FileReading(tools.store, tools.courier, clock, tools.sealer, quotas_of(tools.settings))
    boards = Watching(tools.store, clock)
    closing = Closing(tools.store, tools.fetcher, reader, tools.courier, clock)
    looking = Looking(tools.store, clock)
    reminding = Reminding(tools.store, clock)
    waking = Waking(tools.store, clock)
    tidying = Tidying(tools.store, clock, tools.sealer)
    singles = _postbox(tools)
    forgetting = Forgetting(tools.store, clock)
    return [
        lambda: loop("outbox", tools, outbox.step, stop, lambda: SOON if outbox.held_back else LATER),
        lambda: loop("reading", tools, reading.step, stop, lambda: LATER, reads="items"),
        lambda: loop("files", tools, files.step, stop, lambda: LATER, reads="files"),
        lambda: loop("boards", tools, boards.step, stop, lambda: BOARDS_LATER, by_clock=True),
        lambda: loop("closing", tools, closing.step, stop, lambda: CLOSING_LATER, by_clock=True),
        lambda: loop("waking", tools, waking.step, stop, lambda: CLOSING_LATER, by_clock=True),
        lambda: loop("reminding", tools, reminding.step, stop, lambda: CLOSING_LATER, by_clock=True),
        lambda: loop("tidying", tools, tidying.step, stop, lambda: LOOKING_LATER, by_clock=True),
        lambda: loop("postbox", tools, singles.step, stop, lambda: LATER, reads="postbox"),
        lambda: loop("forgetting", tools, forgetting.step, stop, lambda: LOOKING_LATER, by_clock=True),
        lambda: loop("looking", tools, looking.step, stop, lambda: LOOKING_LATER, by_clock=True),
    ]


async def roads_in(stack: AsyncExitStack, services: Services, take: TakeLetter, stop: asyncio.Event) -> list[Job]:
    """Open the roads on which letters come in; returns what goes on all the time for them."""

    async def taken(raw: bytes, envelope_from: str | None, envelope_to: tuple[str, ...]) -> None:
        await take(services, raw, envelope_from, envelope_to)
        services.bell.ring()

    s = services
    return await roads.opened(stack, s.settings, s.store, s.clock, s.sealer, s.random, taken, stop)


def _postbox(tools: Services) -> PostboxRun:
    sender = tools.press.sender()
    writing = (
        None
        if sender is None
        else Writing(tools.sealer, sender, tools.press.public_url, hears=comes_in(tools.settings))
    )
    return PostboxRun(tools.store, tools.postman, writing, tools.clock, tools.random)


def _outbox(tools: Services, pace: Pace) -> OutboxDrain:
    by = Drawing(tools.store, tools.sealer, tools.press, quotas_of(tools.settings))
    return OutboxDrain(tools.store, tools.courier, pace, tools.clock, tools.rush, by.draw, by.target, by.settle)
