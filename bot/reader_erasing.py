"""Erasing everything about one reader; only the HMAC of their address stays, so that no import brings them back."""

from datetime import datetime

from bot.post import erasing as letters
from bot.seal import Sealer
from bot.subscriptions import ADDRESS, mark
from store import audit, erasing
from store.database import Tx


async def erase(tx: Tx, sealer: Sealer, address_mac: str, now: datetime, *, actor: str = "reader") -> bool:
    """Erase whoever has an address, in every bulletin, and what waits for it; False when nothing of it was here.

    Address, consent, choices, score, confirmations, changes of address and waiting mails go, and what letters from the
    address hold that wait for somebody's word; the letters of each issue and what came back of them are still counted,
    as those of nobody. The address is barred in either case, with the
    reason `erased`. Call `store.checkpoint()` once it is committed: until then the erased words stand in the
    database's log of changes.
    """
    day = now.date()
    found = await erasing.subscriber(tx, address_mac)
    asked = await erasing.forget_requests(tx, address_mac, found)
    mails = [
        mail
        for mail, address in await erasing.waiting_mails(tx)
        if mark(sealer, sealer.open(ADDRESS, address)) == address_mac
    ]
    await erasing.forget_mails(tx, mails)
    written = await letters.erase(tx, sealer, address_mac, now)
    if found is not None:
        await erasing.erase(tx, found, sealer.seal(ADDRESS, ""), day)
    await erasing.bar(tx, address_mac, day)
    await audit.note(tx, at=now, actor=actor, act="erase", subject="a reader")
    return found is not None or bool(asked or mails) or written
