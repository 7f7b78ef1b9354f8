"""Finds where an update goes: the door of its button, its command, or the question that it replies to."""

from datetime import timedelta
from typing import NamedTuple

from bot.services import Services
from handlers import incoming as reading
from handlers import routes
from handlers.incoming import Knock
from handlers.routes import Route
from store import outbox
from store.database import Tx
from store.messages import Incoming

CHANNEL_ASKED = "set-channel"
FORWARDED_SOON = timedelta(minutes=10)  # how long a forwarded post answers the question for a channel
# A press of these that was cut short would be taken for their first choice.
NEEDS_ARGUMENT = frozenset("add-source notice-until notice-zone source-trust until wish".split())
QUICK = timedelta(minutes=2)  # how long a question may be on its way when its answer comes


class Found(NamedTuple):
    """Where an update goes; `question` is the message of ours that it replies to.

    `name` is that of the button, the command (with a slash before it) or the question (with its mark).
    """

    route: Route
    words: str = ""
    subject: int = 0
    question: int | None = None
    name: str = ""


async def find_route(tx: Tx, services: Services, knock: Knock, *, at_desk: bool) -> Found | None:
    """Return where an update goes; None for what is none of our business."""
    if knock.membership is not None:
        return Found(routes.MEMBERSHIP)
    if knock.moved_to:
        return Found(routes.MIGRATED, subject=knock.moved_to)
    if not (knock.private or at_desk):
        return None
    if knock.press is not None:
        name = knock.press.action
        route = routes.BUTTONS.get(name)
        cut = name in NEEDS_ARGUMENT and not knock.press.argument
        return None if route is None or cut or (route.desk and not at_desk) else Found(route, name=name)
    return None if knock.incoming is None else await _of_message(tx, services, knock.incoming)


async def _of_message(tx: Tx, services: Services, message: Incoming) -> Found | None:
    if message.edited:
        return Found(routes.EDITED) if message.private else None
    command = reading.read_command(message.text, services.bot_username)
    if command is not None:
        route = routes.COMMANDS.get(command[0])
        if route is not None:
            return Found(route, command[1], name=f"/{command[0]}")
        if not (message.private and message.links):  # a link after a word of one's own is a link all the same
            return Found(routes.COMMANDS["help"]) if message.private else None
    mac = services.sealer.mac("chat", str(message.chat))
    now = services.clock.now()
    if message.origin and message.private:
        waiting = await outbox.waiting_question(tx, mac, CHANNEL_ASKED, now - FORWARDED_SOON)
        if waiting is not None:
            return _answered(waiting.purpose, waiting.subject_id, waiting.message_id)
    if message.reply_to is not None:
        question = await outbox.question(tx, mac, message.reply_to)
        if question is not None:
            return _answered(question.purpose, question.subject_id, message.reply_to)
        cards = [] if message.private else await outbox.subjects_at(tx, ["card"], message.chat, message.reply_to)
        if cards:
            return Found(routes.COPY, "", cards[0])
        question = await outbox.quickly_answered(tx, mac, message.reply_to, now - QUICK)
        if question is not None:
            return _answered(question.purpose, question.subject_id, message.reply_to)
    return Found(routes.MESSAGE) if message.private else None


def _answered(purpose: str, subject: int, question: int | None) -> Found:
    return Found(routes.ANSWERS[purpose], "", subject, question, f"{purpose}?")
