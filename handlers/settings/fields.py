"""The doors of single settings: a choice pressed, a value typed as a reply, the last change taken back."""

from typing import Any

from bot import guarded
from bot.bulletin_settings import change, wording, zones
from bot.bulletin_settings.fields import FIELDS, page_of
from bot.errors import Refused
from bot.guard import Act, loosens
from bot.texts import say
from handlers.settings import hours
from handlers.settings.menu import back, in_rows, line, overview, page_card
from handlers.visit import Answer, Asked, Door, Visit, words
from store import audit, bulletins
from store.messages import Button, Card, Text
from store.records import Bulletin

GATE = ("gate", "gate_minutes")
TYPED = tuple(name for name, field in FIELDS.items() if field.typed)
OLD_SHOWN = 24


async def put(visit: Visit) -> Answer:
    """Give a setting the value of the button, and show its page as it is then."""
    name, value = _pressed(visit)
    bulletin = await _changed(visit, name, value)
    if bulletin is None:
        return Answer(toast=visit.say("guard-asked"), alert=True)
    page = page_of(name)
    redraw = page_card(visit, bulletin, page) if page else await changed_card(visit, name, visit.here, bulletin)
    return Answer(toast=visit.say("set-saved"), redraw=redraw)


def _pressed(visit: Visit) -> tuple[str, Any]:
    name, _, words = visit.pressed.argument.partition("-")
    if name not in FIELDS:
        raise Refused("set-unknown")
    return name, FIELDS[name].pressed(words)


async def ask(visit: Visit) -> Answer:
    """Ask for the new value of a setting, the old one shown."""
    name = visit.pressed.argument
    if name not in TYPED:
        raise Refused("set-unknown")
    language, key = visit.spoken, f"ask-set-{name.replace('_', '-')}"
    now = str(getattr(visit.here, name)) if name in ("title", "subtitle", "footer") else ""
    now = now or wording.shown(name, getattr(visit.here, name), language)
    return Answer(asked=Asked(f"set-{name}", say(language, key, now=now), visit.here.id))


def giving(name: str) -> Door:
    """Return the door for replies to the question for a setting."""

    async def give(visit: Visit) -> Answer:
        return await _given(visit, name)

    return {"timezone": _zone, "schedule": hours.typed}.get(name, give)


async def _given(visit: Visit, name: str) -> Answer:
    """Take a typed value; a link in the place of words is refused by the field's own rule."""
    value = FIELDS[name].read(visit.message.text)
    bulletin = await _changed(visit, name, value)
    if bulletin is None:
        return words(visit.say_here("guard-asked"))
    return Answer(cards=(await changed_card(visit, name, visit.here, bulletin),))


async def _changed(visit: Visit, name: str, value: Any) -> Bulletin | None:
    """Give a setting its value; None when a second person must agree first: to a looser gate, to an earlier hour."""
    here = visit.here
    if await guarded.ask_to_move(visit.tx, here, visit.who, name, value, visit.now):
        return None
    wanted = {"gate": here.gate, "gate_minutes": here.gate_minutes, name: value}
    if name not in GATE or not loosens(here, wanted["gate"], wanted["gate_minutes"]):
        return await change.put(visit.tx, here, visit.actor, name, value, visit.now)
    payload = {field: wanted[field] for field in GATE}
    waits = await guarded.do_or_ask(visit.tx, visit.services.sealer, here, visit.who, Act.GATE, payload, visit.now)
    return await bulletins.get(visit.tx, here.id) if waits is None else None


async def _zone(visit: Visit) -> Answer:
    """Take a zone by its name or city; where it is not certain, the likely ones are offered."""
    text, language = visit.message.text, visit.spoken
    found = zones.read(text[:100])
    if len(found) == 1 and zones.is_certain(text, found[0]):
        bulletin = await _changed(visit, "timezone", found[0])
        if bulletin is None:
            return words(visit.say_here("guard-asked"))
        return Answer(cards=(await changed_card(visit, "timezone", visit.here, bulletin),))
    if not found:
        raise Refused("zone-unknown", name=wording.cut(text))
    labels = [Button(zone, f"v1:put.timezone-{zone.replace('/', '--')}:{visit.here.id}:0") for zone in found]
    return Answer(cards=(Card(Text(say(language, "zone-which")), (*in_rows(labels), back(visit.here, language))),))


async def changed_card(visit: Visit, name: str, before: Bulletin, after: Bulletin) -> Card:
    """Say what a setting is now, with the way back to what it was."""
    language, old = visit.spoken, getattr(before, name)
    if old == getattr(after, name):
        return Card(
            Text.join("\n", [line(after, name, language), Text(say(language, "set-same"))]), (back(after, language),)
        )
    words = wording.shown(name, old, language)
    lines = [line(after, name, language), Text(say(language, "set-was", was=words))]
    if name in change.MOVES_THE_ISSUE:
        lines.append(Text(await hours.next_issue(visit, after, language)))
    if name in GATE:  # the way back may need a second person, and is a choice on its page
        return Card(Text.join("\n", lines), (back(after, language),))
    undo = say(language, "button-set-back", was=wording.cut(words, OLD_SHOWN))
    mark = change.mark(getattr(after, name))
    return Card(
        Text.join("\n", lines), ((Button(undo, f"v1:set-back.{name}:{after.id}:{mark}"),), back(after, language))
    )


async def take_back(visit: Visit) -> Answer:
    """Give a setting the value that it had before its last change."""
    press = visit.pressed
    if press.argument not in (*FIELDS, "reasons") or press.argument in GATE:
        raise Refused("set-unknown")
    last = await audit.last(visit.tx, f"bulletin {visit.here.id}", f"set-{press.argument}")
    was = last["before"] if last is not None else None
    if was and await guarded.ask_to_move(visit.tx, visit.here, visit.who, press.argument, was, visit.now):
        return Answer(toast=visit.say("guard-asked"), alert=True)
    bulletin = await change.take_back(visit.tx, visit.here, visit.actor, press.argument, press.revision, visit.now)
    return Answer(toast=visit.say("set-saved"), redraw=await overview(visit, bulletin))
