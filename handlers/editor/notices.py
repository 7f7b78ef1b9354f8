"""Notices: taken from a message or from a pasted digest, with the day until which they print."""

from dataclasses import replace
from datetime import timedelta

from bot import notices
from bot.board.scene import View
from bot.errors import Refused
from bot.shaping import notices as rules
from handlers.editor import board
from handlers.visit import Answer, Asked, Visit, words
from store import audit, issues, outbox
from store import notices as records
from store.messages import Button, Card, Text
from store.records import Notice

WEEKS_OPEN = 4


async def notice(visit: Visit) -> Answer:
    """Take a notice: its text after the command, or as the reply that is asked for."""
    if visit.words:
        return await take_notice(visit)
    return Answer(asked=Asked("notice", visit.say_here("notice-ask")))


async def listing(visit: Visit) -> Answer:
    """Show the notices of the open issue and of later ones."""
    return await board.called(visit, View("notices", subject=visit.here.id))


async def take_notice(visit: Visit) -> Answer:
    """Read a notice's date and place, store it, and ask only until when it should print."""
    text = visit.words or visit.message.text
    if not text.strip():
        return words(visit.say_here("notice-empty"))
    read = notices.read(text, visit.today, visit.here.timezone, visit.message.links)
    notice_id = await rules.add(board.shaper(visit), _until_some_day(visit, read))
    return Answer(cards=(await _saved(visit, replace(read, id=notice_id), 1),))


async def take_up_notice(visit: Visit) -> Answer:
    """Take up a notice that stood in a pasted digest, and ask until when it should print."""
    kept = await records.get(visit.tx, visit.pressed.subject)
    if kept is None or not kept.suggested or kept.bulletin_id != visit.here.id:
        return Answer(toast=visit.say("suggestion-settled"), alert=True)
    read = notices.read(kept.notice.text, visit.today, visit.here.timezone)
    read = replace(read, id=kept.notice.id)
    await rules.take_up(board.shaper(visit), _until_some_day(visit, read), kept.revision)
    await outbox.forget_card(visit.tx, "suggestion", read.id, visit.chat)
    return Answer(toast=visit.say("saved"), redraw=await _saved(visit, read, kept.revision + 1))


async def leave_notice(visit: Visit) -> Answer:
    """Leave out a notice that stood in a pasted digest."""
    subject = f"notice {visit.pressed.subject}"
    if await records.drop_suggestion(visit.tx, visit.pressed.subject):
        await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="withdraw", subject=subject)
    await outbox.forget_card(visit.tx, "suggestion", visit.pressed.subject, visit.chat)
    return Answer(redraw=Card(Text(visit.say_here("suggestion-settled"))))


def _until_some_day(visit: Visit, read: Notice) -> Notice:
    """Let a notice without a day print for a week, so that a question left unanswered prints none for ever."""
    return read if read.until is not None else replace(read, until=visit.today + timedelta(days=rules.DEFAULT_DAYS))


async def _saved(visit: Visit, read: Notice, revision: int) -> Card:
    """Say what was read of a notice, and ask until when it should print."""
    issue = await issues.current(visit.tx, visit.here.id)
    day = notices.day(read.until, visit.spoken) if read.until is not None else visit.say_here("notice-no-date")
    said = visit.say_here("notice-saved", what=notices.summary(read, visit.spoken) or day)
    last = notices.last_day(read)
    if issue is not None and last is not None and last < issue.date:
        said += "\n\n" + visit.say_here("notice-before-issue", day=notices.day(issue.date, visit.spoken))
    at = f"{read.id}:{revision}"
    days = [("notice-this-issue", 7), ("notice-weeks", 7 * WEEKS_OPEN)]
    row = [Button(visit.say_here(key, n=WEEKS_OPEN), f"v1:until.{n}:{at}") for key, n in days]
    if read.until is not None:
        row.insert(0, Button(visit.say_here("notice-until-then"), f"v1:until.0:{at}"))
    return Card(Text(said), (*((button,) for button in row), _more(visit, read.id, revision)))


def _more(visit: Visit, notice_id: int, revision: int) -> tuple[Button, ...]:
    return (
        Button("≡ " + visit.say_here("button-notice-all"), f"v1:notice:{notice_id}:0"),
        Button(visit.say_here("notice-take-out"), f"v1:take-out:{notice_id}:{revision}"),
    )


async def until(visit: Visit) -> Answer:
    """Settle until when a notice prints: its own day, or so many days from today."""
    press = visit.pressed
    days = int(press.argument) if press.argument.isascii() and press.argument.isdigit() else 0
    try:
        await rules.print_for(board.shaper(visit), press.subject, press.revision, days)
    except Refused as refusal:
        return await _as_it_stands(visit, refusal)
    return await _as_it_stands(visit)


async def take_out(visit: Visit) -> Answer:
    """Take a notice out of the issue."""
    press = visit.pressed
    try:
        await rules.take_out(board.shaper(visit), press.subject, press.revision)
    except Refused as refusal:
        return await _as_it_stands(visit, refusal)
    return await _as_it_stands(visit)


async def _as_it_stands(visit: Visit, refusal: Refused | None = None) -> Answer:
    """Answer a press with the notice as it is now, and with why nothing was done."""
    toast = visit.say(refusal.key, **refusal.values) if refusal else visit.say("saved")
    kept = await records.get(visit.tx, visit.pressed.subject)
    if kept is None or kept.withdrawn or kept.bulletin_id != visit.here.id:
        return Answer(toast=toast, alert=refusal is not None, redraw=Card(Text(visit.say_here("notice-gone"))))
    last = notices.last_day(kept.notice)
    day = notices.day(last, visit.spoken) if last is not None else "–"
    what = notices.summary(kept.notice, visit.spoken) or kept.notice.title
    said = visit.say_here("notice-until", what=what, day=day)
    card = Card(Text(said), (_more(visit, kept.notice.id, kept.revision),))
    return Answer(toast=toast, alert=refusal is not None, redraw=card)
