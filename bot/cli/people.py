"""`bulletin people …`: who has a role."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from bot.app import clock_of
from bot.cli.reach import Config, reading, writing
from bot.people import INVITATION_HOURS
from store import invitations, people
from store.records import Person

Days = Annotated[int, Parameter(validator=Number(gte=1, lte=3650), help="For how many days.")]
Hours = Annotated[int, Parameter(validator=Number(gte=1, lte=168), help="For how many hours it is good.")]

app = App(name="people", help="Who has a role, by pseudonym.")


@app.command(name="list")
async def list_people(*, config: Config = None) -> None:
    """List everybody who has or had a role, and the invitations that can still be used."""
    async with reading(config) as shelf, shelf.store.reading() as tx:
        now = clock_of(shelf.settings).now()
        everybody = await people.every(tx)
        names = {f"person {person.id}": person.pseudonym for person in everybody}
        still_good = await invitations.still_good(tx, now)
    for person in everybody:
        print(f"{person.pseudonym:<24} {person.role:<12} {_record(person)}{_standing(person, now)}")
    for invitation in still_good:
        host = names.get(invitation.created_by, "the shell")
        print(f"an invitation            {invitation.role:<12} by {host}, until {_moment(invitation.expires_at)}")


def _record(person: Person) -> str:
    active = f"last active on {person.active_on}" if person.active_on else "not active yet"
    return f"{person.links} links sent, {person.accepted} in, {active}"


def _standing(person: Person, now: datetime) -> str:
    """Return what keeps somebody out now; what is over is not told."""
    said = "  (revoked)" if person.revoked else ""
    if person.muted_until is not None and person.muted_until > now:
        said += f"  (muted until {_moment(person.muted_until)})"
    if person.banned_until is not None and person.banned_until > now:
        said += f"  (kept out until {_moment(person.banned_until)})"
    return said


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@app.command
async def invite(
    role: Literal["contributor", "moderator", "editor", "owner"] = "contributor",
    *,
    hours: Hours = INVITATION_HOURS,
    config: Config = None,
) -> None:
    """Make a one-time link that gives a role; it is good for 24 hours unless another time is given."""
    async with writing(config) as hand:
        done = await hand.perform("invite", role=role, hours=hours)
    if done["username"]:
        print(f"https://t.me/{done['username']}?start={done['token']}")
    else:
        print(f"Send this to the bot: /start {done['token']}")


@app.command
async def revoke(pseudonym: str, *, config: Config = None) -> None:
    """Take somebody's role away, at once."""
    async with writing(config) as hand:
        done = await hand.perform("revoke", pseudonym=pseudonym)
    print(f"{done['pseudonym']} has no role any more.")


@app.command
async def mute(pseudonym: str, *, days: Days = 3, config: Config = None) -> None:
    """Take no links from a contributor for some days; the moderators are told."""
    done = await _keep_out("mute", pseudonym, days, config)
    print(f"{done['pseudonym']} is muted until {done['until']}.")


@app.command
async def ban(pseudonym: str, *, days: Days = 30, config: Config = None) -> None:
    """Keep a contributor out altogether for some days; the moderators are told."""
    done = await _keep_out("ban", pseudonym, days, config)
    print(f"{done['pseudonym']} is kept out until {done['until']}.")


@app.command
async def unmute(pseudonym: str, *, config: Config = None) -> None:
    """End a mute or a ban."""
    done = await _keep_out("unmute", pseudonym, 0, config)
    print(f"{done['pseudonym']} may send links again.")


async def _keep_out(act: str, pseudonym: str, days: int, config: Path | None) -> dict[str, Any]:
    async with writing(config) as hand:
        return await hand.perform("keep-out", act=act, pseudonym=pseudonym, days=days)
