"""Draws an act that needs two: what somebody wants to do, until when it waits, and what became of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import Refused
from bot.guard.asking import Act
from bot.render.style import short_date
from bot.texts import say
from store import bulletins, people
from store import guard as records
from store.database import Tx
from store.guard import ActState, GuardedAct
from store.messages import Button, Card, Text
from store.records import Bulletin
from store.states import Role


async def what(tx: Tx, act: GuardedAct, language: str) -> str:
    """Return in words what an act does."""
    given = act.payload
    values: dict[str, object] = {"title": given.get("title", "")}
    if "person" in given:
        values["who"] = (await people.get(tx, int(given["person"]))).pseudonym
    if "role" in given:
        values["role"] = say(language, f"role-{Role(given['role'])}")
    if act.act == Act.PUBLISH:
        values["title"] = (await bulletins.get(tx, act.bulletin_id)).title
    if act.act == Act.GATE:
        values["gate"] = say(language, f"guard-gate-{given['gate']}", n=given["gate_minutes"])
    if act.act == Act.HOUR:
        values["hour"] = _hour(given, language)
    return say(language, f"guard-what-{act.act}", **values)


def _hour(given: dict[str, Any], language: str) -> str:
    """Return a schedule in words, a time zone by its name."""
    if given["field"] != "schedule":
        return str(given["value"])
    day, clock = str(given["value"]).split()
    return f"{say(language, f'schedule-{day}')} {clock}"


async def card(tx: Tx, act_id: int, language: str, *, asker: bool = False) -> Card:
    """Draw an act with its buttons while it waits; who asked for it cannot confirm it."""
    act = await records.get(tx, act_id)
    if act is None:
        raise Refused("guard-gone")
    who = (await people.get(tx, act.asked_by)).pseudonym
    lines = [
        Text.bold(say(language, "guard-wants", who=who)),
        Text(await what(tx, act, language)),
        Text(await state(tx, act, language)),
    ]
    if act.state not in records.OPEN:
        return Card(Text.join("\n", lines))
    yes = Button("✓ " + say(language, "button-guard-confirm"), f"v1:guard-yes:{act.id}:0")
    no = Button("✗ " + say(language, "button-guard-stop"), f"v1:guard-no:{act.id}:0")
    return Card(Text.join("\n", lines), ((no,) if asker else (yes, no),))


async def state(tx: Tx, act: GuardedAct, language: str) -> str:
    """Return in words how an act stands."""
    if act.state in records.OPEN:
        until = moment(await bulletins.get(tx, act.bulletin_id), act.until, language)
        return say(language, f"guard-{act.state}", **until)
    if act.state == ActState.FAILED:
        why = act.payload["why"]
        return say(language, "guard-failed", why=say(language, why["key"], **why["values"]))
    if act.settled_by is None or act.state == ActState.EXPIRED:
        return say(language, "guard-dropped" if act.state == ActState.STOPPED else f"guard-{act.state}-by-itself")
    return say(language, f"guard-{act.state}", who=(await people.get(tx, act.settled_by)).pseudonym)


async def news(tx: Tx, act_id: int, language: str) -> Card | None:
    """Draw what became of an act, for who asked for it."""
    act = await records.get(tx, act_id)
    if act is None or act.state in records.OPEN:
        return None
    return Card(Text(await what(tx, act, language) + "\n" + await state(tx, act, language)))


def moment(bulletin: Bulletin, at: datetime, language: str) -> dict[str, str]:
    """Return day and time of a moment in the bulletin's zone."""
    local = at.astimezone(ZoneInfo(bulletin.timezone))
    return {"day": short_date(local.date(), language, at.year), "time": f"{local:%H:%M}"}
