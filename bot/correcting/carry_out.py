"""Carrying out a correction: drawn beside the work, then in one transaction the document, its editions and the rows."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot import issues
from bot.correcting import published
from bot.correcting.change import Corrected, item_record
from bot.delivery import settle
from bot.errors import Refused
from bot.intake import following
from bot.intake.submit import show_card
from bot.render import editions, redraw, style
from bot.render.correction_mail import letter
from bot.render.editions import Press
from bot.render.layout import line
from bot.render.redraw import Posts
from store import audit, corrections, deliveries, items, outbox, people
from store.corrections import Draft
from store.database import Store, Tx
from store.records import Item
from store.states import ItemState, Topic

TITLE_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a correction: the sentence printed of it, and how many posts and letters it sets going."""

    issue_id: int
    number: int
    sentence: str
    edits: int
    letters: int


async def carry_out(
    store: Store, press: Press, draft_id: int, *, mail: bool, actor: str, who: str, now: datetime
) -> Done:
    """Make the correction of a draft; with `mail` those who got the issue by mail get a letter on it.

    Raises Refused, without any effect, when somebody was first, when the issue was corrected otherwise meanwhile, and
    when a message would not fit. `who` is the pseudonym that moderators read, "" for the shell.
    """
    async with store.reading() as tx:
        found, draft, change = await published.draft(tx, draft_id)
        result = await published.corrected(tx, found, draft.place, change, now)
        stored = await published.posted(tx, found)
    gone = draft.place if result.now is None else None
    posts = await asyncio.to_thread(redraw.redraw, result.before, result.after, gone, stored)
    drawn = await asyncio.to_thread(redraw.editions, result.after, posts, press)
    if mail:
        drawn.append((deliveries.CORRECTION, draft.seen + 1, await asyncio.to_thread(_letter, result, press, now)))
    async with store.transaction() as tx:
        again, _, _ = await published.draft(tx, draft_id)
        if again.document != found.document:
            raise Refused("published-changed")
        await corrections.drop_draft(tx, draft_id)
        return await _store(tx, again, draft, result, posts, drawn, mail=mail, actor=actor, who=who, now=now)


def _letter(result: Corrected, press: Press, now: datetime) -> bytes:
    sender = press.sender()
    if sender is None:
        raise Refused("published-no-mail")
    shown = line(result.now, result.after) if result.now is not None else None
    return letter(result.after, result.sentence, shown, sender, now)


async def _store(
    tx: Tx,
    found: published.Published,
    draft: Draft,
    result: Corrected,
    posts: Posts,
    drawn: list[tuple[str, int, bytes]],
    *,
    mail: bool,
    actor: str,
    who: str,
    now: datetime,
) -> Done:
    issue, number = found.issue, draft.seen + 1
    await corrections.replace_document(
        tx, issue.id, editions.to_record(result.after), drawn, corrected_on=result.after.corrected_on
    )
    await corrections.add(
        tx,
        issue_id=issue.id,
        item_id=result.was.item_id,
        number=number,
        at=now,
        actor=actor,
        before=item_record(result.was),
        after=item_record(result.now) if result.now is not None else None,
        note=result.sentence,
        mailed=mail,
    )
    edits = await corrections.plan_edits(tx, issue.id, posts.changed)
    letters = await corrections.plan_letters(tx, issue.id, number) if mail else 0
    if edits or letters:
        await settle.go_on(tx, issue.id)
    details = {"number": number, "item": result.was.item_id, "field": draft.change["field"], "mail": mail}
    await audit.note(tx, at=now, actor=actor, act="correct issue", subject=f"issue {issue.id}", **details)
    await _change_item(tx, found, result, now)
    told = {"number": issue.number, "what": result.sentence}
    key, values = ("published-told", {"who": who, **told}) if who else ("published-told-shell", told)
    await issues.say_about(tx, found.bulletin, Topic.ISSUE, now, key, **values)
    return Done(issue.id, issue.number or 0, result.sentence, edits, letters)


async def _change_item(tx: Tx, found: published.Published, result: Corrected, now: datetime) -> None:
    """Let the item follow what its issue prints now, and its sender hear when it was withdrawn."""
    item = await items.get(tx, result.was.item_id) if result.was.item_id is not None else None
    if item is None or item.state != ItemState.IN_ISSUE:
        return
    states = (ItemState.IN_ISSUE,)
    if result.now is None:
        await items.change(tx, item.id, item.revision, states=states, state=ItemState.WITHDRAWN_AFTER)
        await _tell_sender(tx, item, found.issue.number or 0, now)
    else:
        cited = result.now.citations
        await items.change(tx, item.id, item.revision, states=states, title=result.now.title, citations=cited)
    await show_card(tx, found.bulletin, item.id, now)
    await following.follow_item(tx, item, now)


async def _tell_sender(tx: Tx, item: Item, number: int, now: datetime) -> None:
    submission = await items.submission(tx, item.submission_id) if item.submission_id is not None else None
    if submission is None or submission.person_id is None:
        return
    person = await people.get(tx, submission.person_id)
    if not (person.revoked or person.at_risk):
        values = {"number": number, "title": style.clean(item.title)[:TITLE_LETTERS]}
        payload = {"key": "published-withdrawn-sender", "values": values}
        await outbox.put(tx, now=now, kind="say", payload=payload, person_id=person.id)
