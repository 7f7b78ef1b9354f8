"""What senders hear of decisions, beside the message that follows what they sent: a change of that makes no sound."""

from dataclasses import dataclass
from datetime import datetime

from bot.render import style
from bot.render.reasons import reason_words
from bot.texts import say
from store import bulletins, items, outbox, people, senders
from store.database import Tx
from store.messages import Text
from store.outbox import Waiting
from store.records import Item, Submission
from store.states import ItemState

AT_ONCE = 10
TITLE = 200
TOLD = {ItemState.APPROVED: "approved", ItemState.IN_ISSUE: "approved", ItemState.REJECTED: "rejected"}


@dataclass(frozen=True, slots=True)
class Told:
    """The words of one message, further rows that it says, and the message that it replies to."""

    text: Text
    along: tuple[Waiting, ...] = ()
    reply_to: int | None = None


async def draw(tx: Tx, row: Waiting, now: datetime) -> Told | None:
    """Draw what a sender hears; decisions that wait for one person become one message. None: nothing is said."""
    item = await items.get(tx, row.subject_id)
    if item is None or item.submission_id is None:
        return None
    submission = await items.submission(tx, item.submission_id)
    if submission.road in senders.ANSWERED_BY_MAIL:
        return None
    if row.person_id is None:
        return Told(await _words(tx, item, submission, submission.language))
    person = await people.get(tx, row.person_id)
    if person.at_risk:
        return None
    waiting = [each for each in await senders.waiting(tx, "outcome", person.id, now) if each.id != row.id]
    lines: list[Text] = []
    places: set[int | None] = set()
    for each in (row, *waiting[: AT_ONCE - 1]):
        decided = await items.get(tx, each.subject_id)
        if decided is None or decided.submission_id is None:
            continue
        submission = await items.submission(tx, decided.submission_id)
        if submission.road in senders.ANSWERED_BY_MAIL:
            continue  # the mail that tells of it is queued when its row is forgotten
        lines.append(await _words(tx, decided, submission, person.language))
        places.add(await outbox.card(tx, "ack", submission.id, senders.PRIVATE))
    return Told(Text.join("\n\n", lines), tuple(waiting[: AT_ONCE - 1]), places.pop() if len(places) == 1 else None)


async def _words(tx: Tx, item: Item, submission: Submission, language: str) -> Text:
    whole = await items.followed(tx, item)
    bulletin = await bulletins.get(tx, item.bulletin_id)
    section = next((section.title for section in bulletin.sections if section.id == whole.section_id), "")
    values = {"title": style.clean(item.title)[:TITLE], "section": section}
    values |= {"reason": reason_words(language, whole.reason)} if whole.state == ItemState.REJECTED else {}
    key = TOLD.get(whole.state, "again")
    if submission.person_id is None:
        return Text(say(language, f"suggestion-{key}", **values))
    return Text(say(language, f"outcome-{key}", number=submission.number, **values))
