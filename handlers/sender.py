"""The sender's doors: one's own links seen again, corrected, withdrawn; and what a stranger suggests."""

from contextlib import suppress

from bot import acks, corrections, gate, issues, menus, people
from bot.corrections import Own
from bot.errors import NotSent, PerhapsSent, Refused
from bot.intake import allowance, following, strangers
from bot.intake.message import missing
from bot.moderation.waking import bring_down
from bot.render import style
from bot.services import Services
from bot.texts import say
from handlers import reader
from handlers.visit import Answer, Asked, Door, Later, Visit, words
from store import outbox, senders
from store.messages import Card, Text
from store.records import Submission
from store.states import Topic

FIELDS = ("title", "source", "date", "note", "link")


async def mine(visit: Visit) -> Answer:
    """List what somebody sent, or turn the page of the list."""
    if not visit.private:
        return Answer()
    page = _number(visit.press.argument) if visit.press else 0
    card = await menus.mine(visit.tx, visit.here, visit.who, page, visit.now)
    return Answer(redraw=card) if visit.press else Answer(cards=(card,))


async def open_again(visit: Visit) -> Answer:
    """Bring the message that follows a submission down to the end of the chat."""
    submission = await _own_submission(visit)
    before = await menus.followed_with(visit.tx, submission)
    await outbox.forget_card(visit.tx, "ack", submission.id, senders.PRIVATE)
    await following.follow(visit.tx, submission.id, visit.now, asked=True)
    others = [other for other in before.submissions if other.id != submission.id]
    if others:
        await following.follow(visit.tx, others[0].id, visit.now)
    elif before.message is not None:
        number = visit.say("ack-number", number=submission.number)
        return Answer(then=_fold_own(visit.chat, before.message, number))
    return Answer()


def _fold_own(chat: int, message: int, number: str) -> Later:
    """Return what makes one line of the message that was brought down."""

    async def fold_it(services: Services) -> None:
        with suppress(NotSent, PerhapsSent):
            await services.courier.edit(chat, message, Text(f"↓ {number}"))

    return fold_it


async def choose(visit: Visit) -> Answer:
    """Show the items of a message with a number each."""
    submission = await _own_submission(visit)
    page = _number(visit.pressed.argument)
    return Answer(redraw=await menus.chooser(visit.tx, visit.here, submission, page, visit.language, visit.now))


async def back(visit: Visit) -> Answer:
    """Show the message that follows a submission again, as it stands now."""
    return await _message_again(visit, await _own_submission(visit))


async def fix(visit: Visit) -> Answer:
    """Show one item with what may be corrected."""
    mine = await _own(visit)
    return Answer(redraw=await _menu(visit, mine))


async def ask(visit: Visit) -> Answer:
    """Ask for the new words of a field."""
    field = visit.pressed.argument
    mine = await _own(visit)
    await corrections.still_changeable(visit.tx, mine.item)
    if field not in FIELDS:
        return Answer()
    value = menus.value_of(mine.item, mine.submission, visit.here, field, visit.language, visit.now)
    return Answer(
        asked=Asked(f"give-{field}", visit.say(f"ask-{field}", now=value or visit.say("menu-none")), mine.item.id)
    )


async def section(visit: Visit) -> Answer:
    """Ask for the section that the sender would choose."""
    mine = await _own(visit)
    await corrections.still_changeable(visit.tx, mine.item)
    return Answer(redraw=menus.section_menu(visit.here, mine.item, visit.language))


async def wish(visit: Visit) -> Answer:
    """Take the section of the button."""
    press = visit.pressed
    mine = await _own(visit)
    try:
        again = await corrections.wish(
            visit.tx, visit.here, visit.who, press.subject, press.revision, _number(press.argument), visit.now
        )
    except Refused as refusal:
        return await _stale(visit, mine, refusal)
    done = await _own(visit)
    value = menus.value_of(done.item, done.submission, visit.here, "section", visit.language, visit.now)
    answer = await _changed(visit, done, "section", value, again=again)
    return Answer(toast=answer.cards[0].text.text, redraw=await _menu(visit, done), then=answer.then)


async def withdraw(visit: Visit) -> Answer:
    """Ask whether an item is to be withdrawn, then do it."""
    press = visit.pressed
    mine = await _own(visit)
    await corrections.still_changeable(visit.tx, mine.item)
    if press.argument != "yes":
        return Answer(redraw=menus.withdraw_menu(mine.item, visit.language))
    try:
        approved = await corrections.withdraw(visit.tx, visit.here, visit.who, press.subject, press.revision, visit.now)
    except Refused as refusal:
        return await _stale(visit, mine, refusal)
    if approved:
        await gate.refresh(visit.tx, visit.here, visit.now)
        title = style.clean(mine.item.title)
        await issues.say_about(visit.tx, visit.here, Topic.CARDS, visit.now, "desk-withdrawn", title=title)
    again = await _message_again(visit, mine.submission)
    return Answer(toast=visit.say("withdrawn"), redraw=again.redraw)


def giving(field: str) -> Door:
    """Return the door for replies to the question for a field of an item."""

    async def give(visit: Visit) -> Answer:
        return await _give(visit, field, visit.subject)

    return give


async def _give(visit: Visit, field: str, item_id: int) -> Answer:
    message = visit.message
    if field == "link":
        return await _give_link(visit, item_id)
    said = message.note if message.links else message.text
    again = await corrections.correct(visit.tx, visit.here, visit.who, item_id, field, said, visit.now)
    done = await corrections.own(visit.tx, visit.who, item_id)
    value = menus.value_of(done.item, done.submission, visit.here, field, visit.language, visit.now)
    return await _changed(visit, done, field, value, again=again)


async def _give_link(visit: Visit, item_id: int) -> Answer:
    """Give its link to an item that waits for one."""
    mine = await corrections.own(visit.tx, visit.who, item_id)
    if not visit.message.links:
        raise Refused("submit-no-link")
    await missing.give_link(visit.tx, mine.item, visit.message.links[0])
    await missing.ask_for_links(visit.tx, mine.submission, visit.now)
    await following.follow(visit.tx, mine.submission.id, visit.now)
    done = await corrections.own(visit.tx, visit.who, item_id)
    value = menus.value_of(done.item, done.submission, visit.here, "link", visit.language, visit.now)
    return await _changed(visit, done, "link", value, again=False)


async def _changed(visit: Visit, done: Own, field: str, value: str, *, again: bool) -> Answer:
    """Say what was changed; what was approved comes down to the moderators again, who are told why."""
    label = visit.say(f"button-{field}")
    key = "corrected-again" if again else "corrected"
    answer = words(visit.say(key, field=label, value=value or visit.say("menu-none")))
    if not again or visit.here.moderators_chat is None:
        return answer
    title, name = style.clean(done.item.title), say(visit.here.language, f"button-{field}")
    await issues.say_about(visit.tx, visit.here, Topic.CARDS, visit.now, "desk-corrected", field=name, title=title)
    await bring_down(visit.tx, visit.here, done.item, visit.now, brought=True)
    await gate.refresh(visit.tx, visit.here, visit.now)
    return answer


async def take_reply(visit: Visit) -> Answer | None:
    """Take a reply to the message that follows a submission, where that message asks for one title; else None."""
    message = visit.message
    if visit.person is None or message.reply_to is None or visit.person.at_risk:
        return None
    group = await senders.followed_in(visit.tx, visit.person.id, message.reply_to)
    found = await senders.items_of(visit.tx, group)
    asking = [item for own in found.values() for item in own if acks.asks_for_title(item)]
    if len(asking) != 1 or message.links or not message.text.strip():
        return None
    return await _give(visit, "title", asking[0].id)


async def suggestion(visit: Visit) -> Answer:
    """Take in what a stranger suggests, where the operator lets them; else say what this bot is."""
    known = await people.is_known(visit.tx, visit.services.sealer, visit.user)
    if visit.services.settings.strangers != "suggest" or known or not (visit.user and visit.message.links):
        return words(await reader.about(visit))
    await strangers.suggest(visit.tx, visit.services.sealer, visit.here, visit.message, visit.language, visit.now)
    return Answer()


async def _own(visit: Visit) -> Own:
    if not visit.private:
        raise Refused("correct-not-yours")
    return await corrections.own(visit.tx, visit.who, visit.pressed.subject)


async def _own_submission(visit: Visit) -> Submission:
    """Return the submission of a button; raises Refused when it is another's, or is not there."""
    found = await senders.submissions(visit.tx, [visit.pressed.subject])
    if not found or found[0].person_id != visit.who.id or visit.who.at_risk or not visit.private:
        raise Refused("mine-gone")
    return found[0]


async def _menu(visit: Visit, mine: Own) -> Card:
    return await menus.item_menu(visit.tx, visit.here, mine.submission, mine.item, visit.language, visit.now)


async def _stale(visit: Visit, mine: Own, refusal: Refused) -> Answer:
    """Show how an item stands now to somebody who pressed a button of before; other refusals stay refusals."""
    if refusal.key != "correct-stale":
        raise refusal
    return Answer(toast=visit.say("correct-stale"), alert=True, redraw=await _menu(visit, mine))


async def _message_again(visit: Visit, submission: Submission) -> Answer:
    followed = await menus.followed_with(visit.tx, submission)
    quotas = allowance.quotas_of(visit.services.settings)
    return Answer(redraw=await acks.message_card(visit.tx, followed, quotas, visit.now))


def _number(argument: str) -> int:
    return int(argument) if argument.isdecimal() and len(argument) < 10 else 0
