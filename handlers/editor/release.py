"""Releasing: let out, hold and continue, close early and open again."""

from collections.abc import Awaitable, Callable

from bot import gate, gate_card, guarded, issues
from bot.errors import Refused
from bot.gate import Pressed, Released
from bot.services import Services
from bot.texts import say
from handlers.visit import Answer, Visit, words
from store.messages import Text
from store.records import Gate, Issue


async def publish(visit: Visit) -> Answer:
    """Let an issue out at once, as far as its gate lets one person."""

    async def act() -> Answer:
        if await guarded.ask_to_publish(visit.tx, visit.here, visit.who, visit.now, _pressed(visit)):
            return _said(visit, "guard-asked")
        done = await gate.publish(visit.tx, visit.here, visit.who, visit.now, _pressed(visit))
        return _said(visit, _let_out(done, "publish-now"))

    return await _pressing(visit, act)


async def hold(visit: Visit) -> Answer:
    """Put the countdown or the broadcast on hold, and say what went out."""

    async def act() -> Answer:
        issue = await gate.hold(visit.tx, visit.here, visit.who, visit.now, _pressed(visit))
        key = "hold-countdown" if issue.number is None else "hold-broadcast"
        if visit.press is not None:
            return Answer(toast=visit.say(key, number=issue.number))
        return words("\n".join((visit.say_here(key, number=issue.number), *(await _progress(visit, issue)))))

    return await _pressing(visit, act)


async def go_on(visit: Visit) -> Answer:
    """Go on with what is on hold."""

    async def act() -> Answer:
        pressed = _pressed(visit)
        if await guarded.ask_to_publish(visit.tx, visit.here, visit.who, visit.now, pressed, going_on=True):
            return _said(visit, "guard-asked")
        done = await gate.go_on(visit.tx, visit.here, visit.who, visit.now, _pressed(visit))
        if done.issue.number is not None:
            return _said(visit, _let_out(done, "continue-broadcast"), number=done.issue.number)
        keys = {Gate.COUNTDOWN: "continue-countdown", Gate.AUTOMATIC: "publish-now"}
        return _said(visit, keys.get(visit.here.gate, "continue-waits"))

    return await _pressing(visit, act)


async def close(visit: Visit) -> Answer:
    """Close the open issue before its hour: it takes its number and waits until somebody lets it out."""

    async def act() -> Answer:
        issue = await gate.may_close(visit.tx, visit.here, visit.now, _pressed(visit))
        await issues.bring_down(visit.tx, visit.here, issue, visit.now)
        return Answer(toast=visit.say("close-now") if visit.press else "", then=_closing(visit, issue))

    return await _pressing(visit, act)


def _closing(visit: Visit, issue: Issue) -> Callable[[Services], Awaitable[None]]:
    """Return the work of closing, which is done after the commit, since drawing every edition takes its time."""
    bulletin, by, chat, language, private = visit.here, visit.who, visit.chat, visit.language, visit.private

    async def work(services: Services) -> None:
        closed = await gate.close(services.store, bulletin, issue, by, services.press, services.clock.now())
        services.bell.ring()
        if private:
            await services.courier.send(chat, Text(say(language, "closed-early", number=closed.number)))

    return work


async def reopen(visit: Visit) -> Answer:
    """Open a closed issue again before anything of it went out."""

    async def act() -> Answer:
        issue = await gate.reopen(visit.tx, visit.here, visit.who, visit.now, _pressed(visit))
        return _said(visit, "reopened", number=issue.number)

    return await _pressing(visit, act)


async def _pressing(visit: Visit, act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do what a press or command asks for; where it is refused nothing is changed and the card is drawn again."""
    try:
        async with visit.tx.begin_nested():
            return await act()
    except Refused as refusal:
        if visit.press is None:
            raise
        await issues.desk(visit.tx, visit.here, visit.press.subject, "gate", visit.now)
        return Answer(toast=visit.say(refusal.key, **refusal.values), alert=True)


def _pressed(visit: Visit) -> Pressed | None:
    """Return the button that was pressed; a command means whichever issue it is."""
    press = visit.press
    return None if press is None else Pressed(press.subject, press.revision, press.argument)


def _let_out(done: Released, key: str) -> str:
    """Return what to say of a press that lets an issue out; where it was the first of two, whom it waits for."""
    return key if done.goes else "release-one-more-yours"


def _said(visit: Visit, key: str, **values: object) -> Answer:
    """Answer a press in the person's language, a command in that of the chat."""
    if visit.press is not None:
        return Answer(toast=visit.say(key, **values))
    return words(visit.say_here(key, **values))


async def _progress(visit: Visit, issue: Issue) -> list[str]:
    return await gate_card.progress(visit.tx, issue, visit.spoken) if issue.number is not None else []
