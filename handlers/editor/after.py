"""The doors by which editors correct a published issue: /correct, its menu, the replies, and the last word."""

from contextlib import suppress
from datetime import timedelta

from bot.correcting import cards, carry_out, published
from bot.correcting.change import FIELDS, WITHDRAW, Change, item_at, read, to_record
from bot.correcting.published import Published
from bot.errors import NotSent, PerhapsSent, Refused
from bot.render import redraw
from bot.services import Services
from bot.texts import say
from handlers.visit import Answer, Asked, Door, Visit
from store import corrections, deliveries
from store.messages import Card, Text

KEPT = timedelta(days=2)


async def correct(visit: Visit) -> Answer:
    """Show the sections of the issue that a command or a button names."""
    if visit.press is None:
        found = await published.numbered(visit.tx, visit.here, visit.words)
        return Answer(cards=(cards.sections(found, visit.spoken),))
    return Answer(redraw=cards.sections(await _pressed(visit), visit.spoken))


async def section(visit: Visit) -> Answer:
    """Show the items of a section."""
    found = await _pressed(visit)
    if (stale := _stale(visit, found)) is not None:
        return stale
    number, page = _numbers(visit.pressed.argument)
    return Answer(redraw=cards.items(found, number, page, visit.spoken))


async def item(visit: Visit) -> Answer:
    """Show an item with what may be corrected of it."""
    found = await _pressed(visit)
    if (stale := _stale(visit, found)) is not None:
        return stale
    return Answer(redraw=cards.item(found, _numbers(visit.pressed.argument)[0], visit.spoken))


async def ask(visit: Visit) -> Answer:
    """Ask how a field of an item should read; a withdrawal goes on to the last word at once."""
    found = await _pressed(visit)
    if (stale := _stale(visit, found)) is not None:
        return stale
    first, _, rest = visit.pressed.argument.partition("-")
    field, _, number = rest.partition("-")
    if not cards.known_field(field):
        raise Refused("published-changed")
    place, change = _numbers(first)[0], Change(field, _numbers(number)[0])
    result = item_at(found.document, place)
    draft_id = await _draft(visit, found, place, change)
    if field == WITHDRAW:
        return Answer(redraw=await _preview(visit, draft_id, mail=False))
    if change.citation >= max(1, len(result.citations)):
        raise Refused("published-changed")
    old = cards.value_of(result, change, visit.spoken) or say(visit.spoken, "published-empty")
    return Answer(asked=Asked(f"correct-{field}", say(visit.spoken, f"published-ask-{field}", old=old), draft_id))


def giving(field: str) -> Door:
    """Return the door for replies that say how a field of an item should read."""

    async def give(visit: Visit) -> Answer:
        found, draft, asked = await published.draft(visit.tx, visit.subject)
        if found.bulletin.id != visit.here.id:
            raise Refused("published-other")
        words = visit.message.written or visit.message.text if field == "link" else visit.message.text
        change = read(field, asked.citation, words, found.document.date)
        draft_id = await _draft(visit, found, draft.place, change)
        return Answer(cards=(await _preview(visit, draft_id, mail=False),))

    return give


def last_word(door: Door) -> Door:
    """Return a door for the buttons under a preview: where it no longer holds, what stands there now is drawn."""

    async def open_it(visit: Visit) -> Answer:
        try:
            return await door(visit)
        except Refused as refusal:
            said = visit.say(refusal.key, **refusal.values)
            draft = await corrections.drafted(visit.tx, visit.pressed.subject)
            if draft is None:
                return Answer(toast=said, alert=True, redraw=Card(Text(visit.say_here("published-settled"))))
            found = await published.read(visit.tx, visit.here, draft.issue_id)
            return Answer(toast=said, alert=True, redraw=cards.sections(found, visit.spoken))

    return open_it


async def choose_mail(visit: Visit) -> Answer:
    """Choose whether readers by mail get a letter on the correction."""
    return Answer(redraw=await _preview(visit, visit.pressed.subject, mail=visit.pressed.argument == "on"))


async def cancel(visit: Visit) -> Answer:
    """Leave an issue as it is."""
    found, draft, _ = await published.draft(visit.tx, visit.pressed.subject)
    if found.bulletin.id != visit.here.id:
        raise Refused("published-other")
    await corrections.drop_draft(visit.tx, draft.id)
    return Answer(toast=visit.say("published-cancelled"), redraw=cards.item(found, draft.place, visit.spoken))


async def do(visit: Visit) -> Answer:
    """Make a correction: the drawing takes a moment, so it is done after this press, in a transaction of its own."""
    press, actor, who, language, now = visit.pressed, visit.actor, visit.who.pseudonym, visit.spoken, visit.now
    found, draft, _ = await published.draft(visit.tx, press.subject)
    if found.bulletin.id != visit.here.id:
        raise Refused("published-other")
    mail = press.argument == "mail" and await _may_mail(visit, found)

    async def carry(services: Services) -> None:
        done = await carry_out.carry_out(
            services.store, services.press, draft.id, mail=mail, actor=actor, who=who, now=now
        )
        services.bell.ring()
        said = [done.sentence, say(language, "published-edits", n=done.edits)]
        said += [say(language, "published-letters", n=done.letters)] if mail else []
        with suppress(NotSent, PerhapsSent):
            card = cards.settled(done.issue_id, done.number, said, language)
            await services.courier.edit(press.chat, press.message, card.text, card.buttons)

    return Answer(toast=visit.say("published-doing"), then=carry)


async def _draft(visit: Visit, found: Published, place: int, change: Change) -> int:
    await corrections.forget_drafts(visit.tx, visit.now - KEPT)
    values = {"issue_id": found.issue.id, "seen": found.seen, "place": place, "change": to_record(change)}
    return await corrections.draft(visit.tx, at=visit.now, **values)


async def _preview(visit: Visit, draft_id: int, *, mail: bool) -> Card:
    """Draw what a correction changes; raises Refused when it changes nothing, or would not fit a message."""
    found, draft, change = await published.draft(visit.tx, draft_id)
    result = await published.corrected(visit.tx, found, draft.place, change, visit.now)
    stored = await published.posted(visit.tx, found)
    posts = redraw.redraw(result.before, result.after, draft.place if result.now is None else None, stored)
    may_mail = await _may_mail(visit, found)
    return cards.preview(
        found, draft, result, visit.spoken, mail=mail and may_mail, may_mail=may_mail, posts=len(posts.changed)
    )


async def _may_mail(visit: Visit, found: Published) -> bool:
    return await deliveries.any_sent(visit.tx, found.issue.id) and visit.services.press.sender() is not None


async def _pressed(visit: Visit) -> Published:
    return await published.read(visit.tx, visit.here, visit.pressed.subject)


def _stale(visit: Visit, found: Published) -> Answer | None:
    """Return the sentence and the menu as it is now when the issue was corrected since a button was drawn."""
    if found.seen == visit.pressed.revision:
        return None
    now = cards.sections(found, visit.spoken)
    return Answer(toast=visit.say("published-changed"), alert=True, redraw=now)


def _numbers(argument: str) -> tuple[int, int]:
    """Return the one or two numbers of a button; what is no number counts as 0."""
    first, _, second = argument.partition("-")
    return _number(first), _number(second)


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 7 else 0


BUTTONS: dict[str, Door] = {
    "correct": correct,
    "correct-in": section,
    "correct-item": item,
    "correct-ask": ask,
    "correct-mail": last_word(choose_mail),
    "correct-no": last_word(cancel),
    "correct-do": last_word(do),
}
ANSWERS: dict[str, Door] = {f"correct-{field}": giving(field) for field in FIELDS}
