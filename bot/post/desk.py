"""Letters at a desk: the first ones of an hour get a card each, and one line counts the rest, which /letters lists."""

from datetime import datetime, timedelta

from bot.moderation.waking import FOLDED
from bot.texts import say
from store import desk_letters, letter_line, outbox
from store.database import Tx
from store.desk_letters import CARD
from store.records import Bulletin

MOST_CARDS = 10
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
STRANGERS, REPORTS = "strangers", "reports"
"""What is counted by itself: what people wrote of whom nothing is proven, and reports that a person must read."""


async def draw(tx: Tx, bulletin: Bulletin, letter_id: int, now: datetime, **decided: str) -> None:
    """Queue the drawing of a letter's card; `outcome` and `who` say what was decided, and by whom."""
    await outbox.put_at_desk(
        tx,
        bulletin,
        now=now,
        kind=CARD,
        payload=decided,
        subject_id=letter_id,
        merge_key=desk_letters.card_key(letter_id),
    )


async def show(tx: Tx, bulletin: Bulletin, letter_id: int, budget: str, now: datetime) -> bool:
    """Give a letter a card of its own, or let the line count it; says which. Without a desk nothing is shown."""
    if bulletin.moderators_chat is None:
        return False
    if await letter_line.take_place(tx, bulletin, budget, MOST_CARDS, now - AN_HOUR, now):
        await draw(tx, bulletin, letter_id, now)
        return True
    await _count(tx, bulletin, now)
    return False


async def show_all(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Show the letters that came before there was a desk; where the line stands it tells of them already."""
    if bulletin.moderators_chat is None or await letter_line.stands(tx, bulletin):
        return
    for letter_id in await desk_letters.unshown(tx, bulletin.id, MOST_CARDS + 1):
        if not await show(tx, bulletin, letter_id, STRANGERS, now):
            return


async def bring_down(tx: Tx, bulletin: Bulletin, letter_id: int, now: datetime) -> None:
    """Queue a letter's card at the end of the chat, since somebody asked for it, and fold the one before."""
    chat = bulletin.moderators_chat
    old = None if chat is None else await outbox.card(tx, CARD, letter_id, chat)
    if chat is not None and old is not None:
        await _fold(tx, bulletin, old, "letter-further-down", now)
        await outbox.forget_card(tx, CARD, letter_id, chat)
    await draw(tx, bulletin, letter_id, now)
    await letter_line.refresh(tx, bulletin, now)


async def _count(tx: Tx, bulletin: Bulletin, now: datetime) -> None:
    """Let the line count one letter more: a new one for the first of a flood, and when it is a day old."""
    first = len(await desk_letters.unshown(tx, bulletin.id, 2)) == 1
    begun = await letter_line.begun_at(tx, bulletin)
    if first or begun is None or now - begun > A_DAY or not await letter_line.stands(tx, bulletin):
        old = await letter_line.posted(tx, bulletin)
        if old is not None:
            await _fold(tx, bulletin, old, "letters-further-down", now)
        await letter_line.begin(tx, bulletin, now)
    await letter_line.put(tx, bulletin, now)


async def _fold(tx: Tx, bulletin: Bulletin, message: int, key: str, now: datetime) -> None:
    payload = {"message": message, "title": say(bulletin.language, key)}
    await outbox.put_at_desk(tx, bulletin, now=now, kind=FOLDED, payload=payload, subject_id=bulletin.id)
