"""A new bulletin: its address, its sections, and the issue that it begins with."""

import re
import unicodedata
from datetime import datetime

from bot import issues
from bot.bulletin_settings.fields import FIELDS
from bot.errors import Refused
from bot.texts import say
from store import audit, bulletins
from store.database import Tx
from store.records import Bulletin

SLUG_LENGTH = 60
SHORT_LENGTH = 18
TAKEN = ("leave", "telegram", "health")  # addresses of the web pages that belong to no bulletin


async def create(tx: Tx, actor: str, like: Bulletin, title: str, now: datetime) -> Bulletin:
    """Add a bulletin that begins with the language, hour and sections of another; raises Refused for a taken title."""
    title = FIELDS["title"].read(title)
    known = await bulletins.every(tx)
    if title.casefold() in {other.title.casefold() for other in known}:
        raise Refused("bulletin-there", title=title)
    new_id = await bulletins.add(
        tx,
        sections=[(section.title, section.short) for section in await bulletins.standing_sections(tx, like.id)],
        slug=free_slug(title, {other.slug for other in known}),
        title=title,
        language=like.language,
        timezone=like.timezone,
        schedule=like.schedule,
        cutoff_minutes=like.cutoff_minutes,
        footer=say(like.language, "default-footer"),
    )
    await audit.note(tx, at=now, actor=actor, act="new bulletin", subject=f"bulletin {new_id}", title=title)
    bulletin = await bulletins.get(tx, new_id)
    await issues.ensure_open(tx, bulletin, now)
    return bulletin


def section(given: str) -> tuple[str, str]:
    """Return title and short label of `Title|Label`; without a label it is the title's beginning."""
    title, _, short = (part.strip() for part in given.partition("|"))
    return title, (short or title)[:SHORT_LENGTH].rstrip()


def slug(title: str) -> str:
    """Return a title as part of an address: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH] or "bulletin"


def free_slug(title: str, taken: set[str]) -> str:
    """Return the address of a title, with a number where another bulletin has it."""
    first, number = slug(title), 1
    found = first
    while found in taken or found in TAKEN:
        number += 1
        found = f"{first[: SLUG_LENGTH - 4]}-{number}"
    return found
