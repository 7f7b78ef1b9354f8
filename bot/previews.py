"""Previews: the exact messages of the next issue, its PDF, and its mail to the one person who asks to see it."""

import asyncio
from datetime import datetime

from email_validator import EmailNotValidError

from bot import issues, subscriptions
from bot.errors import NotSent, PerhapsSent, Refused
from bot.gate.going import closed_unsent
from bot.render import editions, telegram
from bot.render.mail import MailTemplate
from bot.seal import Sealer
from bot.services import Services
from bot.texts import say
from bot.tokens import fresh_token
from store import audit, people
from store import issues as records
from store.database import Tx
from store.records import FrozenIssue, Person

ADDRESS = "preview address"
NOBODY = "preview-that-leaves-nothing-0"
"""Stands in the place of a reader's leave token, as long as one, and is none."""

ADDRESS_CHARACTERS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets


async def document(tx: Tx, services: Services, bulletin_id: int, now: datetime) -> FrozenIssue:
    """Return the issue as it would be published now: what is closed already, else what is approved.

    Raises Refused when there is neither.
    """
    closed = await closed_unsent(tx, bulletin_id)
    if closed:
        return editions.from_record(await records.document(tx, closed[0].id))
    gathered = await issues.gather(tx, bulletin_id, now)
    if gathered is None or not gathered.items:
        raise Refused("issue-empty")
    return issues.compose(gathered, services.press, now)


async def send_preview(services: Services, bulletin_id: int, chat: int, thread: int | None, language: str) -> None:
    """Send the exact messages of the next issue, and its PDF, to a chat; raises Refused when nothing is approved."""
    async with services.store.reading() as tx:
        shown = await document(tx, services, bulletin_id, services.clock.now())
    parts = await asyncio.to_thread(telegram.render, shown)
    for part in parts:
        await services.courier.send(chat, part, thread=thread, silent=True)
    content = await asyncio.to_thread(services.press.pdf, shown)
    name = f"{shown.slug}-{shown.number}.pdf"
    await services.courier.send_file(chat, name, content, say(language, "preview-pdf"), thread=thread)


def read_address(given: str) -> str:
    """Return a mail address as it is kept; raises Refused for what is none, or is not meant for mail."""
    text = given.strip().removeprefix("mailto:").strip("<> ")
    try:
        if len(text) > ADDRESS_CHARACTERS:
            raise Refused("preview-no-address", given=_short(given))
        return subscriptions.normal(text)
    except EmailNotValidError:
        raise Refused("preview-no-address", given=_short(given)) from None


def _short(given: str) -> str:
    plain = " ".join(given.split())
    return plain if len(plain) <= 60 else plain[:60] + "…"


async def keep_address(tx: Tx, sealer: Sealer, person: Person, address: str, now: datetime) -> None:
    """Keep, sealed, where a person wants to see the mail of a preview."""
    await people.change(tx, person.id, mail_address=sealer.seal(ADDRESS, address))
    await audit.note(tx, at=now, actor=f"person {person.id}", act="preview address", subject=f"person {person.id}")


async def address_of(tx: Tx, sealer: Sealer, person_id: int) -> str | None:
    sealed = await people.mail_address(tx, person_id)
    return None if sealed is None else sealer.open(ADDRESS, sealed)


async def mail_preview(services: Services, bulletin_id: int, address: str) -> None:
    """Mail the next issue to one address, as its readers would get it but for a subject that says what it is.

    Raises Refused with a sentence when nothing is approved, no mail is set up, or the mail server does not take it.
    """
    sender = services.press.sender()
    if services.postman is None or sender is None:
        raise Refused("preview-mail-missing", settings=", ".join(services.settings.mail_missing))
    async with services.store.reading() as tx:
        shown = await document(tx, services, bulletin_id, services.clock.now())
    template = await asyncio.to_thread(lambda: MailTemplate.build(shown, sender, preview=True))
    message_id = f"{fresh_token()}@{sender.domain}"
    try:
        await services.postman.post(sender.address, address, template.fill(address, message_id, NOBODY))
    except NotSent as failure:
        raise Refused("preview-not-taken", why=failure.reason) from None
    except PerhapsSent:
        raise Refused("preview-perhaps-sent") from None
