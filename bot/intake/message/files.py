"""Files that people send: noted at once, fetched from Telegram and read a moment later, taken in like a message."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import NotSent, PerhapsSent, Refused
from bot.intake import submit
from bot.intake.allowance import Quotas
from bot.intake.message import file_text, reader_files
from bot.intake.message.found import Found, find
from bot.intake.message.written import addresses_in, without_addresses
from bot.logs import logger
from bot.people import contacts
from bot.ports import Clock, Courier
from bot.reader_lists import hint_of
from bot.seal import Sealer
from bot.texts import say
from store import bulletins, items, outbox, people
from store import files as waiting_files
from store.database import Store, Tx
from store.messages import Incoming, SentFile
from store.records import Bulletin, Person, WaitingFile
from store.states import Role

AT_ONCE = 4
ATTEMPTS = 5
MOST_ITEMS = 300
NAME_LENGTH = 255
KEPT_DAYS = 3
KIND = "file"
log = logger("files")


def can_be_read(file: SentFile) -> bool:
    """Tell whether a file is of a kind that is read."""
    return bool(file_text.kind_of(file.name, file.media_type))


async def keep(
    tx: Tx, person: Person, incoming: Incoming, file: SentFile, key: str, now: datetime, *, asks: str = ""
) -> None:
    """Note a file that is to be read, or looked at to ask about it first; raises Refused for one that is too large."""
    most = reader_files.LIST_BYTES if asks else file_text.FILE_BYTES
    if file.size > most:
        raise Refused("file-too-large", n=most // 1_000_000)
    if await items.submission_of_message(tx, key) is not None:
        return
    readers = asks == waiting_files.READERS
    kind = hint_of(file.name) if readers else file_text.kind_of(file.name, file.media_type)
    await waiting_files.forget_unanswered(tx, now - timedelta(days=KEPT_DAYS))
    await waiting_files.add(
        tx,
        key=key,
        person_id=person.id,
        file_id=file.file_id,
        name=kind,
        album=incoming.album,
        note=incoming.written,
        attempt=0,
        received_at=now,
        asks=asks,
    )


class FileReading:
    """The step between a file that was sent and its items."""

    def __init__(self, store: Store, courier: Courier, clock: Clock, sealer: Sealer, quotas: Quotas) -> None:
        self._store = store
        self._courier = courier
        self._clock = clock
        self._sealer = sealer
        self._quotas = quotas

    async def step(self) -> int:
        """Read the files that wait; returns how many are dealt with."""
        async with self._store.reading() as tx:
            waiting = await waiting_files.waiting(tx, AT_ONCE)
        return sum([await self._read(file) for file in waiting])

    async def _read(self, file: WaitingFile) -> bool:
        try:
            most = reader_files.LIST_BYTES if file.asks else file_text.FILE_BYTES
            content = await self._courier.download(file.file_id, most)
            if await asyncio.to_thread(_is_of_readers, file, content):
                await self._readers(file, content)
                return True
            text = await asyncio.to_thread(file_text.text_of, file.name, content)
            await (self._ask_of_links if file.asks else self._take_in)(file, text)
        except Refused as refusal:
            await self._give_up(file, refusal)
        except (NotSent, PerhapsSent) as error:
            lasting = isinstance(error, NotSent) and error.permanent
            if not lasting and file.attempt + 1 < ATTEMPTS:
                async with self._store.transaction() as tx:
                    await waiting_files.count_attempt(tx, file.id)
                return False
            await self._give_up(file, Refused("file-not-fetched"))
        except Exception:  # one file that fails must not keep the others from being read
            log.exception("a file could not be read")
            await self._give_up(file, Refused("file-broken"))
        return True

    async def _take_in(self, file: WaitingFile, text: str) -> None:
        bulletin, _ = await self._whose(file)
        found = await asyncio.to_thread(_found, file, text, bulletin)
        async with self._store.transaction() as tx:
            if not await waiting_files.done(tx, file.id):
                return
            person = await people.get(tx, file.person_id)
            sent, now = _sent(file, text), self._clock.now()
            await submit.take_in(tx, bulletin, person, sent, file.key, now, found=found, quotas=self._quotas)

    async def _ask_of_links(self, file: WaitingFile, text: str) -> None:
        """Look at what an editor's file of links would bring, and ask."""
        bulletin, _ = await self._whose(file)
        found = await asyncio.to_thread(_found, file, text, bulletin)
        sections = {entry.section_id for entry in found.entries if entry.section_id is not None}
        await self._ask(file, {"links": len(found.entries), "sections": len(sections)})

    async def _readers(self, file: WaitingFile, content: bytes) -> None:
        """Look at what an editor's list of readers would bring, and ask; or import it, once that was answered."""
        bulletin, person = await self._whose(file)
        if person.revoked or not person.role.includes(Role.EDITOR):
            raise Refused("role-none")
        tools = self._store, self._sealer, bulletin
        if file.asks != waiting_files.IMPORT:
            looked = await reader_files.look(*tools, content, file.name)
            if looked.bad:
                await self._report(person, looked)
            await self._ask(file, looked.found(), asks=waiting_files.READERS)
            return
        now = self._clock.now()
        came = await reader_files.bring_in(*tools, person, content, hint=file.name, consent=file.note, now=now)
        await self._give_up(file, Refused("readers-came", n=came))

    async def _report(self, person: Person, looked: reader_files.Looked) -> None:
        """Send the lines that are left out, with their reasons, to who sent the list; it is not tried twice."""
        content = await asyncio.to_thread(reader_files.report, looked, person.language)
        caption = say(person.language, "reader-list-report", n=looked.bad)
        async with self._store.reading() as tx:
            chat = await contacts.chat_of(tx, self._sealer, person.id)
        try:
            await self._courier.send_file(chat, reader_files.REPORT_NAME, content, caption)
        except (NotSent, PerhapsSent) as why:
            log.info("a report of lines left out was not sent", why=type(why).__name__)

    async def _ask(self, file: WaitingFile, found: dict[str, Any], asks: str = waiting_files.LINKS) -> None:
        async with self._store.transaction() as tx:
            await waiting_files.looked_at(tx, file.id, found, asks)
            now, key = self._clock.now(), f"{KIND}:{file.id}"
            await outbox.put(
                tx, now=now, kind=KIND, payload={}, person_id=file.person_id, subject_id=file.id, merge_key=key
            )

    async def _whose(self, file: WaitingFile) -> tuple[Bulletin, Person]:
        """Return the bulletin that a file is for, and who sent it."""
        async with self._store.reading() as tx:
            person = await people.get(tx, file.person_id)
            bulletin = await bulletins.chosen_by(tx, person)
        if bulletin is None:
            raise Refused("no-bulletin")
        return bulletin, person

    async def _give_up(self, file: WaitingFile, why: Refused) -> None:
        """Forget a file, and tell its sender what became of it."""
        async with self._store.transaction() as tx:
            if await waiting_files.done(tx, file.id):
                payload = {"key": why.key, "values": why.values}
                await outbox.put(tx, now=self._clock.now(), kind="say", payload=payload, person_id=file.person_id)


def _is_of_readers(file: WaitingFile, content: bytes) -> bool:
    """Tell whether a file is a list of readers: a table of an editor's, or a text of theirs that holds addresses."""
    if file.asks == waiting_files.LINKS:
        return file.name == "text" and reader_files.holds_readers(content)
    return bool(file.asks)


def _sent(file: WaitingFile, text: str) -> Incoming:
    """Return a file as the message that its text would have been."""
    links = tuple(dict.fromkeys([*addresses_in(file.note), *addresses_in(text)]))
    return Incoming(
        chat=0,
        sender=0,
        message=0,
        sent_at=file.received_at,
        private=True,
        written=f"{file.note}\n\n{text}".strip(),
        links=links,
        album=file.album,
    )


def _found(file: WaitingFile, text: str, bulletin: Bulletin) -> Found:
    """Read a file's text; its own words around the links are no note, those beside the file are."""
    day = file.received_at.astimezone(ZoneInfo(bulletin.timezone)).date()
    found = find(_sent(file, text), bulletin, day)
    if found.is_nothing:
        raise next((reason for _, reason in found.refused), Refused("file-nothing"))
    if len(found.entries) > MOST_ITEMS:
        raise Refused("file-too-many", n=MOST_ITEMS)
    state = replace(found.going_on, cut=False) if found.going_on is not None else None
    return replace(found, note=without_addresses(file.note), going_on=state)
