"""Narrows the queue: by which kinds, and to which values of one, with how many items each would leave."""

from collections import Counter

from bot.queue.scene import Scene, pairs, short, to
from bot.queue.view import ASLEEP, KINDS, VALUES, View
from bot.render.style import clean
from bot.render.tongues import language_name
from store.messages import Button, Card, Text

MOST_VALUES = 20
LABEL_LENGTH = 14
DAYS = ("1", "2")


def choice(scene: Scene, kind: str, view: View) -> Card:
    """Draw the kinds that the queue can be narrowed by, or the values of one."""
    letter = KINDS.get(kind)
    if letter is None:
        buttons = [to("queue-by", f"{name}_{view}", _kind(scene, name, view)) for name in KINDS]
        if any(waiter.snoozed_until is not None for waiter in scene.waiting):
            buttons.append(to("queue", View().narrowed(ASLEEP, ""), "☾ " + scene.say("button-asleep")))
        return Card(Text(scene.say("queue-by")), (*pairs(buttons), _back(scene, view)))
    return Card(Text(scene.say(f"queue-by-{kind}")), (*pairs(_values(scene, letter, view)), _back(scene, view)))


def words_of(scene: Scene, kind: str, value: str) -> str:
    """Return in words what the queue is narrowed to by one thing."""
    if kind == ASLEEP:
        return scene.say("queue-only-asleep")
    if kind == "d":
        return scene.say("queue-older", n=int(value) if value.isdecimal() else 0)
    if kind == "s":
        found = next((section.short for section in scene.bulletin.sections if str(section.id) == value), "")
        return found or scene.say("queue-no-section")
    if kind == "l":
        return language_name(value, scene.language) if value != "0" else scene.say("queue-no-language")
    waiter = next((one for one in scene.waiting if VALUES[kind](one, scene.now) == value), None)
    if kind == "p":
        return (waiter.pseudonym if waiter is not None else None) or scene.say("queue-stranger")
    return short(clean(waiter.source), LABEL_LENGTH * 2) if waiter is not None else scene.say("queue-no-source")


def _kind(scene: Scene, name: str, view: View) -> str:
    return ("✓ " if KINDS[name] in view.only else "") + scene.say(f"button-by-{name}")


def _values(scene: Scene, kind: str, view: View) -> list[Button]:
    """Return a button for each value with how many items it leaves, the most frequent first."""
    rest = view.without(kind)
    left = rest.chosen(scene.waiting, scene.now)
    if kind == "d":
        counts = {days: len(rest.narrowed("d", days).chosen(scene.waiting, scene.now)) for days in DAYS}
        found = list(counts.items())
    else:
        found = Counter(VALUES[kind](waiter, scene.now) for waiter in left).most_common(MOST_VALUES)
    buttons = [
        to("queue", rest.narrowed(kind, value), f"{short(_label(scene, kind, value), LABEL_LENGTH)} · {count}")
        for value, count in found
    ]
    if kind in view.only:
        buttons.append(to("queue", rest, scene.say("button-any")))
    return buttons


def _label(scene: Scene, kind: str, value: str) -> str:
    return "> " + scene.say("age-days", n=int(value)) if kind == "d" else words_of(scene, kind, value)


def _back(scene: Scene, view: View) -> tuple[Button, ...]:
    return (to("queue", view, scene.say("button-back")),)
