"""The door of the numbers: /stats, the buttons that choose the time, and the picture."""

import asyncio
from functools import partial

from bot import stats
from bot.errors import Refused
from bot.render import numbers
from bot.render.numbers import Sheet
from bot.services import Services
from handlers.visit import Answer, Later, Visit
from store.messages import Card

NAME = "numbers.png"
PICTURE = "picture-"


async def show(visit: Visit) -> Answer:
    """Show the numbers of the last ten issues as text and as a picture; a button shows another time in place."""
    if visit.press is None:
        sheet = await _counted(visit, stats.USUAL)
        return Answer(cards=(_card(visit, sheet, stats.USUAL),), then=_picture(visit, sheet, visit.message.thread))
    wanted = visit.press.argument
    period = wanted.removeprefix(PICTURE)
    if period not in stats.PERIODS:
        raise Refused("press-only")
    sheet = await _counted(visit, period)
    if wanted.startswith(PICTURE):
        return Answer(toast=visit.say("stats-drawing"), then=_picture(visit, sheet, visit.press.thread))
    return Answer(redraw=_card(visit, sheet, period))


async def _counted(visit: Visit, period: str) -> Sheet:
    return await stats.gather(visit.tx, visit.here, period, visit.spoken)


def _card(visit: Visit, sheet: Sheet, period: str) -> Card:
    return Card(numbers.text(sheet), stats.buttons(visit.here, period, visit.spoken))


def _picture(visit: Visit, sheet: Sheet, thread: int | None) -> Later:
    send = partial(visit.services.courier.send_photo, visit.chat, NAME, thread=thread)
    caption = f"{sheet.bulletin} · {sheet.title} · {sheet.subtitle}"

    async def draw(_services: Services) -> None:
        await send(await asyncio.to_thread(numbers.picture, sheet), caption)

    return draw
