"""The secret address of a contributor, and the addresses to which a question of ours is answered."""

from bot.seal import Sealer
from bot.settings import Settings
from bot.tokens import read_row_token, row_token
from store import people
from store.database import Tx
from store.records import Person

LETTERBOX = "letterbox"
SUGGESTION = "suggestion"
CONFIRM = "confirm"


def own_address(settings: Settings) -> str:
    """Return the address that people write to, "" where mail is not set up."""
    return settings.mail_reply_to or settings.mail_from


def comes_in(settings: Settings) -> bool:
    """Say whether letters reach the bot, by a mailbox or from a mail server beside it."""
    return bool(own_address(settings)) and bool(settings.mailbox_url or settings.lmtp_listen)


def secret_address(sealer: Sealer, settings: Settings, person_id: int, generation: int) -> str:
    """Return the address behind whose + stands the token of one person."""
    name, _, domain = own_address(settings).rpartition("@")
    return f"{name}+{row_token(sealer, LETTERBOX, person_id, generation)}@{domain}"


async def token_of(tx: Tx, sealer: Sealer, person_id: int) -> str:
    """Return the token of somebody's secret address as it counts today."""
    return row_token(sealer, LETTERBOX, person_id, await people.letterbox(tx, person_id) or 0)


def confirm_token(sealer: Sealer, letter_id: int) -> str:
    """Return what stands behind the + of the address to which a stranger answers, so that a letter is taken in."""
    return f"{CONFIRM}-{row_token(sealer, SUGGESTION, letter_id, 0)}"


def plain_token(token: str) -> str:
    """Return the token of an address without the word that may stand before it."""
    return token.lower().removeprefix(f"{CONFIRM}-")


async def owner_of(tx: Tx, sealer: Sealer, token: str) -> Person | None:
    """Return whose secret address it is; None for an older address, a forged one, and of somebody who has no role."""
    found = read_row_token(sealer, LETTERBOX, token) if token else None
    if found is None:
        return None
    generation = await people.letterbox(tx, found[0])
    if generation is None or generation % 256 != found[1]:
        return None
    person = await people.get(tx, found[0])
    return None if person.revoked else person


async def renew(tx: Tx, person_id: int) -> int:
    """Give somebody another secret address: the one before is worth nothing from now on."""
    generation = (await people.letterbox(tx, person_id) or 0) + 1
    await people.change(tx, person_id, letterbox=generation)
    return generation
