"""The doors of letters: one's own secret address, a letter to it that is asked about, and letters at the desk."""

from collections.abc import Awaitable, Callable

from bot.errors import Refused
from bot.post import human, letterbox, submissions
from handlers.visit import Answer, Asked, Door, Visit, words
from store import audit, people
from store.messages import Button, Card, Text

ANSWER = "letter-answer"


async def show_address(visit: Visit) -> Card:
    """Draw somebody's secret address, with what they must know of writing to it."""
    services = visit.services
    generation = await people.letterbox(visit.tx, visit.who.id) or 0
    address = letterbox.secret_address(services.sealer, services.settings, visit.who.id, generation)
    parts = [Text(visit.say("letterbox-address")), Text.styled("code", address), Text(visit.say("letterbox-how"))]
    parts += [Text(visit.say("letterbox-at-risk"))] if visit.who.at_risk else []
    renewing = Button(visit.say("button-letterbox-new"), f"v1:letterbox-new:{generation}:0")
    return Card(Text.join("\n\n", parts), ((renewing,),))


async def open_letterbox(visit: Visit) -> Answer:
    """Show a contributor the secret address to which they may write links, in their private chat only."""
    if not visit.private:
        return words(visit.say_here("letterbox-private"))
    if not letterbox.comes_in(visit.services.settings):
        return words(visit.say("letterbox-closed"))
    return Answer(cards=(await show_address(visit),))


async def new_address(visit: Visit) -> Answer:
    """Give somebody another secret address; a card of an older one changes nothing but itself."""
    if not visit.private or not letterbox.comes_in(visit.services.settings):
        raise Refused("letterbox-closed")
    if await people.letterbox(visit.tx, visit.who.id) == visit.pressed.subject:
        await letterbox.renew(visit.tx, visit.who.id)
        await audit.note(visit.tx, at=visit.now, actor="contributor", act="new letterbox", subject="letterbox")
    return Answer(toast=visit.say("letterbox-renewed"), redraw=await show_address(visit))


def _own(is_own: bool) -> Door:
    async def settle(visit: Visit) -> Answer:
        """Take a letter in that a contributor says is theirs, or forget it."""
        if not visit.private:
            return Answer()
        return await _settle_own(visit, is_own=is_own)

    return settle


async def _settle_own(visit: Visit, *, is_own: bool) -> Answer:
    key = await submissions.settle_own(
        visit.tx, visit.services, visit.here, visit.who, visit.pressed.subject, is_own=is_own, now=visit.now
    )
    return Answer(toast=visit.say("saved"), redraw=Card(Text(visit.say(key))))


async def ask_answer(visit: Visit) -> Answer:
    """Ask a moderator for the words of the answer to a letter."""
    letter = await human.read(visit.tx, visit.services.sealer, visit.pressed.subject)
    if not letter.answerable:
        raise Refused("letter-no-address")
    return Answer(asked=Asked(ANSWER, visit.say_here("letter-ask-answer"), visit.pressed.subject))


async def send_answer(visit: Visit) -> Answer:
    """Send a moderator's words by mail to who wrote a letter."""
    sealer, text = visit.services.sealer, visit.message.text
    await human.answer(visit.tx, sealer, visit.here, visit.who, visit.subject, text, visit.now)
    return words(visit.say_here("letter-answer-sent"))


Rule = Callable[..., Awaitable[None]]


def _decided(rule: Rule) -> Door:
    async def decide(visit: Visit) -> Answer:
        """Let one press decide what becomes of a letter."""
        sealer, letter_id = visit.services.sealer, visit.pressed.subject
        await rule(visit.tx, sealer, visit.here, visit.who, letter_id, visit.now)
        return Answer(toast=visit.say("saved"))

    return decide


OWN_BUTTONS: dict[str, Door] = {
    "letterbox-new": new_address,
    "own-letter-yes": _own(True),
    "own-letter-no": _own(False),
}
DESK_BUTTONS: dict[str, Door] = {
    ANSWER: ask_answer,
    "letter-ignore": _decided(human.ignore),
    "letter-take": _decided(human.take_as_submission),
    "letter-subscribe": _decided(human.subscribe_sender),
}
