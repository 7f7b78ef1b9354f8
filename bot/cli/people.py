"""`bulletin people …`: who has a role."""

from typing import Literal

from cyclopts import App

from bot.cli.reach import Config, reading, writing
from store import people

app = App(name="people", help="Who has a role, by pseudonym.")


@app.command(name="list")
async def list_people(*, config: Config = None) -> None:
    """List everybody with a role."""
    async with reading(config) as shelf, shelf.store.reading() as tx:
        everybody = await people.every(tx)
    for person in everybody:
        gone = "  (revoked)" if person.revoked else ""
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
