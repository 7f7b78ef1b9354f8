"""For whom the queue is drawn and in which chat, with what waits at that moment."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.queue.view import View
from bot.render.style import short_date
from bot.texts import say
from store import queue
from store.database import Tx
from store.messages import Button, Buttons
from store.queue import Waiter
from store.records import Bulletin

SUPERGROUPS = -1_000_000_000_000
"""Chats below this have messages that can be linked to."""


@dataclass(frozen=True, slots=True)
class Scene:
    """For what and whom the queue is drawn; `at_desk`: in the moderators' chat, else in somebody's own."""

    tx: Tx
    bulletin: Bulletin
    language: str
    now: datetime
    at_desk: bool
    waiting: tuple[Waiter, ...]

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, key, **values)

    def button(self, key: str, data: str, sign: str = "") -> Button:
        """Return a button by the key of its words."""
        return Button(f"{sign} {self.say(key)}".strip(), data)

    def moment(self, when: datetime) -> str:
        """Return a moment on the bulletin's clock: "09:00", or with its day where that is another one."""
        zone = ZoneInfo(self.bulletin.timezone)
        there, today = when.astimezone(zone), self.now.astimezone(zone).date()
        day = "" if there.date() == today else short_date(there.date(), self.language, today.year) + ", "
        return f"{day}{there:%H:%M}"

    def card_url(self, waiter: Waiter) -> str | None:
        """Return the address of an item's card; None where it has none, or its chat has no addresses."""
        chat = self.bulletin.moderators_chat
        if waiter.message is None or chat is None or chat > SUPERGROUPS:
            return None
        return f"https://t.me/c/{SUPERGROUPS - chat}/{waiter.message}"


async def look(tx: Tx, bulletin: Bulletin, language: str, now: datetime, *, at_desk: bool) -> Scene:
    """Return the scene with all that waits now."""
    waiting = await queue.waiting(tx, bulletin.id, bulletin.moderators_chat)
    return Scene(tx, bulletin, language, now, at_desk, tuple(waiting))


def to(action: str, argument: str | View, label: str, subject: int = 0) -> Button:
    """Return a button of the queue."""
    return Button(label, f"v1:{action}.{argument}:{subject}:0")


def pairs(buttons: list[Button], in_a_row: int = 2) -> Buttons:
    """Return buttons in rows, two or so many in each."""
    return tuple(tuple(buttons[start : start + in_a_row]) for start in range(0, len(buttons), in_a_row))


def short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
