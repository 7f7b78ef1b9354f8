"""Draws the letters that wait at a desk: the list of /letters, page by page, and the line that counts the rest."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.post import cards, kept
from bot.render import style
from bot.seal import Sealer
from bot.texts import say
from store import desk_letters
from store.database import Tx
from store.letters import Stored
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin

PAGE = 8
NUMBERS_IN_A_ROW = 4
TITLE_UNITS = 90


def line(bulletin: Bulletin, count: int) -> Card:
    """Draw how many letters wait without a card, or that none does any more."""
    key = "letters-rest" if count else "letters-rest-none"
    return Card(Text(say(bulletin.language, key, n=count)))


async def page(tx: Tx, sealer: Sealer, bulletin: Bulletin, number: int, now: datetime) -> Card:
    """Draw a page of the letters that wait, oldest first; the last one where there are not so many."""
    count = await desk_letters.count(tx, bulletin.id)
    number = min(number, max(0, (count - 1) // PAGE))
    shown = await desk_letters.page(tx, bulletin.id, number * PAGE, PAGE)
    language = bulletin.language
    if not shown:
        return Card(Text(say(language, "letters-none")))
    lines = [Text.bold(say(language, "letters-wait", n=count))]
    for place, letter in enumerate(shown, number * PAGE + 1):
        lines += await _entry(tx, sealer, bulletin, place, letter, now)
    return Card(Text.join("\n", lines), _buttons(shown, number, count, language))


async def _entry(tx: Tx, sealer: Sealer, bulletin: Bulletin, place: int, stored: Stored, now: datetime) -> list[Text]:
    """Return what a letter is about and, below, who wrote it as far as moderators may know, and when."""
    letter = kept.unseal(sealer, stored.content or b"")
    words = " ".join((style.clean(letter.subject) or style.clean_block(letter.words)).split())
    title = cards.cut(words, TITLE_UNITS) or say(bulletin.language, "letter-no-words")
    who = await cards.who_wrote(tx, letter, bulletin.language)
    facts = f"{who} · {_moment(stored.received_at, bulletin, now)}"
    return [Text(f"\n{place}. {title}"), Text.italic(facts)]


def _moment(when: datetime, bulletin: Bulletin, now: datetime) -> str:
    zone = ZoneInfo(bulletin.timezone)
    there = when.astimezone(zone)
    return f"{style.short_date(there.date(), bulletin.language, now.astimezone(zone).year)}, {there:%H:%M}"


def _buttons(shown: list[Stored], number: int, count: int, language: str) -> Buttons:
    """Return a button for each card, and those to other pages."""
    opening = [
        Button(say(language, "button-show-card", number=place), f"v1:letters-card.{number}:{letter.id}:0")
        for place, letter in enumerate(shown, number * PAGE + 1)
    ]
    rows = [tuple(opening[at : at + NUMBERS_IN_A_ROW]) for at in range(0, len(opening), NUMBERS_IN_A_ROW)]
    turning = [Button("‹", f"v1:letters.{number - 1}:0:0")] if number else []
    turning += [Button("›", f"v1:letters.{number + 1}:0:0")] if (number + 1) * PAGE < count else []
    return (*rows, *((tuple(turning),) if turning else ()))
