"""Opens the roads that the settings name: our own mail server's, the mailbox elsewhere, both, or none."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from random import Random

from bot.mailbox import lmtp
from bot.mailbox.account import account_of
from bot.mailbox.imap import MailboxReader
from bot.mailbox.taking import Take, alarm_of
from bot.ports import Clock
from bot.seal import Sealer
from bot.settings import Settings, plain
from store.database import Store


async def opened(
    stack: AsyncExitStack,
    settings: Settings,
    store: Store,
    clock: Clock,
    sealer: Sealer,
    random: Random,
    take: Take,
    stop: asyncio.Event,
) -> list[Callable[[], Awaitable[None]]]:
    """Let a mail server hand letters over until the stack is left, and return the job that reads the mailbox.

    Raises OperatorError where LMTP_LISTEN cannot be listened on.
    """
    alarm = alarm_of(store, clock)
    if settings.lmtp_listen:
        await stack.enter_async_context(lmtp.serving(settings.lmtp_listen, take, alarm, sealer))
    url = plain(settings.mailbox_url)
    if url is None:
        return []
    mailbox = MailboxReader(account_of(url), take, alarm, random)
    return [lambda: mailbox.run(stop)]
