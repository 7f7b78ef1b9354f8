"""The contributor's doors: coming in by an invitation, sending links, asking what became of them."""

from dataclasses import replace

from bot import desk, people
from bot.errors import Refused
from bot.intake import allowance, following, submit
from bot.intake.message import albums, files, missing, revise
from bot.texts import known_language
from handlers import files as file_doors
from handlers import reader, sender
from handlers.visit import Answer, Visit, words
from store import items, outbox
from store.records import Submission
from store.states import Role

TOO_LONG = 64
TITLE_SHOWN = 200


async def start(visit: Visit) -> Answer:
    """Let somebody in by the token of a one-time link, or greet."""
    if not visit.words:
        if visit.person is None:
            return words(await reader.about(visit))
        return words(visit.say(f"welcome-{visit.person.role}"))
    services = visit.services
    try:
        person = await people.accept(
            visit.tx,
            services.sealer,
            services.random,
            token=visit.words[:TOO_LONG],
            user=visit.user,
            language=known_language(visit.language),
            now=visit.now,
        )
    except Refused:
        if visit.person is None:
            raise
        return words(visit.say("joined-already", name=visit.person.pseudonym))
    greeting = visit.say("joined", name=person.pseudonym) + "\n\n" + visit.say(f"welcome-{person.role}")
    if person.role == Role.OWNER:
        await desk.ask_purposes(visit.tx, person.id, visit.now)
        greeting += "\n\n" + visit.say("owner-next", bot=services.bot_username)
    return words(greeting)


async def message(visit: Visit) -> Answer:
    """Take in what a message holds; everything said about it goes through the outbox."""
    if visit.person is None:
        return await sender.suggestion(visit)
    sent = visit.message
    answered = await sender.take_reply(visit) or await _answer_to_own(visit)
    if answered is not None:
        return answered
    quotas = allowance.quotas_of(visit.services.settings)
    allowance.check(visit.here, visit.who, 0, quotas, visit.now)
    if sent.file is not None and (noted := await file_doors.sent(visit, sent.file)) is not None:
        return noted  # nothing is said before it is read
    if sent.album and not sent.links:
        await albums.wait_for_links(
            visit.tx, visit.who, sent, submit.intake_key(visit.services.sealer, sent), visit.now
        )
        return Answer()
    if sent.file is not None and not sent.links:
        return words(visit.say("file-of-another-kind"))
    if not sent.readable:
        return words(visit.say("submit-unreadable"))
    await submit.submit(visit.tx, visit.services.sealer, visit.here, visit.who, sent, visit.now, quotas)
    return Answer()


async def edited(visit: Visit) -> Answer:
    """Let what is undecided follow a message that its sender changed; one that held nothing before is taken in now."""
    if visit.person is None:
        return Answer()
    key = submit.intake_key(visit.services.sealer, visit.message)
    before = await items.submission_of_message(visit.tx, key)
    if before is None:
        if not visit.message.links:
            return Answer()
        return await message(visit)
    submission = await items.submission(visit.tx, before)
    if submission.person_id != visit.who.id:
        return Answer()
    allowance.check(visit.here, visit.who, 0, allowance.quotas_of(visit.services.settings), visit.now)
    if visit.message.file is not None and files.can_be_read(visit.message.file):
        found = await items.of_message(visit.tx, key)
        await revise.change_note(visit.tx, visit.here, submission, visit.message.note, found, visit.now)
        return Answer()
    revised = await revise.revise(visit.tx, visit.here, visit.who, submission, visit.message, key, visit.now)
    said = [visit.say("edit-taken", number=submission.number)] if revised.changed else []
    said += [visit.say("edit-too-late", title=title[:TITLE_SHOWN]) for title in revised.too_late]
    return words("\n".join(said)) if said else Answer()


async def _answer_to_own(visit: Visit) -> Answer | None:
    """Take a reply to what was said of a submission of the sender's own, or to its message; None for another."""
    sent = visit.message
    if sent.reply_to is None:
        return None
    own = await _replied_to(visit, sent.reply_to)
    if own is None:
        return None
    waiting = await missing.missing_of(visit.tx, own.id)
    if sent.links and not sent.quoted:
        return await _given(visit, own) if waiting else None
    words_only = sent.quoted or not waiting
    if words_only and await revise.add_words(visit.tx, visit.here, own, sent.note, visit.now):
        return words(visit.say("note-added", number=own.number))
    return None


async def _given(visit: Visit, own: Submission) -> Answer:
    """Take the links of a reply for the lines that wait for one, and say what became of each."""
    given = await missing.give_links(visit.tx, own, visit.message, visit.now)
    await following.follow(visit.tx, own.id, visit.now)
    said = [visit.say("links-given", n=given.count, number=own.number)] if given.count else []
    for link, reason in given.refused:
        why = visit.say(reason.key, **reason.values)
        said.append(visit.say("submit-left-out", link=link[: submit.LINK_SHOWN], why=why))
    said += [visit.say("links-too-many", n=given.left)] if given.left else []
    return words("\n\n".join(said))


async def _replied_to(visit: Visit, message_id: int) -> Submission | None:
    """Return the submission of the sender's own that a message belongs to, or speaks of."""
    sealer = visit.services.sealer
    key = submit.intake_key(sealer, replace(visit.message, message=message_id))
    found = [await items.submission_of_message(visit.tx, key)]
    found += await outbox.subjects_at(visit.tx, (missing.KIND, "ack"), 0, message_id)
    for submission_id in found:
        if submission_id is None:
            continue
        submission = await items.submission(visit.tx, submission_id)
        if submission.person_id == visit.who.id:
            return submission
    return None
