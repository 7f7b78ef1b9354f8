"""The director: says what happens, keeps the pace, lets the clock run or jump, and stops when told to pause."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from bot.sandbox.stage import ZONE, Stage
from bot.sandbox.telegram import Button, Chat, Message, Person, Press

Report = Callable[[], Awaitable[dict[str, Any] | None]]
"""Asks the bot for its own report of the newest closed issue, None while there is none."""
State = Literal["playing", "paused", "done", "failed"]

_BEAT_SECONDS = 1.55
_TRAVEL_SECONDS = 0.45
_TRAVEL_STEPS = 15
_ACT_SPEED = 20.0  # the bot's notice of a decision comes after a minute of the clock: three seconds
_FASTEST = 4.0  # faster still, the clock would run away while the bot works
_WAIT_SECONDS = 90.0
_LOOK_SECONDS = 0.02

T = TypeVar("T")


class Stuck(Exception):
    """Something that the play waits for did not happen; the message says what."""


class Director:
    """Leads one week on a stage. `pace` 1 is for people who watch, 10 is ten times as fast."""

    def __init__(self, stage: Stage, report: Report, pace: float = 1.0) -> None:
        self.stage = stage
        self.report = report
        self.pace = pace
        self.state: State = "playing"
        self.caption = ""
        self.scene = ""
        self.focus = ""
        self.your_turn = ""
        self.told: list[str] = []
        self._may_go_on = asyncio.Event()
        self._may_go_on.set()

    # for the one who watches

    def pause(self) -> None:
        """Hold the play; the clock, the bot and its people go on."""
        if self.state == "playing":
            self.state = "paused"
            self._may_go_on.clear()

    def go_on(self) -> None:
        if self.state == "paused":
            self.state = "playing"
        self._may_go_on.set()

    def step(self) -> None:
        """Play as far as the next caption, then hold."""
        self.pause()
        self._may_go_on.set()

    # for the play

    async def beat(self, caption: str, focus: str = "", *, beats: float = 1.0) -> None:
        """Say what happens next and give people the time to read it; `focus` names the panel to look at."""
        await self._allowed()
        self._say(caption, focus)
        await asyncio.sleep(_BEAT_SECONDS * beats / self.pace)

    async def look(self, beats: float = 0.6) -> None:
        """Give people the time to see what has come of it."""
        await asyncio.sleep(_BEAT_SECONDS * beats / self.pace)

    async def travel(self, to: datetime) -> None:
        """Move the clock to a moment of the week, in steps that can be seen; a moment that is past changes nothing."""
        clock = self.stage.clock
        for steps in range(_TRAVEL_STEPS, 0, -1):
            if (left := to - clock.now()) <= timedelta(0):
                break
            clock.jump(left / steps)
            await asyncio.sleep(_TRAVEL_SECONDS / _TRAVEL_STEPS / self.pace)
        self.scene = f"{to.astimezone(ZONE):%A}"

    def act_speed(self) -> None:
        """Let the clock run as it does while something is to be seen."""
        self.stage.clock.set_speed(_ACT_SPEED * min(max(1.0, self.pace), _FASTEST))

    async def until(self, what: str, predicate: Callable[[], T | None]) -> T:
        """Wait until something is there and return it; raises Stuck with the words when it never comes."""
        waited = 0.0
        while True:
            try:
                found = predicate()
            except LookupError:  # such as the last message of a chat that is still empty
                found = None
            if found:
                return found
            self.expect_the_bot()
            if waited >= _WAIT_SECONDS:
                raise Stuck(f"{what}: that did not happen within {_WAIT_SECONDS:.0f} seconds")
            await asyncio.sleep(_LOOK_SECONDS)
            # While nobody lets the bot run, it cannot be late.
            waited += _LOOK_SECONDS if self.stage.bot.running else 0

    def expect_the_bot(self) -> None:
        """Raise Stuck, with the last line that it printed, when the bot has ended although nobody ended it."""
        if self.stage.bot.stopped_by_itself:
            raise Stuck(f"the bot has stopped by itself. Its last words: {self.stage.bot.tail(1) or 'none'}")

    async def hear(self, person: Person, words: str | None, what: str) -> Message:
        """Have a person write to the bot, and return the bot's next message there."""
        chat = person.private
        before = chat.next_message_id
        if words is not None:
            before = person.send(words).message_id
        return await self.until(what, lambda: self.from_bot_after(chat, before))

    def from_bot_after(
        self, chat: Chat, message_id: int, fits: Callable[[Message], bool] = lambda _: True
    ) -> Message | None:
        """The bot's first message in a chat after the one of this number, of those that fit."""
        ours = (one for one in chat.visible() if one.message_id > message_id and one.is_from(self.stage.telegram.bot))
        return next((one for one in ours if fits(one)), None)

    async def press(self, person: Person, message: Message, button: Button) -> Press:
        """Press a button and wait for the answer that the person sees."""
        press = person.press_data(message, button.data or "")
        await self.until(f"the answer to {person.name}’s press on {button.label}", lambda: press.answered)
        return press

    def _say(self, caption: str, focus: str) -> None:
        self.caption, self.focus = caption, focus or self.focus
        self.told.append(f"{self.stage.clock.now().astimezone(ZONE):%a %H:%M}  {caption}")

    async def _allowed(self) -> None:
        await self._may_go_on.wait()
        if self.state == "paused":
            self._may_go_on.clear()
