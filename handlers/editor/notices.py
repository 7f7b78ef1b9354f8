"""Notices: taken from a message or from a pasted digest, with the day until which they print."""

from dataclasses import replace
from datetime import timedelta

from bot import notices
from handlers.visit import Answer, Asked, Visit, words
from store import audit, outbox
from store import issues as issue_records
from store.messages import Button, Card, Text
from store.records import Notice, NoticeKind

WEEKS_OPEN = 4


async def notice(visit: Visit) -> Answer:
    """Take a notice: its text after the command, or as the reply that is asked for."""
    if visit.words:
        return await take_notice(visit)
    return Answer(asked=Asked("notice", visit.say("notice-ask")))


async def take_notice(visit: Visit) -> Answer:
    """Read a notice's date and place, store it, and ask only until when it should print."""
    text = visit.words or visit.message.text
    if not text.strip():
        return words(visit.say("notice-empty"))
    read = _read(visit, text, visit.message.links)
    notice_id = await issue_records.add_notice(visit.tx, visit.here.id, read)
    await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="notice", subject=f"notice {notice_id}")
    return Answer(cards=(await _saved(visit, read, notice_id),))


async def take_up_notice(visit: Visit) -> Answer:
    """Take up a notice that stood in a pasted digest, and ask until when it should print."""
    found = await issue_records.suggested_notice(visit.tx, visit.pressed.subject)
    if found is None:
        return Answer(toast=visit.say("suggestion-settled"), alert=True)
    read = replace(_read(visit, found.text), id=found.id)
    await issue_records.take_up(visit.tx, read)
    await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="notice", subject=f"notice {found.id}")
    await outbox.forget_card(visit.tx, "suggestion", found.id, visit.chat)
    return Answer(toast=visit.say("saved"), redraw=await _saved(visit, read, found.id))


async def leave_notice(visit: Visit) -> Answer:
    """Leave out a notice that stood in a pasted digest."""
    subject = f"notice {visit.pressed.subject}"
    if await issue_records.drop_suggestion(visit.tx, visit.pressed.subject):
        await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="withdraw", subject=subject)
    await outbox.forget_card(visit.tx, "suggestion", visit.pressed.subject, visit.chat)
    return Answer(redraw=Card(Text(visit.say("suggestion-settled"))))


def _read(visit: Visit, text: str, links: tuple[str, ...] = ()) -> Notice:
    """Read a notice; one without a day prints for a week, so that a question left unanswered prints none for ever."""
    read = notices.read(text, visit.today, visit.here.timezone, links)
    return read if read.until is not None else replace(read, until=visit.today + timedelta(days=7))


async def _saved(visit: Visit, read: Notice, notice_id: int) -> Card:
    """Say what was read of a notice, and ask until when it should print."""
    issue = await issue_records.current(visit.tx, visit.here.id)
    said = visit.say("notice-saved", what=notices.summary(read, visit.language) or visit.say("notice-no-date"))
    if issue is not None and read.until is not None and read.until < issue.date:
        said += "\n\n" + visit.say("notice-before-issue", day=notices.day(issue.date, visit.language))
    days = [("notice-this-issue", 7), ("notice-weeks", 7 * WEEKS_OPEN)]
    row = [Button(visit.say(key, n=WEEKS_OPEN), f"v1:until.{n}:{notice_id}:1") for key, n in days]
    if read.kind == NoticeKind.MEETING:
        row.insert(0, Button(visit.say("notice-until-then"), f"v1:until.0:{notice_id}:1"))
    buttons = (*((button,) for button in row), (Button(visit.say("notice-take-out"), f"v1:take-out:{notice_id}:1"),))
    return Card(Text(said), tuple(buttons))


async def until(visit: Visit) -> Answer:
    """Settle until when a notice prints: its own day, or so many days from today."""
    days = int(visit.pressed.argument) if visit.pressed.argument.isdigit() else 0
    found = await issue_records.notice(visit.tx, visit.pressed.subject)
    if found is None:
        return Answer(toast=visit.say("notice-gone"), alert=True)
    day = visit.today + timedelta(days=days) if days or found.until is None else found.until
    await issue_records.change_notice(visit.tx, found.id, until=day)
    said = visit.say("notice-until", what=notices.summary(found, visit.language), day=notices.day(day, visit.language))
    again = (Button(visit.say("notice-take-out"), f"v1:take-out:{found.id}:1"),)
    return Answer(toast=visit.say("saved"), redraw=Card(Text(said), (again,)))


async def take_out(visit: Visit) -> Answer:
    """Take a notice out of the issue."""
    gone = await issue_records.change_notice(visit.tx, visit.pressed.subject, withdrawn=True)
    if gone:
        subject = f"notice {visit.pressed.subject}"
        await audit.note(visit.tx, at=visit.now, actor=visit.actor, act="withdraw", subject=subject)
    return Answer(redraw=Card(Text(visit.say("notice-gone"))))
