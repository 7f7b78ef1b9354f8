"""Asks somebody a question whose reply comes back to a door, in the chat where it was raised or in another."""

from bot.errors import ChatMoved, NotSent
from bot.services import Services
from handlers.visit import Asked
from store import outbox
from store.messages import Text


async def ask(services: Services, chat: int, asked: Asked, thread: int | None = None) -> None:
    """Ask a question; it is known before it is sent, since a reply can be quicker than Telegram's answer."""
    mac = services.sealer.mac("chat", str(chat))
    async with services.store.transaction() as tx:
        now = services.clock.now()
        number = await outbox.ask(tx, chat_mac=mac, purpose=asked.purpose, subject_id=asked.subject, now=now)
    try:
        message_id = await services.courier.send(chat, Text(asked.text), thread=thread, ask=True)
    except (NotSent, ChatMoved):
        async with services.store.transaction() as tx:
            await outbox.unasked(tx, number)
        raise
    async with services.store.transaction() as tx:
        await outbox.asked(tx, number, message_id)
