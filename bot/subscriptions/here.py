"""Reading in Telegram: issues come to a private chat, from one press to the next /stop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.seal import Sealer
from store import bulletins, chat_readers, deliveries, issues, outbox
from store.chat_readers import ChatReader
from store.database import Tx
from store.records import Bulletin
from store.states import SubscriptionState

CHAT = "chat-reader"
"""The purpose under which chats of readers are sealed and found: nothing ties them to people with a role."""

LATEST = "latest"
"""The kind of the outbox rows that bring a newcomer the latest issue; their subject is the reader."""

LEFT = "delivery-reader-left"
FORGET_DAYS = 2


@dataclass(frozen=True, slots=True)
class Came:
    """A chat to which a bulletin comes; `new` is False where it did before. `latest`: an issue they can have now."""

    new: bool
    latest: bool


async def come(tx: Tx, sealer: Sealer, bulletin: Bulletin, chat: int, now: datetime) -> Came:
    """Let the issues of a bulletin come to a private chat; whoever presses there has proven that it is theirs."""
    new = await chat_readers.come(tx, bulletin.id, sealer.seal(CHAT, str(chat)), sealer.mac(CHAT, str(chat)), now)
    reader = await reader_at(tx, sealer, bulletin, chat)
    return Came(new, latest=reader is not None and await _latest(tx, reader) is not None)


async def reader_at(tx: Tx, sealer: Sealer, bulletin: Bulletin, chat: int) -> ChatReader | None:
    """Return the reader of a bulletin in a chat; None where it does not come."""
    found = await chat_readers.at(tx, sealer.mac(CHAT, str(chat)))
    mine = (one for one in found if one.bulletin_id == bulletin.id and one.state == SubscriptionState.ACTIVE)
    return next(mine, None)


async def stop(tx: Tx, sealer: Sealer, chat: int, now: datetime) -> list[Bulletin]:
    """Let nothing come to a chat any more, from this moment; returns what came to it."""
    ended = []
    for reader in await chat_readers.at(tx, sealer.mac(CHAT, str(chat))):
        if await chat_readers.end(tx, reader.id, SubscriptionState.LEFT, now):
            await deliveries.skip_target(tx, deliveries.CHAT, reader.id, LEFT)
            ended.append(await bulletins.get(tx, reader.bulletin_id))
    return ended


async def lost(tx: Tx, reader_id: int, now: datetime) -> None:
    """End the reading of somebody who has blocked the bot, or whose account is gone."""
    await chat_readers.end(tx, reader_id, SubscriptionState.BOUNCED, now)
    await deliveries.skip_target(tx, deliveries.CHAT, reader_id, LEFT)


async def send_latest(tx: Tx, reader: ChatReader, now: datetime) -> bool:
    """Let what somebody who has just begun lacks of the latest issue come at once; False when it came already."""
    issue_id, parts = await _latest(tx, reader) or (0, [])
    if not parts or not await chat_readers.had_latest(tx, reader.id, issue_id):
        return False
    for part in parts:
        payload, key = {"issue": issue_id, "part": part}, f"latest:{reader.id}:{part}"
        await outbox.put(tx, now=now, kind=LATEST, payload=payload, subject_id=reader.id, merge_key=key)
    return True


def chat_of(sealer: Sealer, reader: ChatReader) -> int | None:
    """Return the chat of a reader, None once it is forgotten."""
    return None if reader.contact is None else int(sealer.open(CHAT, reader.contact))


def chats_of(sealer: Sealer, readers: Mapping[int, ChatReader]) -> dict[int, int]:
    """Return the chat of each reader; a forgotten one stands as a number that no chat has."""
    return {each.id: chat_of(sealer, each) or -each.id for each in readers.values()}


async def sweep_chats(tx: Tx, now: datetime) -> int:
    """Forget the chats to which nothing has come for two days; returns how many."""
    return await chat_readers.forget(tx, now - timedelta(days=FORGET_DAYS))


async def _latest(tx: Tx, reader: ChatReader) -> tuple[int, list[int]] | None:
    """Return the latest issue that went out, with the parts of it that neither went nor go to this reader anyway."""
    released = await issues.released(tx, reader.bulletin_id)
    if not released or reader.latest_id == released[0].id:
        return None
    issue_id = released[0].id
    planned = await deliveries.parts_planned(tx, issue_id, reader.id, deliveries.CHAT)
    parts = len(await issues.parts(tx, issue_id, deliveries.TELEGRAM))
    lacking = [part for part in range(parts) if part not in planned]
    return (issue_id, lacking) if lacking else None
