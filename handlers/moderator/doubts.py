"""Posts that were perhaps sent: somebody looks, and says what to do."""

from bot import desk
from bot.delivery import settle
from handlers.visit import Answer, Visit


async def it_is_there(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent: somebody sees it in the channel."""
    await settle.it_is_there(visit.tx, visit.pressed.subject, None, visit.actor, visit.now)
    return await _settled(visit)


async def send_again(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent: it is not there, so it goes out once more."""
    await settle.send_again(visit.tx, visit.pressed.subject, visit.actor, visit.now)
    return await _settled(visit)


async def leave_out(visit: Visit) -> Answer:
    """Settle a post that was perhaps sent: this channel goes without it."""
    await settle.leave_out(visit.tx, visit.pressed.subject, visit.actor, visit.now)
    return await _settled(visit)


async def _settled(visit: Visit) -> Answer:
    await desk.redraw_doubt(visit.tx, visit.here, visit.pressed.subject, visit.now)
    return Answer(toast=visit.say("settled"))
