"""How the week opens: the owner's link, the chats, the readers, the invitations."""

import asyncio
import re

from bot.sandbox.director import Director
from bot.sandbox.play.cards import buttons
from bot.sandbox.stage import READERS
from bot.sandbox.telegram import Chat, Message, Person

_LINK = re.compile(r"https://t\.me/\S+")


async def open_bulletin(director: Director) -> None:
    """Start the bot with its token alone, and let its people in."""
    stage = director.stage
    director.act_speed()
    director.scene = "Monday"
    await stage.bot.start()
    await director.beat("A real bot starts with its token alone. It prints a one-time link for its owner.", "olena")
    link = await director.until("the bot prints the owner’s link", lambda: stage.bot.owner_link)
    stage.olena.open_link(link)
    await director.until("the bot greets its owner", lambda: director.from_bot_after(stage.olena.private, 0))
    await director.beat("Olena opened it: she is the owner. She adds the bot to the moderators’ chat and two channels.")
    await _give_chat(director, stage.desk, "v1:moderate-here:")
    for channel in stage.channels:
        await _give_chat(director, channel, "v1:publish-here:")
    readers = asyncio.create_task(stage.import_readers(READERS))
    try:
        await director.beat("For each chat it asks what it is for. Fourteen readers come in from a file.", "desk")
        await _invite_everybody(director)
    except BaseException:
        readers.cancel()
        raise
    await readers


async def _give_chat(director: Director, chat: Chat, action: str) -> None:
    """Add the bot to a chat and answer its question there."""
    stage, olena = director.stage, director.stage.olena
    data = f"{action}{-chat.id}:0"
    if chat.kind == "channel":
        olena.add_bot(chat, can_post_messages=True, can_edit_messages=True)
    else:
        olena.add_bot(chat)

    def question() -> Message | None:
        return next((one for one in stage.olena.private.visible() if buttons(one, data)), None)

    asked = await director.until(f"the bot asks what {chat.title} is for", question)
    await director.press(olena, asked, buttons(asked, data)[0])
    await director.until(f"{chat.title} is taken", lambda: not buttons(asked, data))


async def _invite_everybody(director: Director) -> None:
    stage = director.stage
    await _invite(director, stage.olena, "editor", stage.clara)
    await _invite(director, stage.olena, "moderator", stage.boris)
    await director.beat("Olena invites Clara to edit and Boris to moderate; Boris invites Ana and Marta to send links.")
    await _invite(director, stage.boris, "", stage.ana)
    await _invite(director, stage.boris, "", stage.marta)


async def _invite(director: Director, host: Person, role: str, guest: Person) -> None:
    answer = await director.hear(host, f"/invite {role}".strip(), f"{guest.name}’s invitation")
    link = _LINK.search(answer.words)
    guest.open_link(link[0] if link else answer.words)
    await director.until(f"{guest.name} is let in", lambda: director.from_bot_after(guest.private, 1))
