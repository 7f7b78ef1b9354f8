"""What senders of letters hear of decisions: a mail for each, to the address that is forgotten with the last one."""

from datetime import datetime

from bot.post.answers import say_by_mail
from bot.render import style
from bot.render.reasons import reason_words
from store import bulletins, items, senders
from store.database import Tx
from store.records import Item
from store.states import ItemState

TITLE = 200
TOLD = {ItemState.APPROVED: "approved", ItemState.IN_ISSUE: "approved", ItemState.REJECTED: "rejected"}


async def tell(tx: Tx, item: Item | None, now: datetime) -> bool:
    """Queue the mail that says what became of an item which came by letter; says whether an address was erased."""
    if item is None or item.submission_id is None:
        return False
    submission = await items.submission(tx, item.submission_id)
    if submission.road not in senders.ANSWERED_BY_MAIL or submission.contact is None:
        return False
    whole, bulletin = await items.followed(tx, item), await bulletins.get(tx, item.bulletin_id)
    kind = "outcome" if submission.person_id is not None else "suggestion"
    values = {"title": bulletin.title, "story": style.clean(item.title)[:TITLE], "number": submission.number}
    if whole.state == ItemState.REJECTED:
        values["reason"] = reason_words(submission.language, whole.reason)
    values["section"] = next((section.title for section in bulletin.sections if section.id == whole.section_id), "")
    key = f"letter-{kind}-{TOLD.get(whole.state, 'again')}"
    await say_by_mail(tx, bulletin.id, submission.contact, key, submission.language, now, **values)
    return await senders.forget_addresses(tx)
