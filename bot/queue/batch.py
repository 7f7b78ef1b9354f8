"""Picks items of a page of the queue and approves them together: each by itself, as it was seen, or not at all."""

from dataclasses import dataclass, field
from datetime import datetime

from bot import moderation
from bot.errors import Refused
from bot.moderation.verdict import Verdict
from bot.queue.draw import entries
from bot.queue.scene import Scene, pairs, short, to
from bot.queue.view import PAGE, View
from bot.render.style import clean
from store import items, outbox, queue
from store.database import Tx
from store.messages import Card, Text
from store.queue import Selection
from store.records import Bulletin, Person

ALL = (1 << PAGE) - 1
LABEL_LENGTH = 18
TITLE_LENGTH = 60


@dataclass(slots=True)
class Done:
    """What became of picked items: how many were approved or voted for, and why each of the others was left."""

    approved: int = 0
    voted: int = 0
    left: list[tuple[str, Verdict]] = field(default_factory=list)


async def begin(scene: Scene, view: View) -> Selection:
    """Keep a page as it stands now, to pick from it."""
    _, shown = view.of_page(view.chosen(scene.waiting, scene.now))
    pairs_shown = [(waiter.id, waiter.revision) for waiter in shown]
    return await queue.keep_shown(scene.tx, scene.bulletin.id, pairs_shown, str(view), scene.now)


async def draw(scene: Scene, picked: Selection, mask: int) -> Card:
    """Draw the page with its ticks; what has changed since it was shown can be picked no more."""
    waiting = {waiter.id: waiter for waiter in scene.waiting}
    places = [place for place, (item_id, _) in enumerate(picked.shown) if item_id in waiting]
    whole = sum(1 << place for place in places)
    mask &= whole
    shown = [waiting[picked.shown[place][0]] for place in places]
    marks = tuple(f"{'☑' if mask >> place & 1 else '☐'} {place + 1}." for place in places)
    lines = [Text.bold(scene.say("queue-pick")), *await entries(scene, shown, marks)]
    numbers = [
        to("queue-pick", str(mask ^ 1 << place), f"{'☑' if mask >> place & 1 else '☐'} {place + 1}", picked.id)
        for place in places
    ]
    every = to("queue-pick", str(0 if mask == whole else whole), scene.say("button-pick-all"), picked.id)
    back = to("queue", View.read(picked.view), scene.say("button-back"))
    into = []
    if mask:
        lines.append(Text("\n") + Text.bold(scene.say("queue-into", n=mask.bit_count())))
        into = [
            to("queue-into", f"{section.id}-{mask}", "→ " + short(section.short, LABEL_LENGTH), picked.id)
            for section in scene.bulletin.sections
        ]
    return Card(Text.join("\n", lines), (*pairs(numbers, 4), *pairs(into), (every, back)))


async def approve(
    tx: Tx, bulletin: Bulletin, by: Person, picked: Selection, mask: int, section_id: int, now: datetime
) -> Done:
    """Approve what is ticked into a section, or vote for that; who changed meanwhile is left as it is."""
    if section_id not in {section.id for section in bulletin.sections}:
        raise Refused("desk-no-section")
    done = Done()
    for place, (item_id, revision) in enumerate(picked.shown):
        if mask >> place & 1:
            await _one(tx, bulletin, by, item_id, revision, section_id, done, now)
    return done


async def _one(
    tx: Tx, bulletin: Bulletin, by: Person, item_id: int, revision: int, section_id: int, done: Done, now: datetime
) -> None:
    try:
        verdict = await moderation.approve(tx, bulletin, by, item_id, revision, section_id, now)
    except Refused as refusal:  # it is refused before anything of it is written
        verdict = Verdict(False, refusal.key, refusal.values)
    if verdict.done and verdict.key == "desk-approved":
        done.approved += 1
        await spare_card(tx, bulletin, item_id)
    elif verdict.done:
        done.voted += 1
    else:
        item = await items.get(tx, item_id)
        done.left.append((short(clean(item.title), TITLE_LENGTH) if item is not None else "?", verdict))


async def spare_card(tx: Tx, bulletin: Bulletin, item_id: int) -> None:
    """Post no card of an item that was decided elsewhere before it had one."""
    chat = bulletin.moderators_chat
    if chat is not None and await outbox.card(tx, "card", item_id, chat) is None:
        await outbox.cancel(tx, f"card:{item_id}")


def in_words(scene: Scene, done: Done, section_id: int) -> tuple[str, ...]:
    """Return what became of picked items, a line each."""
    title = next((section.title for section in scene.bulletin.sections if section.id == section_id), "")
    lines = [scene.say("queue-approved-into", n=done.approved, section=title)] if done.approved else []
    lines += [scene.say("queue-voted", n=done.voted, section=title)] if done.voted else []
    for name, verdict in done.left:
        lines.append(scene.say("queue-left", title=name, why=scene.say(verdict.key, **verdict.values)))
    return tuple(lines)
