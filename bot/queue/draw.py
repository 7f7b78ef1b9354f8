"""Draws the queue: a page of what waits, one line or two for each item, and the ways on from there."""

from datetime import datetime, timedelta

from bot.intake.known import met_before
from bot.queue.narrow import words_of
from bot.queue.scene import Scene, pairs, short, to
from bot.queue.view import ASLEEP, View
from bot.render.style import clean
from store import items, queue
from store.messages import Buttons, Card, Text
from store.queue import Waiter
from store.states import ItemState

TITLE_LENGTH = 90
SOURCE_LENGTH = 40
NUMBERS_IN_A_ROW = 4
DAYS_FROM_HOURS = 48


async def page(scene: Scene, view: View, said: tuple[str, ...] = ()) -> Card:
    """Draw a page of the queue; `said` stands above it, as what was done by the press before."""
    chosen = view.chosen(scene.waiting, scene.now)
    number, shown = view.of_page(chosen)
    view = view.at(number)
    lines = [Text.bold(words) for words in said] + [Text(words) for words in await _head(scene, view, len(chosen))]
    lines += await entries(scene, shown)
    return Card(Text.join("\n", lines), _buttons(scene, view, chosen, shown))


async def _head(scene: Scene, view: View, chosen: int) -> list[str]:
    """Return how much waits, how much is put off and approved, and what the queue is narrowed to."""
    awake = sum(waiter.snoozed_until is None for waiter in scene.waiting)
    counts = await items.counts(scene.tx, scene.bulletin.id)
    lines = [scene.say("queue-waiting", n=awake)]
    if len(scene.waiting) > awake:
        lines.append(scene.say("queue-asleep", n=len(scene.waiting) - awake))
    lines.append(scene.say("queue-approved", n=counts.get(ItemState.APPROVED, 0)))
    if view.only:
        only = " · ".join(words_of(scene, kind, value) for kind, value in sorted(view.only.items()))
        lines.append(scene.say("queue-only", what=only, n=chosen))
    return lines


async def entries(scene: Scene, shown: list[Waiter], marks: tuple[str, ...] = ()) -> list[Text]:
    """Return the lines of items by their numbers, or by the marks given; titles lead to the cards."""
    votes = await queue.votes_on(scene.tx, [waiter.id for waiter in shown])
    found = {item.id: item for item in await items.several(scene.tx, [waiter.id for waiter in shown])}
    lines = []
    for place, waiter in enumerate(shown):
        number = marks[place] if marks else f"{place + 1}."
        title = short(clean(waiter.title), TITLE_LENGTH)
        lines.append(Text(f"\n{number} ") + Text.link(title, scene.card_url(waiter)))
        facts = [short(clean(waiter.source), SOURCE_LENGTH), age(scene, waiter.created_at)]
        facts.append(waiter.pseudonym or scene.say("queue-stranger"))
        facts.append(_section(scene, waiter))
        if votes.get(waiter.id):
            facts.append("✓ " + scene.say("queue-votes", n=votes[waiter.id]))
        if waiter.snoozed_until is not None:
            facts.append("☾ " + scene.say("card-until", time=scene.moment(waiter.snoozed_until)))
        if await met_before(scene.tx, scene.bulletin, found[waiter.id]):
            facts.append("↺ " + scene.say("queue-known"))
        lines.append(Text.italic(" · ".join(fact for fact in facts if fact)))
    return lines


def age(scene: Scene, since: datetime) -> str:
    """Return how long ago something came: "20 min", "2 h", "3 days"."""
    hours = (scene.now - since) // timedelta(hours=1)
    if hours < 1:
        return scene.say("queue-minutes", n=max(0, (scene.now - since) // timedelta(minutes=1)))
    return scene.say("age-hours", n=hours) if hours < DAYS_FROM_HOURS else scene.say("age-days", n=hours // 24)


def _section(scene: Scene, waiter: Waiter) -> str:
    found = next((section for section in scene.bulletin.sections if section.id == waiter.section_id), None)
    return "→ " + found.short if found is not None else ""


def _buttons(scene: Scene, view: View, chosen: list[Waiter], shown: list[Waiter]) -> Buttons:
    """Return the ways on: cards without an address by their numbers, the filter, the choice, other pages."""
    numbered = [(place, waiter) for place, waiter in enumerate(shown, 1) if not scene.card_url(waiter)]
    labels = [
        to("queue-card", view, scene.say("button-show-card", number=place), waiter.id) for place, waiter in numbered
    ]
    turning = [("‹", view.page - 1)] if view.page else []
    turning += [("›", view.page + 1)] if view.of_page(chosen)[0] < view.at(view.page + 1).of_page(chosen)[0] else []
    ways = [to("queue-by", f"all_{view}", scene.say("button-filter"))] if scene.waiting else []
    ways += [to("queue-pick", view, scene.say("button-select"))] if shown and not view.asleep else []
    if view.only:
        ways.append(to("queue", View(), scene.say("button-show-all")))
    elif len(scene.waiting) > sum(waiter.snoozed_until is None for waiter in scene.waiting):
        ways.append(to("queue", view.narrowed(ASLEEP, ""), "☾ " + scene.say("button-asleep")))
    if scene.at_desk and chosen:
        ways.append(to("queue-down", view, scene.say("button-bring-cards")))
    if scene.waiting:
        ways.append(to("seat", "new", scene.say("button-seat")))
    last = tuple(to("queue", view.at(page), sign) for sign, page in turning)
    return (*pairs(labels, NUMBERS_IN_A_ROW), *pairs(ways), *((last,) if last else ()))
