"""Releasing: preview, publish, hold and continue."""

from bot import desk, gate
from bot.services import Services
from handlers.visit import Answer, Visit, words


async def preview(visit: Visit) -> Answer:
    """Send the exact messages and the PDF of the issue as it would be published now."""
    chat, thread, bulletin_id = visit.chat, visit.message.thread, visit.here.id
    language = visit.language

    async def show(services: Services) -> None:
        await desk.send_preview(services, bulletin_id, chat, thread, language)

    return Answer(then=show)


async def publish(visit: Visit) -> Answer:
    """Let the open issue out at once."""
    await gate.publish(visit.tx, visit.here, visit.actor, visit.now, _expected(visit))
    return Answer(toast=visit.say("publish-now")) if visit.press else words(visit.say("publish-now"))


async def hold(visit: Visit) -> Answer:
    """Put the countdown or the broadcast on hold."""
    issue = await gate.hold(visit.tx, visit.here, visit.actor, visit.now, _expected(visit))
    said = visit.say("hold-broadcast", number=issue.number) if issue.number else visit.say("hold-countdown")
    return Answer(toast=said) if visit.press else words(said)


async def go_on(visit: Visit) -> Answer:
    """Go on with what is on hold."""
    issue = await gate.go_on(visit.tx, visit.here, visit.actor, visit.now, _expected(visit))
    said = visit.say("continue-broadcast", number=issue.number) if issue.number else visit.say("continue-countdown")
    return Answer(toast=said) if visit.press else words(said)


def _expected(visit: Visit) -> int | None:
    """Return the issue whose button was pressed; a command means whichever it is."""
    return visit.press.subject if visit.press is not None else None
