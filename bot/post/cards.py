"""The cards of letters: at the moderators' desk, and in the chat of a contributor who is asked whose one is."""

from bot.post import kept
from bot.post.kept import Kept
from bot.render import style
from bot.seal import Sealer
from bot.texts import say
from store import letters, people
from store.database import Tx
from store.desk_letters import CARD, ERASED
from store.messages import Button, Buttons, Card, Text, utf16_length
from store.outbox import Waiting
from store.records import Bulletin, Person

WORDS_UNITS = 3000
OWN_UNITS = 600
LINKS = 10
LINK = 200


async def desk_card(tx: Tx, sealer: Sealer, bulletin: Bulletin, row: Waiting) -> Card | None:
    """Draw a letter for the moderators: who wrote it as far as they may know, its words, and what may be done.

    A decided one has no buttons and says what was decided, or that it was erased, or forgotten in the end.
    """
    stored, language = await letters.get(tx, row.subject_id), bulletin.language
    if stored is None:
        return None
    if stored.content is None or stored.kind != CARD:
        outcome = row.payload.get("outcome", "forgotten")
        return Card(Text(say(language, f"letter-was-{outcome}", who=row.payload.get("who", ""))))
    letter = kept.unseal(sealer, stored.content)
    head = [Text.bold(say(language, "letter-from", who=await who_wrote(tx, letter, language)))]
    head += [Text(style.clean(letter.subject))] if letter.subject else []
    head += [Text(say(language, "letter-unread-part"))] if letter.problem else []
    return Card(
        Text.join("\n", [*head, Text(), *_body(letter, WORDS_UNITS, language)]),
        _buttons(row.subject_id, letter, language),
    )


async def who_wrote(tx: Tx, letter: Kept, language: str) -> str:
    if letter.person:
        return (await people.get(tx, letter.person)).pseudonym
    return kept.masked(letter.sender) or say(language, "letter-nobody")


def _body(letter: Kept, units: int, language: str) -> list[Text]:
    """Return the words of a letter, cut, and the links that do not stand in them; nothing of it is formatted."""
    words = style.clean_block(letter.words)
    lines = [Text(cut(words, units))] if words else []
    hidden = [link for link in letter.links if link not in words]
    lines += [Text(style.clean(link)[:LINK]) for link in hidden[:LINKS]]
    lines += [Text(say(language, "letter-more-links", n=len(hidden) - LINKS))] if len(hidden) > LINKS else []
    return lines or [Text(say(language, "letter-no-words"))]


def cut(words: str, units: int) -> str:
    """Return the beginning of a text, at most so many UTF-16 units of it."""
    if utf16_length(words) <= units:
        return words
    return words.encode("utf-16-le")[: 2 * (units - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def _buttons(letter_id: int, letter: Kept, language: str) -> Buttons:
    def button(action: str) -> Button:
        return Button(say(language, f"button-{action}"), f"v1:{action}:{letter_id}:0")

    first = [button("letter-answer")] if letter.answerable else []
    second = [button("letter-take")] if letter.links else []
    second += [button("letter-subscribe")] if letter.answerable and not letter.person else []
    rows = ((*first, button("letter-ignore")), tuple(second))
    return tuple(row for row in rows if row)


async def own_card(tx: Tx, sealer: Sealer, person: Person, letter_id: int) -> Card | None:
    """Ask a contributor whether a letter to their secret address is theirs; somebody at risk is shown nothing of it.

    One that was erased meanwhile has no buttons and says so; None for one that was decided.
    """
    stored = await letters.get(tx, letter_id)
    if stored is not None and stored.kind == ERASED:
        return Card(Text(say(person.language, "own-letter-erased")))
    if stored is None or stored.content is None:
        return None
    letter = kept.unseal(sealer, stored.content)
    key = "own-letter-quietly" if person.at_risk else "own-letter-ask"
    lines = [Text(say(person.language, key))]
    if not person.at_risk:
        lines += [Text(), *_body(letter, OWN_UNITS, person.language)]
    row = tuple(
        Button(say(person.language, f"button-{action}"), f"v1:{action}:{letter_id}:0")
        for action in ("own-letter-yes", "own-letter-no")
    )
    return Card(Text.join("\n", lines), (row,))
