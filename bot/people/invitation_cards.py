"""Draws invitations for their menus: whom to invite for how long, and the list of those that can still be used."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.people.invitations import HOURS, inviter_of
from bot.render.style import short_date
from bot.texts import say
from store import invitations as records
from store.database import Tx
from store.invitations import Invitation
from store.messages import Button, Card, Text
from store.records import Bulletin, Person
from store.states import Role

SHOWN = 10
HOURS_A_DAY = 24


def may_invite(viewer: Person, role: Role) -> bool:
    """Say whether somebody may invite to a role: moderators to that of a contributor, the owner to every one."""
    return viewer.role.includes(Role.OWNER if role != Role.CONTRIBUTOR else Role.MODERATOR)


def hours_words(hours: int, language: str) -> str:
    """Return for how long an invitation is good."""
    if hours > HOURS_A_DAY and hours % HOURS_A_DAY == 0:
        return say(language, "people-days", n=hours // HOURS_A_DAY)
    return say(language, "invite-hours", n=hours)


def role_card(viewer: Person, language: str) -> Card:
    """Ask to which role somebody is to be invited."""
    labels = [
        Button(say(language, f"role-{role}").capitalize(), f"v1:invite.{role}:0:0")
        for role in Role
        if may_invite(viewer, role)
    ]
    rows = tuple(tuple(labels[start : start + 2]) for start in range(0, len(labels), 2))
    return Card(Text(say(language, "invite-whom")), (*rows, (Button(say(language, "button-back"), "v1:people.0:0:0"),)))


def hours_card(role: Role, language: str) -> Card:
    """Ask for how long the invitation is to be good."""
    labels = tuple(Button(hours_words(hours, language), f"v1:invite-for.{role}:{hours}:0") for hours in HOURS)
    asked = say(language, "invite-how-long", role=say(language, f"role-{role}"))
    return Card(Text(asked), (labels, (Button(say(language, "button-back"), "v1:invite:0:0"),)))


async def open_card(tx: Tx, bulletin: Bulletin, language: str, now: datetime) -> Card:
    """Draw the invitations that can still be used, each with a button that takes it back."""
    found = await records.still_good(tx, now)
    lines = [
        Text.bold(say(language, "invitations-open", n=len(found))) if found else Text(say(language, "invitations-none"))
    ]
    for number, invitation in enumerate(found[:SHOWN], 1):
        lines.append(Text(f"{number}. ") + await line(tx, bulletin, invitation, language, now))
    if len(found) > SHOWN:
        lines.append(Text(say(language, "people-more", n=len(found) - SHOWN)))
    labels = [
        Button(f"✗ {number}. " + say(language, "button-uninvite"), f"v1:uninvite:{invitation.id}:0")
        for number, invitation in enumerate(found[:SHOWN], 1)
    ]
    rows = tuple(tuple(labels[start : start + 2]) for start in range(0, len(labels), 2))
    return Card(Text.join("\n", lines), (*rows, (Button(say(language, "button-back"), "v1:people.0:0:0"),)))


async def line(tx: Tx, bulletin: Bulletin, invitation: Invitation, language: str, now: datetime) -> str:
    """Return an invitation in one line: role, who made it, until when it is good."""
    host = await inviter_of(tx, invitation)
    local = invitation.expires_at.astimezone(ZoneInfo(bulletin.timezone))
    return say(
        language,
        "invitation-line",
        role=say(language, f"role-{invitation.role}"),
        host=host.pseudonym if host is not None else say(language, "invitation-operator"),
        day=short_date(local.date(), language, now.year),
        time=f"{local:%H:%M}",
    )
