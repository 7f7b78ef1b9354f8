"""What readers choose by their private link: how issues come, a pause, other bulletins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from store import bulletins, choices, subscribers
from store.choices import Choice
from store.database import Tx
from store.opt_in import READING
from store.records import Bulletin

FORMATS = ("html", "text")
MOST_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Mine:
    """What a reader's page shows: the subscription of the link, and the others of the same person by bulletin."""

    bulletin: Bulletin
    here: Choice
    others: dict[int, Choice]
    every: tuple[Bulletin, ...]

    def reads(self, bulletin_id: int) -> bool:
        found = self.others.get(bulletin_id)
        return found is not None and found.state in READING


async def of_link(tx: Tx, subscription_id: int, generation: int) -> Mine | None:
    """Return what a reader's private link shows; None for a link that is no reader's any more."""
    here = await choices.get(tx, subscription_id)
    if here is None or here.generation % 256 != generation or here.state not in READING:
        return None
    every = tuple(await bulletins.every(tx))
    bulletin = next(each for each in every if each.id == here.bulletin_id)
    others = {each.bulletin_id: each for each in await choices.of_subscriber(tx, here.subscriber_id)}
    return Mine(bulletin, here, others, every)


async def choose_form(tx: Tx, mine: Mine, *, form: str, with_pdf: bool, language: str) -> bool:
    """Keep how the issues are to come; `form` is `html` or `text`, any other is taken for the first."""
    kept = form if form in FORMATS else FORMATS[0]
    here = mine.here
    return await choices.change(tx, here.id, here.generation, format=kept, with_pdf=with_pdf, language=language)


async def pause(tx: Tx, mine: Mine, weeks: int, now: datetime) -> bool:
    """Send nothing for so many weeks, at most a year; it ends by itself, with 0 at once."""
    span = timedelta(weeks=min(max(weeks, 0), MOST_WEEKS))
    until = (now + span).date() if span else None
    return await choices.change(tx, mine.here.id, mine.here.generation, paused_until=until)


async def read_also(tx: Tx, mine: Mine, bulletin_id: int, now: datetime) -> None:
    """Subscribe a reader to another bulletin of this installation: their address was confirmed before."""
    if any(each.id == bulletin_id for each in mine.every) and not mine.reads(bulletin_id):
        await choices.add_bulletin(tx, mine.here, bulletin_id, consent="the reader's own page", day=now.date())


async def stop_reading(tx: Tx, mine: Mine, bulletin_id: int, now: datetime) -> None:
    """End a reader's subscription to one bulletin."""
    found = mine.others.get(bulletin_id)
    if found is not None:
        await subscribers.leave(tx, found.id, found.generation, now.date())
