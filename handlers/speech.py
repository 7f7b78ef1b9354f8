"""Says what a door answers, after the commit and beside the work: a chat that must wait keeps nobody else waiting."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot.delivery import healing
from bot.errors import ChatGone, ChatMoved, NotSent, PerhapsSent, Refused
from bot.logs import logger
from bot.services import Services
from bot.texts import say
from handlers.asking import ask
from handlers.incoming import Knock
from handlers.visit import Answer
from store.messages import Text

TRIES = 3
LONGEST_SECONDS = 60
"""Who must wait longer has gone on meanwhile, and asks again."""

log = logger("speech")


class Speech:
    """Answers under way; `finish` waits for them at the end."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, knock: Knock, answer: Answer, language: str) -> None:
        """Say what the answer holds, without waiting for it."""
        if answer.redraw is None and not answer.cards and answer.asked is None and answer.then is None:
            return
        task = asyncio.create_task(self._say(knock, answer, language))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for what is being said; what takes longer is given up, the person can ask again."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            for task in late:
                task.cancel()

    async def _say(self, knock: Knock, answer: Answer, language: str) -> None:
        try:
            await self._speak(knock, answer, language)
        except ChatMoved as moved:
            await self._follow(knock, answer, language, moved.chat)
        except (NotSent, PerhapsSent) as error:
            log.warning("an answer was not delivered", reason=str(error))
        except Exception:
            log.exception("an answer failed")

    async def _follow(self, knock: Knock, answer: Answer, language: str, chat: int) -> None:
        """Say an answer in the supergroup that the group became meanwhile."""
        try:
            async with self.services.store.transaction() as tx:
                await healing.follow(tx, knock.chat, chat, self.services.clock.now())
            self.services.bell.ring()
            await self._speak(knock._replace(chat=chat, thread=None, press=None), answer, language)
        except (NotSent, PerhapsSent, ChatMoved) as error:
            log.warning("an answer was not delivered", reason=str(error))
        except Exception:
            log.exception("an answer failed")

    async def _speak(self, knock: Knock, answer: Answer, language: str) -> None:
        """Say what the answer holds; the person can ask again when Telegram does not take it."""
        courier = self.services.courier
        try:
            if answer.redraw is not None and knock.press is not None:
                redraw = (knock.press.message, answer.redraw.text, answer.redraw.buttons)
                await _patiently(partial(courier.edit, knock.chat, *redraw))
            for card in answer.cards:
                sent = partial(courier.send, knock.chat, card.text, card.buttons)
                await _patiently(partial(sent, thread=knock.thread, silent=not knock.private))
            if answer.asked is not None:
                await ask(self.services, knock.chat, answer.asked, knock.thread)
            if answer.then is not None:
                await answer.then(self.services)
        except ChatGone:
            log.info("somebody who wrote to the bot cannot be answered")
        except Refused as refusal:
            await courier.send(knock.chat, Text(say(language, refusal.key, **refusal.values)), thread=knock.thread)


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call, and make it again where Telegram says to wait a while; the courier waits as long as that."""
    for _ in range(TRIES - 1):
        try:
            await call()
            return
        except NotSent as error:
            if error.retry_after is None or error.retry_after > LONGEST_SECONDS:
                raise
    await call()
