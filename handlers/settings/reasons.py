"""The reasons for a rejection: listed, added, changed, taken out, the house's own again."""

from bot.bulletin_settings import change, wording
from bot.bulletin_settings import reasons as rules
from bot.errors import Refused
from bot.render.reasons import mark, marked, reason_words, reasons_of
from bot.texts import say
from handlers.choice import SHARE
from handlers.settings.menu import back
from handlers.visit import Answer, Asked, Visit
from store.messages import Button, Card, Text
from store.records import Bulletin


async def listed(visit: Visit) -> Answer:
    """List the reasons; by the button's word, go back to the house's own first."""
    bulletin = visit.here
    if visit.pressed.argument == "house":
        bulletin = await change.put(visit.tx, bulletin, visit.actor, "reasons", None, visit.now)
        return Answer(toast=visit.say("set-saved"), redraw=_list(visit, bulletin, back_again=True))
    return Answer(redraw=_list(visit, bulletin))


def _list(visit: Visit, bulletin: Bulletin, *, back_again: bool = False) -> Card:
    language = visit.spoken
    reasons = reasons_of(bulletin)
    lines = [Text(say(language, "reasons-list"))]
    lines += [Text(f"{number}. {reason_words(bulletin.language, r)}") for number, r in enumerate(reasons, 1)]
    rows = [
        (Button(f"✎ {wording.cut(reason_words(bulletin.language, r), 32)}", f"v1:reason.{mark(r)}:{bulletin.id}:0"),)
        for r in reasons
    ]
    rows.append((Button("+ " + say(language, "button-reason-add"), f"v1:reason-add:{bulletin.id}:0"),))
    if bulletin.reasons is not None:
        rows.append((Button(say(language, "button-reasons-house"), f"v1:reasons.house:{bulletin.id}:0"),))
    if back_again:
        undo = f"v1:set-back.reasons:{bulletin.id}:{change.mark(bulletin.reasons)}"
        rows.append((Button(say(language, "button-reasons-back"), undo),))
    return Card(Text.join("\n", lines), (*rows, back(bulletin, language)))


async def show(visit: Visit) -> Answer:
    """Show one reason with what can be done to it; by a word after its mark, take it out."""
    sign, _, act = visit.pressed.argument.partition("-")
    reason = _there(visit.here, sign)
    if act == "remove":
        bulletin = await rules.remove(visit.tx, visit.here, visit.actor, reason, visit.now)
        return Answer(toast=visit.say("set-saved"), redraw=_list(visit, bulletin, back_again=True))
    if act == "change":
        asked = say(visit.spoken, "ask-reason-change", now=reason_words(visit.here.language, reason))
        return Answer(asked=Asked("reason-change", asked, visit.here.id * SHARE + change.mark(reason)))
    language, at = visit.spoken, f"{visit.here.id}:0"
    row = (
        Button("✎ " + say(language, "button-set-type"), f"v1:reason.{sign}-change:{at}"),
        Button("✗ " + say(language, "button-reason-remove"), f"v1:reason.{sign}-remove:{at}"),
    )
    again = (Button("‹ " + say(language, "button-set-reasons"), f"v1:reasons:{at}"),)
    return Answer(redraw=Card(Text(reason_words(visit.here.language, reason)), (row, again)))


def _there(bulletin: Bulletin, sign: str) -> str:
    reason = marked(bulletin, sign)
    if reason is None:
        raise Refused("reason-gone")
    return reason


async def ask_new(visit: Visit) -> Answer:
    """Ask for the words of a new reason."""
    return Answer(asked=Asked("reason-add", say(visit.spoken, "ask-reason-add"), visit.here.id))


async def take_new(visit: Visit) -> Answer:
    """Take the words of a new reason."""
    bulletin = await rules.add(visit.tx, visit.here, visit.actor, visit.message.text, visit.now)
    return Answer(cards=(_list(visit, bulletin, back_again=True),))


async def take_change(visit: Visit) -> Answer:
    """Take the new words of a reason."""
    wanted = visit.subject % SHARE
    reason = next((known for known in reasons_of(visit.here) if change.mark(known) == wanted), None)
    if reason is None:
        raise Refused("reason-gone")
    bulletin = await rules.replace(visit.tx, visit.here, visit.actor, reason, visit.message.text, visit.now)
    return Answer(cards=(_list(visit, bulletin, back_again=True),))
