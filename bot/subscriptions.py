"""Readers: imported with proof of consent, leaving at once, never revived against their will."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from bot.seal import Sealer
from store import audit, bulletins, postbox, subscribers
from store.database import Tx
from store.records import Bulletin
from store.subscribers import Newcomer

ADDRESS = "address"
GROUPS = {
    "gmail.com": "gmail",
    "googlemail.com": "gmail",
    "outlook.com": "microsoft",
    "hotmail.com": "microsoft",
    "live.com": "microsoft",
    "msn.com": "microsoft",
    "yahoo.com": "yahoo",
    "ymail.com": "yahoo",
}
HEADINGS = ("email", "e-mail", "address", "mail")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of an import that is no address: its number, what stood there, and why it was left out."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an import file holds: addresses in order, each once, and what was left out."""

    addresses: tuple[str, ...]
    rejected: tuple[Rejected, ...]
    doubled: int


def read_file(path: Path, *, test_domains: bool = False) -> Reading:
    """Read addresses from a text file (one a line) or a CSV file with a column of addresses."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return read_lines(file, test_domains=test_domains)


def read_lines(lines: Iterable[str], *, test_domains: bool = False, delimiter: str = ",") -> Reading:
    """Read addresses from lines; a heading names the column, else it is the first cell with an @."""
    column: int | None = None
    found: dict[str, None] = {}
    rejected: list[Rejected] = []
    doubled = 0
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            continue
        heading = [place for place, cell in enumerate(cells) if cell.strip().lower() in HEADINGS]
        if number == 1 and heading:
            column = heading[0]
            continue
        cell = _cell(cells, column)
        try:
            address = normal(cell, test_domains=test_domains)
        except EmailNotValidError as error:
            rejected.append(Rejected(number, cell, str(error)))
            continue
        doubled += address in found
        found[address] = None
    return Reading(tuple(found), tuple(rejected), doubled)


def _cell(cells: list[str], column: int | None) -> str:
    if column is not None:
        return cells[column].strip() if column < len(cells) else ""
    return next((cell.strip() for cell in cells if "@" in cell), cells[0].strip())


def normal(address: str, *, test_domains: bool = False) -> str:
    """Return an address in the one form in which it is kept, its domain in ASCII.

    Raises EmailNotValidError for what is none, and for one that plain SMTP cannot carry.
    """
    checked = validate_email(address, check_deliverability=False, test_environment=test_domains, allow_smtputf8=False)
    return (checked.ascii_email or checked.normalized).lower()


def provider(address: str) -> str:
    """Return the group of mail providers that share one pace."""
    domain = address.rpartition("@")[2]
    return GROUPS.get(domain, domain)[:60]


def sealed(sealer: Sealer, address: str) -> Newcomer:
    return Newcomer(sealer.seal(ADDRESS, address), sealer.mac(ADDRESS, address), provider(address))


async def bring_in(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, addresses: list[str], *, consent: str, actor: str, now: datetime
) -> int:
    """Subscribe addresses whose consent the operator vouches for; returns how many are new."""
    newcomers = [sealed(sealer, address) for address in addresses]
    came = await subscribers.import_readers(
        tx, bulletin.id, newcomers, language=bulletin.language, consent=consent, day=now.date()
    )
    subject = f"bulletin {bulletin.id}"
    await audit.note(tx, at=now, actor=actor, act="import readers", subject=subject, came=came, consent=consent)
    return came


async def ask(
    tx: Tx, sealer: Sealer, bulletin: Bulletin, address: str, language: str, now: datetime, *, consent: str
) -> None:
    """Let an address wait for its confirmation, and ask it by mail; who reads already, or must not be asked, is not."""
    newcomer = sealed(sealer, address)
    if await subscribers.suppressed(tx, [newcomer.address_mac]):
        return
    asked = await subscribers.ask(tx, bulletin.id, newcomer, language=language, consent=consent, now=now)
    if asked is not None:
        payload = {"subscription": asked[0], "generation": asked[1], "language": language}
        key = f"confirm:{asked[0]}"
        await postbox.put(
            tx,
            kind="confirm",
            bulletin_id=bulletin.id,
            address=newcomer.address,
            payload=payload,
            now=now,
            merge_key=key,
        )


async def confirm(tx: Tx, subscription_id: int, generation: int, now: datetime) -> bool:
    """Begin a subscription that its reader was asked about; False where it does not wait for that."""
    return await subscribers.confirm(tx, subscription_id, generation, now.date())


async def leave(tx: Tx, subscription_id: int, generation: int, now: datetime) -> None:
    """End a subscription at its reader's wish, at once."""
    await subscribers.leave(tx, subscription_id, generation, now.date())


async def bulletin_of(tx: Tx, subscription_id: int, generation: int) -> Bulletin | None:
    """Return the bulletin that a genuine leave link belongs to."""
    found = await subscribers.bulletin_of(tx, subscription_id, generation)
    return None if found is None else await bulletins.get(tx, found)
