"""Turns the outbox rows of letters into messages: cards at the desk, the line that counts the rest, the questions."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.delivery.outbox import Drawn
from bot.desk_at import bulletin_at, posted
from bot.post import cards, listing, submissions
from bot.seal import Sealer
from store import bulletins, desk_letters, letter_line, outbox, people
from store.database import Tx
from store.outbox import Waiting
from store.senders import PRIVATE

Drawer = Callable[[Tx, Waiting, int, datetime], Awaitable[Drawn | None]]


def by_kind(sealer: Sealer) -> dict[str, Drawer]:
    """Return what draws the rows of each kind, given the chat that they go to."""

    async def letter(tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        bulletin = await bulletin_at(tx, chat)
        card = await cards.desk_card(tx, sealer, bulletin, row) if bulletin else None
        drawn = None if card is None else await posted(tx, row, chat, card, silent=False)
        # Of what is settled, and never stood here, nothing is left to say.
        return drawn if drawn is not None and (drawn.edits is not None or drawn.card.buttons) else None

    async def line(tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        bulletin = await bulletins.get(tx, row.subject_id)
        count = await desk_letters.count_unshown(tx, bulletin.id)
        drawn = await posted(tx, row, chat, listing.line(bulletin, count), silent=False)
        return drawn if count or drawn.edits is not None else None

    async def own_letter(tx: Tx, row: Waiting, chat: int, _now: datetime) -> Drawn | None:
        person, place = await people.get(tx, row.person_id or 0), (submissions.CARD, row.subject_id, PRIVATE)
        edits = await outbox.card(tx, *place)
        card = await cards.own_card(tx, sealer, person, row.subject_id)
        if card is None or not (card.buttons or edits):
            return None
        return Drawn(chat, card, silent=False, edits=edits, remember=(place,))

    return {desk_letters.CARD: letter, letter_line.KIND: line, submissions.CARD: own_letter}
