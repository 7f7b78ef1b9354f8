"""The doors of acts that need two: whether they do, and the buttons that confirm or stop one."""

from bot import guard, guarded
from bot.errors import Refused
from bot.guard import Act
from bot.guard.card import card
from bot.people.telling import tell_desks
from bot.texts import say
from handlers.visit import Answer, Visit, words
from store.messages import Button, Card, Text

SWITCH = {"on": True, "off": False, "увімкнути": True, "вимкнути": False}


async def settle(visit: Visit) -> Answer:
    """Say whether far-reaching acts need two persons, or switch it."""
    wanted = visit.words.strip().casefold()
    if wanted not in SWITCH:
        return Answer(cards=(await _menu(visit),))
    return words(await _switched(visit, SWITCH[wanted]))


async def switch(visit: Visit) -> Answer:
    """Switch it by a button."""
    argument = visit.pressed.argument
    if argument not in ("on", "off"):
        return Answer(redraw=await _menu(visit))
    try:
        async with visit.tx.begin_nested():
            said = await _switched(visit, argument == "on")
    except Refused as refusal:
        return Answer(toast=visit.say(refusal.key, **refusal.values), alert=True, redraw=await _menu(visit))
    return Answer(toast=said, redraw=await _menu(visit))


async def confirm(visit: Visit) -> Answer:
    """Confirm an act that somebody else asked for; it is done in the same moment, or it goes on waiting."""
    try:
        async with visit.tx.begin_nested():
            await guarded.confirm(visit.tx, visit.services.sealer, visit.pressed.subject, visit.who, visit.now)
    except Refused as refusal:
        return await _again(visit, visit.say(refusal.key, **refusal.values), alert=True)
    return await _again(visit, visit.say("guard-confirmed"))


async def stop(visit: Visit) -> Answer:
    """Stop an act that waits; one person suffices."""
    try:
        await guard.stop(visit.tx, visit.pressed.subject, visit.who, visit.now)
    except Refused as refusal:
        return await _again(visit, visit.say(refusal.key, **refusal.values), alert=True)
    return await _again(visit, visit.say("guard-stopped-now"))


async def _again(visit: Visit, toast: str, *, alert: bool = False) -> Answer:
    """Draw the act as it stands now in place of what was pressed."""
    return Answer(toast=toast, alert=alert, redraw=await card(visit.tx, visit.pressed.subject, visit.spoken))


async def _switched(visit: Visit, on: bool) -> str:
    if await guard.is_on(visit.tx) == on:
        return visit.say("guard-is-on" if on else "guard-is-off")
    if on:
        await guard.switch(visit.tx, visit.actor, True, visit.now)
        await tell_desks(visit.tx, visit.now, "guard-is-on")
        return visit.say("guard-is-on")
    sealer = visit.services.sealer
    waits = await guarded.do_or_ask(visit.tx, sealer, visit.here, visit.who, Act.UNGUARD, {}, visit.now)
    return visit.say("guard-is-off" if waits is None else "guard-asked")


async def _menu(visit: Visit) -> Card:
    language, on = visit.spoken, await guard.is_on(visit.tx)
    lines = [Text.bold(say(language, "guard-is-on" if on else "guard-is-off")), Text(say(language, "guard-explained"))]
    label = say(language, "button-guard-off" if on else "button-guard-on")
    return Card(Text.join("\n\n", lines), ((Button(label, f"v1:guard.{'off' if on else 'on'}:0:0"),),))
