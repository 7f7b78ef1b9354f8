"""The theatre: one stage after the other, each with its director, so that a week can be played again and again."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.sandbox.counters import Counters, Counts
from bot.sandbox.director import Director, Report
from bot.sandbox.play import play
from bot.sandbox.stage import Stage

_RESTART_SECONDS = 1.5
_REPORT_SECONDS = 0.5
_SETTLED_STATES = ("sent", "held")

Reporting = Callable[[Stage], AbstractAsyncContextManager[Report]]
"""Given a stage, yields how to ask its bot for its own report; the sandbox does not know how that is done."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week with everything that belongs to it."""

    stage: Stage
    director: Director
    counters: Counters


class Theatre:
    """Plays weeks: `async with Theatre(program, reporting) as theatre`; the play begins with `begin()`."""

    def __init__(self, program: Sequence[str], reporting: Reporting, pace: float = 1.0) -> None:
        self._program = tuple(program)
        self._reporting = reporting
        self._pace = pace
        self._open = AsyncExitStack()
        self._playing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self.problem = ""
        self.mail_hangs = False
        self.latest_report: dict[str, Any] | None = None
        self.week: Week

    async def __aenter__(self) -> Self:
        await self._prepare()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._clear()

    def begin(self) -> None:
        """Let the play of this week begin."""
        self._playing = asyncio.create_task(self._play())

    async def ended(self) -> None:
        """Return when the play has come to its end, or got stuck (`problem` says where)."""
        if self._playing is not None:
            await asyncio.wait({self._playing})

    async def again(self) -> None:
        """Clear the stage and play a fresh week."""
        async with self._turn:
            await self._clear()
            await self._prepare()
            self.begin()

    def counts(self, *, final: bool = False) -> Counts:
        """Count what the sandbox has seen."""
        report = self.latest_report
        sending = report is not None and report["state"] not in _SETTLED_STATES
        return self.week.counters.count(sending=sending, final=final)

    @property
    def perhaps_sent(self) -> int:
        """Posts and letters of which the bot says that it cannot know, or could not when it sent them once more."""
        if self.latest_report is None:
            return 0
        places = [*self.latest_report["channels"], self.latest_report["mail"]]
        return sum(int(place["perhaps sent"]) for place in places) + int(self.latest_report["possible duplicates"])

    async def refresh(self) -> None:
        """Ask the bot for its report now."""
        self.latest_report = await self.week.director.report()

    def let_mail_hang(self) -> None:
        """Have the mail server never answer the end of a letter."""
        self.mail_hangs = True
        self.week.stage.mail.fault("hang")

    def let_mail_flow(self) -> None:
        """Have the mail server work again."""
        self.mail_hangs = False
        self.week.stage.mail.recover()

    def kill_the_bot(self) -> None:
        """Kill it in the midst of things; as a service manager does, start it again a moment later."""
        self._send(self._kill_and_restart())

    async def _kill_and_restart(self) -> None:
        bot = self.week.stage.bot
        await bot.kill()
        await asyncio.sleep(_RESTART_SECONDS)
        await bot.start()

    def _send(self, errand: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _prepare(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="bulletin-demo-"))
        self._open.callback(shutil.rmtree, folder, ignore_errors=True)
        stage = await self._open.enter_async_context(Stage(self._program, folder))
        self.problem, self.mail_hangs, self.latest_report = "", False, None
        report = await self._open.enter_async_context(self._reporting(stage))
        self.week = Week(stage, Director(stage, report, self._pace), Counters(stage))
        self._watching = asyncio.create_task(self._watch())

    async def _clear(self) -> None:
        tasks = [task for task in (self._playing, self._watching, *self._errands) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._open.aclose()

    async def _play(self) -> None:
        director = self.week.director
        try:
            await play(director)
        except Exception as error:  # noqa: BLE001  # whatever stops the play, the page says so and goes on
            director.state, self.problem = "failed", str(error) or type(error).__name__
            director.caption = f"The play cannot go on: {self.problem}. You can go on by yourself, or press Again."

    async def _watch(self) -> None:
        while True:
            await self.refresh()
            await asyncio.sleep(_REPORT_SECONDS)
