"""A correction that an operator types: one field of one item, by the same rule as from the chat."""

from datetime import datetime

from bot.correcting import carry_out, published
from bot.correcting.carry_out import Done
from bot.correcting.change import FIELDS, WITHDRAW, Change, read, to_record
from bot.errors import OperatorError, Refused
from bot.render.editions import Press
from store import corrections
from store.database import Store
from store.records import Bulletin

ACTOR = "shell"


async def correct(
    store: Store,
    press: Press,
    bulletin: Bulletin,
    number: int,
    item: int,
    given: dict[str, str | None],
    *,
    citation: int,
    withdraw: bool,
    mail: bool,
    now: datetime,
) -> Done:
    """Correct the item at a place, counted from 1, of a published issue; `given` is the new value by its field.

    Raises OperatorError unless exactly one thing is to be corrected, Refused when it cannot be.
    """
    wanted = {field: words for field, words in given.items() if words is not None and field in FIELDS}
    if len(wanted) + withdraw != 1:
        raise OperatorError("Give exactly one of --title, --source, --date, --url and --withdraw.")
    async with store.transaction() as tx:
        found = await published.numbered(tx, bulletin, str(number))
        field, words = next(iter(wanted.items())) if wanted else (WITHDRAW, "")
        change = Change(WITHDRAW) if withdraw else read(field, citation - 1, words or "", found.document.date)
        if mail and press.sender() is None:
            raise Refused("published-no-mail")
        values = {"issue_id": found.issue.id, "seen": found.seen, "place": item - 1, "change": to_record(change)}
        draft = await corrections.draft(tx, at=now, **values)
    try:
        return await carry_out.carry_out(store, press, draft, mail=mail, actor=ACTOR, who="", now=now)
    except Refused:
        async with store.transaction() as tx:
            await corrections.drop_draft(tx, draft)
        raise
