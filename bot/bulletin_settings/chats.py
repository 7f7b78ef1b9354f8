"""The chats of a bulletin: its moderators' chat, and the channels in which it is published."""

from datetime import datetime

from bot.delivery import healing
from bot.errors import Refused
from store import audit, bulletins, desks, outbox
from store.database import Tx
from store.records import Bulletin, Channel

BY_HAND = "by hand"


async def may_moderate(tx: Tx, bulletin: Bulletin, chat: int) -> str:
    """Return the title of a group that can become the moderators' chat.

    Raises Refused for a chat that the bot is not in, for a channel, and for another bulletin's moderators' chat.
    """
    about = await bulletins.fact(tx, f"chat:{chat}")
    if about is None:
        raise Refused("chat-unknown")
    if about["kind"] == "channel":
        raise Refused("desk-no-group")
    others = [other for other in await desks.used_by(tx, chat) if other != bulletin.id]
    if others:
        raise Refused("desk-taken", title=(await bulletins.get(tx, others[0])).title)
    return str(about["title"])


async def moderate_in(tx: Tx, bulletin: Bulletin, actor: str, chat: int, now: datetime) -> None:
    """Make a group the moderators' chat and draw there what is open; raises Refused where that cannot be."""
    await may_moderate(tx, bulletin, chat)
    stood = [] if bulletin.moderators_chat is None else await desks.open_places(tx, bulletin.moderators_chat)
    await desks.settle(tx, bulletin.id, bulletin.moderators_chat, chat)
    await audit.note(
        tx,
        at=now,
        actor=actor,
        act="moderators' chat",
        subject=f"chat {chat}",
        bulletin=bulletin.id,
        before=bulletin.moderators_chat,
    )
    settled = await bulletins.get(tx, bulletin.id)
    greeting = {"key": "desk-hello", "values": {"title": bulletin.title}}
    await healing.draw_open(tx, settled, now, stood)
    await outbox.put(tx, now=now, kind="say", payload=greeting, chat_id=chat, subject_id=bulletin.id)


async def publish_in(tx: Tx, bulletin_id: int, actor: str, chat: int, title: str, now: datetime) -> None:
    """Make a chat one of the channels, or open it again."""
    await bulletins.add_channel(tx, bulletin_id, chat, title)
    await audit.note(tx, at=now, actor=actor, act="add channel", subject=f"chat {chat}", bulletin=bulletin_id)


async def pause(tx: Tx, channel: Channel, actor: str, now: datetime) -> None:
    """Publish nothing in a channel until it is opened again."""
    if await bulletins.pause_channel(tx, channel.id, BY_HAND):
        await _noted(tx, channel, actor, "pause channel", now)


async def remove(tx: Tx, channel: Channel, actor: str, now: datetime) -> None:
    """Take a channel out; what was published there stays, and reports of before still name it."""
    if await bulletins.remove_channel(tx, channel.id):
        await _noted(tx, channel, actor, "remove channel", now)


async def _noted(tx: Tx, channel: Channel, actor: str, act: str, now: datetime) -> None:
    await audit.note(tx, at=now, actor=actor, act=act, subject=f"chat {channel.chat_id}", bulletin=channel.bulletin_id)
