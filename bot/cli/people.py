"""`bulletin people …`: who has a role."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from bot.cli.reach import Config, reading, writing
from store import people

Days = Annotated[int, Parameter(validator=Number(gte=1, lte=3650), help="For how many days.")]

app = App(name="people", help="Who has a role, by pseudonym.")


@app.command(name="list")
async def list_people(*, config: Config = None) -> None:
    """List everybody with a role."""
    async with reading(config) as shelf, shelf.store.reading() as tx:
        everybody = await people.every(tx)
    for person in everybody:
        gone = "  (revoked)" if person.revoked else ""
        gone += f"  (muted until {person.muted_until:%Y-%m-%d %H:%M} UTC)" if person.muted_until else ""
        gone += f"  (kept out until {person.banned_until:%Y-%m-%d %H:%M} UTC)" if person.banned_until else ""
        print(f"{person.pseudonym:<24} {person.role:<12} {person.links} links sent, {person.accepted} in{gone}")


@app.command
async def invite(
    role: Literal["contributor", "moderator", "editor", "owner"] = "contributor", *, config: Config = None
) -> None:
    """Make a one-time link that gives a role; it is good for 24 hours."""
    async with writing(config) as hand:
        done = await hand.perform("invite", role=role)
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
