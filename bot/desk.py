"""What stands in the moderators' chat and in a sender's messages, drawn from the store as it is at that moment."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import issues, notices, sources
from bot.intake.known import met_before
from bot.intake.submit import show_card
from bot.moderation import claims
from bot.render import card as cards
from bot.render import style
from bot.render.reasons import reason_words
from bot.texts import say
from store import bulletins, deliveries, desks, items, outbox, people, senders, votes
from store import issues as issue_records
from store import notices as notice_records
from store.database import Tx
from store.messages import Button, Buttons, Card, Text
from store.records import Bulletin, Item
from store.states import DeliveryState, ItemState

RECENT = 200
NOTICE_SHOWN = 1500
SUGGESTION_ACTIONS = ("take-notice", "leave-notice")


def printed_line(item: Item, bulletin: Bulletin, today: date) -> str:
    """Return an item in one line as it will print: `Title (Source, February 5th)`."""
    citations = [style.citation_text(cited, bulletin.language, today.year) for cited in item.citations]
    return " ".join([style.clean(item.title), *(words for words in citations if words)])


async def item_card(tx: Tx, bulletin: Bulletin, item: Item, now: datetime) -> Card:
    """Draw an item for the moderators, with what is known of it now."""
    sender, decided_by, number = None, "", None
    claim = await claims.claim_on(tx, bulletin, item, now)
    if item.submission_id is not None:
        submission = await items.submission(tx, item.submission_id)
        if submission.road in senders.STRANGERS:
            sender = cards.Sender(note=submission.note)
        elif submission.person_id is not None:
            person = await people.get(tx, submission.person_id)
            sender = cards.Sender(person.pseudonym, submission.number, person.links, person.accepted, submission.note)
    if item.decided_by is not None:
        decided_by = (await people.get(tx, item.decided_by)).pseudonym
    if item.issue_id is not None:
        issue = await issue_records.get(tx, item.issue_id)
        number = issue.number if issue else None
    return cards.item_card(
        item,
        bulletin,
        now,
        likeliest=await _likeliest(tx, bulletin, item),
        sender=sender,
        decided_by=decided_by,
        known=await met_before(tx, bulletin, item),
        publishers=tuple([await sources.publisher(tx, cited) for cited in item.citations]),
        issue=number,
        whole=await items.followed(tx, item) if item.state == ItemState.MERGED else None,
        ballots=await _ballots(tx, bulletin, item),
        editor=cards.Editor(claim.who, claim.until) if claim is not None else None,
    )


async def _ballots(tx: Tx, bulletin: Bulletin, item: Item) -> tuple[cards.Ballot, ...]:
    """Return the votes on an item that waits for more of them."""
    if bulletin.quorum < 2 or item.state != ItemState.PENDING:
        return ()
    shorts = {section.id: section.short for section in bulletin.sections}
    found = []
    for vote in await votes.counting(tx, item.id):
        approves = vote.verdict == votes.APPROVE
        words = shorts.get(vote.section_id or 0, "?") if approves else reason_words(bulletin.language, vote.reason)
        found.append(cards.Ballot(vote.who, approves, words))
    return tuple(found)


async def _likeliest(tx: Tx, bulletin: Bulletin, item: Item) -> tuple[int, ...]:
    """Return the section its sender asked for, then those in which items of the same source went lately."""
    sources = {cited.source for cited in item.citations}
    lately = await items.sections_of_sources(tx, bulletin.id, sources, RECENT)
    own = (item.section_id, item.wanted_section_id)  # one that is pending has a section when it was sent back
    wanted = list(dict.fromkeys(section for section in own if section is not None))
    return (*wanted, *(one for one in sorted(lately, key=lambda one: (-lately[one], one)) if one not in wanted))


async def bring_card(tx: Tx, bulletin: Bulletin, item_id: int, now: datetime, *, again: bool = False) -> None:
    """Bring an item's card to the end of the chat, or draw the one that is there again."""
    if not again and bulletin.moderators_chat is not None:
        await outbox.forget_card(tx, "card", item_id, bulletin.moderators_chat)
    await show_card(tx, bulletin, item_id, now, brought=not again)


async def bring_all(tx: Tx, bulletin_id: int, now: datetime) -> None:
    """Queue the cards of everything that waits, as for a new moderators' chat."""
    bulletin = await bulletins.get(tx, bulletin_id)
    for item in await items.in_states(tx, bulletin_id, ItemState.PENDING):
        await show_card(tx, bulletin, item.id, now)


async def redraw_named(tx: Tx, person_id: int, now: datetime) -> None:
    """Queue the drawing of every open card that carries somebody's pseudonym, which has changed."""
    for bulletin_id, item_id in await desks.naming(tx, person_id):
        await show_card(tx, await bulletins.get(tx, bulletin_id), item_id, now)


async def ask_purpose(tx: Tx, owner_id: int, chat: int, now: datetime) -> None:
    """Queue the question to an owner what a chat is for."""
    key = f"what-for:{chat}:{owner_id}"
    await outbox.put(tx, now=now, kind="what-for", payload={"chat": chat}, person_id=owner_id, merge_key=key)


async def ask_purposes(tx: Tx, owner_id: int, now: datetime) -> None:
    """Ask a new owner about every chat that the bot was added to before."""
    bulletin = await bulletins.first(tx)
    used = {channel.chat_id for channel in await bulletins.channels_of(tx, bulletin.id)} if bulletin else set()
    for key in await bulletins.facts_named(tx, "chat:"):
        chat = int(key.removeprefix("chat:"))
        if chat not in used and (bulletin is None or chat != bulletin.moderators_chat):
            await ask_purpose(tx, owner_id, chat, now)


async def doubt_card(tx: Tx, bulletin: Bulletin, delivery_id: int) -> Card | None:
    """Draw the question about a post that was perhaps sent, or what was decided."""
    row = await deliveries.get(tx, delivery_id)
    if row is None:
        return None
    issue = await issue_records.get(tx, row.issue_id)
    channel = await bulletins.channel(tx, row.target_id)
    language = bulletin.language
    values = {"number": issue.number if issue else "?", "part": row.part + 1, "channel": channel.title}
    if row.state not in (DeliveryState.IN_DOUBT, DeliveryState.HELD):
        return Card(Text(say(language, "doubt-settled", **values)))
    actions = ("is-there", "again", "leave-out")
    buttons = tuple((Button(say(language, f"button-{a}"), f"v1:{a}:{delivery_id}:0"),) for a in actions)
    return Card(Text(say(language, "doubt", **values)), buttons)


async def redraw_doubt(tx: Tx, bulletin: Bulletin, delivery_id: int, now: datetime) -> None:
    await issues.desk(tx, bulletin, delivery_id, "doubt", now)


async def what_for_card(tx: Tx, chat: int, language: str) -> Card | None:
    """Draw the question what a chat that the bot was added to is for."""
    fact = await bulletins.fact(tx, f"chat:{chat}")
    if fact is None:
        return None
    actions = (
        ["publish-here", "not-this-one"]
        if fact["kind"] == "channel"
        else ["moderate-here", "publish-here", "not-this-one"]
    )
    buttons: Buttons = tuple((Button(say(language, f"button-{a}"), f"v1:{a}:{-chat}:0"),) for a in actions)
    return Card(Text(say(language, "what-for", title=fact["title"])), buttons)


async def suggestion_card(tx: Tx, bulletin: Bulletin, notice_id: int, now: datetime) -> Card:
    """Draw a notice that stood in a pasted digest, for an editor to take up or to leave out."""
    language = bulletin.language
    kept = await notice_records.get(tx, notice_id)
    if kept is None or not kept.suggested:
        return Card(Text(say(language, "suggestion-settled")))
    found = kept.notice
    read = notices.read(found.text, now.astimezone(ZoneInfo(bulletin.timezone)).date(), bulletin.timezone)
    what = notices.summary(read, language) or say(language, "notice-no-date")
    text = Text.bold(say(language, "suggestion")) + "\n" + what + "\n\n" + style.clean_block(found.text)[:NOTICE_SHOWN]
    rows = [(Button(say(language, f"button-{action}"), f"v1:{action}:{notice_id}:0"),) for action in SUGGESTION_ACTIONS]
    return Card(text, tuple(rows))
