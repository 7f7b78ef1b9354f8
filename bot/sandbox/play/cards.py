"""What moderators do with cards: find the one of a link, press its section, reject with a reason, undo."""

from bot.sandbox.director import Director
from bot.sandbox.telegram import Button, Message, Person

_INTO, _REJECT, _BECAUSE, _UNDO = "v1:into.", "v1:reject:", "v1:because.", "v1:undo:"


def buttons(message: Message, action: str) -> list[Button]:
    """The buttons of a message whose press means this action."""
    return [one for row in message.buttons for one in row if (one.data or "").startswith(action)]


def card_of(director: Director, url: str) -> Message | None:
    """The newest card of a link in the moderators' chat; the first of its page is not that of a longer address."""
    plain = url.partition("?utm_")[0]
    cards = [one for one in director.stage.desk.visible() if _is_about(one, plain)]
    return next(reversed(cards if url == plain else cards[1:]), None)


def open_card(director: Director) -> Message | None:
    """The newest card that nobody has decided."""
    cards = reversed(director.stage.desk.visible())
    return next((one for one in cards if len(buttons(one, _INTO)) > 1), None)


async def awaited_card(director: Director, url: str) -> Message:
    """Wait for the card of a link that was sent a moment ago, with its buttons."""

    def fresh() -> Message | None:
        card = card_of(director, url)
        return card if card is not None and card.buttons else None

    return await director.until(f"the card of {url}", fresh)


def section(director: Director, card: Message, title: str) -> Button:
    """The button of a section, by its title: cards carry the short labels, in an order of their own."""
    label = short_label(director, title)
    choices = buttons(card, _INTO)
    return next((one for one in choices if one.label == label), choices[0])


def short_label(director: Director, title: str) -> str:
    """The short label of a section, as the bot's settings name it."""
    pairs = (given.partition("|") for given in director.stage.env["BULLETIN_SECTIONS"].split(";"))
    return next((label for name, _, label in pairs if name == title), title)


async def approve(director: Director, person: Person, url: str, title: str) -> None:
    """Press a section's button, unless somebody who watches was first."""
    card = await awaited_card(director, url)
    if buttons(card, _INTO):
        await director.press(person, card, section(director, card, title))
        await director.until("the card folds", lambda: not buttons(card, _INTO))


async def reject(director: Director, person: Person, url: str, reason: int) -> None:
    """Press Reject, then one of the reasons, by its place."""
    card = await awaited_card(director, url)
    if not buttons(card, _REJECT):
        return
    await director.press(person, card, buttons(card, _REJECT)[0])
    reasons = await director.until("the reasons", lambda: buttons(card, _BECAUSE))
    await director.look()
    await director.press(person, card, reasons[reason])
    await director.until("the card folds", lambda: not buttons(card, _BECAUSE))


async def undo(director: Director, person: Person, url: str) -> None:
    """Press Undo on a decided card and wait until it is open again."""
    card = await director.until("the card with Undo", lambda: card_of(director, url))
    back = buttons(card, _UNDO)
    if back:
        await director.press(person, card, back[0])
        await director.until("the card opens again", lambda: buttons(card, _INTO))


async def press_at_once(director: Director, card: Message, titles: tuple[str, str] | None = None) -> list[str]:
    """Let Boris and Clara press different sections at the same instant; returns what each was answered."""
    stage, choices = director.stage, buttons(card, _INTO)
    if titles is not None:
        choices = [section(director, card, title) for title in titles]
    if len(choices) < 2:  # somebody who watches has decided it this moment
        return []
    presses = [
        stage.boris.press_data(card, choices[0].data or ""),
        stage.clara.press_data(card, choices[1].data or ""),
    ]
    await director.until("both presses are answered", lambda: all(press.answered for press in presses))
    return [press.answer_text or "" for press in presses]


def _is_about(message: Message, url: str) -> bool:
    return any(entity.get("url") == url for entity in message.entities) or url in message.words
