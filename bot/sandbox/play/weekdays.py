"""The days of the week: eight messages, what moderators make of them, and a notice."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.sandbox.director import Director
from bot.sandbox.news.week import Link, Message, week
from bot.sandbox.play import cards
from bot.sandbox.site import WEEK_START
from bot.sandbox.stage import ZONE

_NOTICE_AT = datetime(WEEK_START.year, WEEK_START.month, WEEK_START.day, 15, tzinfo=ZONE) + timedelta(days=5)
_NOTICE = """Open meeting: who writes to the prisoners?
Thursday 26 November, 18:30
Speakers: Halyna Reva (Letters Across), Ihor Stan (Court Watch)
Place: Reading Room, 4 Ferry Street
Join online: http://hands-across.example/meeting"""
_KNOWN, _OFF_TOPIC = 1, 0  # places of the reasons under Reject

Decide = Callable[[Director, Message], Awaitable[None]]


async def fill_issue(director: Director) -> None:
    """Play the eight messages and the notice, each at its hour."""
    messages = week(WEEK_START)
    for number, (message, (caption, decide)) in enumerate(zip(messages, _DAYS, strict=True), start=1):
        await director.travel(message.at)
        await director.beat(caption, message.sender)
        await _send(director, message, number)
        await decide(director, message)
    await director.travel(_NOTICE_AT)
    await _notice(director)


async def _send(director: Director, message: Message, number: int) -> None:
    """Let somebody send a message, and wait for the acknowledgement and the cards."""
    person = director.stage.people[message.sender]
    await director.hear(person, message.text, f"the acknowledgement of message {number}")
    for link in message.links:
        await cards.awaited_card(director, link.url)
    await director.look()


async def _approve_both(director: Director, message: Message) -> None:
    await director.beat("Each link is a card in the moderators’ chat. One press on a section decides.", "desk")
    await _approve_all(director, message.links)


async def _approve_quietly(director: Director, message: Message) -> None:
    await _approve_all(director, message.links)
    await director.look()


async def _approve_all(director: Director, links: tuple[Link, ...]) -> None:
    """Approve into each link's section, Boris and Clara in turn."""
    stage = director.stage
    for place, link in enumerate(links):
        await cards.approve(director, (stage.boris, stage.clara)[place % 2], link.url, link.section or "")


async def _press_together(director: Director, message: Message) -> None:
    first, *others = message.links
    await director.beat("Boris and Clara press different buttons on one card at the same instant.", "desk")
    card = await cards.awaited_card(director, first.url)
    answers = await cards.press_at_once(director, card, (first.section or "", "Analysis and comment"))
    if answers:
        await director.beat(f"Exactly one press counts. The other hears: “{answers[1]}”", "desk")
    await _approve_all(director, tuple(others))


async def _change_a_mind(director: Director, message: Message) -> None:
    stage, (first, second) = director.stage, message.links
    await cards.approve(director, stage.boris, first.url, "Analysis and comment")
    await director.beat("Boris took the wrong section: Undo brings the card back, and he decides again.", "desk")
    await cards.undo(director, stage.boris, first.url)
    await director.look()
    await cards.approve(director, stage.boris, first.url, first.section or "")
    await cards.approve(director, stage.clara, second.url, second.section or "")


async def _refuse_known(director: Director, message: Message) -> None:
    await director.beat("The card warns that it is known already. Boris says so, and Marta will hear why.", "desk")
    await cards.reject(director, director.stage.boris, message.links[0].url, _KNOWN)


async def _leave_waiting(director: Director, message: Message) -> None:
    await director.beat("The page is gone: the link is kept and marked. It waits until somebody decides.", "desk")
    await cards.awaited_card(director, message.links[0].url)


async def _refuse_kindly(director: Director, message: Message) -> None:
    await director.beat("Clara rejects it with a reason. Ana hears it a minute later, unless it is undone.", "desk")
    await cards.reject(director, director.stage.clara, message.links[0].url, _OFF_TOPIC)


async def _notice(director: Director) -> None:
    """Let Clara hand in a meeting: she pastes it, and is asked only until when it should print."""
    stage = director.stage
    await director.beat("Clara hands in a meeting. The bot reads day, hour and place, and asks “until when?”", "desk")
    before = stage.clara.send("/notice", stage.desk).message_id
    asked = await director.until(
        "the bot asks for the notice",
        lambda: director.from_bot_after(stage.desk, before, lambda message: message.force_reply),
    )
    reply = stage.clara.send(_NOTICE, stage.desk, reply_to=asked).message_id
    read = await director.until(
        "the notice is read",
        lambda: director.from_bot_after(stage.desk, reply, lambda message: bool(cards.buttons(message, "v1:until."))),
    )
    await director.look()
    await director.press(stage.clara, read, cards.buttons(read, "v1:until.")[0])
    await director.look()


_DAYS: tuple[tuple[str, Decide], ...] = (
    ("Ana sends two links. They are stored first, then acknowledged: “Received #1”.", _approve_both),
    ("Marta writes in her language and is answered in it.", _press_together),
    ("Ana sends an old page in Cyrillic letters; the bot reads title, source and date all the same.", _change_a_mind),
    ("Four sources, four habits, four languages: one form in the end.", _approve_quietly),
    ("Friday. Marta sends a link that Ana sent on Monday, under a longer address.", _refuse_known),
    ("Ana sends a dead link.", _leave_waiting),
    ("“Is this something for us?”", _refuse_kindly),
    ("Saturday. The last three links of the week.", _approve_quietly),
)
