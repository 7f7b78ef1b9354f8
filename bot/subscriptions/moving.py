"""A reader's new address: confirmed at both, then all links are new."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.seal import Sealer
from bot.subscriptions.addresses import ADDRESS, mailbox_mac, sealed
from bot.subscriptions.choosing import Mine
from bot.subscriptions.coming import WAIT_HOURS, may_write
from store import bulletins, choices, opt_in, postbox
from store.choices import Change
from store.database import Tx
from store.records import Bulletin

OLD, NEW = "change-old", "change-new"
"""The purposes of the two tokens, and the kinds of the mails that bring them."""

Side = Literal["old", "new"]


@dataclass(frozen=True, slots=True)
class Moving:
    """A change that a link is about, and how it stands after it: `done` when both addresses have confirmed."""

    change: Change
    bulletin: Bulletin
    language: str
    done: bool = False


async def ask_change(tx: Tx, sealer: Sealer, mine: Mine, address: str, now: datetime) -> None:
    """Begin to move a reader to another address, in its normal form; both are written to.

    Nothing tells whoever asks whether mails went out; the caps are those of subscribing.
    """
    newcomer = sealed(sealer, address)
    here = mine.here
    if newcomer.address_mac == here.address_mac:
        return
    old = old_address(sealer, mine)
    if not all([await may_write(tx, sealer, mine.bulletin, each, now) for each in (old, address)]):
        return
    change_id = await choices.ask_change(tx, here.subscriber_id, newcomer, now)
    for kind, to, plain in ((OLD, here.address, old), (NEW, newcomer.address, address)):
        await opt_in.count_mail(tx, mailbox_mac(sealer, plain), now)
        payload = {"change": change_id, "subscription": here.id, "language": here.language}
        await postbox.put(tx, kind=kind, bulletin_id=mine.bulletin.id, address=to, payload=payload, now=now)


async def of_link(tx: Tx, change_id: int, now: datetime) -> Moving | None:
    """Return the change that a link is about; None when it is done, forgotten or too old."""
    change = await choices.get_change(tx, change_id)
    if change is None or now - change.asked_at >= timedelta(hours=WAIT_HOURS):
        return None
    mine = [each for each in await choices.of_subscriber(tx, change.subscriber_id) if each.state in opt_in.READING]
    if not mine:
        return None
    return Moving(change, await bulletins.get(tx, mine[0].bulletin_id), mine[0].language)


async def confirm_change(tx: Tx, change_id: int, side: Side, now: datetime) -> Moving | None:
    """Note that one address has confirmed; when both have, the reader is at the new one and all tokens are new."""
    moving = await of_link(tx, change_id, now)
    if moving is None:
        return None
    await choices.confirm_change(tx, change_id, side)
    change = await choices.get_change(tx, change_id)
    if change is None or not (change.old_confirmed and change.new_confirmed):
        return moving
    await choices.move(tx, change)
    return Moving(change, moving.bulletin, moving.language, done=True)


async def sweep_changes(tx: Tx, now: datetime) -> int:
    """Forget the addresses that were not confirmed within 48 hours; returns how many."""
    return await choices.forget_changes(tx, now - timedelta(hours=WAIT_HOURS))


def old_address(sealer: Sealer, mine: Mine) -> str:
    """Return the address that issues come to now."""
    return sealer.open(ADDRESS, mine.here.address)
