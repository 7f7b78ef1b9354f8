"""What an erased person wrote by letter: it is forgotten, its cards say so, and nobody may answer it any more."""

from datetime import datetime

from bot.post import desk, kept, submissions
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, mark
from store import bulletins, desk_letters, letter_line, outbox, senders
from store.database import Tx
from store.desk_letters import CARD, Erased

OUTCOME = "erased"


async def erase(tx: Tx, sealer: Sealer, address_mac: str, now: datetime) -> bool:
    """Erase the letters of an address that wait, and the address beside links that it sent; says whether any was."""
    gone = await desk_letters.erase(tx, address_mac)
    for letter in gone:
        await _take_away(tx, sealer, letter, now)
    for bulletin in await bulletins.every(tx):
        if any(letter.bulletin_id == bulletin.id for letter in gone):
            await letter_line.refresh(tx, bulletin, now)
    sent = [
        submission_id
        for submission_id, contact in await senders.mail_contacts(tx)
        if mark(sealer, sealer.open(ADDRESS, contact)) == address_mac
    ]
    for submission_id in sent:
        await senders.forget_contact(tx, submission_id)
    return bool(gone or sent)


async def _take_away(tx: Tx, sealer: Sealer, letter: Erased, now: datetime) -> None:
    """Let a card that stands, or is on its way, say that the letter was erased."""
    if letter.kind == CARD and letter.bulletin_id is not None:
        bulletin = await bulletins.get(tx, letter.bulletin_id)
        chat = bulletin.moderators_chat
        stands = chat is not None and await outbox.card(tx, CARD, letter.id, chat) is not None
        if stands or await outbox.waits(tx, desk_letters.card_key(letter.id)):
            await desk.draw(tx, bulletin, letter.id, now, outcome=OUTCOME)
    elif letter.kind == submissions.CARD and letter.content is not None:
        person = kept.unseal(sealer, letter.content).person
        await submissions.draw_own(tx, letter.id, person, now)
