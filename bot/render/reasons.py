"""Why a link is rejected: the house's own reasons, spoken in every language, and the words of moderators."""

from hashlib import sha256

from bot.render.style import clean
from bot.texts import say
from store.messages import Button, Buttons
from store.records import Bulletin, Item

HOUSE = ("reason-off-topic", "reason-known", "reason-unreliable", "reason-too-old", "reason-unreadable")
LABEL_LENGTH = 36
_MARK_LENGTH = 8


def reasons_of(bulletin: Bulletin) -> tuple[str, ...]:
    """Return the reasons that a bulletin's cards offer, each the key of a house reason or words."""
    return HOUSE if bulletin.reasons is None else tuple(bulletin.reasons)


def reason_words(language: str | None, reason: str) -> str:
    """Return a reason as it is read: the house's own in this language, typed words as they are."""
    return say(language, reason) if reason in HOUSE else clean(reason)


def mark(reason: str) -> str:
    """Return what a button calls a reason by; its place in the list would mean another one once the list is edited."""
    return sha256(reason.encode()).hexdigest()[:_MARK_LENGTH]


def marked(bulletin: Bulletin, given: str) -> str | None:
    """Return the reason that a button means; None when the list has it no more."""
    return next((reason for reason in reasons_of(bulletin) if mark(reason) == given), None)


def reasons_keyboard(item: Item, bulletin: Bulletin) -> Buttons:
    """Return the buttons that ask why an item is rejected, for a reason of one's own, and the way back."""
    language, subject = bulletin.language, f"{item.id}:{item.revision}"
    rows = [
        (Button(_short(reason_words(language, reason)), f"v1:because.{mark(reason)}:{subject}"),)
        for reason in reasons_of(bulletin)
    ]
    other = Button("✎ " + say(language, "button-reason-other"), f"v1:why:{subject}")
    return (*rows, (other, Button(say(language, "button-back"), f"v1:card:{subject}")))


def _short(text: str) -> str:
    return text if len(text) <= LABEL_LENGTH else text[: LABEL_LENGTH - 1].rstrip() + "…"
